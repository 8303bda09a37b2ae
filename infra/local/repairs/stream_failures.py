"""DynamoDB stream mappings that keep AWS's promises when a function fails.

As shipped MiniStack ignores partial failures, the retry limit, bisecting and the failure
destination: a record that fails blocks its shard for ever, and a slow function stalls
every other mapping. This replaces its stream poller by one in a thread of its own; what
to do with a batch is decided in `stream_rules`.
"""

import threading
import time

from ministack.services import dynamodb
from ministack.services import lambda_svc as lambdas

from repairs.role_rights import may, may_read_stream
from repairs.stream_rules import Retry, Rules, first_failure, next_step

PAUSE_AFTER_FAILURE = 0.2
PAUSE_BUSY, PAUSE_IDLE = 0.002, 0.01

# Mapping id -> (position of the batch that failed, how to deliver it again).
_retries: dict[str, tuple[int, Retry]] = {}


def apply() -> None:
    lambdas._poll_dynamodb_streams = lambda: False
    threading.Thread(target=_poll_for_ever, name="haat-streams", daemon=True).start()


def _poll_for_ever() -> None:
    while True:
        try:
            moved = _poll_all()
        except Exception as error:  # a poller that dies would silence every stream
            lambdas.logger.exception("stream poller: %s", error)
            moved = False
        time.sleep(PAUSE_BUSY if moved else PAUSE_IDLE)


def _poll_all() -> bool:
    moved = False
    for account, region, mapping in lambdas._iter_all_esms():
        in_account = lambdas._request_account_id.set(account)
        in_region = lambdas._request_region.set(region)
        try:
            moved = _deliver(mapping) or moved
        except lambdas.ArnParseError:
            continue
        finally:
            lambdas._request_account_id.reset(in_account)
            lambdas._request_region.reset(in_region)
    return moved


def _deliver(mapping: dict) -> bool:
    """Hand the next batch of a mapping to its function; True when anything was read."""
    table, function = _source_and_target(mapping)
    if table is None or function is None or lambdas._esm_backoff_until.get(mapping["UUID"], 0) > time.time():
        return False
    position = _position(mapping, table)
    at, retry = _retries.get(mapping["UUID"], (position, Retry()))
    if at != position:
        retry = Retry()
    size = mapping.get("BatchSize", 100)
    records = dynamodb.stream_records_since(table, position, min(size, retry.size or size))
    if not records:
        return False
    if not may_read_stream(function, mapping["EventSourceArn"]):
        lambdas._esm_backoff_until[mapping["UUID"]] = time.time() + PAUSE_AFTER_FAILURE
        return False

    failed_at, result = _invoke(mapping, function, records)
    rules = Rules(bool(mapping.get("BisectBatchOnFunctionError")), _retry_limit(mapping))
    step = next_step(len(records), failed_at, retry, rules)

    if step.parked:
        start, end = step.parked
        _park(mapping, function, records[start:end], result)
    lambdas._dynamodb_stream_positions[mapping["UUID"]] = position + step.advance
    if step.retry:
        _retries[mapping["UUID"]] = (position + step.advance, step.retry)
        lambdas._esm_backoff_until[mapping["UUID"]] = time.time() + PAUSE_AFTER_FAILURE
    else:
        _retries.pop(mapping["UUID"], None)
    return True


def _park(mapping: dict, function: dict, records: list[dict], result: dict) -> None:
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if destination and may(function, "sqs:SendMessage", destination):
        source, condition = mapping["EventSourceArn"], "RetryAttemptsExhausted"
        lambdas._send_ddb_stream_failure_record(mapping, function, records, source, result, condition)


def _source_and_target(mapping: dict):
    source = lambdas.parse_arn(mapping.get("EventSourceArn", ""))
    if source.service != "dynamodb" or not mapping.get("Enabled", True):
        return None, None
    named = lambdas._dynamodb_stream_table_from_arn_spec(source)
    function, _ = lambdas._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    table = dynamodb._tables.get(named[0]) if named else None
    if not table or table.get("LatestStreamArn") != mapping["EventSourceArn"]:
        return None, function
    return named[0], function


def _position(mapping: dict, table: str) -> int:
    oldest = dynamodb.stream_start_position(table)
    positions = lambdas._dynamodb_stream_positions
    if mapping["UUID"] not in positions:
        from_start = mapping.get("StartingPosition", "LATEST") == "TRIM_HORIZON"
        positions[mapping["UUID"]] = oldest if from_start else dynamodb.stream_end_position(table)
    return max(positions[mapping["UUID"]], oldest)


def _invoke(mapping: dict, function: dict, records: list[dict]):
    """The first record that failed (None: all went well) and the function's whole answer."""
    wanted = lambdas._apply_filter_criteria(records, mapping)
    if not wanted:
        return None, {}
    result = lambdas._execute_function(function, {"Records": wanted})
    if result.get("error"):
        return 0, result
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
        return None, result
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    return first_failure(numbers, result.get("body")), result


def _retry_limit(mapping: dict) -> int:
    limit = mapping.get("MaximumRetryAttempts")
    return -1 if limit is None else int(limit)
