"""What each function asked of the cloud, and whether its role let it.

One line of JSON per decision of IAM, in `HAAT_LOGS/access.jsonl`. tests/rights reads it to
tell what a role needs, the cloud's own stories that nothing they need is refused. Calls of
the operator (the account itself, which may do everything) are not in it.
"""

import json
import os
from pathlib import Path

from ministack.core import iam_evaluator
from ministack.services import sts

# Whole lines are appended at once: the threads of MiniStack share it.
JOURNAL = os.open(Path(os.environ["HAAT_LOGS"]) / "access.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def note(function: str, action: str, resource: str, allowed: bool, context: dict | None = None) -> None:
    """Write one decision. Of the context only the key's conditions: the rest may name buyers' things."""
    line = {"function": function, "action": action, "resource": resource, "allowed": allowed}
    shown = {name: value for name, value in (context or {}).items() if name.lower().startswith("kms:")}
    if shown:
        line["context"] = shown
    os.write(JOURNAL, json.dumps(line).encode() + b"\n")


def apply() -> None:
    enforce = iam_evaluator.enforce

    def enforce_and_note(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        who = (sts._sessions.get(access_key_id) or {}).get("Arn", "")
        if ":assumed-role/" in who:
            note(who.rsplit("/", 1)[-1], iam_action, resource_arn, denied is None, service_context)
        return denied

    iam_evaluator.enforce = enforce_and_note
