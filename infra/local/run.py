#!/usr/bin/env python3
"""`make run`: everything on this machine, with a demo seller and sixty orders of two marketplaces."""

import contextlib
import json
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import prerequisites
import toolbox
from processes import Guarded

SELLER = "Demo seller"
SCOPES = ("read", "pack", "stock", "admin")
# Each with the orders that stand in the sandbox when the seller connects it.
ACCOUNTS = (
    {"name": "Meesho Surat", "email": "surat@example.test", "supplier": 4100001, "identifier": "ab1cd", "orders": 24},
    {"name": "Meesho Jaipur", "email": "jaipur@example.test", "supplier": 4100002, "identifier": "ef2gh", "orders": 16},
)
# One place that parcels are fetched from: an account of its own, with its warehouse.
POBS = ({"name": "AJIO Mumbai", "username": "DV900001", "orders": 20},)
WAREHOUSE = {
    "name": "Mumbai",
    "lines": ["Gala 4, Rahnal"],
    "city": "Bhiwandi",
    "pin": "421302",
    "gstin": "27AABCR1718E1ZP",
    "invoice_format": "standard",
}
# Weight and size of one piece, packaging included: AJIO gives no label without them.
PIECE = {"weight_grams": 350, "length_mm": 300, "breadth_mm": 250, "height_mm": 30}
PASSWORD = "sandbox-only"
ORDERS_WITHIN = 30.0


def step(text: str) -> None:
    print(f"haat: {text}", flush=True)


def build() -> Path:
    """The fast build of every program, with the tests: one build serves both. The folder they are in."""
    step("building (the first time takes many minutes)")
    command = ["cargo", "build", "--workspace", "--all-targets", "--locked"]
    if subprocess.run(command, check=False, cwd=toolbox.REPOSITORY).returncode:
        raise SystemExit("haat: the build failed; see above")
    return toolbox.binaries()


def start_sandbox(binaries: Path, log: Path) -> tuple[Guarded, dict]:
    """The marketplaces' doubles, living in real time, with their addresses."""
    step("starting marketplaces that speak the contracts of Meesho and AJIO")
    command = [binaries / "haat-sandbox", "--clock", "realtime", "--no-account", "--api-port", "0", "--files-port", "0"]
    with open(log, "wb") as errors:
        sandbox = Guarded(command, toolbox.environment(), subprocess.PIPE, errors)
    line = sandbox.process.stdout.readline()
    if not line:
        sandbox.stop()
        raise SystemExit(f"haat: the sandbox did not start; see {log}")
    return sandbox, json.loads(line)


def fill_sandbox(marketplaces: dict) -> None:
    control_url = marketplaces["control_url"]
    for account in ACCOUNTS:
        supplier = {"supplier_id": account["supplier"], "identifier": account["identifier"], "name": account["name"]}
        new = {"email": account["email"], "password": PASSWORD, "suppliers": [supplier]}
        call(f"{control_url}/accounts", new)
        call(f"{control_url}/seed", {"supplier_id": account["supplier"], "count": account["orders"]})
    control_url = marketplaces["ajio"]["control_url"]
    for pob in POBS:
        call(f"{control_url}/accounts", {"username": pob["username"], "password": PASSWORD})
        call(f"{control_url}/seed", {"pob": pob["username"], "count": pob["orders"]})


def create_seller(binaries: Path, cloud) -> str:
    """A seller and a token for him, made as an operator makes them: with the command line."""
    step("creating a seller and a token")
    seller = haat(binaries, cloud, "seller", "create", "--name", SELLER)
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    return haat(binaries, cloud, "token", "create", "--seller", seller, "--name", "make run", *scopes)


def haat(binaries: Path, cloud, *arguments: str) -> str:
    """What the command line prints."""
    environment = {**toolbox.environment(), **cloud.environment()}
    command = [binaries / "haat", *arguments]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"haat: `haat {' '.join(arguments[:2])}` failed: {done.stderr.strip()}")
    return done.stdout.strip()


def connect_accounts(cloud, token: str) -> None:
    for account in ACCOUNTS:
        step(f"connecting {account['name']}")
        credentials = {"email": account["email"], "password": PASSWORD}
        body = {"marketplace": "meesho", "name": account["name"], "credentials": credentials}
        call_api(cloud, token, "/accounts", body)
    warehouse = call_api(cloud, token, "/warehouses", WAREHOUSE)["id"]
    for pob in POBS:
        step(f"connecting {pob['name']}")
        credentials = {"username": pob["username"], "password": PASSWORD}
        body = {"marketplace": "ajio", "name": pob["name"], "warehouse": warehouse, "credentials": credentials}
        call_api(cloud, token, "/accounts", body)


def measure_products(cloud, token: str) -> None:
    """What AJIO's orders name gets weight and size, as a seller would set them."""
    orders = call_api(cloud, token, "/orders?limit=100")["orders"]
    skus = {line["sku"] for order in orders if order["marketplace"] == "ajio" for line in order["lines"]}
    for sku in sorted(skus):
        call_api(cloud, token, f"/parcels/{quote(sku, safe='')}", PIECE, "PUT")


def wait_for_orders(cloud, token: str) -> None:
    """Connecting asks for a first reading of the account's orders."""
    step("reading the first orders")
    deadline = time.monotonic() + ORDERS_WITHIN
    wanted = {"meesho", "ajio"}
    while wanted - {order["marketplace"] for order in call_api(cloud, token, "/orders?limit=100")["orders"]}:
        if time.monotonic() > deadline:
            raise SystemExit(f"haat: no order arrived within {ORDERS_WITHIN:.0f} s; see {cloud.addresses['logs']}")
        time.sleep(0.2)


def call_api(cloud, token: str, path: str, body: dict | None = None, method: str | None = None) -> dict:
    headers = {"Authorization": f"Bearer {token}", "Host": cloud.addresses["api_host"]}
    return call(cloud.addresses["endpoint"] + path, body, headers, method)


def call(url: str, body: dict | None = None, headers: dict | None = None, method: str | None = None) -> dict:
    """A request to something of ours on loopback; never through a proxy of this machine."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, content, headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"haat: {url} answered {refused.code}: {refused.read().decode()[:500]}") from None


def show(addresses: dict, sandbox: dict, token: str) -> None:
    print(
        f"""
  Console   {addresses["console_url"]}
  API       {addresses["api_url"]}        (what it can do: {addresses["api_url"]}/openapi.json)
  Token     {token}

  curl -H 'Authorization: Bearer {token}' {addresses["api_url"]}/orders

  Sandbox   {sandbox["control_url"]}        (make Meesho misbehave: see tools/sandbox)
            {sandbox["ajio"]["control_url"]}        (and AJIO)
  Logs      {addresses["logs"]}

Ctrl-C ends all of it.""",
        flush=True,
    )


def main() -> None:
    prerequisites.check()
    toolbox.become("local")
    from local_cloud import Cloud, stop_on_signals, wait_for_the_end

    stop_on_signals()
    binaries = build()
    logs = toolbox.run_logs()
    with contextlib.ExitStack() as running:
        sandbox, marketplace = start_sandbox(binaries, logs / "sandbox.log")
        running.callback(sandbox.stop)
        fill_sandbox(marketplace)
        step("starting the local cloud")
        parameters = {
            "MeeshoUrl": marketplace["api_url"],
            "MeeshoFileHosts": marketplace["file_host"],
            "AjioUrl": marketplace["ajio"]["api_url"],
            "AjioFileHosts": marketplace["ajio"]["file_host"],
        }
        cloud = running.enter_context(Cloud(binaries, parameters, logs=logs))
        token = create_seller(binaries, cloud)
        connect_accounts(cloud, token)
        wait_for_orders(cloud, token)
        measure_products(cloud, token)
        show(cloud.addresses, marketplace, token)
        wait_for_the_end(False, lambda: cloud.server.has_ended() or sandbox.process.poll() is not None)
        step("stopping")
        if cloud.server.has_ended() or sandbox.process.poll() is not None:
            raise SystemExit(f"haat: a part of it ended by itself; see {logs}")


if __name__ == "__main__":
    main()
