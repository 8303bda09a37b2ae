"""What Lambda itself does with a function's role: reading its triggers, writing its logs.

MiniStack does these as itself. On AWS they are calls with the function's role, and without
the permission a trigger stands still and a log stays empty. Sources: AWS Lambda developer
guide, "Execution role permissions" of SQS and of DynamoDB Streams event source mappings,
"Discarded records", "Execution role permissions" of CloudWatch Logs.
"""

import time

from ministack.core.iam_evaluator import EvalContext, _gather_role_policies, evaluate
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc as lambdas
from ministack.services import sqs

from repairs.access_journal import note

STREAM_READS = ("dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords")


def may(function: dict, action: str, resource: str) -> bool:
    """Whether the role of a function allows an action; the answer is noted in the journal."""
    config = function.get("config") or function
    account, role = get_account_id(), config["Role"].rsplit("/", 1)[-1]
    context = EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{role}/{config['FunctionName']}",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=get_region(),
    )
    allowed = evaluate(context, _gather_role_policies(role, account)).decision == "Allow"
    note(config["FunctionName"], action, resource, allowed)
    return allowed


def may_read_stream(function: dict, stream: str) -> bool:
    """Whether a function's trigger may read a table's stream."""
    every_stream = f"{stream.split('/stream/', 1)[0]}/stream/*"
    asked = [("dynamodb:ListStreams", every_stream), *((action, stream) for action in STREAM_READS)]
    return all([may(function, action, resource) for action, resource in asked])


def apply() -> None:
    receive, delete = sqs._receive_messages_for_esm, sqs._delete_messages_for_esm
    emit_logs = lambdas._emit_lambda_logs

    def receive_as_role(queue_url, max_number):
        function, queue = _reader_of(queue_url)
        if function and _has_news(queue_url):
            asked = ("sqs:GetQueueAttributes", "sqs:ReceiveMessage")
            if not all([may(function, action, queue) for action in asked]):
                return []
        return receive(queue_url, max_number)

    def delete_as_role(queue_url, receipt_handles):
        function, queue = _reader_of(queue_url)
        if function is None or may(function, "sqs:DeleteMessage", queue):
            delete(queue_url, receipt_handles)

    def emit_logs_as_role(function, *arguments, **named):
        config = function.get("config") or function
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
        stream = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}:log-stream:new"
        if all([may(function, f"logs:{action}", stream) for action in ("CreateLogStream", "PutLogEvents")]):
            emit_logs(function, *arguments, **named)

    sqs._receive_messages_for_esm = receive_as_role
    sqs._delete_messages_for_esm = delete_as_role
    lambdas._emit_lambda_logs = emit_logs_as_role


def _has_news(queue_url: str) -> bool:
    """Lambda asks an empty queue all the time; the journal is for what there was to read."""
    now = time.time()
    return any(message["visible_at"] <= now for message in list(sqs._queues[queue_url]["messages"]))


def _reader_of(queue_url: str):
    """The function that a queue wakes, and the queue's ARN."""
    queue = sqs._queues[queue_url]["attributes"]["QueueArn"]
    for _, _, mapping in lambdas._iter_all_esms():
        if mapping.get("EventSourceArn") == queue:
            return lambdas._get_func_record_for_qualifier(mapping["FunctionName"], None)[0], queue
    return None, queue
