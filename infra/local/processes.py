"""Child processes that never outlive us, however we end.

A child leads a session of its own, and whatever it starts stays in its process
group. Beside it stands a guard that holds a pipe from us: when the pipe closes, and
the kernel closes it even when we are killed hard, the guard kills the whole group.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 5.0


class Guarded:
    """A running child with its guard. `folders` are removed when the child is gone."""

    def __init__(self, command, env, stdout, stderr, folders=()):
        self._folders = [str(folder) for folder in folders]
        self.process = subprocess.Popen(
            [str(part) for part in command],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        self._guard = subprocess.Popen(
            [sys.executable, "-S", __file__, str(self.process.pid), *self._folders],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Ask the child to end, then end its whole group. Harmless when it is gone."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
        end_group(self.process.pid)
        self.process.wait()
        self._guard.kill()
        self._guard.wait()
        self._guard.stdin.close()
        remove(self._folders)


def end_group(group: int) -> None:
    """Kill every process of the group; one that is gone already is as good."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def remove(folders) -> None:
    """Remove folders; processes that are just ending may still write into them."""
    for folder in folders:
        for _ in range(20):
            shutil.rmtree(folder, ignore_errors=True)
            if not Path(folder).exists():
                break
            time.sleep(0.05)


def _guard(group: int, folders) -> None:
    # Ctrl-C on the terminal is for the parent: it decides what ends and when.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while sys.stdin.buffer.read(1):
        pass
    end_group(group)
    remove(folders)


if __name__ == "__main__":
    _guard(int(sys.argv[1]), sys.argv[2:])
