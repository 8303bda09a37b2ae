#!/usr/bin/env bash
# make test: the programs first, because tests of the local cloud run them. Programs and tests are
# built together: apart, they would want different features of what they stand on, and build it twice.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

"$python" infra/local/prerequisites.py
tools=$("$python" infra/local/toolbox.py local)

cargo build --workspace --all-targets --locked
"$tools" -m unittest discover --start-directory tests/template
"$tools" -m unittest discover --start-directory tests/rights
cargo test --workspace --locked --no-fail-fast
