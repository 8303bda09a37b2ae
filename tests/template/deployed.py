"""The deployed system as the tests read it: template.yaml with its two nested templates."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "infra" / "local"))

import transform  # noqa: E402

TEMPLATE = transform.load(ROOT / "template.yaml")
STORAGE = transform.load(ROOT / "infra" / "storage.yaml")
ALARMS = transform.load(ROOT / "infra" / "alarms.yaml")


def of_type(template: dict, kind: str) -> dict[str, dict]:
    """Properties of every resource of a type, by logical name."""
    found = template["Resources"].items()
    return {name: each["Properties"] for name, each in found if each["Type"] == kind}


def functions() -> dict[str, dict]:
    """Properties of every function, by the name of its folder."""
    declared = of_type(TEMPLATE, "AWS::Serverless::Function").values()
    return {Path(each["CodeUri"]).name.removeprefix("haat-"): each for each in declared}


def text(value) -> str:
    """A name or reference as one readable text: `!GetAtt Polls.Arn` is `Polls.Arn`."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and len(value) == 1:
        (how, what), *_ = value.items()
        if how == "Ref":
            return what
        if how == "Fn::GetAtt":
            return what if isinstance(what, str) else ".".join(what)
        if how == "Fn::Sub" and isinstance(what, str):
            return what.replace("${", "").replace("}", "")
    raise ValueError(f"not a name or a reference: {value!r}")


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


def event_sources(kind: str) -> list[tuple[str, dict]]:
    """(function, properties) of every trigger of a kind."""
    return [
        (name, event["Properties"])
        for name, function in functions().items()
        for event in function.get("Events", {}).values()
        if event["Type"] == kind
    ]
