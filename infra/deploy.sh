#!/usr/bin/env bash
# make deploy: builds the functions for arm64 and deploys them with SAM. The first time SAM
# asks for the parameters and keeps the answers in samconfig.toml; docs/operating.md has
# what each means. Arguments for SAM: make deploy SAM_ARGS="--no-confirm-changeset"
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

"$python" infra/local/prerequisites.py
tools=$(dirname "$("$python" infra/local/toolbox.py deploy)")
export PATH=$tools:$PATH SAM_CLI_TELEMETRY=0

if ! rustc --print target-libdir --target aarch64-unknown-linux-gnu | xargs test -d; then
    rustup target add aarch64-unknown-linux-gnu
fi

# The workspace's release profile is complete: cargo-lambda's own would abort on panic,
# and the runtime could not report it. Package by package: built together, each function would carry
# what any other one asked of the libraries they share.
for folder in functions/*/; do
    cargo lambda build --release --arm64 --locked --disable-optimizations \
        --lambda-dir target/lambda --package "haat-$(basename "$folder")"
done

guided=()
[[ -f samconfig.toml ]] || guided=(--guided)
# shellcheck disable=SC2086  # SAM_ARGS is a list of words
sam deploy --template-file template.yaml "${guided[@]}" \
    --stack-name "${STACK:-haat}" --region "${AWS_REGION:-ap-south-1}" --resolve-s3 \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND ${SAM_ARGS:-}
