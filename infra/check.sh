#!/usr/bin/env bash
# make check: style, lints, documentation, licences, template. No test, nothing is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

"$python" infra/local/prerequisites.py
tools=$(dirname "$("$python" infra/local/toolbox.py check)")

cargo fmt --all --check
cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

deny=$(command -v cargo-deny || infra/cargo-tool.sh cargo-deny 0.20.2)
"$deny" --locked check --allow license-exception-not-encountered licenses bans sources
# Stale after a crate of Haat got another dependency: tests/fuzz/README.md says what brings it up to date.
"$deny" --manifest-path tests/fuzz/Cargo.toml --config deny.toml --locked check licenses bans sources

"$tools/cfn-lint" template.yaml infra/storage.yaml infra/alarms.yaml
"$tools/ruff" check infra tests
"$tools/ruff" format --check infra tests
for script in infra/*.sh .ci/run; do
    bash -n "$script"
done
