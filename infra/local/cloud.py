#!/usr/bin/env python3
"""The local cloud: the real template with the real binaries on MiniStack.

    python3 infra/local/cloud.py up --binaries target/debug \
        --parameter MeeshoUrl=http://127.0.0.1:9000 --parameter MeeshoFileHosts=127.0.0.1:9000

prints one line of JSON when everything answers (see `describe`) and stays until Ctrl-C or
SIGTERM, with --until-stdin-closes also until its stdin closes: a test that owns the pipe
cannot leave a cloud behind. However it ends, no process stays.
"""

import argparse
import json
import os
import select
import signal
import sys
import tempfile
from pathlib import Path

import toolbox

FUNCTIONS = ("schedule", "poll", "react", "ship", "api", "console", "authorize")


class Cloud:
    """A running cloud. `addresses` is what a caller has to know of it."""

    def __init__(self, binaries: Path, parameters: dict[str, str], port: int = 0, logs: Path | None = None):
        import deploy
        from server import Server

        self.server = Server(port, logs or Path(tempfile.mkdtemp(prefix="run-", dir=_logs())))
        try:
            outputs = deploy.deploy(self.server.endpoint, toolbox.REPOSITORY, binaries, "haat", parameters)
        except BaseException:
            self.stop()
            raise
        self.addresses = describe(self.server, "haat", outputs)

    def stop(self) -> None:
        self.server.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def describe(server, stack: str, outputs: dict[str, str]) -> dict:
    """Every address of the cloud.

    `api_url` names a host under `.localhost`: browsers and curl take it to loopback by
    themselves, other clients connect to `endpoint` and send `api_host` as Host header.
    `logs` holds a file per function, `<function>.log` with every line it wrote, and
    `cloud.log`, MiniStack's own.
    """
    from server import ACCESS_KEY_ID, ACCOUNT, REGION, SECRET_ACCESS_KEY

    api_url = outputs["ApiUrl"].rstrip("/")
    return {
        "endpoint": server.endpoint,
        "region": REGION,
        "account": ACCOUNT,
        "access_key_id": ACCESS_KEY_ID,
        "secret_access_key": SECRET_ACCESS_KEY,
        "api_url": api_url,
        "api_host": api_url.split("://", 1)[1],
        "console_url": outputs["ConsoleUrl"],
        "stack": stack,
        "table": outputs["TableName"],
        "bucket": outputs["FilesBucket"],
        "key": outputs["KeyArn"],
        "queues": {
            "polls": outputs["PollsQueueUrl"],
            "polls_dead": outputs["PollsDeadQueueUrl"],
            "ship": outputs["ShipQueueUrl"],
            "ship_dead": outputs["ShipDeadQueueUrl"],
            "react_failures": outputs["ReactFailuresQueueUrl"],
        },
        "functions": {name: f"{stack}-{name}" for name in FUNCTIONS},
        "logs": str(server.logs),
    }


def wait_for_the_end(until_stdin_closes: bool, has_ended) -> None:
    """Return when somebody wants us to stop or when the server is gone."""
    readable, writable = os.pipe()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os.write(writable, b"."))
    sources = [readable] + ([sys.stdin.fileno()] if until_stdin_closes else [])
    while not has_ended():
        for source in select.select(sources, [], [], 0.5)[0]:
            if not (os.read(source, 4096) and source != readable):
                return


def _logs() -> Path:
    folder = toolbox.home() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    up = parser.add_subparsers(dest="command", required=True).add_parser("up", help="start, deploy, stay")
    up.add_argument("--binaries", type=Path, required=True, help="folder with haat-schedule, haat-poll, ...")
    up.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="of template.yaml")
    up.add_argument("--port", type=int, default=0, help="0 takes a free one (the default)")
    up.add_argument("--logs", type=Path, help="folder for the logs; its *.log files are replaced")
    up.add_argument("--until-stdin-closes", action="store_true", help="for a test that owns this process")
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    toolbox.become("local")
    parameters = dict(pair.split("=", 1) for pair in arguments.parameter)
    # A signal while we start must not leave the server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Cloud(arguments.binaries, parameters, arguments.port, arguments.logs) as cloud:
        print(json.dumps(cloud.addresses), flush=True)
        wait_for_the_end(arguments.until_stdin_closes, cloud.server.has_ended)
        if cloud.server.has_ended():
            raise SystemExit(f"haat: MiniStack ended by itself; see {cloud.server.logs / 'cloud.log'}")


if __name__ == "__main__":
    main()
