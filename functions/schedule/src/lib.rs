//! What wakes `schedule`.

use jiff::Timestamp;
use serde::Deserialize;

/// A tick of the schedule, of which only the minute it was meant for is read: one that is
/// delivered late still sends the packs of its own minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Tick {
    /// The minute the tick was meant for.
    pub time: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::Tick;

    #[test]
    fn the_sample_is_a_tick() {
        let sample = include_str!("../../../events/schedule.json");
        let tick: Tick = serde_json::from_str(sample).unwrap();
        assert_eq!(tick.time.as_second() % 60, 0);
    }
}
