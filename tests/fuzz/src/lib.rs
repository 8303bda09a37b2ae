//! One libFuzzer target: bytes into a door of haat-hostile, and changes that keep JSON alive.

pub use haat_hostile::{enter, mutate_json};
pub use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// The target of the door of this name.
#[macro_export]
macro_rules! target {
    ($door:literal) => {
        $crate::fuzz_target!(|bytes: &[u8]| $crate::enter($door, bytes));
        $crate::fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| {
            $crate::changed(bytes, size, most, seed)
        });
    };
}

/// Every other change is one of JSON, where there is any; the rest is libFuzzer's own.
pub fn changed(bytes: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    if seed.is_multiple_of(2)
        && let Some(json) = mutate_json(&bytes[..size], most, seed)
    {
        bytes[..json.len()].copy_from_slice(&json);
        return json.len();
    }
    fuzzer_mutate(bytes, size, most)
}
