#!/usr/bin/env bash
# infra/cargo-tool.sh <name> <version>: prints where this tool of cargo's is; builds it once (one
# to some minutes) in a folder of ours when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 version=$2

home=${HAAT_HOME:-$PWD/.haat}
root=$home/$name-$version
if [[ ! -x $root/bin/$name ]]; then
    echo "haat: building $name $version (once, some minutes)" >&2
    # A build folder of its own: ours is for the product. Unoptimised is fast enough.
    CARGO_TARGET_DIR=$root/build cargo install "$name" --version "$version" --locked --debug --root "$root" >&2
    rm -rf "$root/build"
fi
echo "$root/bin/$name"
