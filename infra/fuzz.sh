#!/usr/bin/env bash
# infra/fuzz.sh [seconds for each target] [target ...]: looks for bytes that break a promise of
# tests/hostile. Prints one line per target; fails when one was broken. A short run by default.
#
# Rust stays the stable one: libFuzzer's coverage needs no nightly, only sanitizers would.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
shift || true

if ! command -v "${CXX:-c++}" >/dev/null; then
    echo "haat: nothing was fuzzed: libFuzzer needs a C++ compiler (on Debian: apt-get install g++)" >&2
    exit 2
fi
fuzz=$(infra/cargo-tool.sh cargo-fuzz 0.13.1)
target=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
echo "haat: building the fuzz targets (the first time: many minutes)" >&2
"$fuzz" build --fuzz-dir tests/fuzz --sanitizer none --codegen-units 16 \
    --target-dir "$target" >&2

binaries=$target/$(rustc -vV | sed -n 's/^host: //p')/release
names=("$@")
if [[ ${#names[@]} -eq 0 ]]; then
    for file in tests/fuzz/fuzz_targets/*.rs; do
        names+=("$(basename "$file" .rs)")
    done
fi

broken=0
printf '%-16s %12s   %s\n' target executions findings
for name in "${names[@]}"; do
    # What libFuzzer learns goes on from run to run; what it finds lies beside what is kept.
    mkdir -p "$target/corpus/$name" "tests/fuzz/found/$name"
    log=$target/$name.log
    found=none
    "$binaries/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="tests/fuzz/found/$name/" \
        "$target/corpus/$name" "tests/fuzz/seeds/$name" "tests/fuzz/found/$name" >"$log" 2>&1 || {
        found=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
        found="${found:-see $log}"
        broken=1
    }
    rmdir "tests/fuzz/found/$name" 2>/dev/null || true
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
    printf '%-16s %12s   %s\n' "$name" "${executions:-0}" "$found"
done
exit "$broken"
