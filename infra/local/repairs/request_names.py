"""What IAM is asked about: a request's action and resource by AWS's names.

- AWS has no permission called sqs:SendMessageBatch (Amazon SQS API permissions: "SendMessage
  also grants SendMessageBatch", and so for deleting and visibility); MiniStack asks for one.
- A log's lines are written to a stream of it, a table's stream is named in the request
  (Service Authorization Reference, CloudWatch Logs and DynamoDB); MiniStack asks about the
  log group and about everything.
"""

import json

from ministack.core import iam_actions

SINGLE = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


def resource(service: str, found: str, body: bytes) -> str:
    """The resource of a request, where `found` is what MiniStack makes of it."""
    if service not in ("logs", "dynamodb", "dynamodbstreams"):
        return found
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return found
    if service == "logs" and "logStreamName" in request:
        return f"{found}:log-stream:{request['logStreamName']}"
    return request.get("StreamArn") or found


def apply() -> None:
    extract_action, extract_resource = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    def action_as_single(*asked):
        action = extract_action(*asked)
        return SINGLE.get(action, action)

    def resource_by_its_name(service, method, path, headers, body, *rest):
        return resource(service, extract_resource(service, method, path, headers, body, *rest), body)

    iam_actions.extract_iam_action = action_as_single
    iam_actions.extract_resource_arn = resource_by_its_name
