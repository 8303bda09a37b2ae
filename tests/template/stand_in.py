"""A function's stand-in: speaks Lambda's Runtime API and tells what it was given.

The tests of the local cloud are about the cloud; the real functions have tests of their own.
As `api` it makes the AWS call a request names; as `react` it fails records that say so.
"""

import fcntl
import json
import os
import urllib.request
from pathlib import Path

import boto3

NAME = os.environ["AWS_LAMBDA_FUNCTION_NAME"].removeprefix("haat-")
RUNTIME = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def client(service: str):
    return boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def say(**what) -> None:
    print(json.dumps(what), flush=True)


def api(event):
    asked = json.loads(event["body"]) if event.get("body") else None
    if asked is None:
        return answer(200, {"variables": sorted(os.environ)})
    try:
        call = getattr(client(asked["service"]), asked["operation"])
        call(**asked["arguments"])
    except Exception as refused:
        return answer(403, {"refused": str(refused)})
    return answer(200, {})


def answer(status: int, body: dict) -> dict:
    return {"statusCode": status, "body": json.dumps(body)}


def authorize(event):
    return {"isAuthorized": event["identitySource"] == ["Bearer good"], "context": {"seller": "s_demo"}}


def react(event):
    records = [record["dynamodb"] for record in event["Records"]]
    say(seen=[record["Keys"]["sk"]["S"] for record in records])
    failed = [record["SequenceNumber"] for record in records if record["Keys"]["sk"]["S"].startswith("bad")]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def worker(event):
    say(bodies=[record["body"] for record in event["Records"]])
    return {"batchItemFailures": []}


HANDLERS = {"api": api, "console": api, "authorize": authorize, "react": react, "poll": worker, "ship": worker}


def main() -> None:
    say(started=NAME)
    while True:
        with urllib.request.urlopen(f"{RUNTIME}/next") as next_event:
            request = next_event.headers["Lambda-Runtime-Aws-Request-Id"]
            result = HANDLERS[NAME](json.load(next_event))
        done = urllib.request.Request(f"{RUNTIME}/{request}/response", json.dumps(result).encode(), method="POST")
        urllib.request.urlopen(done).close()


# The kernel lets go of the lock when the last of us is gone: a test asks for it then.
with open(Path(__file__).with_name("alive"), "a") as alive:
    fcntl.flock(alive, fcntl.LOCK_SH)
    main()
