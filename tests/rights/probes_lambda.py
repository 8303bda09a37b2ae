"""What Lambda itself needs of a role: to write a function's log and to read its triggers."""

import json

from house import ROOT, House, until
from probes import needs, order_to_accept

NO_RECORDS = {"Records": []}


def sample(name: str) -> dict:
    return json.loads((ROOT / "events" / f"{name}.json").read_text())


EVENTS = {
    "schedule": sample("schedule"),
    "poll": NO_RECORDS,
    "react": NO_RECORDS,
    "ship": NO_RECORDS,
    "api": sample("api"),
    "console": sample("console"),
    "authorize": sample("authorize"),
}


def log_of(function: str):
    def what_it_logged(house: House):
        def try_it():
            before = streams(house, function)
            house.run(function, EVENTS[function])
            return streams(house, function) > before

        return try_it

    return what_it_logged


def streams(house: House, function: str) -> int:
    pages = house.client("logs").get_paginator("describe_log_streams")
    group = f"/aws/lambda/{house.names[function]}"
    return sum(len(page["logStreams"]) for page in pages.paginate(logGroupName=group))


for _function in EVENTS:
    needs(_function, "its log", "logs:CreateLogStream", "logs:PutLogEvents")(log_of(_function))


# ---- queues ----------------------------------------------------------------------------------


def worked_on(function: str, queue: str, message):
    """Sent into the queue, a message is done with: neither waiting nor held by anyone."""

    def a_message_is_worked_on(house: House):
        url = house.cloud.addresses["queues"][queue]
        house.empty(queue)
        sqs = house.client("sqs")
        # One that is not taken out of the queue comes again within this test.
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message(house)))

        def try_it():
            start = house.journal.end()
            with house.awake(function):
                until(lambda: house.waiting(queue) == 0 or house.journal.refused_since(start))
                return house.waiting(queue) == 0

        return try_it

    return a_message_is_worked_on


READS = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
needs("poll", "polls", *READS)(worked_on("poll", "polls", lambda house: {"pack": "p5-0"}))
needs("ship", "ship", *READS)(
    worked_on(
        "ship",
        "ship",
        lambda house: {"seller": house.seller, "account": "a_nobody", "action": "accept", "orders": []},
    )
)


# ---- the table's stream ----------------------------------------------------------------------


@needs("react", "the table's stream", "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
@needs("react", "any stream of the table", "dynamodb:ListStreams")
def a_change_of_the_table_becomes_work(house: House):
    with house.awake("react"):
        pass
    order_to_accept(house)
    before = house.waiting("ship")

    def try_it():
        start = house.journal.end()
        with house.awake("react"):
            until(lambda: house.waiting("ship") > before or house.journal.refused_since(start))
            return house.waiting("ship") > before

    return try_it


@needs("react", "react-failures", "sqs:SendMessage")
def a_change_that_is_given_up_is_kept(house: House):
    def try_it():
        start, before = house.journal.end(), house.waiting("react_failures")
        # Without the name of its table the function cannot even start.
        with house.variables("react", TABLE_NAME=""), house.awake("react"):
            order_to_accept(house)
            until(lambda: house.waiting("react_failures") > before or house.journal.refused_since(start))
        return house.waiting("react_failures") > before

    return try_it
