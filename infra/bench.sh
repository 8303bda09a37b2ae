#!/usr/bin/env bash
# make bench: the size of each function as it is deployed, built for this machine's processor.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
for folder in functions/*/; do
    packages+=(--package "haat-$(basename "$folder")")
done
echo "haat: building the release profile (fat LTO: minutes for each function)" >&2
cargo build --release --locked "${packages[@]}" >&2

target=$(cargo metadata --format-version 1 --no-deps --locked | sed -E 's/.*"target_directory":"([^"]+)".*/\1/')
printf '%-12s %10s %10s   %s\n' function bytes zipped "($(uname -m), release profile)"
for folder in functions/*/; do
    name=$(basename "$folder")
    binary=$target/release/haat-$name
    printf '%-12s %10d %10d\n' "$name" "$(wc -c <"$binary")" "$(gzip -9 -c "$binary" | wc -c)"
done
