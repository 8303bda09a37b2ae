"""What the functions asked of the cloud, as the local cloud's journal tells it."""

import json
from pathlib import Path


class Journal:
    """What the functions asked of the cloud: see infra/local/repairs/access_journal.py."""

    def __init__(self, file: Path):
        self._file = file

    def end(self) -> int:
        return self._file.stat().st_size

    def refused_since(self, position: int) -> list[dict]:
        with open(self._file, "rb") as journal:
            journal.seek(position)
            lines = journal.read().splitlines()
        return [line for line in map(json.loads, lines) if not line["allowed"]]
