//! Telling the orders that a label job left behind.

use haat_domain::{Action, Order, OrderNumber};
use haat_ports::Orders;

use crate::account_work::Work;
use crate::file_labels::file_parked;
use crate::open_labels::{later, look_whether_open, put_off};
use crate::work_on_jobs::WorkError;

/// Tells every order that the last job was asked for and did nothing for, as far as there is time:
/// it waits for its label to open, or for the next try, or it has failed. `false`: some are still
/// to be told.
pub(crate) async fn tell(work: &mut Work<'_>, orders: &dyn Orders) -> Result<bool, WorkError> {
    let Some(ended) = work.record.ended.clone() else {
        return Ok(true);
    };
    let reason = format!("{}; Haat asks again within 10 minutes", ended.reason);
    let asked = work.record.asked.clone();
    tell_some(work, orders, &asked, &reason).await?;
    work.record.asked.clear();
    // What was noted later was not asked for; and whoever is told is noted for later.
    while let Some(note) = work.first_noted(ended.asked_at).await? {
        tell_some(work, orders, &note.orders, &reason).await?;
        work.forget(&[note]).await?;
        if work.is_late() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn tell_some(
    work: &Work<'_>,
    orders: &dyn Orders,
    numbers: &[OrderNumber],
    reason: &str,
) -> Result<(), WorkError> {
    let wanted: Vec<Order> = work.wanted(numbers).await?;
    if wanted.is_empty() {
        return Ok(());
    }
    let (mut open, closed) = look_whether_open(work, orders, wanted).await?;
    put_off(work, closed).await?;
    // The marketplace leaves out what it gave before: that may be kept for an order that was not
    // known then.
    for order in &mut open {
        file_parked(work.desk.hub.store.as_ref(), order, work.now()).await?;
    }
    open.retain(|order| order.wants(Action::Ship));
    if let Some(trouble) = &work.record.unfiled {
        // Asking again would bring the same file: a person must look at it.
        return work.fail(&mut open, trouble).await;
    }
    work.wait(&mut open, reason).await?;
    if !open.is_empty() {
        work.put_off(later(work.now()), &open).await?;
    }
    Ok(())
}
