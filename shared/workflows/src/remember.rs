//! Remembering how far an account's feeds were read.

use haat_ports::{PollState, StoreError};

use crate::Hub;
use crate::poll_orders::PollError;

/// How often what was read is remembered anew when others write as well.
const TRIES: u32 = 5;

/// Remembers what the feeds held, now that all of it is durable. When someone else remembered
/// something else meanwhile, two polls overlapped and the older one may have written last: then
/// what the feeds held is forgotten, and the next poll reads it anew.
pub(crate) async fn remember(
    hub: &Hub,
    state: &PollState,
    after: PollState,
) -> Result<(), PollError> {
    if after == *state {
        return Ok(());
    }
    for _try in 0..TRIES {
        let stored = hub.store.poll_states(&state.pack).await?;
        let Some(mut stored) = stored
            .into_iter()
            .find(|stored| stored.account == state.account)
        else {
            // The account has moved to another pack, which starts anew.
            return Ok(());
        };
        let over = stored.seen.clone();
        if over == state.seen {
            stored.seen.clone_from(&after.seen);
            stored.heard.clone_from(&after.heard);
            stored.rest.clone_from(&after.rest);
            stored.changed.clone_from(&after.changed);
        } else if over == after.seen {
            // Another poll heard the very same and has remembered it.
            return Ok(());
        } else {
            // Without a time of its last change a feed is due, however long its pause is.
            stored.seen.clear();
            stored.changed.clear();
        }
        match hub.store.put_read(&stored, &over).await {
            Err(StoreError::Conflict(_)) => {}
            other => return Ok(other?),
        }
    }
    let what = format!("what is remembered of account {}", state.account);
    Err(StoreError::Conflict(what).into())
}
