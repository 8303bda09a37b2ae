//! What a Lambda call bills beside itself.

/// MB-ms of a call: memory times time, in whole milliseconds begun. A cold start bills its init
/// in the same sum.
pub fn mb_ms(memory_mb: u64, init_micros: u64, run_micros: u64) -> u64 {
    let micros = init_micros.saturating_add(run_micros);
    micros.div_ceil(1_000).max(1).saturating_mul(memory_mb)
}
