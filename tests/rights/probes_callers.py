"""What `api` and `console` need to answer."""

from itertools import cycle

from house import House, http
from probes import attempt, needs, new_order, order_to_accept, order_with_label, works

INTERVALS = cycle((7, 5))


def orders(house: House) -> str:
    return f"/orders/{house.account}"


# ---- api -------------------------------------------------------------------------------------


@needs("api", "table", "dynamodb:BatchGetItem")
@needs("api", "by_time", "dynamodb:Query")
@attempt
def a_list_of_orders(house: House):
    house.api("GET", "/orders")


@needs("api", "table", "dynamodb:GetItem")
@attempt
def an_account(house: House):
    house.api("GET", f"/accounts/{house.account}")


@needs("api", "table", "dynamodb:Query")
@attempt
def all_accounts(house: House):
    house.api("GET", "/accounts")


@needs("api", "table", "dynamodb:PutItem")
def a_setting(house: House):
    number = new_order(house)
    return lambda: works(lambda: house.api("POST", f"{orders(house)}.{number}/accept", {}))


@needs("api", "table", "dynamodb:DeleteItem", "dynamodb:UpdateItem")
@attempt
def another_interval(house: House):
    account = house.connect(house.newcomer(), house.token)
    house.api("PATCH", f"/accounts/{account}", {"orders_every_minutes": next(INTERVALS)})


@needs("api", "key", "kms:GenerateDataKey")
def a_first_account(house: House):
    _, token = house.new_seller()
    return lambda: works(lambda: house.connect(house.newcomer(), token))


@needs("api", "key", "kms:Decrypt")
def a_buyer(house: House):
    number = new_order(house)
    house.renew("api")
    return lambda: works(lambda: house.api("GET", f"{orders(house)}.{number}"))


@needs("api", "polls", "sqs:SendMessage")
@needs("api", "ship", "sqs:SendMessage")
@attempt
def reading_now(house: House):
    house.api("POST", f"/accounts/{house.account}/sync", {})


@needs("api", "labels/", "s3:GetObject")
@needs("api", "cuts/", "s3:PutObject")
def a_link_to_a_label(house: House):
    number = order_with_label(house)
    return lambda: works(lambda: house.api("GET", f"{orders(house)}.{number}/label"))


@needs("api", "cuts/", "s3:GetObject")
def a_link_that_opens(house: House):
    number = order_with_label(house)
    return lambda: opens(house.api("GET", f"{orders(house)}.{number}/label")[1]["url"])


@needs("api", "files", "s3:ListBucket")
def a_label_that_is_no_longer_kept(house: House):
    number = order_with_label(house)
    forget_labels(house)
    return lambda: works(lambda: house.api("GET", f"{orders(house)}.{number}/label"))


# ---- console ---------------------------------------------------------------------------------


@needs("console", "table", "dynamodb:BatchGetItem", "dynamodb:GetItem")
@needs("console", "by_time", "dynamodb:Query")
@attempt
def a_page_of_orders(house: House):
    house.page("GET", "/console/orders")


@needs("console", "table", "dynamodb:Query")
@attempt
def a_page_of_accounts(house: House):
    house.page("GET", "/console/integrations")


@needs("console", "table", "dynamodb:PutItem")
def a_button(house: House):
    number = new_order(house)
    return lambda: works(lambda: house.page("POST", f"/console{orders(house)}.{number}/accept", {"back": ""}))


@needs("console", "ship", "sqs:SendMessage")
def a_button_pressed_again(house: House):
    press = a_button(house)
    press()
    return press


@needs("console", "table", "dynamodb:DeleteItem")
def trying_again(house: House):
    # The order is at it already: its entry among what failed has had its day.
    number = order_to_accept(house)
    form = {"account": house.account, "kind": "accept", "key": number}
    return lambda: works(lambda: house.page("POST", "/console/failed/resume", form))


@needs("console", "key", "kms:Decrypt")
def a_page_with_a_buyer(house: House):
    number = new_order(house)
    house.renew("console")
    buyer = house.control(f"/orders/{number}")["buyer_name"]

    # The rest of the page is shown without the buyer.
    return lambda: buyer in house.page("GET", f"/console{orders(house)}.{number}")[1]


@needs("console", "polls", "sqs:SendMessage")
@attempt
def reading_now_by_hand(house: House):
    house.page("POST", f"/console/integrations/{house.account}/sync", {})


@needs("console", "table", "dynamodb:UpdateItem")
def another_interval_by_hand(house: House):
    account = house.connect(house.newcomer(), house.token)
    form = {"name": "By hand", "orders_every_minutes": "7"}
    return lambda: works(lambda: house.page("POST", f"/console/integrations/{account}/settings", form))


@needs("console", "labels/", "s3:GetObject")
@needs("console", "cuts/", "s3:PutObject")
def a_label(house: House):
    number = order_with_label(house)
    return lambda: works(lambda: house.page("GET", f"/console{orders(house)}.{number}/label"))


@needs("console", "cuts/", "s3:GetObject")
def a_label_that_opens(house: House):
    number = order_with_label(house)
    return lambda: opens(house.page("GET", f"/console{orders(house)}.{number}/label")[1])


@needs("console", "files", "s3:ListBucket")
def a_label_that_is_gone(house: House):
    number = order_with_label(house)
    forget_labels(house)
    return lambda: works(lambda: house.page("GET", f"/console{orders(house)}.{number}/label"))


# ---- files -----------------------------------------------------------------------------------


def opens(link: str) -> bool:
    return http(link)[0] == 200


def forget_labels(house: House) -> None:
    """Label files are kept half a year; this is the day after."""
    bucket, files = house.cloud.addresses["bucket"], house.client("s3")
    for kept in files.list_objects_v2(Bucket=bucket, Prefix="labels/")["Contents"]:
        files.delete_object(Bucket=bucket, Key=kept["Key"])
