//! Asking the marketplace what became of orders that are worked on.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use haat_domain::{Order, OrderNumber, OrderReport};
use haat_ports::Orders;

use crate::account_work::Work;
use crate::work_on_jobs::WorkError;
use crate::write_order::{self, WRITERS};

/// Asks the marketplace about orders and lets them hear the answer.
pub(crate) async fn look(
    work: &Work<'_>,
    orders: &dyn Orders,
    stored: &mut [Order],
) -> Result<Vec<OrderReport>, WorkError> {
    let hub = &work.desk.hub;
    let limit = hub.limits(&work.account.marketplace).look_up;
    let mut reports: Vec<OrderReport> = Vec::new();
    for chunk in stored.chunks_mut(limit) {
        let numbers: Vec<OrderNumber> = chunk.iter().map(|o| o.id.number.clone()).collect();
        let looked = orders.look_up(&numbers).await?.reports;
        let said: BTreeMap<&OrderNumber, &OrderReport> = looked
            .iter()
            .map(|report| (&report.number, report))
            .collect();
        stream::iter(chunk)
            .filter_map(|order| {
                let report = said.get(&order.id.number).copied();
                std::future::ready(report.map(|report| (order, report)))
            })
            .map(|(order, report)| write_order::hear(hub, order, report))
            .buffer_unordered(WRITERS)
            .try_collect::<Vec<_>>()
            .await?;
        reports.extend(looked);
    }
    Ok(reports)
}
