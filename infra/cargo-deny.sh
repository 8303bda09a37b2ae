#!/usr/bin/env bash
# Prints where cargo-deny is; builds it once (two minutes) when it is not on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2

if command -v cargo-deny; then
    exit
fi
home=${HAAT_HOME:-$PWD/.haat}
root=$home/cargo-deny-$version
if [[ ! -x $root/bin/cargo-deny ]]; then
    echo "haat: building cargo-deny $version (once, some minutes)" >&2
    # A build folder of its own: ours is for the product. Unoptimised is fast enough.
    CARGO_TARGET_DIR=$root/build cargo install cargo-deny --version "$version" --locked --debug --root "$root" >&2
    rm -rf "$root/build"
fi
echo "$root/bin/cargo-deny"
