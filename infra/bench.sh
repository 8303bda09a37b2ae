#!/usr/bin/env bash
# make bench: everything that is measured, as one table (docs/bench.md says what it means).
#   infra/bench.sh            prints the table, writes target/bench/results.json
#   infra/bench.sh --write    also docs/bench/results.json and the README's table
#   infra/bench.sh --bills    counts B1 to B4 anew in those (nothing is installed)
#   infra/bench.sh --only bills,instructions   a part: bills, sizes, starts, memory, instructions,
#                             peers, suites, load
# HAAT_HISTORIES and HAAT_LOAD_ORDERS say how many histories and orders (10,000 each).
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(cargo metadata --format-version 1 --no-deps --locked | sed -E 's/.*"target_directory":"([^"]+)".*/\1/')
cargo build --workspace --all-targets --locked >&2
if [[ ${1:-} == --bills ]]; then
    exec "$target/debug/haat-bench" --bills
fi

"${PYTHON:-python3}" infra/local/prerequisites.py
# needs <command> <Debian package> <what for>: installs where that is possible.
needs() {
    command -v "$1" >/dev/null && return
    local install="apt-get install --yes --no-install-recommends $2"
    if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null && $install >&2; then
        return
    fi
    echo "haat: $3; install it: sudo $install" >&2
    return 1
}
needs valgrind valgrind "instructions are counted by valgrind"

# Package by package, as infra/deploy.sh does: built together, each would carry what any other one
# asked of the libraries they share.
echo "haat: building the release profile (fat LTO: minutes for each function)" >&2
for folder in functions/*/; do
    cargo build --release --locked --package "haat-$(basename "$folder")" >&2
done
cargo build --release --locked --package haat-probe >&2

mkdir -p "$target/bench"
suites=$target/bench/suites.txt
: >"$suites"

# kept <id> <cases> <held, broken or missing> <unit> <name> <a word about it>: one row's line.
kept() {
    (IFS='|' && echo "$*" >>"$suites")
}

histories() {
    local count=${HAAT_HISTORIES:-10000} became=held
    HAAT_HISTORIES=$count cargo test --workspace --locked --test histories >&2 || became=broken
    kept HISTORIES "$count" "$became" histories \
        "random histories, a month, and those that once went wrong: nothing lost or doubled" \
        "what went wrong stands in the output of infra/bench.sh; docs/histories.md plays it again"
}

fuzz() {
    local count seconds=20 log=$target/bench/fuzz.log status=0 told
    count=$(find tests/fuzz/fuzz_targets -name '*.rs' | wc -l)
    local name="fuzz targets, $seconds seconds each: no promise broken"
    needs c++ g++ "libFuzzer needs a C++ compiler" || true
    infra/fuzz.sh "$seconds" 2>&1 | tee "$log" >&2 || status=$?
    case $status in
    0) kept FUZZ "$count" held targets "$name" "tests/hostile says what is promised" ;;
    1) told=$(awk '/^target/ { table = 1; next } table && $3 != "none" { print $1 ": " $3 }' "$log" | paste -sd' ')
        kept FUZZ "$count" broken targets "$name" "$told" ;;
    *) kept FUZZ "$count" missing targets "$name" "nothing was fuzzed: $(tail -1 "$log" | tr -d '|')" ;;
    esac
}

if [[ " $* " != *" --only "* || " $* " == *suites* ]]; then
    histories
    fuzz
fi

exec "$target/debug/haat-bench" "$@"
