//! Shipping one order where the marketplace does it order by order: packed, its papers stored,
//! and told that it may be fetched.

use haat_domain::{
    Action, Event, HistoryEntry, Label, LabelPage, Order, Parcel, Stage, StoredPaper, ist,
};
use haat_ports::{Packing, ShippingByOrder};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::account_work::Work;
use crate::number_invoice;
use crate::one_by_one::{Turn, failed_turn};
use crate::parcels::parcel_of;
use crate::work_on_jobs::{LATER, SHOWS_UP_WITHIN, WorkError};
use crate::write_order;

/// How often the hub looks for a purchase order by itself; a poll that hears of it wakes the order
/// sooner.
const PURCHASE_ORDER: SignedDuration = SignedDuration::from_mins(30);

/// One order's turn: from its purchase order to its stored papers. What was reached is written,
/// whatever ended the turn.
pub(crate) async fn turn(
    work: &Work<'_>,
    shipping: &dyn ShippingByOrder,
    order: &mut Order,
) -> Result<Turn, WorkError> {
    let parcel = if order.stage.is_unpacked() {
        if let Some(waits) = purchase_order(shipping, order, work.now()) {
            return Ok(waits);
        }
        let parcel = match parcel_of(work.desk.hub.store.as_ref(), order).await? {
            Ok(parcel) => parcel,
            Err(missing) => return Ok(Turn::Failed(missing.to_string())),
        };
        if let Err(missing) = number_invoice::number(work, order).await? {
            return Ok(Turn::Failed(missing));
        }
        Some(parcel)
    } else {
        None
    };
    let mut known = order.clone();
    let reached = match parcel {
        Some(parcel) => pack(work, shipping, &mut known, parcel).await,
        None => Ok(Turn::Done),
    };
    let reached = match reached {
        Ok(Turn::Done) => papers(work, shipping, &mut known).await,
        other => other,
    };
    let store = work.desk.hub.store.as_ref();
    write_order::change(store, order, |order| take_over(order, &known)).await?;
    reached
}

/// Nothing is packed before the marketplace has raised its purchase order.
fn purchase_order(shipping: &dyn ShippingByOrder, order: &Order, now: Timestamp) -> Option<Turn> {
    let within = shipping.purchase_order_within()?;
    if order.supply.purchase_order.is_some() {
        return None;
    }
    let since = since(order, Stage::Accepted, order.ordered_at);
    let hours = within.as_hours();
    if now.duration_since(since) > within {
        return Some(Turn::Failed(format!(
            "the marketplace has raised no purchase order within {hours} hours of acceptance; ask \
             your account manager there, then resume"
        )));
    }
    let latest = ist(since.saturating_add(within).unwrap_or(since));
    let latest = latest.strftime("%-d %b %Y %H:%M IST");
    Some(Turn::Later(
        PURCHASE_ORDER,
        format!(
            "waits for the marketplace's purchase order, which may take up to {hours} hours: until \
             {latest}"
        ),
    ))
}

/// When an order moved to a stage, as far as Haat saw it.
fn since(order: &Order, stage: Stage, unseen: Timestamp) -> Timestamp {
    let moved = |entry: &&HistoryEntry| entry.event == Event::Moved(stage);
    let entry = order.history.iter().find(moved);
    entry.map_or(unseen, |entry| entry.at)
}

/// A paper that is not there yet is asked for less and less often, until somebody has to look after
/// it.
fn awaited(turn: Turn, shipping: &dyn ShippingByOrder, waited: SignedDuration) -> Turn {
    let Turn::Later(_, reason) = turn else {
        return turn;
    };
    let patience = SignedDuration::try_from(shipping.paper_takes()).unwrap_or(LATER);
    if waited > patience {
        let minutes = patience.as_mins();
        return Turn::Failed(format!(
            "{reason}; it is packed since more than {minutes} minutes: look into the \
             marketplace's own panel, then ask again"
        ));
    }
    Turn::Later(waited.clamp(SHOWS_UP_WITHIN, LATER), reason)
}

async fn pack(
    work: &Work<'_>,
    shipping: &dyn ShippingByOrder,
    order: &mut Order,
    parcel: Parcel,
) -> Result<Turn, WorkError> {
    let invoice = order.supply.invoice.as_ref();
    let packing = Packing {
        parcel,
        invoiced_at: invoice.map_or_else(|| work.now(), |invoice| invoice.at),
        invoice: invoice.map(|invoice| invoice.number.clone()),
    };
    match shipping.pack(order, &packing).await {
        Ok(report) => {
            order.hear(&report, work.now());
            Ok(Turn::Done)
        }
        Err(error) => failed_turn(error),
    }
}

/// Fetches and stores what is not stored yet.
async fn papers(
    work: &Work<'_>,
    shipping: &dyn ShippingByOrder,
    order: &mut Order,
) -> Result<Turn, WorkError> {
    let now = work.now();
    let packed = since(order, Stage::Packed, now);
    let not_yet = |turn: Turn| awaited(turn, shipping, now.duration_since(packed));
    if !matches!(order.label, Label::Ready(_)) {
        match shipping.label(&order.id.number).await {
            Ok(pdf) => {
                let StoredPaper {
                    file,
                    sha256,
                    stored_at,
                } = store_paper(work, order, "label", pdf).await?;
                let page = None;
                order.keep_label(LabelPage {
                    file,
                    page,
                    sha256,
                    stored_at,
                });
            }
            Err(error) => return failed_turn(error).map(not_yet),
        }
    }
    if work.account.courier.auto_documents && order.buyer_invoice.is_none() {
        match shipping.invoice(&order.id.number).await {
            Ok(Some(pdf)) => {
                order.buyer_invoice = Some(store_paper(work, order, "invoice", pdf).await?);
            }
            Ok(None) => {}
            Err(error) => return failed_turn(error).map(not_yet),
        }
    }
    Ok(Turn::Done)
}

/// Stores a paper of one order. Other bytes are another file: orders point at them.
async fn store_paper(
    work: &Work<'_>,
    order: &Order,
    kind: &str,
    pdf: Vec<u8>,
) -> Result<StoredPaper, WorkError> {
    let sha256 = hex::encode(Sha256::digest(&pdf));
    // A marketplace's key never becomes part of a file name as it came.
    let name = hex::encode(Sha256::digest(order.id.number.as_str()));
    let short = |hash: &str, digits| hash.chars().take(digits).collect::<String>();
    let (name, content) = (short(&name, 32), short(&sha256, 16));
    let (seller, account) = (&work.account.seller, &work.account.id);
    let file = format!("labels/{seller}/{account}/{name}-{kind}-{content}.pdf");
    work.desk.files.put(&file, pdf, "application/pdf").await?;
    Ok(StoredPaper {
        file,
        sha256,
        stored_at: work.now(),
    })
}

/// Takes over what a turn found out. Returns whether anything is new.
fn take_over(stored: &mut Order, known: &Order) -> bool {
    let before = stored.clone();
    if stored.version == known.version {
        *stored = known.clone();
        return before != *stored;
    }
    // Someone wrote meanwhile: the marketplace's word on stage and parcel comes with the next look.
    stored.supply.invoice = known
        .supply
        .invoice
        .clone()
        .or(stored.supply.invoice.take());
    if let Label::Ready(page) = &known.label {
        stored.keep_label(page.clone());
    }
    stored.buyer_invoice = known.buyer_invoice.clone().or(stored.buyer_invoice.take());
    before != *stored
}

/// Says that the parcels may be fetched. Those that the marketplace does not take are shown as
/// failed, and leave `done`.
pub(crate) async fn make_ready(
    work: &mut Work<'_>,
    shipping: &dyn ShippingByOrder,
    done: &mut Vec<Order>,
) -> Result<(), WorkError> {
    let packed = |order: &&Order| order.stage == Stage::Packed;
    let numbers: Vec<_> = done
        .iter()
        .filter(packed)
        .map(|o| o.id.number.clone())
        .collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let refused = shipping.make_ready(&numbers).await?;
    for refused in refused {
        let Some(place) = done.iter().position(|o| o.id.number == refused.number) else {
            continue;
        };
        let mut order = done.swap_remove(place);
        let reason = format!(
            "the marketplace does not fetch it: {}; ask again",
            refused.said
        );
        work.fail(std::slice::from_mut(&mut order), &reason).await?;
        work.record.asked.retain(|asked| *asked != order.id.number);
    }
    Ok(())
}

/// Ends the wish to ship once the marketplace shows the parcel as ready and the label is stored.
pub(crate) async fn end(work: &Work<'_>, order: &mut Order) -> Result<(), WorkError> {
    let now = work.now();
    let store = work.desk.hub.store.as_ref();
    write_order::change(store, order, |order| {
        let ready = order.stage == Stage::ReadyToShip && matches!(order.label, Label::Ready(_));
        ready && order.finish(Action::Ship, now)
    })
    .await?;
    Ok(())
}
