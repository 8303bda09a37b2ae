//! Batches of queue messages.

use std::cell::Cell;

use haat_aws::batch::{SqsEvent, each_message};
use haat_ports::{PollMessage, ShipMessage};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::shelf::at_once;

pub(crate) fn queue_batch(bytes: &[u8]) {
    read::<PollMessage>(bytes);
    read::<ShipMessage>(bytes);
}

/// Every message is worked on or comes again; none is neither.
fn read<M: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let Ok(event) = serde_json::from_slice::<SqsEvent>(bytes) else {
        return;
    };
    let records = event.records.len();
    let worked = Cell::new(0);
    let work = async |message: M| -> Result<(), String> {
        worked.set(worked.get() + 1);
        let text = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<M>(&text).unwrap(), message);
        Ok(())
    };
    let response = at_once(each_message(event, work));
    let again = response.batch_item_failures.len();
    assert_eq!(worked.get() + again, records, "a message is lost");
}
