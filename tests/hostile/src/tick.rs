//! What wakes `schedule`.

use haat_ports::Pack;
use haat_schedule::Tick;
use haat_workflows::due_packs;
use jiff::Timestamp;
use serde_json::Value;

const EVERY_MINUTES: u8 = 5;

/// A tick is the minute that it says, and each minute is that of one pack of five.
pub(crate) fn tick(bytes: &[u8]) {
    let Ok(tick) = serde_json::from_slice::<Tick>(bytes) else {
        return;
    };
    // What the tick does not look at may be no text at all.
    let Ok(raw) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let said = raw.get("time").unwrap_or(&raw[0]).as_str().unwrap();
    assert_eq!(tick.time, said.parse::<Timestamp>().unwrap());
    let packs: Vec<Pack> = (0..EVERY_MINUTES).map(pack).collect();
    let due = due_packs(&packs, tick.time);
    let phases: Vec<u8> = due.iter().map(|pack| pack.phase).collect();
    assert_eq!(phases.len(), 1, "{phases:?} are due at {}", tick.time);
}

fn pack(phase: u8) -> Pack {
    Pack {
        id: format!("p{EVERY_MINUTES}-{phase}").parse().unwrap(),
        every_minutes: EVERY_MINUTES,
        phase,
        accounts: 1,
    }
}
