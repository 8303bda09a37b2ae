"""What Lambda does with a batch of stream records that failed. Pure.

Source: AWS Lambda developer guide, "Retain discarded records" and "Implementing partial
batch responses" of DynamoDB Streams.
- Records before the lowest reported failure are done.
- With bisecting, a batch that failed is halved, which uses up no attempt.
- A batch that cannot be halved is tried `retries` more times, then parked.
"""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    bisect: bool
    retries: int  # -1: for ever


@dataclass(frozen=True)
class Retry:
    """A batch that failed before: what its next delivery must know."""

    failures: int = 0
    size: int | None = None  # records to deliver at most; None: as many as the mapping takes


@dataclass(frozen=True)
class Step:
    """How far the position moves, what is parked of what it passes, what is tried again."""

    advance: int
    parked: tuple[int, int] | None = None  # from, to: indexes into the batch
    retry: Retry | None = None


def next_step(size: int, failed_at: int | None, before: Retry, rules: Rules) -> Step:
    """After the delivery of `size` records of which `failed_at` is the first that failed."""
    if failed_at is None:
        return Step(advance=size)
    left = size - failed_at
    # Progress was made: what is left is a new batch, whatever failed before it.
    failures = before.failures if failed_at == 0 else 0
    if rules.bisect and left > 1:
        return Step(failed_at, retry=Retry(failures, (left + 1) // 2))
    failures += 1
    if 0 <= rules.retries < failures:
        return Step(size, parked=(failed_at, size))
    return Step(failed_at, retry=Retry(failures, left))


def first_failure(sequence_numbers: list[str], answer) -> int | None:
    """Index of the lowest record a function's answer reports; an unknown id fails them all."""
    if isinstance(answer, (str, bytes)):
        try:
            answer = json.loads(answer)
        except ValueError:
            answer = None
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    if not failures:
        return None
    reported = {failure.get("itemIdentifier") for failure in failures}
    if not reported <= set(sequence_numbers):
        return 0
    return min(index for index, number in enumerate(sequence_numbers) if number in reported)
