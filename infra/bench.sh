#!/usr/bin/env bash
# make bench: everything that is measured, as one table (docs/bench.md says what it means).
#   infra/bench.sh            prints the table, writes target/bench/results.json
#   infra/bench.sh --write    also docs/bench/results.json and the README's table
#   infra/bench.sh --only bills,instructions   a part: bills, programs, instructions, peers, load, suites
set -euo pipefail
cd "$(dirname "$0")/.."

"${PYTHON:-python3}" infra/local/prerequisites.py
if ! command -v valgrind >/dev/null; then
    install="apt-get install --yes --no-install-recommends valgrind"
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "haat: instructions are counted by valgrind; install it: sudo $install" >&2
        exit 1
    fi
    $install >&2
fi

packages=(--package haat-probe)
for folder in functions/*/; do
    packages+=(--package "haat-$(basename "$folder")")
done
echo "haat: building the release profile (fat LTO: minutes for each function)" >&2
cargo build --release --locked "${packages[@]}" >&2
cargo build --workspace --bins --locked >&2

target=$(cargo metadata --format-version 1 --no-deps --locked | sed -E 's/.*"target_directory":"([^"]+)".*/\1/')
mkdir -p "$target/bench"
: >"$target/bench/suites.txt"

# suite <id> <cases> <name> <command...>: a line that haat-bench turns into a row.
suite() {
    local id=$1 cases=$2 name=$3 held=held
    shift 3
    "$@" >&2 || held=broken
    echo "$id $cases $held $name" >>"$target/bench/suites.txt"
}
if [[ " $* " != *" --only "* || " $* " == *suites* ]]; then
    if [[ -d tests/histories ]]; then
        histories=${HAAT_HISTORIES:-10000}
        suite HISTORIES "$histories" "random histories, nothing lost or doubled" \
            env HAAT_HISTORIES="$histories" cargo test --locked --package haat-tests --test histories
    fi
    if [[ -x infra/fuzz.sh ]]; then
        suite FUZZ "$(find tests/fuzz/fuzz_targets -name '*.rs' | wc -l)" \
            "fuzz targets, twenty seconds each, no promise broken" infra/fuzz.sh 20
    fi
fi

exec "$target/debug/haat-bench" "$@"
