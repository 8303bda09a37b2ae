"""The local cloud as its callers meet it: one line of addresses, AWS's rules, no process left."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from deployed import ROOT, functions

import deploy

PATIENCE = 20.0
COMMAND = [sys.executable, ROOT / "infra" / "local" / "cloud.py", "up", "--until-stdin-closes"]


def eventually(what, question):
    """The first true answer; asked again and again, because the cloud works on its own time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"never came true: {what}")


class Running:
    """A cloud of stand-ins, owned by a test."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        binaries = Path(self.folder.name) / "binaries"
        binaries.mkdir()
        stand_in = (ROOT / "tests" / "template" / "stand_in.py").read_text()
        for name in functions():
            program = binaries / f"haat-{name}"
            program.write_text(f"#!{sys.executable}\n{stand_in}")
            program.chmod(0o755)
        parameters = ["--parameter", "MeeshoUrl=http://127.0.0.1:9", "--parameter", "MeeshoFileHosts=127.0.0.1:9"]
        logs = ["--logs", Path(self.folder.name) / "logs"]
        self.process = subprocess.Popen(
            [*COMMAND, "--binaries", binaries, *parameters, *logs],
            # What must not reach the functions, whatever the machine exports.
            env={**os.environ, "AWS_PROFILE": "production", "SSL_CERT_FILE": "/nowhere", "MY_SECRET": "x"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        if not line:
            self.close()
            raise AssertionError("the cloud did not start; its message stands above")
        self.addresses = json.loads(line)

    def client(self, service: str):
        return deploy.client(service, self.addresses["endpoint"])

    def request(self, path: str, token: str | None = None, body: dict | None = None) -> tuple[int, dict]:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.addresses["endpoint"] + path, content)
        request.add_header("Host", self.addresses["api_host"])
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def log(self, function: str) -> list[dict]:
        file = Path(self.addresses["logs"]) / f"{self.addresses['functions'][function]}.log"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def is_running(self) -> bool:
        """Whether the server answers or any function of it is alive."""
        with socket.socket() as caller:
            port = int(self.addresses["endpoint"].rsplit(":", 1)[1])
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return True
        with open(Path(self.folder.name) / "binaries" / "alive", "a") as alive:
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.folder.cleanup()


class TheCloud(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cloud = Running()
        cls.addClassCleanup(cls.cloud.close)

    def test_asks_the_authorizer_where_a_route_is_not_open(self):
        self.assertEqual(self.cloud.request("/orders")[0], 401)
        self.assertEqual(self.cloud.request("/orders", "bad")[0], 403)
        self.assertEqual(self.cloud.request("/orders", "good")[0], 200)
        for path in ("/", "/console", "/console/orders/1", "/openapi.json"):
            self.assertEqual(self.cloud.request(path)[0], 200, path)

    def test_gives_a_function_nothing_of_the_callers_environment(self):
        _, told = self.cloud.request("/openapi.json")
        self.assertIn("TABLE_NAME", told["variables"])
        for leaked in ("AWS_PROFILE", "SSL_CERT_FILE", "MY_SECRET"):
            self.assertNotIn(leaked, told["variables"])

    def test_lets_a_function_do_what_its_role_allows_and_no_more(self):
        table, bucket = self.cloud.addresses["table"], self.cloud.addresses["bucket"]
        key = {"pk": {"S": "S#s_demo"}, "sk": {"S": "SELLER"}}
        data_key = {"KeyId": self.cloud.addresses["key"], "KeySpec": "AES_256"}
        polls = self.cloud.addresses["queues"]["polls"]
        allowed = [
            ("dynamodb", "get_item", {"TableName": table, "Key": key}),
            ("s3", "put_object", {"Bucket": bucket, "Key": "cuts/1.pdf", "Body": "x"}),
            ("s3", "get_object", {"Bucket": bucket, "Key": "cuts/1.pdf"}),
            ("kms", "generate_data_key", {**data_key, "EncryptionContext": {"seller": "s_demo"}}),
            ("sqs", "send_message", {"QueueUrl": polls, "MessageBody": "{}"}),
            ("sqs", "send_message_batch", {"QueueUrl": polls, "Entries": [{"Id": "1", "MessageBody": "{}"}]}),
        ]
        refused = [
            ("dynamodb", "scan", {"TableName": table}),
            ("s3", "put_object", {"Bucket": bucket, "Key": "labels/1.pdf", "Body": "x"}),
            ("s3", "delete_object", {"Bucket": bucket, "Key": "cuts/1.pdf"}),
            ("kms", "generate_data_key", data_key),
            ("kms", "generate_data_key", {**data_key, "EncryptionContext": {"buyer": "b"}}),
            ("sqs", "purge_queue", {"QueueUrl": polls}),
        ]
        for status, calls in ((200, allowed), (403, refused)):
            for service, operation, arguments in calls:
                with self.subTest(f"{service} {operation}"):
                    asked = {"service": service, "operation": operation, "arguments": arguments}
                    answer = self.cloud.request("/calls", "good", asked)
                    self.assertEqual(answer[0], status, answer[1])

    def test_delivers_messages_and_keeps_every_line_a_function_writes(self):
        queue = self.cloud.addresses["queues"]["ship"]
        self.cloud.client("sqs").send_message(QueueUrl=queue, MessageBody='{"seller":"s_demo"}')
        line = {"bodies": ['{"seller":"s_demo"}']}
        eventually("the message in ship's log", lambda: line in self.cloud.log("ship"))

    def test_shows_react_what_concerns_it_and_parks_what_fails(self):
        def put(name, **words):
            item = {"pk": "S#s_demo#O#a", "sk": name, **words}
            table = self.cloud.addresses["table"]
            given = {key: {"S": value} for key, value in item.items()}
            self.cloud.client("dynamodb").put_item(TableName=table, Item=given)

        put("new", kind="order", stage="new")
        put("accepted", kind="order", stage="accepted")
        put("bad", kind="order", stage="accepted", state="open")
        put("asked", kind="order", stage="accepted", state="open")
        put("shipped", kind="order", stage="shipped")
        put("account", kind="account", state="open")

        parked = eventually("a message in the queue of failures", self.parked)
        self.assertEqual(parked["requestContext"]["condition"], "RetryAttemptsExhausted")
        self.assertEqual(parked["DDBStreamBatchInfo"]["batchSize"], 1)
        eventually("the order after the bad one", lambda: "asked" in self.seen_by_react())
        self.assertEqual(set(self.seen_by_react()), {"new", "accepted", "bad", "asked"})
        # Delivered once with its neighbours at most, then six times alone.
        self.assertIn(self.seen_by_react().count("bad"), (6, 7, 8))

    def seen_by_react(self) -> list[str]:
        return [name for line in self.cloud.log("react") for name in line.get("seen", [])]

    def parked(self) -> dict | None:
        queue = self.cloud.addresses["queues"]["react_failures"]
        messages = self.cloud.client("sqs").receive_message(QueueUrl=queue).get("Messages")
        return json.loads(messages[0]["Body"]) if messages else None


class TheEnd(unittest.TestCase):
    def setUp(self):
        self.cloud = Running()
        self.addCleanup(self.cloud.close)
        self.assertEqual(self.cloud.request("/openapi.json")[0], 200)
        self.assertTrue(self.cloud.is_running())

    def test_comes_with_the_pipe_of_the_owner(self):
        self.cloud.process.stdin.close()
        self.assertEqual(self.cloud.process.wait(PATIENCE), 0)
        self.assertFalse(self.cloud.is_running())

    def test_comes_with_a_polite_signal(self):
        self.cloud.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.cloud.process.wait(PATIENCE), 0)
        self.assertFalse(self.cloud.is_running())

    def test_leaves_nothing_even_when_killed_hard(self):
        self.cloud.process.kill()
        self.cloud.process.wait(PATIENCE)
        eventually("no process is left", lambda: not self.cloud.is_running())


class RefusedStarts(unittest.TestCase):
    def test_say_which_program_is_missing(self):
        with tempfile.TemporaryDirectory() as empty:
            command = [*COMMAND, "--binaries", empty, "--logs", empty]
            done = subprocess.run(command, input="", capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("haat-schedule is missing", done.stderr)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
