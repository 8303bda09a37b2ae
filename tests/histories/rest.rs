//! What must be true of every history once the marketplace has behaved for a while.

use std::collections::BTreeMap;

use haat_domain::{Action, Event, Label, Order, Stage};
use haat_ports::Files as _;
use haat_sandbox::{Counters, LogEntry, Outcome};
use jiff::Timestamp;

use crate::ajio_rest;
use crate::double::{Double, Held};
use crate::shops::Shops;
use crate::truth::{Verdict, must, waits_for_its_seller};

/// What a label passes between its making and its filing: a fault there makes it once more.
const LABEL_CALLS: [&str; 3] = [
    "reqDownloadLabelV2",
    "getLabelFile",
    "updateGroupDownloadBackendFlag",
];

/// The hub holds what the marketplace holds: every order once, none invented, none left behind.
pub(crate) async fn same_as_the_marketplace(shops: &Shops) -> Verdict {
    let mut stored: BTreeMap<(String, String), Vec<Order>> = BTreeMap::new();
    for order in shops.cloud.world.orders().await {
        let key = (order.id.account.to_string(), order.id.number.to_string());
        stored.entry(key).or_default().push(order);
    }
    let held = shops.cloud.double.held();
    for shop in &shops.shops {
        for held in held.iter().filter(|held| held.place == shop.place) {
            let key = (shop.account.to_string(), held.number.clone());
            match stored.remove(&key).as_deref() {
                None | Some([]) => return Err(format!("lost: {held:?}")),
                Some([order]) => agree(held, order)?,
                Some(twice) => return Err(format!("stored twice: {twice:?}")),
            }
        }
    }
    must!(stored.is_empty(), "invented: {:?}", stored.keys());
    Ok(())
}

fn agree(held: &Held, order: &Order) -> Verdict {
    must!(
        held.stages.contains(&order.stage),
        "{} is {} at the marketplace: {order:#?}",
        order.id,
        held.word
    );
    let lines = order.lines.iter();
    let lines = lines.map(|line| (line.sku.to_string(), u64::from(line.quantity)));
    let (lines, ordered): (Vec<_>, &Vec<_>) = (lines.collect(), &held.pieces);
    must!(
        lines == *ordered,
        "{}: {lines:?}, not {ordered:?}",
        order.id
    );
    let shipment = order.shipment.as_ref();
    let awb = shipment.map(|shipment| shipment.awb.to_string());
    must!(
        held.awb.is_none() || awb == held.awb,
        "{}: AWB {awb:?}, not {:?}",
        order.id,
        held.awb
    );
    Ok(())
}

/// Nothing was asked of the marketplace twice without need.
pub(crate) async fn nothing_is_doubled(shops: &Shops) -> Verdict {
    let counters = match &shops.cloud.double {
        Double::Meesho(control) => control.counters(),
        Double::Ajio(control) => return ajio_rest::nothing_is_doubled(shops, control).await,
    };
    let again = made_again(shops);
    for order in shops.cloud.world.orders().await {
        accepted_once(&order, &counters)?;
        let labels = counters.labels_of(order.id.number.as_str());
        must!(
            labels <= 1 + again,
            "{}: {labels} labels, at most {again} explained",
            order.id
        );
    }
    one_job_at_a_time(shops)
}

fn accepted_once(order: &Order, counters: &Counters) -> Verdict {
    let asked = |event: &Event| matches!(event, Event::Asked(Action::Accept));
    let asked = order.history.iter().filter(|entry| asked(&entry.event));
    let asked = u64::try_from(asked.count()).unwrap();
    let accepts = counters.accepts_of(order.id.number.as_str());
    must!(
        accepts.requests <= asked && accepts.transitions <= 1,
        "{}: asked {asked} times, {accepts:?}",
        order.id
    );
    Ok(())
}

/// How often a label may have been made again: faults and deaths keep what was made from being
/// filed, and the panel's own jobs know nothing of ours.
fn made_again(shops: &Shops) -> u64 {
    let log = shops.cloud.double.log();
    let faulty = |call: &&LogEntry| call.fault.is_some() && is_for_labels(call);
    let faults = u64::try_from(log.iter().filter(faulty).count()).unwrap();
    faults + u64::from(shops.cloud.deaths.get()) + shops.panel_jobs
}

fn is_for_labels(call: &LogEntry) -> bool {
    LABEL_CALLS.contains(&call.operation.as_str())
}

/// No job is started while another one of its kind runs, as far back as the log goes.
pub(crate) fn one_job_at_a_time(shops: &Shops) -> Verdict {
    let log = shops.cloud.double.log();
    for shop in &shops.shops {
        for (operation, seconds) in [("reqPendingOrders", 5), ("reqDownloadLabelV2", 30)] {
            let calls = log.iter().filter(|call| call.identifier == shop.identifier);
            apart(
                operation,
                seconds,
                calls.filter(|call| call.operation == operation),
            )?;
        }
    }
    Ok(())
}

fn apart<'a>(operation: &str, takes: i64, calls: impl Iterator<Item = &'a LogEntry>) -> Verdict {
    let mut before: Option<Timestamp> = None;
    for call in calls.filter(|call| started(call)) {
        let at = Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", &call.at).unwrap();
        let early = before.is_some_and(|before| at.duration_since(before).as_secs() < takes);
        must!(!early, "{operation} at {} while another one runs", call.at);
        before = Some(at);
    }
    Ok(())
}

fn started(call: &LogEntry) -> bool {
    let page = call.fault.as_deref() == Some("html-instead-of-json");
    match call.outcome {
        Outcome::DoneUnanswered => true,
        Outcome::Answered => call.status == Some(200) && !page,
        Outcome::Dropped => false,
    }
}

/// Nothing is open, nothing failed, nobody waits; every label is the order's own.
pub(crate) async fn all_is_done(shops: &mut Shops) -> Verdict {
    must!(
        waits_for_its_seller(shops).await.is_empty(),
        "an account still waits for its seller: {:?}",
        shops.attended
    );
    let parked = shops.parked().await;
    must!(parked.is_empty(), "still parked: {parked:#?}");
    for order in shops.cloud.world.orders().await {
        for action in Action::ALL {
            came_true(&order, action)?;
        }
        let automatic = shops.shops.iter().any(|shop| {
            shop.auto_accept && shop.account == order.id.account && order.stage == Stage::New
        });
        must!(!automatic, "{} was not accepted by itself", order.id);
    }
    match &shops.cloud.double {
        Double::Meesho(_) => labels_are_right(shops).await,
        Double::Ajio(_) => ajio_rest::papers_are_right(shops).await,
    }
}

/// A wish ends by being done or withdrawn, and what is called done is there.
fn came_true(order: &Order, action: Action) -> Verdict {
    let (id, word) = (&order.id, action.word());
    let mut last = None;
    for entry in &order.history {
        let of = match &entry.event {
            Event::Asked(of) | Event::Done(of) => of,
            Event::Withdrawn(of, _) | Event::Failed(of, _) => of,
            Event::Moved(_)
            | Event::Contradicted(_)
            | Event::UnknownWord(_)
            | Event::Shipment(_)
            | Event::PurchaseOrder(_)
            | Event::Invoiced(_)
            | Event::Unlisted
            | Event::LabelTakenOver
            | Event::LabelStale => continue,
        };
        if *of == action {
            last = Some(&entry.event);
        }
    }
    let ended = matches!(last, None | Some(Event::Done(_) | Event::Withdrawn(..)));
    must!(
        ended && order.intent(action).is_none(),
        "{id}: {word} came to no end: {order:#?}"
    );
    let there = match action {
        Action::Accept => !matches!(order.stage, Stage::New | Stage::OnHold),
        Action::Cancel => order.stage == Stage::Cancelled,
        Action::Ship => order.label != Label::None,
        Action::HandOver => !order.stage.is_open(),
    };
    let done = matches!(last, Some(Event::Done(_)));
    must!(there || !done, "{id}: {word} is called done: {order:#?}");
    Ok(())
}

async fn labels_are_right(shops: &Shops) -> Verdict {
    let mut files = BTreeMap::new();
    for order in shops.cloud.world.orders().await {
        let (Label::Ready(page) | Label::Stale(page)) = &order.label else {
            continue;
        };
        if !files.contains_key(&page.file) {
            let bytes = shops.cloud.world.files.get(&page.file).await;
            let bytes = bytes.map_err(|error| format!("{}: {error}", order.id))?;
            let pages = (shops.cloud.desk.read_pages)(&bytes)?;
            files.insert(page.file.clone(), pages);
        }
        let on_it = files[&page.file]
            .iter()
            .find(|read| page.page.is_none_or(|page| read.page == page));
        let number = order.id.number.to_string();
        must!(
            on_it.is_some_and(|read| read.orders.contains(&number)),
            "{}: page {:?} of {} is another's",
            order.id,
            page.page,
            page.file
        );
    }
    Ok(())
}
