"""Calls that a function could make with its role, of every kind that any role allows and then some."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError
from house import House
from roles import Roles

KEY = {"pk": {"S": "S#s_foreign"}, "sk": {"S": "SELLER"}}
SELLER, BUYER = {"seller": "s_foreign"}, {"buyer": "b_1"}
REFUSED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "403"}


@dataclass(frozen=True)
class Call:
    """An action on a resource by its name in docs/rights.md, or on one that is in no role."""

    action: str
    on: str
    service: str
    make: Callable

    def is_refused(self, client: Callable) -> bool:
        try:
            self.make(client(self.service))
        except ClientError as error:
            # Any other error is an answer to someone who was let in.
            return error.response["Error"]["Code"] in REFUSED
        return False


def all_calls(house: House, roles: Roles) -> list[Call]:
    """What to try as each function; each call is harmless where it is let through."""
    stored = [*_table(house), *_stream(house), *_queues(house), *_files(house), *_key(house)]
    return [*stored, *_logs(house), *_rest(house, roles)]


def _table(house: House):
    on, by_key = house.cloud.addresses["table"], {"ExpressionAttributeValues": {":pk": {"S": "x"}}}
    index = {"IndexName": "by_time", "KeyConditionExpression": "gpk = :pk", **by_key}
    for name, table in (("table", on), ("another table", foreign_table(house))):
        own = {"TableName": table}
        yield Call("dynamodb:GetItem", name, "dynamodb", lambda c, own=own: c.get_item(**own, Key=KEY))
        yield Call("dynamodb:PutItem", name, "dynamodb", lambda c, own=own: c.put_item(**own, Item=KEY))
        yield Call("dynamodb:UpdateItem", name, "dynamodb", lambda c, own=own: c.update_item(**own, Key=KEY))
        yield Call("dynamodb:DeleteItem", name, "dynamodb", lambda c, own=own: c.delete_item(**own, Key=KEY))
        yield Call(
            "dynamodb:BatchGetItem",
            name,
            "dynamodb",
            lambda c, table=table: c.batch_get_item(RequestItems={table: {"Keys": [KEY]}}),
        )
        yield Call(
            "dynamodb:Query",
            name,
            "dynamodb",
            lambda c, own=own: c.query(**own, KeyConditionExpression="pk = :pk", **by_key),
        )
        yield Call("dynamodb:Scan", name, "dynamodb", lambda c, own=own: c.scan(**own, Limit=1))
        yield Call(
            "dynamodb:BatchWriteItem",
            name,
            "dynamodb",
            lambda c, table=table: c.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": KEY}}]}),
        )
        yield Call("dynamodb:DeleteTable", name, "dynamodb", lambda c, own=own: c.delete_table(**own))
    yield Call("dynamodb:Query", "by_time", "dynamodb", lambda c: c.query(TableName=on, **index))


def _stream(house: House):
    table = house.client("dynamodb").describe_table(TableName=house.cloud.addresses["table"])["Table"]
    arn, streams = table["LatestStreamArn"], house.client("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    on, service = "the table's stream", "dynamodbstreams"
    yield Call("dynamodb:DescribeStream", on, service, lambda c: c.describe_stream(StreamArn=arn))
    yield Call("dynamodb:GetShardIterator", on, service, lambda c: c.get_shard_iterator(**start))


def _queues(house: House):
    queues = {name.replace("_", "-"): url for name, url in house.cloud.addresses["queues"].items()}
    queues["another queue"] = house.client("sqs").create_queue(QueueName="foreign")["QueueUrl"]
    for name, url in queues.items():
        own = {"QueueUrl": url}
        yield Call("sqs:SendMessage", name, "sqs", lambda c, own=own: c.send_message(**own, MessageBody="{}"))
        yield Call("sqs:ReceiveMessage", name, "sqs", lambda c, own=own: c.receive_message(**own, VisibilityTimeout=0))
        yield Call("sqs:DeleteMessage", name, "sqs", lambda c, own=own: c.delete_message(**own, ReceiptHandle="x"))
        yield Call("sqs:GetQueueAttributes", name, "sqs", lambda c, own=own: c.get_queue_attributes(**own))
        yield Call("sqs:PurgeQueue", name, "sqs", lambda c, own=own: c.purge_queue(**own))


def _files(house: House):
    bucket, files = house.cloud.addresses["bucket"], house.client("s3")
    files.create_bucket(Bucket="foreign", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"})
    for name, place, key in (
        ("labels/", bucket, "labels/foreign.pdf"),
        ("cuts/", bucket, "cuts/foreign.pdf"),
        ("another prefix", bucket, "other/foreign.pdf"),
        ("another bucket", "foreign", "labels/foreign.pdf"),
    ):
        own = {"Bucket": place, "Key": key}
        files.put_object(**own, Body=b"x")
        yield Call("s3:GetObject", name, "s3", lambda c, own=own: c.get_object(**own))
        yield Call("s3:PutObject", name, "s3", lambda c, own=own: c.put_object(**own, Body=b"x"))
        yield Call("s3:DeleteObject", name, "s3", lambda c, own=own: c.delete_object(**own))
    for name, place in (("files", bucket), ("another bucket", "foreign")):
        yield Call("s3:ListBucket", name, "s3", lambda c, place=place: c.list_objects_v2(Bucket=place))


def _key(house: House):
    mine, kms = house.cloud.addresses["key"], house.client("kms")
    another = kms.create_key()["KeyMetadata"]["Arn"]
    for name, key, context in (
        ("key", mine, SELLER),
        ("the key for a buyer", mine, BUYER),
        ("the key for nobody", mine, {}),
        ("another key", another, SELLER),
    ):
        own = {"KeyId": key, "EncryptionContext": context}
        sealed = kms.generate_data_key(**own, KeySpec="AES_256")["CiphertextBlob"]
        yield Call("kms:GenerateDataKey", name, "kms", lambda c, own=own: c.generate_data_key(**own, KeySpec="AES_256"))
        yield Call(
            "kms:Decrypt", name, "kms", lambda c, own=own, sealed=sealed: c.decrypt(**own, CiphertextBlob=sealed)
        )
        yield Call("kms:Encrypt", name, "kms", lambda c, own=own: c.encrypt(**own, Plaintext=b"x"))
        yield Call("kms:DescribeKey", name, "kms", lambda c, key=key: c.describe_key(KeyId=key))


def _logs(house: House):
    for function, name in house.names.items():
        group, on = f"/aws/lambda/{name}", f"the log of {function}"
        own = {"logGroupName": group, "logStreamName": "foreign"}
        line = {"timestamp": 0, "message": "x"}
        yield Call("logs:CreateLogStream", on, "logs", lambda c, own=own: c.create_log_stream(**own))
        yield Call(
            "logs:PutLogEvents", on, "logs", lambda c, own=own, line=line: c.put_log_events(**own, logEvents=[line])
        )
        read = {"logGroupName": group, "limit": 1}
        yield Call("logs:FilterLogEvents", on, "logs", lambda c, read=read: c.filter_log_events(**read))


def _rest(house: House, roles: Roles):
    for function, name in house.names.items():
        taking = {"RoleArn": roles.arn(function), "RoleSessionName": "taken"}
        yield Call("sts:AssumeRole", function, "sts", lambda c, taking=taking: c.assume_role(**taking))
        yield Call("lambda:InvokeFunction", function, "lambda", lambda c, name=name: c.invoke(FunctionName=name))
    yield Call("iam:ListRoles", "the account", "iam", lambda c: c.list_roles())


def foreign_table(house: House) -> str:
    """A table that is not ours, in our account."""
    keys = (("pk", "HASH"), ("sk", "RANGE"))
    house.client("dynamodb").create_table(
        TableName="foreign",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
    )
    return "foreign"
