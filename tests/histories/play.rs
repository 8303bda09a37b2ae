//! Playing a history, and letting it come to rest.

use haat_domain::{Action, Order};
use haat_sandbox::{CancelledBy, Fault, FaultKind, Storm};
use jiff::SignedDuration;

use crate::cloud::End;
use crate::double::{Double, Held, Market, supplier};
use crate::rest;
use crate::shops::Shops;
use crate::steps::{Step, fault};
use crate::truth::{self, Verdict};

/// How often the quiet after the troubles is waited for.
const ROUNDS: u32 = 8;
const ROUND: SignedDuration = SignedDuration::from_mins(20);

/// Plays a history in a world of its own; after each step, and once all is quiet, what must be
/// true is true.
pub(crate) async fn play(market: Market, steps: &[Step], http: &reqwest::Client) -> Verdict {
    let mut shops = Shops::open(market, http).await;
    for (index, step) in steps.iter().enumerate() {
        take(&mut shops, *step).await;
        let so_far = at_each_moment(&mut shops).await;
        so_far.map_err(|why| format!("after step {index}, {step:?}: {why}"))?;
    }
    end_trouble(&shops);
    let rested = come_to_rest(&mut shops).await;
    rested.map_err(|why| format!("after all was quiet: {why}"))
}

/// What holds at every moment.
pub(crate) async fn at_each_moment(shops: &mut Shops) -> Verdict {
    truth::missed_is_told(shops)?;
    truth::conserved(shops)?;
    truth::nothing_is_silent(shops).await?;
    truth::refused_once(shops)
}

/// What holds once the marketplace has behaved for a while.
async fn at_rest(shops: &mut Shops) -> Verdict {
    rest::same_as_the_marketplace(shops).await?;
    rest::nothing_is_doubled(shops).await?;
    rest::all_is_done(shops).await
}

/// From now on the marketplace behaves, and the operator has redriven what was laid aside.
pub(crate) fn end_trouble(shops: &Shops) {
    let double = &shops.cloud.double;
    double.clear_faults();
    double.set_throttle(None);
    double.set_label_delay(0);
    if let Double::Meesho(meesho) = double {
        for shop in &shops.shops {
            let none = meesho.leave_out_of_next_label_job(supplier(shop.place), 0);
            none.unwrap();
        }
    }
    shops.cloud.mail.redrive();
}

/// Time passes, the schedule comes round, and the seller does what he is asked to do, until all is
/// as it must be.
pub(crate) async fn come_to_rest(shops: &mut Shops) -> Verdict {
    let mut verdict = Err("nobody looked".to_owned());
    for _round in 0..ROUNDS {
        shops.care(End::Whole).await;
        shops.resume(End::Whole).await;
        shops.cloud.pass(ROUND).await;
        shops.cloud.schedule().await;
        shops.cloud.settle().await;
        at_each_moment(shops).await?;
        verdict = at_rest(shops).await;
        if verdict.is_ok() {
            break;
        }
    }
    verdict
}

async fn take(shops: &mut Shops, step: Step) {
    let double = shops.cloud.double.clone();
    match step {
        Step::Arrive { shop, state, count } => {
            double.seed(shops.shop(shop).place, state, count, false);
        }
        Step::Advance { order } => advance(shops, order),
        Step::Cancel { order } => {
            let may_be = |held: &Held| held.may_be_cancelled;
            if let Some(held) = choose(&double.held(), order, may_be) {
                double.cancel(&held.number, CancelledBy::Buyer);
            }
        }
        Step::Ask { order, action, end } => {
            let takes = |order: &Order| order.allows(action).is_ok();
            let orders = shops.open_orders().await;
            if let Some(order) = choose(&orders, order, takes) {
                shops.ask(&order.id, action, end).await;
            }
        }
        Step::AskAll { action } => ask_all(shops, action).await,
        Step::Schedule => shops.cloud.schedule().await,
        Step::Deliver { letter, end } => {
            shops.cloud.deliver(letter, end).await;
        }
        Step::Together { first, second } => shops.cloud.deliver_together(first, second).await,
        Step::Double { letter } => shops.cloud.mail.double(letter),
        Step::React { end } => {
            shops.cloud.react(end).await;
        }
        Step::ReactAgain => shops.cloud.react_again().await,
        Step::Settle => shops.cloud.settle().await,
        Step::Pass { minutes } => {
            shops
                .cloud
                .pass(SignedDuration::from_mins(minutes.into()))
                .await
        }
        Step::Skip { minutes } => {
            let time = SignedDuration::from_mins(minutes.into());
            shops.cloud.world.skip(time);
        }
        Step::Trouble {
            operation,
            wrong,
            times,
            skip,
        } => {
            let fault = fault(operation, wrong).times(times).after(skip);
            double.fault(fault);
        }
        Step::Storm { seed } => double.set_storm(storm(&double, seed)),
        Step::LateLabels { minutes } => double.set_label_delay(u32::from(minutes) * 60),
        Step::LeaveOut { shop, count } => {
            let supplier = supplier(shops.shop(shop).place);
            let left_out = double.meesho().leave_out_of_next_label_job(supplier, count);
            left_out.unwrap();
        }
        Step::PanelJob { shop, seconds } => {
            let supplier = supplier(shops.shop(shop).place);
            let asked = double.meesho().request_labels_in_panel(supplier, seconds);
            asked.unwrap();
            shops.panel_jobs += 1;
        }
        Step::ChangePassword { login } => shops.change_password(login),
        Step::DemandOtp { login } => shops.demand_otp(login),
        Step::Expire { login } => shops.expire(login),
        Step::Care { end } => shops.care(end).await,
        Step::Sync { shop, end } => shops.sync(shop, end).await,
        Step::Resume { end } => shops.resume(end).await,
        Step::AutoAccept { shop, on } => shops.auto_accept(shop, on).await,
    }
}

/// Of all calls five per cent are lost, five per cent broken and two per cent sent away; of the
/// further pages of a list two per cent repeat or shift.
pub(crate) fn storm(double: &Double, seed: u64) -> Storm {
    let list = match double {
        Double::Meesho(_) => "listOrders",
        Double::Ajio(_) => "listPendency",
    };
    Storm::new(seed)
        .with(25, Fault::new("*", FaultKind::DropBeforeCommit))
        .with(25, Fault::new("*", FaultKind::LostResponse))
        .with(25, Fault::status("*", 500))
        .with(25, Fault::status("*", 503))
        .with(10, Fault::status("*", 429))
        .with(10, Fault::status("*", 429).retry_after(45))
        .with(7, Fault::new(list, FaultKind::DuplicateRow))
        .with(7, Fault::new(list, FaultKind::RepeatPage))
        .with(6, Fault::new(list, FaultKind::PageShift))
}

/// An order leaves for the courier only when the hub saw it leave before: a parcel takes days, and
/// no list of Meesho's shows it afterwards.
fn advance(shops: &Shops, which: usize) {
    let double = &shops.cloud.double;
    if let Some(held) = choose(&double.held(), which, |held| held.moves) {
        double.advance(&held.number);
    }
}

/// The seller asks for an action on everything that he sees.
pub(crate) async fn ask_all(shops: &Shops, action: Action) {
    for order in shops.open_orders().await {
        if order.allows(action).is_ok() && !order.wants(action) {
            shops.ask(&order.id, action, End::Whole).await;
        }
    }
}

fn choose<T: Clone>(all: &[T], which: usize, fits: impl Fn(&T) -> bool) -> Option<T> {
    let fitting: Vec<&T> = all.iter().filter(|one| fits(one)).collect();
    let index = which.checked_rem(fitting.len())?;
    fitting.get(index).map(|one| (*one).clone())
}
