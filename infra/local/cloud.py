#!/usr/bin/env python3
"""The local cloud: the real template with the real binaries on MiniStack.

    python3 infra/local/cloud.py up --binaries target/debug \
        --parameter MeeshoUrl=http://127.0.0.1:9000 --parameter MeeshoFileHosts=127.0.0.1:9000

prints one line of JSON when everything answers (see `describe` in local_cloud.py) and stays until Ctrl-C or
SIGTERM, with --until-stdin-closes also until its stdin closes: a test that owns the pipe
cannot leave a cloud behind. However it ends, no process stays.
"""

import argparse
import json
from pathlib import Path

import toolbox


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    up = parser.add_subparsers(dest="command", required=True).add_parser("up", help="start, deploy, stay")
    up.add_argument("--binaries", type=Path, required=True, help="folder with haat-schedule, haat-poll, ...")
    up.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="of template.yaml")
    up.add_argument("--port", type=int, default=0, help="0 takes a free one (the default)")
    up.add_argument("--logs", type=Path, help="folder for the logs")
    up.add_argument("--until-stdin-closes", action="store_true", help="for a test that owns this process")
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    toolbox.become("local")
    from local_cloud import Cloud, stop_on_signals, wait_for_the_end

    parameters = dict(pair.split("=", 1) for pair in arguments.parameter)
    stop_on_signals()
    with Cloud(arguments.binaries, parameters, arguments.port, arguments.logs) as cloud:
        print(json.dumps(cloud.addresses), flush=True)
        wait_for_the_end(arguments.until_stdin_closes, cloud.server.has_ended)
        if cloud.server.has_ended():
            raise SystemExit(f"haat: MiniStack ended by itself; see {cloud.server.logs / 'cloud.log'}")


if __name__ == "__main__":
    main()
