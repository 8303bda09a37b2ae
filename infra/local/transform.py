"""The SAM template as plain CloudFormation, made offline.

MiniStack has no SAM transform and silently ignores an HTTP API's OpenAPI body (the stack
says CREATE_COMPLETE and has no route). So the same translator that AWS runs makes plain
CloudFormation here, and the body becomes the integrations, routes and authorizers that
API Gateway would have made of it.
"""

import copy
import os
import re
from pathlib import Path

ANY = "x-amazon-apigateway-any-method"


def load(path: Path) -> dict:
    """A template file with its short forms (!Ref, !Sub) read as CloudFormation reads them."""
    from samtranslator.yaml_helper import yaml_parse

    return yaml_parse(path.read_text())


def to_cloudformation(template: dict, region: str) -> dict:
    """The template after the SAM transform, with HTTP APIs spelled out."""
    from samtranslator.translator.transform import transform

    os.environ["AWS_DEFAULT_REGION"] = region
    plain = transform(copy.deepcopy(template), {}, _NoManagedPolicies())
    for name, resource in list(plain["Resources"].items()):
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource["Properties"]:
            _spell_out(name, resource["Properties"], plain["Resources"])
    return plain


class _NoManagedPolicies:
    """SAM asks AWS for its managed policies. Our roles use none."""

    def load(self) -> dict:
        return {}


def _spell_out(api: str, properties: dict, resources: dict) -> None:
    body = properties.pop("Body")
    properties.pop("FailOnWarnings", None)
    properties.update(Name=api, ProtocolType="HTTP")
    authorizers = {}
    for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        authorizers[name] = f"{api}{name}Authorizer"
        resources[authorizers[name]] = _authorizer(api, name, scheme["x-amazon-apigateway-authorizer"])
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            logical = api + re.sub(r"\W", "", method.title() + path.title())
            resources[f"{logical}Integration"] = _integration(api, operation)
            resources[f"{logical}Route"] = _route(api, logical, method, path, operation, authorizers)


def _authorizer(api: str, name: str, declared: dict) -> dict:
    if declared["type"] != "request":
        raise ValueError(f"authorizer {name} is of type {declared['type']}: only Lambda authorizers are spelled out")
    return {
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": {"Ref": api},
            "Name": name,
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": declared["authorizerUri"],
            "IdentitySource": declared["identitySource"],
            "AuthorizerPayloadFormatVersion": declared["authorizerPayloadFormatVersion"],
            "EnableSimpleResponses": declared["enableSimpleResponses"],
            "AuthorizerResultTtlInSeconds": declared["authorizerResultTtlInSeconds"],
        },
    }


def _integration(api: str, operation: dict) -> dict:
    declared = operation["x-amazon-apigateway-integration"]
    return {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": api},
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": declared["uri"],
            "PayloadFormatVersion": declared["payloadFormatVersion"],
        },
    }


def _route(api: str, logical: str, method: str, path: str, operation: dict, authorizers: dict) -> dict:
    properties = {
        "ApiId": {"Ref": api},
        "RouteKey": f"{'ANY' if method == ANY else method.upper()} {path}",
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": f"{logical}Integration"}]]},
    }
    named = [name for entry in operation.get("security", []) for name in entry if name != "NONE"]
    if named:
        # A name without an authorizer is a KeyError: a route must never end up open by mistake.
        properties.update(AuthorizationType="CUSTOM", AuthorizerId={"Ref": authorizers[named[0]]})
    return {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}
