"""What local runs stand on: Python environments, built programs, places for logs.

Environments are built once per list of requirements. They live under `.haat/` of the
repository, or where HAAT_HOME says (CI keeps them in its cache). The folder's name carries
the hash of the list, so a changed list is a new environment and a switch between branches
costs nothing.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
REQUIREMENTS = REPOSITORY / "infra" / "requirements"
KEPT_RUNS = 50


def home() -> Path:
    """Where environments, tools and logs of local runs are kept."""
    return Path(os.environ.get("HAAT_HOME") or REPOSITORY / ".haat").resolve()


def python(name: str) -> Path:
    """The interpreter of the environment `name` (one of infra/requirements), built if need be."""
    wanted = REQUIREMENTS / f"{name}.txt"
    digest = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = home() / f"python-{name}-{digest}"
    home().mkdir(parents=True, exist_ok=True)
    # Tests start side by side: the first builds, the others wait for it.
    with open(home() / f"python-{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _build(name, wanted, folder)
    return folder / "bin" / "python"


def become(name: str) -> None:
    """Go on in the environment `name`: the running script starts again inside it."""
    wanted = python(name)
    if Path(sys.executable) != wanted:
        os.execv(wanted, [str(wanted), *sys.argv])


def binaries() -> Path:
    """Where `cargo build` puts the programs of the fast profile."""
    asked = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked"]
    answer = subprocess.run(asked, check=False, cwd=REPOSITORY, capture_output=True, text=True)
    if answer.returncode != 0:
        raise SystemExit(f"haat: cargo metadata failed: {answer.stderr.strip()}")
    return Path(json.loads(answer.stdout)["target_directory"]) / "debug"


def run_logs() -> Path:
    """A new folder for the logs of one run; those of long ago are removed."""
    folder = home() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    runs = sorted(folder.glob("run-*"), key=lambda run: run.stat().st_mtime)
    for old in runs[:-KEPT_RUNS]:
        shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="run-", dir=folder))


def environment() -> dict[str, str]:
    """Our own environment without what would lead a program of ours out of this machine."""
    led_astray = ("AWS_", "SSL_CERT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(led_astray)}


def _build(name: str, wanted: Path, folder: Path) -> None:
    print(f"haat: installing the Python tools for '{name}' (once, under a minute)", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([str(folder / "bin" / "python"), *install, "-r", str(wanted)])
    (folder / "complete").touch()


def _run(command: list[str]) -> None:
    # What pip prints must not end up in the line a test reads from stdout.
    done = subprocess.run(command, check=False, stdout=sys.stderr)
    if done.returncode != 0:
        raise SystemExit(f"haat: {' '.join(command[:4])} ... failed; see above")


if __name__ == "__main__":
    print(python(sys.argv[1]))
