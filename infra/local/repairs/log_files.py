"""Every line a function writes, in a file of its own.

MiniStack keeps log lines with the invocation that drained them and drops what a killed
or crowded function wrote. A test that looks for secrets in the logs of a whole run needs
all of them: `HAAT_LOGS/<function name>.log`, as written, in order for each process.
"""

import os
from pathlib import Path

from ministack.core.lambda_runtime import ProvidedWorker


class _Tee:
    def __init__(self, stream, copy):
        self._stream = stream
        self._copy = copy

    def readline(self) -> bytes:
        line = self._stream.readline()
        self._copy.write(line)
        return line

    def close(self) -> None:
        self._stream.close()


def apply() -> None:
    folder = Path(os.environ["HAAT_LOGS"])
    pump = ProvidedWorker._pump_output

    def pump_and_keep(self, stream, log_queue):
        with open(folder / f"{self.func_name}.log", "ab", buffering=0) as copy:
            pump(self, _Tee(stream, copy), log_queue)

    ProvidedWorker._pump_output = pump_and_keep
