"""Starts MiniStack with our repairs: what it does differently from AWS and we rely on.

Each repair reaches into MiniStack's own code, so it runs on the version it was
checked against and on no other.
"""

from importlib.metadata import version

CHECKED = "1.5.33"

if version("ministack") != CHECKED:
    raise SystemExit(
        f"ministack {version('ministack')} is installed, the repairs were checked on {CHECKED}: "
        "look at each of infra/local/repairs/ before changing this number"
    )

from ministack.app import main  # noqa: E402

from repairs import (  # noqa: E402
    kms_conditions,
    log_files,
    loopback_is_private,
    prompt_answers,
    queue_batches,
    stream_failures,
)

prompt_answers.apply()
log_files.apply()
kms_conditions.apply()
loopback_is_private.apply()
queue_batches.apply()
stream_failures.apply()

main()
