//! A month of three accounts, and everything that goes wrong in a month: 5,000 orders at Meesho, 1,500
//! at AJIO, where each order has calls of its own.
//!
//! Accounts are read every half hour from 6 to 24 o'clock and every second hour at night; in life it
//! is every 5 minutes. Orders live on their own, as the marketplace has them: most are delivered, some come
//! back, some are cancelled. Of all calls to the marketplace 5 % are lost, 5 % broken, 2 % sent
//! away and 2 % of the pages repeat or shift; of all runs of a function 2 % die.

use std::collections::BTreeSet;

use fastrand::Rng;
use haat_aws::testing::Moment;
use haat_domain::{Action, AttentionReason, ist};
use haat_sandbox::{CancelledBy, Fault, FaultKind, State, Throttle};
use jiff::SignedDuration;

use crate::cloud::End;
use crate::double::{Double, Market, supplier};
use crate::play::{ask_all, at_each_moment, come_to_rest, end_trouble, storm};
use crate::rest;
use crate::runtime;
use crate::shops::Shops;

const DAYS: u32 = 30;
/// How many of a day's 100 orders come in each of its hours.
const RHYTHM: [u32; 24] = [
    1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 2,
];

/// What each marketplace must have done wrong by the end of it.
const FAULTS: [&str; 11] = [
    "drop-before-commit",
    "lost-response",
    "status 500",
    "status 503",
    "status 429",
    "duplicate-row",
    "repeat-page",
    "page-shift",
    "malformed-row",
    "unknown-word",
    "wrong-content-type",
];

struct Month {
    shops: Shops,
    /// The faults that were played.
    faults: BTreeSet<String>,
    rng: Rng,
    orders: u32,
    arrived: u32,
    worth: u32,
}

#[test]
fn a_month_loses_doubles_and_hides_nothing() {
    lives(Market::Meesho, 5_000);
}

#[test]
fn a_month_at_ajio_loses_doubles_and_hides_nothing() {
    lives(Market::Ajio, 1_500);
}

fn lives(market: Market, orders: u32) {
    let seed = std::env::var("HAAT_MONTH").ok();
    let seed = seed.map_or(1, |seed| seed.parse().unwrap());
    eprintln!("the month of seed {seed}; HAAT_MONTH={seed} plays it again");
    let (runtime, http) = runtime();
    runtime.block_on(async {
        let mut month = Month {
            shops: Shops::open(market, &http).await,
            faults: BTreeSet::new(),
            rng: Rng::with_seed(seed),
            orders,
            arrived: 0,
            worth: 0,
        };
        month.shops.auto_accept(2, true).await;
        for day in 0..DAYS {
            month.live_through(day).await;
        }
        month.end().await;
    });
}

impl Month {
    async fn live_through(&mut self, day: u32) {
        let seed = self.rng.u64(..);
        let double = &self.shops.cloud.double;
        double.set_storm(storm(double, seed));
        for _hour in 0..24 {
            let hour = u32::try_from(ist(self.shops.cloud.now()).hour()).unwrap();
            self.happens(day, hour).await;
            for half in 0..2 {
                self.arrive(hour);
                if hour >= 6 || (hour % 2 == 0 && half == 0) {
                    self.shops.cloud.schedule().await;
                }
                self.pass(SignedDuration::from_mins(30)).await;
            }
        }
        let held = at_each_moment(&mut self.shops).await;
        held.unwrap_or_else(|why| panic!("day {day}: {why}"));
        eprintln!("day {day}: {} orders", self.arrived);
        if let Double::Meesho(_) = self.shops.cloud.double {
            let held = rest::one_job_at_a_time(&self.shops);
            held.unwrap_or_else(|why| panic!("day {day}: {why}"));
        }
        self.note_faults();
    }

    fn note_faults(&mut self) {
        for call in self.shops.cloud.double.log() {
            let Some(kind) = call.fault else { continue };
            let status = call.status.map(|status| status.to_string());
            self.faults.insert(match kind.as_str() {
                "status" => format!("status {}", status.unwrap_or_default()),
                _ => kind,
            });
        }
    }

    /// What belongs to this hour of this day.
    async fn happens(&mut self, day: u32, hour: u32) {
        self.marketplace_does(day, hour);
        match self.shops.cloud.double.clone() {
            Double::Meesho(_) => self.meesho_does(day, hour),
            Double::Ajio(_) => self.ajio_does(day, hour),
        }
        match hour {
            8 | 13 | 18 => self.shops.care(End::Whole).await,
            9 | 12 | 16 => ask_all(&self.shops, Action::Accept).await,
            10 | 14 | 17 | 20 => ask_all(&self.shops, Action::Ship).await,
            19 => self.shops.resume(End::Whole).await,
            11 | 15 => self.somebody_cancels(),
            _ => {}
        }
        if matches!(hour, 18 | 21) && matches!(self.shops.cloud.double, Double::Ajio(_)) {
            ask_all(&self.shops, Action::HandOver).await;
        }
        if hour == 17 {
            // While the label job runs.
            self.pass(SignedDuration::from_secs(10)).await;
            self.somebody_cancels();
        }
    }

    fn marketplace_does(&mut self, day: u32, hour: u32) {
        let double = self.shops.cloud.double.clone();
        match (day, hour) {
            (6, 10) => self.shops.change_password(0),
            (24, 9) => self.shops.change_password(1),
            (15, 6) => double.set_throttle(Some(Throttle {
                calls_per_minute: 30,
                retry_after_seconds: 30,
            })),
            (16, 6) => double.set_throttle(None),
            (18, 6) => double.set_label_delay(6 * 3_600),
            (20, 6) => double.set_label_delay(0),
            _ => {}
        }
    }

    fn meesho_does(&mut self, day: u32, hour: u32) {
        let double = self.shops.cloud.double.clone();
        match (day, hour) {
            (12, 11) => self.shops.demand_otp(1),
            (9 | 17 | 26, 9) => {
                for shop in &self.shops.shops {
                    let supplier = supplier(shop.place);
                    let left_out = double.meesho().leave_out_of_next_label_job(supplier, 3);
                    left_out.unwrap();
                }
            }
            (20, 9) => {
                double.fault(Fault::new("getLabelFile", FaultKind::WrongContentType).times(2));
                double.fault(Fault::status("getLabelFile", 404).times(2));
                double.fault(Fault::new("getLabelFile", FaultKind::Redirect));
                double.fault(Fault::status("updateGroupDownloadBackendFlag", 400).times(2));
            }
            (22, 9) => {
                double.fault(Fault::new("listOrders", FaultKind::MalformedRow).times(6));
                double.fault(Fault::new("fetchOrderDetails", FaultKind::UnknownWord).times(4));
                double.fault(Fault::new("fetchOrderDetails", FaultKind::MalformedRow).times(4));
            }
            (27, 10) => double.fault(Fault::new("*", FaultKind::EdgeBlock)),
            _ => {}
        }
    }

    fn ajio_does(&mut self, day: u32, hour: u32) {
        let double = self.shops.cloud.double.clone();
        match (day, hour) {
            (9, 9) => self.shops.cloud.world.ajio().set_po_delay(Some(9 * 3_600)),
            (11, 9) => self.shops.cloud.world.ajio().set_po_delay(Some(900)),
            (12, 11) => self.shops.expire(1),
            (20, 9) => {
                double.fault(Fault::new("getLabel", FaultKind::WrongContentType).times(2));
                double.fault(Fault::status("getLabel", 404).times(2));
                double.fault(Fault::status("getManifest", 404).times(2));
            }
            (22, 9) => {
                double.fault(Fault::new("listPendency", FaultKind::MalformedRow).times(6));
                double.fault(Fault::new("listOrders", FaultKind::UnknownWord).times(4));
                double.fault(Fault::new("listOrders", FaultKind::MalformedRow).times(4));
            }
            (23 | 27, 8) => {
                double.fault(Fault::new("acknowledgeOrder", FaultKind::FailedItem).times(3));
                double.fault(Fault::new("markReadyToDispatch", FaultKind::FailedItem).times(2));
                double.fault(Fault::new("createManifest", FaultKind::FailedItem).times(2));
            }
            _ => {}
        }
    }

    /// This half hour's share of the month's orders, spread over the accounts.
    fn arrive(&mut self, hour: u32) {
        self.worth += RHYTHM[usize::try_from(hour).unwrap()];
        let due = (self.orders * self.worth).div_ceil(DAYS * 2 * RHYTHM.iter().sum::<u32>());
        for _order in self.arrived..due.min(self.orders) {
            let shop = [0, 0, 0, 0, 0, 1, 1, 2, 2, 2][self.rng.usize(0..10)];
            let state = match self.rng.u8(0..12) {
                0 => State::OnHold,
                _ => State::Pending,
            };
            let place = self.shops.shop(shop).place;
            self.shops.cloud.double.seed(place, state, 1, true);
            self.arrived += 1;
        }
    }

    /// A buyer, or the seller in the panel.
    fn somebody_cancels(&mut self) {
        let double = self.shops.cloud.double.clone();
        let mut orders = double.held();
        orders.retain(|held| held.may_be_cancelled);
        for by in [CancelledBy::Buyer, CancelledBy::Seller] {
            if let Some(held) = self.rng.choice(&orders) {
                // The other one may have cancelled the same order.
                double.cancel(&held.number, by);
            }
        }
    }

    /// Time passes; messages come in any order, now and then twice, and functions die.
    async fn pass(&mut self, time: SignedDuration) {
        let end = self.shops.cloud.now() + time;
        loop {
            self.work_off().await;
            let now = self.shops.cloud.now();
            if now >= end {
                return;
            }
            let next = self.shops.cloud.mail.next_due();
            let next = next.map_or(end, |due| due.clamp(now, end));
            self.shops.cloud.world.skip(next.duration_since(now));
        }
    }

    async fn work_off(&mut self) {
        loop {
            let (letter, other) = (self.rng.usize(..), self.rng.usize(..));
            match self.rng.u8(0..100) {
                0..2 => self.shops.cloud.mail.double(letter),
                2..7 => self.shops.cloud.deliver_together(letter, other).await,
                7..9 => self.shops.cloud.react_again().await,
                _ => {}
            }
            let (end, other_end) = (self.end_of_run(), self.end_of_run());
            let reacted = self.shops.cloud.react(end).await;
            let delivered = self.shops.cloud.deliver(letter, other_end).await;
            if !reacted && !delivered {
                return;
            }
        }
    }

    fn end_of_run(&mut self) -> End {
        let moment = if self.rng.bool() {
            Moment::Before
        } else {
            Moment::After
        };
        match self.rng.u16(0..1_000) {
            0..13 => End::AtTable(self.rng.u32(0..30), moment),
            13..20 => End::AtMarketplace(self.rng.u32(0..12), moment),
            _ => End::Whole,
        }
    }

    async fn end(mut self) {
        end_trouble(&self.shops);
        let rested = come_to_rest(&mut self.shops).await;
        rested.unwrap_or_else(|why| panic!("after the month: {why}"));
        self.was_eventful();
    }

    /// The month was one: what it is for has happened in it.
    fn was_eventful(&self) {
        let double = &self.shops.cloud.double;
        let (held, log_ins) = (double.held().len(), double.log_ins());
        let (labels, wanted, trouble): (u64, u64, &[AttentionReason]) = match double {
            Double::Meesho(control) => (
                control.counters().labels.values().sum(),
                3_000,
                &[
                    AttentionReason::LoginRefused,
                    AttentionReason::OtpRequired,
                    AttentionReason::Blocked,
                ],
            ),
            Double::Ajio(control) => (
                control.counters().labels.values().sum(),
                700,
                &[AttentionReason::LoginRefused],
            ),
        };
        let users = self.shops.logins.iter().map(|login| login.user);
        let refused: u64 = users.map(|user| double.refused(user)).sum();
        let deaths = self.shops.cloud.deaths.get();
        eprintln!(
            "{held} orders, {labels} labels, {log_ins} log-ins, {deaths} deaths, {refused} refused \
             log-ins, faults {:?}, attention {:?}",
            self.faults, self.shops.attended,
        );
        assert_eq!(held, usize::try_from(self.orders).unwrap());
        assert!(labels > wanted && deaths > 30 && refused >= 2);
        for kind in FAULTS {
            assert!(self.faults.contains(kind), "no {kind}: {:?}", self.faults);
        }
        for reason in trouble {
            assert!(self.shops.attended.contains(reason), "no {reason:?}");
        }
    }
}
