#!/usr/bin/env bash
# Prints where cargo-fuzz is; builds it once (a minute) in a folder of ours when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.13.1

home=${HAAT_HOME:-$PWD/.haat}
root=$home/cargo-fuzz-$version
if [[ ! -x $root/bin/cargo-fuzz ]]; then
    echo "haat: building cargo-fuzz $version (once, a minute)" >&2
    # A build folder of its own: ours is for the product. Unoptimised is fast enough.
    CARGO_TARGET_DIR=$root/build cargo install cargo-fuzz --version "$version" --locked --debug --root "$root" >&2
    rm -rf "$root/build"
fi
echo "$root/bin/cargo-fuzz"
