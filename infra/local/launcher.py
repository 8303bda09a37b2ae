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
    access_journal,
    kms_conditions,
    log_files,
    loopback_is_private,
    missing_objects,
    nested_updates,
    prompt_answers,
    request_names,
    role_rights,
    stream_failures,
)

prompt_answers.apply()
log_files.apply()
kms_conditions.apply()
loopback_is_private.apply()
request_names.apply()
access_journal.apply()
missing_objects.apply()
nested_updates.apply()
role_rights.apply()
stream_failures.apply()

main()
