"""For each permission something that a seller, an operator or another function would miss.

A probe prepares what it needs and returns an attempt. The attempt is made without the
permission and must fail, then with it, and must succeed: what was refused is caught up.
"""

from collections.abc import Callable
from functools import wraps

from house import Failed, House

Attempt = Callable[[], bool]
PROBES: dict[tuple[str, str, str], Callable[[House], Attempt]] = {}


def needs(function: str, on: str, *actions: str):
    """The probe below shows that `function` needs these actions on a resource of docs/rights.md."""

    def register(probe):
        for action in actions:
            place = (function, action, on)
            if place in PROBES:
                raise ValueError(f"two probes for {place}")
            PROBES[place] = probe
        return probe

    return register


def works(step: Callable[[], object]) -> bool:
    """Whether a step was done; `Failed` is what a function or a caller says when it was not."""
    try:
        step()
    except Failed:
        return False
    return True


def attempt(probe: Callable[[House], object]) -> Callable[[House], Attempt]:
    """A probe that prepares nothing: it works, or it does not."""

    @wraps(probe)
    def prepared(house: House) -> Attempt:
        return lambda: works(lambda: probe(house))

    return prepared


# ---- orders on their way, one step before what a probe is about ------------------------------


def poll(house: House) -> None:
    house.tell("poll", {"pack": "p5-0", "account": house.account})


def new_order(house: House) -> str:
    """The number of an order that Haat knows and nobody has asked anything of."""
    number = house.seed()
    poll(house)
    return number


def order_to_accept(house: House) -> str:
    """The number of an order that the seller wants accepted; nobody was told yet."""
    number = new_order(house)
    house.api("POST", f"/orders/{house.account}.{number}/accept", {})
    return number


def accept(house: House, number: str) -> None:
    """`ship` looks at the order, after the marketplace's last job has ended."""
    house.pass_seconds(10)
    look(house, "accept", number)


def accepted_order(house: House) -> str:
    number = order_to_accept(house)
    accept(house, number)
    accept(house, number)
    return number


def order_to_ship(house: House) -> str:
    """The number of an accepted order whose label the seller wants."""
    number = accepted_order(house)
    house.api("POST", f"/orders/{house.account}.{number}/ship", {})
    return number


def fetch_label(house: House, number: str) -> None:
    """`ship` looks at the order, after the marketplace's last label job has ended."""
    house.pass_seconds(60)
    look(house, "ship", number)


def order_with_label(house: House) -> str:
    number = order_to_ship(house)
    fetch_label(house, number)
    fetch_label(house, number)
    return number


def look(house: House, action: str, number: str) -> None:
    """Name the order to `ship`; where that only notes it, the reminder that is set comes too."""
    message = {"seller": house.seller, "account": house.account, "action": action}
    wake = house.reminder(action)
    house.tell("ship", {**message, "orders": [number]})
    if wake:
        house.tell("ship", {**message, "orders": [], "wake": wake})


def order(house: House, number: str) -> dict:
    return house.api("GET", f"/orders/{house.account}.{number}")[1]


def is_among_failed(house: House, number: str) -> bool:
    return any(one["key"] == number for one in house.api("GET", "/failed")[1]["failed"])


def refuse(house: House, operation: str) -> None:
    """The marketplace says no to the next call of an operation."""
    house.control("/faults", {"operationId": operation, "kind": "status", "status": 400})
