//! Asking for an action on all orders of an account that wait for it.

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{AccountId, Action, Actor, SellerId, Stage};
use haat_ports::{Listing, Store};
use jiff::Timestamp;

use crate::look_at_orders::{OrderFilter, look_at_orders};
use crate::write_order::{self, WRITERS, WriteError};

/// Asks for an action on every order in this stage that takes it and has not been asked for it.
/// Returns how many those are; done again, it asks nobody twice.
pub(crate) async fn ask_waiting(
    store: &dyn Store,
    (seller, account): (&SellerId, &AccountId),
    stage: Stage,
    action: Action,
    by: &Actor,
    now: Timestamp,
) -> Result<usize, WriteError> {
    let filter = OrderFilter {
        stage: Some(stage),
        account: Some(account.clone()),
    };
    let mut asked = 0_usize;
    let mut cursor = None;
    loop {
        let from = cursor.as_deref();
        let page = look_at_orders(store, seller, Listing::Open, &filter, from, 100).await?;
        let changed: Vec<bool> = stream::iter(page.items)
            .map(|mut order| async move {
                write_order::change(store, &mut order, |order| {
                    order.stage == stage && order.ask(action, by.clone(), now).unwrap_or(false)
                })
                .await
            })
            .buffer_unordered(WRITERS)
            .try_collect()
            .await?;
        let new = changed.into_iter().filter(|changed| *changed).count();
        asked = asked.saturating_add(new);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(asked);
        }
    }
}
