"""What `schedule`, `poll`, `react`, `ship` and `authorize` need."""

from house import AUTO, POB, House
from probes import (
    accept,
    attempt,
    fetch_label,
    is_among_failed,
    needs,
    order,
    order_to_accept,
    order_to_ship,
    poll,
    refuse,
    works,
)

# ---- schedule --------------------------------------------------------------------------------


@needs("schedule", "table", "dynamodb:Query")
@needs("schedule", "polls", "sqs:SendMessage")
def a_due_pack_is_sent(house: House):
    def try_it():
        before = house.waiting("polls")
        # A pack is due once in five minutes; which one is its own affair.
        ticks = [{"time": f"2026-09-11T06:4{minute}:00Z"} for minute in range(5)]
        return works(lambda: [house.run("schedule", tick) for tick in ticks]) and house.waiting("polls") > before

    return try_it


# ---- poll ------------------------------------------------------------------------------------


@needs("poll", "table", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query")
def a_new_order_arrives(house: House):
    number = house.seed()
    return lambda: works(lambda: poll(house)) and house.is_stored(number)


@needs("poll", "key", "kms:Decrypt")
def a_new_order_arrives_with_a_sealed_session(house: House):
    house.renew("poll")
    return a_new_order_arrives(house)


@needs("poll", "by_time", "dynamodb:Query")
def a_cancellation_that_no_list_tells_is_heard(house: House):
    house.ajio("/seed", {"pob": POB, "states": {"PENDENCY": 1}})
    poll_pob(house)
    (name,) = [one["id"] for one in house.api("GET", f"/orders?account={house.pob_account}&stage=new")[1]["orders"]]
    house.ajio(f"/orders/{name.split('.')[1]}/cancel", {"by": "CONSUMER"})
    return lambda: works(lambda: poll_pob(house)) and house.api("GET", f"/orders/{name}")[1]["stage"] == "cancelled"


def poll_pob(house: House) -> None:
    house.tell("poll", {"pack": "p5-0", "account": house.pob_account})


@needs("poll", "table", "dynamodb:DeleteItem")
def what_the_buyer_cancelled_no_longer_counts_as_failed(house: House):
    number = order_to_accept(house)
    refuse(house, "reqPendingOrders")
    accept(house, number)
    house.control(f"/orders/{number}/cancel", {"by": "BUYER"})
    return lambda: works(lambda: poll(house)) and not is_among_failed(house, number)


# ---- react -----------------------------------------------------------------------------------


@needs("react", "table", "dynamodb:BatchGetItem")
@needs("react", "ship", "sqs:SendMessage")
def an_intent_becomes_work(house: House):
    number = order_to_accept(house)

    def try_it():
        before = house.waiting("ship")
        change = lambda: house.show_change(f"{house.account}.{number}", stage="new", state="open")  # noqa: E731
        return works(change) and house.waiting("ship") > before

    return try_it


@needs("react", "table", "dynamodb:GetItem", "dynamodb:PutItem")
def an_order_is_accepted_by_setting(house: House):
    number = house.seed(AUTO)
    house.tell("poll", {"pack": "p5-0", "account": house.auto_account})
    name = f"{house.auto_account}.{number}"

    def try_it():
        shown = works(lambda: house.show_change(name, stage="new"))
        return shown and "auto-accept" in str(house.api("GET", f"/orders/{name}")[1]["history"])

    return try_it


# ---- ship ------------------------------------------------------------------------------------


@needs("ship", "table", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query")
def an_order_is_accepted(house: House):
    number = order_to_accept(house)
    return lambda: works(lambda: accept(house, number)) and asked_of_the_marketplace(house, number)


@needs("ship", "key", "kms:Decrypt")
def an_order_is_accepted_with_a_sealed_session(house: House):
    house.renew("ship")
    return an_order_is_accepted(house)


@needs("ship", "ship", "sqs:SendMessage")
def a_job_is_looked_at_again(house: House):
    def try_it():
        number, before = order_to_accept(house), house.waiting("ship")
        return works(lambda: accept(house, number)) and house.waiting("ship") > before

    return try_it


@needs("ship", "labels/", "s3:PutObject")
def a_label_is_kept(house: House):
    number = order_to_ship(house)
    fetch_label(house, number)
    return lambda: works(lambda: fetch_label(house, number)) and order(house, number)["label"]["state"] == "ready"


@needs("ship", "table", "dynamodb:DeleteItem")
def a_label_that_comes_after_all_no_longer_counts_as_failed(house: House):
    number = order_to_ship(house)
    refuse(house, "reqDownloadLabelV2")
    fetch_label(house, number)
    another = order_to_ship(house)
    fetch_label(house, another)
    return lambda: works(lambda: fetch_label(house, another)) and not is_among_failed(house, number)


def asked_of_the_marketplace(house: House, number: str) -> bool:
    return house.control("/counters")["accepts"].get(number, {}).get("requests", 0) > 0


# ---- authorize -------------------------------------------------------------------------------


@needs("authorize", "table", "dynamodb:GetItem")
@attempt
def a_token_opens(house: House):
    assert house.run("authorize", {"identitySource": [f"Bearer {house.token}"]})["isAuthorized"]
