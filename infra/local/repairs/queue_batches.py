"""Batch calls of SQS need the permission of the single call.

AWS has no permission called sqs:SendMessageBatch (Amazon SQS API permissions: "SendMessage
also grants SendMessageBatch", and so for deleting and visibility); MiniStack asks for one.
"""

from ministack.core import iam_actions

SINGLE = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def apply() -> None:
    extract = iam_actions.extract_iam_action

    def as_single(*request):
        action = extract(*request)
        return SINGLE.get(action, action)

    iam_actions.extract_iam_action = as_single
