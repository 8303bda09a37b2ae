"""The poll function as one would write it in Python: boto3, urllib3, the same work.

It reads what the feeds of a pack's accounts hold, page by page; a feed whose bytes are as
before is left alone; of others every order is compared with what is stored, new ones get
their details, their buyer sealed with the seller's data key, and are put if absent. One
heartbeat for the pack. Clients are made once, as they should be.
"""

import hashlib
import json
import os
import time
from datetime import UTC, datetime

import boto3
import runtime
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TABLE = os.environ["TABLE_NAME"]
PANEL = os.environ["MEESHO_URL"]
KEY = os.environ["DATA_KEY_ID"]
ONCE = Config(retries={"max_attempts": 3, "mode": "standard"})
DYNAMODB = boto3.client("dynamodb", config=ONCE, region_name=os.environ["AWS_REGION"])
KMS = boto3.client("kms", config=ONCE, region_name=os.environ["AWS_REGION"])
HTTP = urllib3.PoolManager(retries=False)
TABS = {
    "on-hold": (0, "ON_HOLD"),
    "pending": (1, "PENDING"),
    "ready-to-ship": (3, "READY_TO_SHIP"),
    "shipped": (4, "SHIPPED"),
    "cancelled": (5, "CANCELLED"),
}
STAGES = {
    "ON_HOLD": "on_hold",
    "PENDING": "new",
    "READY_TO_SHIP": "accepted",
    "SHIPPED": "shipped",
    "CANCELLED": "cancelled",
}
DETAILS_AT_ONCE = 50
DATA_KEYS = {}


def handler(event, _context=None):
    failures = []
    for record in event["Records"]:
        try:
            poll_pack(json.loads(record["body"])["pack"])
        except Exception as error:  # one message that fails comes again alone
            print(json.dumps({"event": "message.failed", "error": str(error)}))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def poll_pack(pack):
    began = now()
    states = DYNAMODB.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues={":pk": {"S": f"PACK#{pack}"}, ":sk": {"S": "ACCT#"}},
        ConsistentRead=True,
    )["Items"]
    counts = {}
    for state in states:
        account = Account(state)
        counts[account.id] = account.poll()
    DYNAMODB.put_item(
        TableName=TABLE,
        Item={"pk": {"S": f"PACK#{pack}"}, "sk": {"S": "HEARTBEAT"}, "at": {"S": began}},
    )
    print(json.dumps({"event": "pack.polled", "pack": pack, "counts": counts}))


class Account:
    def __init__(self, state):
        _, self.seller, self.id = state["sk"]["S"].split("#")
        self.login = state["l"]["S"]
        supplier, self.identifier = state["k"]["S"].split("/")
        self.supplier = {"id": int(supplier), "identifier": self.identifier}
        self.state = state
        self.seen = {name: value["S"] for name, value in state.get("seen", {"M": {}})["M"].items()}
        self.headers = {
            "accept": "application/json",
            "content-type": "application/json",
            "client-type": "d-web",
            "client-package-version": "1.0.41",
            "identifier": self.identifier,
            "cookie": "; ".join(f"{name}={value}" for name, value in self.session().items()),
        }

    def session(self):
        """The stored session's cookies, opened."""
        keys = [
            {"pk": {"S": f"S#{self.seller}"}, "sk": {"S": f"LOGIN#{self.login}"}},
            {"pk": {"S": f"S#{self.seller}"}, "sk": {"S": f"SESSION#{self.login}"}},
        ]
        request = {TABLE: {"Keys": keys, "ConsistentRead": True}}
        items = DYNAMODB.batch_get_item(RequestItems=request)["Responses"][TABLE]
        sealed = next(item["session"]["B"] for item in items if "session" in item)
        text = open_sealed(self.seller, f"login/{self.login}/session", sealed)
        return json.loads(json.loads(text)["secret"])

    def poll(self):
        counts = {"known": 0, "stored": 0, "changed": 0}
        seen = dict(self.seen)
        for tab in TABS:
            pages = list(self.pages(tab))
            mark = hashlib.sha256(b"".join(pages)).hexdigest()[:16]
            if seen.get(tab) == mark:
                counts["known"] += 1
                continue
            rows = {}
            for page in pages:
                for row in orders_of(json.loads(page)):
                    rows[row["number"]] = row | {"word": TABS[tab][1]}
            self.write(rows, counts)
            seen[tab] = mark
        if seen != self.seen:
            marks = {name: {"S": mark} for name, mark in seen.items()}
            DYNAMODB.put_item(TableName=TABLE, Item=self.state | {"seen": {"M": marks}})
        return counts

    def pages(self, tab):
        cursor = None
        while True:
            body = {
                "enable_hold": True,
                "supplier_details": self.supplier,
                "identifier": self.identifier,
                "cursor": cursor,
                "limit": 50,
                "status": TABS[tab][0],
                "type": tab,
            }
            page = self.call("/api/fulfillment/orders", body)
            yield page
            cursor = json.loads(page).get("cursor")
            if not cursor:
                return

    def call(self, path, body):
        answer = HTTP.request("POST", PANEL + path, body=json.dumps(body), headers=self.headers)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return answer.data

    def write(self, rows, counts):
        stored = self.stored(list(rows))
        new = [row for number, row in rows.items() if number not in stored]
        for number, item in stored.items():
            row = rows[number]
            if item["w"]["S"] == row["word"]:
                counts["known"] += 1
                continue
            self.put(item | stage_of(row), item["v"]["N"])
            counts["changed"] += 1
        for start in range(0, len(new), DETAILS_AT_ONCE):
            batch = new[start : start + DETAILS_AT_ONCE]
            details = self.details([row["number"] for row in batch])
            for row in batch:
                self.store(row, details.get(row["number"], {}))
                counts["stored"] += 1

    def stored(self, numbers):
        found = {}
        for start in range(0, len(numbers), 100):
            wanted = numbers[start : start + 100]
            keys = [{"pk": {"S": self.pk(number)}, "sk": {"S": "ORDER"}} for number in wanted]
            request = {TABLE: {"Keys": keys, "ConsistentRead": True}}
            while request:
                answer = DYNAMODB.batch_get_item(RequestItems=request)
                for item in answer["Responses"].get(TABLE, []):
                    found[item["pk"]["S"].rsplit(".", 1)[1]] = item
                request = answer.get("UnprocessedKeys")
        return found

    def details(self, numbers):
        body = {
            "supplier_details": self.supplier,
            "identifier": self.identifier,
            "sub_order_nums": numbers,
        }
        answer = json.loads(self.call("/api/fulfillment/orders/fetchOrderDetails", body))
        return {row["sub_order_num"]: row for row in listed(answer["data"])}

    def store(self, row, detail):
        address = detail.get("address")
        if address:
            text = json.dumps(address)
            place = f"order/{self.id}.{row['number']}/buyer"
            buyer = {
                "pk": {"S": self.pk(row["number"])},
                "sk": {"S": "BUYER"},
                "buyer": {"B": seal(self.seller, place, text)},
                "ttl": {"N": str(int(time.time()) + 180 * 86400)},
            }
            DYNAMODB.put_item(TableName=TABLE, Item=buyer)
        deadline = detail.get("ship_by_iso") or row["dispatch"] or now()
        line = {
            "s": {"S": row["sku"] or ""},
            "t": {"S": row["name"] or ""},
            "v": {"S": row["variation"] or ""},
            "q": {"N": str(row["quantity"] or 1)},
            "p": {"N": str(round(float(row["price"] or 0) * 100))},
        }
        item = {
            "pk": {"S": self.pk(row["number"])},
            "sk": {"S": "ORDER"},
            "kind": {"S": "order"},
            "m": {"S": "meesho"},
            "pu": {"S": row["purchase"]},
            "li": {"L": [{"M": line}]},
            "at": {"S": row["created"] or now()},
            "by": {"S": deadline},
            "pay": {"M": {"m": {"S": detail.get("payment_mode", "")}}},
            "val": {"N": str(round(float(detail.get("total") or 0) * 100))},
            "h": {"L": [{"L": [{"N": str(time.time_ns())}, {"S": "m"}, {"S": row["word"]}]}]},
            "gpk": {"S": f"S#{self.seller}"},
            "gsk": {"S": f"open#{deadline}#{self.id}.{row['number']}"},
        }
        self.put(item | stage_of(row), None)

    def put(self, item, version):
        """Over the version it was read with, or where nothing is; else the next poll sees to it."""
        item["v"] = {"N": str(int(version or 0) + 1)}
        condition = {"ConditionExpression": "attribute_not_exists(pk)"}
        if version:
            condition = {
                "ConditionExpression": "v = :v",
                "ExpressionAttributeValues": {":v": {"N": version}},
            }
        try:
            DYNAMODB.put_item(TableName=TABLE, Item=item, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def pk(self, number):
        return f"S#{self.seller}#O#{self.id}.{number}"


def stage_of(row):
    return {"stage": {"S": STAGES[row["word"]]}, "w": {"S": row["word"]}}


def orders_of(page):
    """The rows of a page, flat or in packets."""
    data = page["data"]
    for row in listed(data.get("subOrders") or []):
        yield order(row, row["order_num"], row.get("created_iso"))
    for group in listed(data.get("groups") or []):
        for purchase in group["orders"]:
            for row in listed(purchase["sub_orders"]):
                yield order(row, purchase["order_num"], purchase.get("created_iso"))


def order(row, purchase, created):
    return {
        "number": row["sub_order_num"],
        "purchase": purchase,
        "created": created,
        "sku": row.get("product_sku"),
        "name": row.get("name"),
        "variation": row.get("variation"),
        "quantity": row.get("quantity"),
        "price": row.get("price"),
        "dispatch": row.get("expected_dispatch_date_iso"),
    }


def listed(rows):
    return list(rows.values()) if isinstance(rows, dict) else rows


def data_key(seller):
    if seller not in DATA_KEYS:
        key = {"pk": {"S": f"S#{seller}"}, "sk": {"S": "KEY"}}
        item = DYNAMODB.get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"]
        context = {"seller": seller}
        wrapped = item["wrapped"]["B"]
        answer = KMS.decrypt(CiphertextBlob=wrapped, KeyId=KEY, EncryptionContext=context)
        DATA_KEYS[seller] = AESGCM(answer["Plaintext"])
    return DATA_KEYS[seller]


def open_sealed(seller, place, sealed):
    bound_to = f"{seller}|{place}".encode()
    return data_key(seller).decrypt(sealed[1:13], sealed[13:], bound_to).decode()


def seal(seller, place, text):
    bound_to = f"{seller}|{place}".encode()
    nonce = os.urandom(12)
    return b"\x01" + nonce + data_key(seller).encrypt(nonce, text.encode(), bound_to)


def now():
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    runtime.run(handler)
