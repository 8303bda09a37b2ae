//! What `template.yaml` says of the queues: the tests' queues and functions keep to it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that contradicts the template must stop"
)]

use std::sync::LazyLock;

use jiff::SignedDuration;
use serde_json::Value;

/// A queue as the template defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// How long a message is hidden from others while it is worked on.
    pub hidden: SignedDuration,
    /// How often it is delivered before it is laid aside.
    pub tries: u32,
}

/// The queue of polls.
pub static POLLS: LazyLock<Queue> = LazyLock::new(|| Queue::of("Polls"));
/// The queue of work on orders.
pub static SHIP: LazyLock<Queue> = LazyLock::new(|| Queue::of("Ship"));
/// Changes of the table that `react` is given at once.
pub static CHANGES_AT_ONCE: LazyLock<usize> = LazyLock::new(|| {
    let changes = "/Resources/ReactFunction/Properties/Events/Table/Properties/BatchSize";
    number(changes).try_into().expect("a batch is small")
});
/// How often a change that `react` cannot process comes again before it is parked.
pub static CHANGES_COME_AGAIN: LazyLock<u32> = LazyLock::new(|| {
    let again = "/Resources/ReactFunction/Properties/Events/Table/Properties/MaximumRetryAttempts";
    number(again).try_into().expect("a few times")
});

impl Queue {
    fn of(name: &str) -> Self {
        let of = |what: &str| number(&format!("/Resources/{name}/Properties/{what}"));
        let hidden = i64::try_from(of("VisibilityTimeout")).expect("less than a day");
        let tries = of("RedrivePolicy/maxReceiveCount");
        Self {
            hidden: SignedDuration::from_secs(hidden),
            tries: tries.try_into().expect("a few times"),
        }
    }
}

fn number(place: &str) -> u64 {
    static TEMPLATE: LazyLock<Value> = LazyLock::new(|| {
        let text = include_str!("../../template.yaml");
        serde_saphyr::from_str(text).expect("template.yaml is YAML")
    });
    let found = TEMPLATE.pointer(place).and_then(Value::as_u64);
    found.unwrap_or_else(|| panic!("template.yaml has no number at {place}"))
}
