"""The deployed roles: what each allows, one permission taken away, someone else in them."""

import contextlib
import json
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache

from house import House

import deploy


@dataclass(frozen=True)
class Permission:
    """One action on one resource. `on` is the resource by the name docs/rights.md gives it."""

    function: str
    action: str
    on: str
    resource: str = field(compare=False)
    condition: str = field(compare=False)

    @property
    def place(self) -> tuple[str, str, str]:
        return self.function, self.action, self.on

    def __str__(self) -> str:
        return f"{self.function} {self.action} on {self.on}"

    def covers(self, line: dict) -> bool:
        """Whether a line of the journal is about this permission."""
        return line["action"] == self.action and fnmatchcase(line["resource"], self.resource)


class Roles:
    def __init__(self, house: House):
        self._house = house
        self._iam = house.client("iam")
        self._names = names_of_resources(house.cloud.addresses)
        self._roles = {}
        configuration = house.client("lambda").get_function_configuration
        for function, name in house.names.items():
            self._roles[function] = configuration(FunctionName=name)["Role"].rsplit("/", 1)[-1]

    def permissions(self) -> list[Permission]:
        """Every permission of every function, as deployed."""
        found = []
        for function, role in self._roles.items():
            for name in self._iam.list_role_policies(RoleName=role)["PolicyNames"]:
                found += self._read(function, self._document(role, name)["Statement"])
        return found

    def _document(self, role: str, name: str) -> dict:
        document = self._iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        return json.loads(document) if isinstance(document, str) else document

    def _read(self, function: str, statements: list[dict]) -> list[Permission]:
        return [
            Permission(function, action, self._name(function, resource), resource, json.dumps(one.get("Condition")))
            for one in statements
            for action in _listed(one["Action"])
            for resource in _listed(one["Resource"])
        ]

    def _name(self, function: str, resource: str) -> str:
        if resource.endswith(f":log-group:/aws/lambda/{self._house.names[function]}:*"):
            return "its log"
        stream = self._names["table"] + "/stream/"
        if resource.startswith(stream):
            return "any stream of the table" if resource == stream + "*" else "the table's stream"
        return next((name for name, arn in self._names.items() if arn == resource), resource)

    @contextlib.contextmanager
    def without(self, gone: Permission):
        """The function's role lacks one permission while this lasts."""
        role = self._roles[gone.function]
        (name,) = self._iam.list_role_policies(RoleName=role)["PolicyNames"]
        whole = self._document(role, name)
        rest = [one for one in self._read(gone.function, whole["Statement"]) if one != gone]
        self._put(role, name, {"Version": whole["Version"], "Statement": [_statement(one) for one in rest]})
        try:
            yield
        finally:
            self._put(role, name, whole)

    def _put(self, role: str, name: str, document: dict) -> None:
        self._iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

    def acting_as(self, function: str):
        """Makes clients that hold a function's role. The local cloud lets the account take it."""
        take = self._house.client("sts").assume_role
        taken = take(RoleArn=self.arn(function), RoleSessionName="tried")["Credentials"]
        return cache(lambda service: deploy.client(service, self._house.cloud.server.endpoint, taken))

    def arn(self, function: str) -> str:
        return self._iam.get_role(RoleName=self._roles[function])["Role"]["Arn"]


def names_of_resources(addresses: dict) -> dict[str, str]:
    """What docs/rights.md calls the resources, and their ARNs."""
    at = f"{addresses['region']}:{addresses['account']}"
    table, files = f"arn:aws:dynamodb:{at}:table/{addresses['table']}", f"arn:aws:s3:::{addresses['bucket']}"
    queues = {name.replace("_", "-"): url.rsplit("/", 1)[-1] for name, url in addresses["queues"].items()}
    return {
        "table": table,
        "by_time": f"{table}/index/by_time",
        "key": addresses["key"],
        "files": files,
        "labels/": f"{files}/labels/*",
        "cuts/": f"{files}/cuts/*",
        **{name: f"arn:aws:sqs:{at}:{queue}" for name, queue in queues.items()},
    }


def _statement(permission: Permission) -> dict:
    statement = {"Effect": "Allow", "Action": permission.action, "Resource": permission.resource}
    condition = json.loads(permission.condition)
    return {**statement, "Condition": condition} if condition else statement


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]
