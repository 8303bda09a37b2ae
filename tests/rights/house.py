"""The whole of Haat on the local cloud, with a seller whose days a test can play by hand.

Nothing in it moves by itself: the schedule and the triggers stand still unless a test wakes
one, the marketplace's clock is stopped. What a trigger would hand to a function, `tell` and
`run` hand to it directly, and its answer says at once whether it could do its work.
"""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

from journal import Journal
from web import http

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "infra" / "local"), str(ROOT / "tests" / "template")]

import deploy  # noqa: E402
import toolbox  # noqa: E402
from local_cloud import Cloud  # noqa: E402
from processes import Guarded  # noqa: E402

PATIENCE = 30.0
PASSWORD = "sandbox-only"
PACKER = {"email": "rights@example.test", "supplier": 4_200_001, "identifier": "ri1gh"}
AUTO = {"email": "auto@example.test", "supplier": 4_200_002, "identifier": "au2to"}
POB = "DV900007"
NEWCOMERS = range(4_300_001, 4_300_100)
WAREHOUSE = {"name": "Rights", "lines": ["1 Road"], "city": "Mumbai", "pin": "400001", "gstin": "27AABCR1718E1ZP"}


class Failed(Exception):
    """A function failed or a caller was told that we did."""


class House:
    def __init__(self, running: contextlib.ExitStack):
        binaries, logs = toolbox.binaries(), toolbox.run_logs()
        self.sandbox = self._start_sandbox(running, binaries, logs)
        parameters = {
            "MeeshoUrl": self.sandbox["api_url"],
            "MeeshoFileHosts": self.sandbox["file_host"],
            "MeeshoProfile": '{"milliseconds_between_calls":0}',
            "AjioUrl": self.sandbox["ajio"]["api_url"],
            "AjioFileHosts": self.sandbox["ajio"]["file_host"],
        }
        self.cloud = running.enter_context(Cloud(binaries, parameters, logs=logs))
        self.binaries = binaries
        self.names = self.cloud.addresses["functions"]
        self.journal = Journal(logs / "access.jsonl")
        self._lambda = self.client("lambda")
        self.stand_still()
        self._newcomers = iter(NEWCOMERS)
        self.seller, self.token = self.new_seller()
        self.account = self.connect(PACKER, self.token)
        self.auto_account = self.connect(AUTO, self.token)
        self.api("PATCH", f"/accounts/{self.auto_account}", {"auto_accept": True})
        self.pob_account = self.connect_pob()

    # ---- starting ----------------------------------------------------------------------

    def _start_sandbox(self, running, binaries: Path, logs: Path) -> dict:
        command = [binaries / "haat-sandbox", "--clock", "stopped", "--no-account"]
        with open(logs / "sandbox.log", "wb") as errors:
            sandbox = Guarded(
                [*command, "--api-port", "0", "--files-port", "0"], toolbox.environment(), subprocess.PIPE, errors
            )
        running.callback(sandbox.stop)
        with sandbox.process.stdout as said:
            return json.loads(said.readline())

    def stand_still(self) -> None:
        events = self.client("events")
        for rule in events.list_rules()["Rules"]:
            events.disable_rule(Name=rule["Name"])
        mappings = self._lambda.list_event_source_mappings()["EventSourceMappings"]
        self._triggers = {one["FunctionArn"].rsplit("-", 1)[-1]: one["UUID"] for one in mappings}
        for function in self._triggers:
            self._set_trigger(function, False)

    def new_seller(self) -> tuple[str, str]:
        seller = self.haat("seller", "create", "--name", "Rights Shop")
        scopes = [word for scope in ("read", "pack", "admin") for word in ("--scope", scope)]
        return seller, self.haat("token", "create", "--seller", seller, "--name", "test", *scopes)

    def newcomer(self) -> dict:
        """A login at the marketplace that nobody has connected yet."""
        supplier = next(self._newcomers)
        return {"email": f"{supplier}@example.test", "supplier": supplier, "identifier": f"n{supplier % 10_000:04}"}

    def connect(self, shop: dict, token: str) -> str:
        supplier = {"supplier_id": shop["supplier"], "identifier": shop["identifier"], "name": "Shop"}
        new = {"email": shop["email"], "password": PASSWORD, "suppliers": [supplier]}
        self.control("/accounts", new)
        status, answer = self.api("POST", "/accounts", connecting(shop), token)
        if status >= 300:
            raise Failed(f"connecting answered {status} {answer}")
        return answer["account"]["id"]

    def connect_pob(self) -> str:
        """An account at AJIO, whose orders are read again by number to hear what became of them."""
        self.ajio("/accounts", {"username": POB, "password": PASSWORD})
        warehouse = self.api("POST", "/warehouses", WAREHOUSE)[1]["id"]
        credentials = {"username": POB, "password": PASSWORD}
        new = {"marketplace": "ajio", "name": "Rights POB", "warehouse": warehouse, "credentials": credentials}
        status, answer = self.api("POST", "/accounts", new)
        if status >= 300:
            raise Failed(f"connecting {POB} answered {status} {answer}")
        return answer["account"]["id"]

    def haat(self, *arguments: str) -> str:
        environment = {**toolbox.environment(), **self.cloud.environment()}
        command = [self.binaries / "haat", *arguments]
        return subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout.strip()

    def client(self, service: str):
        return deploy.client(service, self.cloud.server.endpoint)

    # ---- the functions -----------------------------------------------------------------

    def run(self, function: str, event: dict):
        """What a function answers to an event; `Failed` when it fails."""
        answer = self._lambda.invoke(FunctionName=self.names[function], Payload=json.dumps(event).encode())
        payload = answer["Payload"].read()
        if answer.get("FunctionError"):
            raise Failed(f"{function}: {payload[:300]!r}")
        return json.loads(payload) if payload else None

    def tell(self, function: str, message: dict) -> None:
        """Hand a queue's message to a function; `Failed` when it would come again."""
        record = {"messageId": "1", "receiptHandle": "1", "body": json.dumps(message), "eventSource": "aws:sqs"}
        self._no_failure(function, self.run(function, {"Records": [record]}))

    def show_change(self, order: str, **image: str) -> None:
        """Hand a change of an order to `react`."""
        keys = {"pk": {"S": f"S#{self.seller}#O#{order}"}, "sk": {"S": "ORDER"}}
        image = {"kind": {"S": "order"}, **{name: {"S": text} for name, text in image.items()}}
        record = json.loads((ROOT / "events" / "table-stream.json").read_text())["Records"][0]
        record["dynamodb"] |= {"Keys": keys, "NewImage": {**keys, **image}}
        self._no_failure("react", self.run("react", {"Records": [record]}))

    def _no_failure(self, function: str, answer) -> None:
        if answer["batchItemFailures"]:
            raise Failed(f"{function} wants it again")

    def renew(self, function: str) -> None:
        """The function starts anew: nothing it held in memory is left."""
        with self.variables(function):
            pass

    @contextlib.contextmanager
    def variables(self, function: str, **changed: str):
        """The function with other environment variables."""
        name = self.names[function]
        own = self._lambda.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        self._lambda.update_function_configuration(FunctionName=name, Environment={"Variables": {**own, **changed}})
        try:
            yield
        finally:
            self._lambda.update_function_configuration(FunctionName=name, Environment={"Variables": own})

    @contextlib.contextmanager
    def awake(self, function: str):
        """The function's trigger works while this lasts."""
        self._set_trigger(function, True)
        try:
            yield
        finally:
            self._set_trigger(function, False)

    def _set_trigger(self, function: str, enabled: bool) -> None:
        self._lambda.update_event_source_mapping(UUID=self._triggers[function], Enabled=enabled)

    # ---- queues, table, files ----------------------------------------------------------

    def waiting(self, queue: str) -> int:
        """Messages in a queue, those in work and those delayed among them."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        url = self.cloud.addresses["queues"][queue]
        counts = self.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(counts[name]) for name in names)

    def empty(self, queue: str) -> None:
        self.client("sqs").purge_queue(QueueUrl=self.cloud.addresses["queues"][queue])

    def is_stored(self, number: str) -> bool:
        key = {"pk": {"S": f"S#{self.seller}#O#{self.account}.{number}"}, "sk": {"S": "ORDER"}}
        return "Item" in self.client("dynamodb").get_item(TableName=self.cloud.addresses["table"], Key=key)

    def reminder(self, action: str) -> str | None:
        """When `ship` wants to look at the account's work again."""
        key = {"pk": {"S": f"S#{self.seller}"}, "sk": {"S": f"JOB#{self.account}#{action}"}}
        kept = self.client("dynamodb").get_item(TableName=self.cloud.addresses["table"], Key=key)
        return kept.get("Item", {}).get("wake", {}).get("S")

    # ---- the marketplace ---------------------------------------------------------------

    def control(self, path: str, body: dict | None = None):
        return http(self.sandbox["control_url"] + path, body=body)[1]

    def ajio(self, path: str, body: dict | None = None):
        return http(self.sandbox["ajio"]["control_url"] + path, body=body)[1]

    def seed(self, shop: dict = PACKER) -> str:
        """The number of a new order at the marketplace."""
        wanted = {"supplier_id": shop["supplier"], "states": {"PENDING": 1}}
        return self.control("/seed", wanted)["sub_order_nums"][0]

    def pass_seconds(self, seconds: int) -> None:
        self.control("/clock", {"advance_seconds": seconds})

    # ---- callers -----------------------------------------------------------------------

    def api(self, method: str, path: str, body: dict | None = None, token: str | None = None):
        """Status and JSON of the API's answer; `Failed` for 5xx."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self._call(method, path, headers, body)

    def page(self, method: str, path: str, form: dict | None = None):
        """Status and text of a page of the console; `Failed` for 5xx."""
        host = self.cloud.addresses["api_host"]
        headers = {"Cookie": f"__Host-haat={self.token}", "Origin": f"http://{host}"}
        return self._call(method, path, headers, form=form)

    def _call(self, method, path, headers, body=None, form=None):
        url = self.cloud.server.endpoint + path
        headers = {"Host": self.cloud.addresses["api_host"], **headers}
        status, answer = http(url, method, headers, body, form)
        if status >= 500:
            raise Failed(f"{method} {path} answered {status}")
        return status, answer


def connecting(shop: dict) -> dict:
    credentials = {"email": shop["email"], "password": PASSWORD}
    return {"marketplace": "meesho", "name": "Rights", "credentials": credentials}


def until(question) -> bool:
    """Whether something comes true within our patience: the cloud works in its own time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.02)
    return False
