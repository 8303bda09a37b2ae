"""Policy conditions on a KMS encryption context.

MiniStack checks the context of a ciphertext but does not show it to IAM, so a policy
that demands one (ours do: data keys belong to a seller) refuses every call.
"""

import json

from ministack.core import iam_actions


def context_keys(body: bytes) -> dict:
    """The condition keys AWS derives from a KMS request's encryption context."""
    try:
        context = json.loads(body or b"{}").get("EncryptionContext") or {}
    except ValueError:
        return {}
    if not context:
        return {}
    keys = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    return {**keys, "kms:EncryptionContextKeys": list(context)}


def apply() -> None:
    request_context = iam_actions.request_tag_context

    def with_encryption_context(service, iam_action, body, params):
        found = dict(request_context(service, iam_action, body, params) or {})
        if service == "kms":
            found.update(context_keys(body))
        return found

    iam_actions.request_tag_context = with_encryption_context
