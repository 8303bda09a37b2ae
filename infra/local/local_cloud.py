"""A local cloud that runs: a MiniStack server with our stack in it."""

import os
import select
import signal
import sys
from pathlib import Path

import deploy
import toolbox
from server import ACCESS_KEY_ID, ACCOUNT, REGION, SECRET_ACCESS_KEY, Server

STACK = "haat"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Cloud:
    """A running cloud. `addresses` is what a caller has to know of it."""

    def __init__(self, binaries: Path, parameters: dict[str, str], port: int = 0, logs: Path | None = None):
        self.server = Server(port, logs or toolbox.run_logs())
        try:
            outputs = deploy.deploy(self.server.endpoint, toolbox.REPOSITORY, binaries, STACK, parameters)
        except BaseException:
            self.stop()
            raise
        self.addresses = describe(self.server, outputs)

    def environment(self) -> dict[str, str]:
        """What a program of ours (the `haat` command) needs to speak to this cloud."""
        return {
            "AWS_ENDPOINT_URL": self.addresses["endpoint"],
            "AWS_REGION": self.addresses["region"],
            "AWS_ACCESS_KEY_ID": self.addresses["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.addresses["secret_access_key"],
            "TABLE_NAME": self.addresses["table"],
            "DATA_KEY_ID": self.addresses["key"],
        }

    def stop(self) -> None:
        self.server.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def describe(server: Server, outputs: dict[str, str]) -> dict:
    """Every address of the cloud.

    `api_url` names a host under `.localhost`: browsers and curl take it to loopback by
    themselves, other clients connect to `endpoint` and send `api_host` as Host header.
    `logs` holds a file per function, `<function>.log` with every line it wrote, and
    `cloud.log`, MiniStack's own.
    """
    api_url = outputs["ApiUrl"].rstrip("/")
    return {
        "endpoint": server.endpoint,
        "region": REGION,
        "account": ACCOUNT,
        "access_key_id": ACCESS_KEY_ID,
        "secret_access_key": SECRET_ACCESS_KEY,
        "api_url": api_url,
        "api_host": api_url.split("://", 1)[1],
        "console_url": outputs["ConsoleUrl"],
        "stack": STACK,
        "table": outputs["TableName"],
        "bucket": outputs["FilesBucket"],
        "key": outputs["KeyArn"],
        "queues": {
            "polls": outputs["PollsQueueUrl"],
            "polls_dead": outputs["PollsDeadQueueUrl"],
            "ship": outputs["ShipQueueUrl"],
            "ship_dead": outputs["ShipDeadQueueUrl"],
            "react_failures": outputs["ReactFailuresQueueUrl"],
        },
        "functions": {name: f"{STACK}-{name}" for name in deploy.functions(toolbox.REPOSITORY)},
        "logs": str(server.logs),
    }


def stop_on_signals() -> None:
    """Until we wait, a signal ends us in order: whatever was started is stopped."""
    for ending in ENDING:
        signal.signal(ending, lambda number, _: sys.exit(128 + number))


def wait_for_the_end(until_stdin_closes: bool, has_ended) -> None:
    """Return when somebody wants us to stop or when the server is gone."""
    readable, writable = os.pipe()
    for ending in ENDING:
        signal.signal(ending, lambda *_: os.write(writable, b"."))
    sources = [readable] + ([sys.stdin.fileno()] if until_stdin_closes else [])
    while not has_ended():
        for source in select.select(sources, [], [], 0.5)[0]:
            if source == readable or not os.read(source, 4096):
                return
