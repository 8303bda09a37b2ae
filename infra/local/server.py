"""One MiniStack server: AWS's wire API on one port of this machine."""

import os
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from processes import Guarded

REGION = "ap-south-1"
ACCOUNT = "000000000000"
ACCESS_KEY_ID = "test"
SECRET_ACCESS_KEY = "test"
READY_WITHIN = 30.0


class Server:
    """A started server that answers. `port` 0 takes a free one."""

    def __init__(self, port: int, logs: Path):
        self.logs = logs
        logs.mkdir(parents=True, exist_ok=True)
        # A port found free may be taken by a neighbour before MiniStack has it.
        for _ in range(5):
            self.port = port or _free_port()
            if self._start():
                return
            if port:
                break
        raise SystemExit(f"haat: MiniStack did not start; see {logs / 'cloud.log'}")

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._child.stop()

    def has_ended(self) -> bool:
        return self._child.process.poll() is not None

    def _start(self) -> bool:
        scratch = tempfile.mkdtemp(prefix="haat-cloud-")
        with open(self.logs / "cloud.log", "ab") as log:
            self._child = Guarded(
                [sys.executable, Path(__file__).with_name("launcher.py")],
                environment(self.port, scratch, self.logs),
                stdout=log,
                stderr=log,
                folders=[scratch],
            )
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and not self.has_ended():
            if self._answers():
                return True
            time.sleep(0.02)
        self._child.stop()
        return False

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=1) as answer:
                # Another server may sit on a port we were told to use.
                return answer.status == 200 and not self.has_ended()
        except (urllib.error.URLError, OSError):
            return False


def environment(port: int, scratch: str, logs: Path) -> dict[str, str]:
    """All that MiniStack and the functions see of this machine.

    Functions inherit MiniStack's environment, so nothing of the caller's (proxies,
    certificates, AWS credentials) may be in it. Without AWS_ENDPOINT_URL they would
    call the real AWS; without BIND_HOST and IOT_MTLS_ENABLED MiniStack would listen
    on every interface.
    """
    return {
        "PATH": os.environ["PATH"],
        "HOME": scratch,
        "TMPDIR": scratch,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "HAAT_LOGS": str(logs),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
