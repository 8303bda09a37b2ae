"""One DynamoDB read for each event: what a call costs with boto3."""

import os

import boto3
import runtime

CLIENT = boto3.client("dynamodb", region_name=os.environ["AWS_REGION"])


def handler(event, _context=None):
    if event.get("read"):
        key = {"pk": {"S": "TOKEN#none"}, "sk": {"S": "TOKEN"}}
        CLIENT.get_item(TableName=os.environ["TABLE_NAME"], Key=key, ConsistentRead=True)
    return {}


if __name__ == "__main__":
    runtime.run(handler)
