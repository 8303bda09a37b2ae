"""Brings template.yaml into a running MiniStack: what `sam deploy` does, in two seconds."""

import hashlib
import io
import json
import os
import platform
import zipfile
from pathlib import Path

import boto3
from botocore.config import Config

import server
import transform

BUCKET = "haat-deploy"
# What this machine's user has set up for the real AWS must not lead us there.
for variable in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[variable]

PATIENCE = {"Delay": 0.05, "MaxAttempts": 2400}


def client(service: str, endpoint: str, credentials: dict[str, str] | None = None):
    """A client of the local cloud; without credentials (as STS gives them) it may do everything."""
    given = credentials or {"AccessKeyId": server.ACCESS_KEY_ID, "SecretAccessKey": server.SECRET_ACCESS_KEY}
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=server.REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given.get("SessionToken"),
        # A proxy or a certificate of this machine has no business on loopback.
        config=Config(proxies={}, retries={"max_attempts": 1}),
    )


def deploy(endpoint: str, root: Path, binaries: Path, stack: str, parameters: dict[str, str]) -> dict[str, str]:
    """Create the stack of `root`/template.yaml with the functions built in `binaries`; its outputs."""
    store = client("s3", endpoint)
    store.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": server.REGION})

    def upload(content: bytes, ending: str) -> str:
        key = f"{hashlib.sha256(content).hexdigest()}.{ending}"
        store.put_object(Bucket=BUCKET, Key=key, Body=content)
        return key

    packaged = package(transform.load(root / "template.yaml"), root, binaries, endpoint, upload)
    plain = json.dumps(transform.to_cloudformation(packaged, server.REGION))
    return _create(endpoint, stack, f"{endpoint}/{BUCKET}/{upload(plain.encode(), 'json')}", parameters)


def package(template: dict, root: Path, binaries: Path, endpoint: str, upload) -> dict:
    """The template with every local path replaced by what `upload` made of it."""
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            binary = binaries / Path(properties["CodeUri"]).name
            properties["CodeUri"] = f"s3://{BUCKET}/{upload(code(binary), 'zip')}"
        if resource["Type"] == "AWS::CloudFormation::Stack":
            nested = (root / properties["TemplateURL"]).read_bytes()
            properties["TemplateURL"] = f"{endpoint}/{BUCKET}/{upload(nested, 'yaml')}"
    return template


def functions(root: Path) -> list[str]:
    """The functions of the template by the names of their folders."""
    resources = transform.load(root / "template.yaml")["Resources"].values()
    declared = [each["Properties"] for each in resources if each["Type"] == "AWS::Serverless::Function"]
    return [Path(each["CodeUri"]).name.removeprefix("haat-") for each in declared]


def code(binary: Path) -> bytes:
    """A function's zip whose bootstrap becomes `binary`.

    A fast build is tens of megabytes, MiniStack keeps every zip in memory and unpacks it:
    seven of them for each test that starts a cloud. The process that runs is the binary
    itself, under the same process id.
    """
    if not binary.is_file():
        raise SystemExit(f"haat: {binary} is missing; build it first: cargo build --workspace --all-targets")
    bootstrap = zipfile.ZipInfo("bootstrap", date_time=(2020, 1, 1, 0, 0, 0))
    bootstrap.external_attr = 0o755 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(bootstrap, f"#!/bin/sh\nexec '{binary.resolve()}'\n")
    return packed.getvalue()


def architecture() -> str:
    """This machine's processor by Lambda's name."""
    return "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"


def _create(endpoint: str, stack: str, template_url: str, parameters: dict[str, str]) -> dict[str, str]:
    formation = client("cloudformation", endpoint)
    given = {"Architecture": architecture(), **parameters}
    formation.create_stack(
        StackName=stack,
        TemplateURL=template_url,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        OnFailure="DO_NOTHING",
    )
    formation.get_waiter("stack_exists").wait(StackName=stack, WaiterConfig=PATIENCE)
    while True:
        made = formation.describe_stacks(StackName=stack)["Stacks"][0]
        if not made["StackStatus"].endswith("IN_PROGRESS"):
            break
    if made["StackStatus"] != "CREATE_COMPLETE":
        raise SystemExit(f"haat: the stack was not created:\n{_reasons(formation, stack)}")
    return {output["OutputKey"]: output["OutputValue"] for output in made["Outputs"]}


def _reasons(formation, stack: str) -> str:
    events = formation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("FAILED")]
    return "\n".join(f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed)
