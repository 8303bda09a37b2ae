"""A file that is not there is only told to those who may list the bucket.

S3 answers 404 to a caller with s3:ListBucket and 403 to one without (S3 API reference,
GetObject, "Permissions"); MiniStack answers 404 to both.
"""

from ministack.core import iam_evaluator
from ministack.services import s3


def apply() -> None:
    enforce = iam_evaluator.enforce

    def enforce_and_hide(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        if denied is None and iam_action == "s3:GetObject" and _is_missing(resource_arn):
            bucket = resource_arn.split("/", 1)[0]
            return enforce(access_key_id, "s3:ListBucket", service, region, bucket)
        return denied

    iam_evaluator.enforce = enforce_and_hide


def _is_missing(resource: str) -> bool:
    bucket, _, key = resource.removeprefix("arn:aws:s3:::").partition("/")
    return key not in (s3._buckets.get(bucket) or {"objects": {}})["objects"]
