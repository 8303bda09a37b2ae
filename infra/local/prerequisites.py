#!/usr/bin/env python3
"""Says what is missing on this machine before anything is built, and how to get it."""

# An older Python must get as far as saying that it is too old.
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

PYTHON = (3, 11)


def missing() -> list[str]:
    """One sentence for each thing that is missing; empty when all is there."""
    found = []
    if sys.version_info < PYTHON:
        found.append(f"Python 3.11 or newer is needed, this is {sys.version_info[0]}.{sys.version_info[1]}.")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        found.append("Python's venv module is missing; on Debian: apt-get install python3-venv")
    if not (shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")):
        found.append("A C compiler (cc) is missing; on Debian: apt-get install gcc libc6-dev")
    return found + _rust()


def _rust() -> list[str]:
    manifest = (Path(__file__).resolve().parents[2] / "Cargo.toml").read_text()
    needed = re.search(r'rust-version = "([\d.]+)"', manifest).group(1)
    if not shutil.which("cargo"):
        return [f"Rust {needed} or newer is missing; see https://rustup.rs"]
    said = subprocess.run(["cargo", "--version"], check=False, capture_output=True, text=True).stdout
    version = re.search(r"cargo (\d+)\.(\d+)", said)
    if not version:
        return [f"cargo does not run: `cargo --version` says {said!r}"]
    if tuple(map(int, version.groups())) < tuple(map(int, needed.split(".")))[:2]:
        return [f"Rust {needed} or newer is needed, this is {said.strip()}; run: rustup update"]
    return []


def check() -> None:
    """Stop with every missing thing named."""
    found = missing()
    if found:
        raise SystemExit("haat: cannot start:\n" + "\n".join("  - " + each for each in found))


if __name__ == "__main__":
    check()
