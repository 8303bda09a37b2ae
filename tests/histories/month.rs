//! A month of three accounts: 5,000 orders, and everything that goes wrong in a month.
//!
//! Accounts are read every half hour from 6 to 24 o'clock and every second hour at night; in life it
//! is every 5 minutes. Orders live on their own, as the marketplace has them: most are delivered, some come
//! back, some are cancelled. Of all calls to the marketplace 5 % are lost, 5 % broken, 2 % sent
//! away and 2 % of the pages repeat or shift; of all runs of a function 2 % die.

use std::collections::BTreeSet;

use fastrand::Rng;
use haat_aws::testing::Moment;
use haat_domain::{Action, AttentionReason, ist};
use haat_sandbox::{CancelledBy, Fault, FaultKind, Seed, State, Throttle, Timings};
use jiff::SignedDuration;

use crate::cloud::End;
use crate::play::{ask_all, at_each_moment, come_to_rest, end_trouble, storm};
use crate::rest;
use crate::runtime;
use crate::shops::Shops;

const ORDERS: u32 = 5_000;
const DAYS: u32 = 30;
/// How many of a day's 100 orders come in each of its hours.
const RHYTHM: [u32; 24] = [
    1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 2,
];

/// What the marketplace must have done wrong by the end of it.
const FAULTS: [&str; 12] = [
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
    "edge-block",
];

struct Month {
    shops: Shops,
    /// The faults that were played.
    faults: BTreeSet<String>,
    rng: Rng,
    arrived: u32,
    worth: u32,
}

#[test]
fn a_month_loses_doubles_and_hides_nothing() {
    let seed = std::env::var("HAAT_MONTH").ok();
    let seed = seed.map_or(1, |seed| seed.parse().unwrap());
    eprintln!("the month of seed {seed}; HAAT_MONTH={seed} plays it again");
    let (runtime, http) = runtime();
    runtime.block_on(async {
        let mut month = Month {
            shops: Shops::open(3, Timings::default(), &http).await,
            faults: BTreeSet::new(),
            rng: Rng::with_seed(seed),
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
        let control = self.shops.cloud.control().clone();
        control.set_storm(Some(storm(seed))).unwrap();
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
        let held = rest::one_job_at_a_time(&self.shops);
        held.unwrap_or_else(|why| panic!("day {day}: {why}"));
        self.note_faults();
    }

    fn note_faults(&mut self) {
        for call in self.shops.cloud.control().log() {
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
        match hour {
            8 | 13 | 18 => self.shops.care(End::Whole).await,
            9 | 12 | 16 => ask_all(&self.shops, Action::Accept).await,
            10 | 14 | 17 | 20 => ask_all(&self.shops, Action::Ship).await,
            19 => self.shops.resume(End::Whole).await,
            11 | 15 => self.somebody_cancels(),
            _ => {}
        }
        if hour == 17 {
            // While the label job runs.
            self.pass(SignedDuration::from_secs(10)).await;
            self.somebody_cancels();
        }
    }

    fn marketplace_does(&mut self, day: u32, hour: u32) {
        let control = self.shops.cloud.control().clone();
        let fault = |fault: Fault| control.fault(fault).unwrap();
        match (day, hour) {
            (6, 10) => self.shops.change_password(0),
            (12, 11) => self.shops.demand_otp(1),
            (24, 9) => self.shops.change_password(1),
            (9 | 17 | 26, 9) => {
                for shop in &self.shops.shops {
                    let left_out = control.leave_out_of_next_label_job(shop.supplier, 3);
                    left_out.unwrap();
                }
            }
            (15, 6) => control.set_throttle(Some(Throttle {
                calls_per_minute: 30,
                retry_after_seconds: 30,
            })),
            (16, 6) => control.set_throttle(None),
            (18, 6) => control.set_label_delay(6 * 3_600),
            (20, 6) => control.set_label_delay(0),
            (20, 9) => {
                fault(Fault::new("getLabelFile", FaultKind::WrongContentType).times(2));
                fault(Fault::status("getLabelFile", 404).times(2));
                fault(Fault::new("getLabelFile", FaultKind::Redirect));
                fault(Fault::status("updateGroupDownloadBackendFlag", 400).times(2));
            }
            (22, 9) => {
                fault(Fault::new("listOrders", FaultKind::MalformedRow).times(6));
                fault(Fault::new("fetchOrderDetails", FaultKind::UnknownWord).times(4));
                fault(Fault::new("fetchOrderDetails", FaultKind::MalformedRow).times(4));
            }
            (27, 10) => fault(Fault::new("*", FaultKind::EdgeBlock)),
            _ => {}
        }
    }

    /// This half hour's share of the month's orders, spread over the accounts.
    fn arrive(&mut self, hour: u32) {
        self.worth += RHYTHM[usize::try_from(hour).unwrap()];
        let due = (ORDERS * self.worth).div_ceil(DAYS * 2 * RHYTHM.iter().sum::<u32>());
        for _order in self.arrived..due.min(ORDERS) {
            let shop = [0, 0, 0, 0, 0, 1, 1, 2, 2, 2][self.rng.usize(0..10)];
            let state = match self.rng.u8(0..12) {
                0 => State::OnHold,
                _ => State::Pending,
            };
            let seed = Seed::new(self.shops.shop(shop).supplier, state, 1).living();
            self.shops.cloud.control().seed(&seed).unwrap();
            self.arrived += 1;
        }
    }

    /// A buyer, or the seller in the panel.
    fn somebody_cancels(&mut self) {
        let control = self.shops.cloud.control();
        let mut orders = control.orders();
        orders.retain(|order| order.state.may_become(State::Cancelled));
        for by in [CancelledBy::Buyer, CancelledBy::Seller] {
            if let Some(order) = self.rng.choice(&orders) {
                // The other one may have cancelled the same order.
                drop(control.cancel(&order.sub_order_num, by));
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
        let control = self.shops.cloud.control();
        let (orders, counters) = (control.orders().len(), control.counters());
        let (labels, refused): (u64, u64) = (
            counters.labels.values().sum(),
            counters.refused_logins.values().sum(),
        );
        let deaths = self.shops.cloud.deaths.get();
        eprintln!(
            "{orders} orders, {labels} labels, {} calls, {deaths} deaths, {refused} refused log-ins, \
             faults {:?}, attention {:?}",
            counters.calls.values().sum::<u64>(),
            self.faults,
            self.shops.attended,
        );
        assert_eq!(orders, usize::try_from(ORDERS).unwrap());
        assert!(labels > 3_000 && deaths > 30 && refused >= 2);
        for kind in FAULTS {
            assert!(self.faults.contains(kind), "no {kind}: {:?}", self.faults);
        }
        for reason in [
            AttentionReason::LoginRefused,
            AttentionReason::OtpRequired,
            AttentionReason::Blocked,
        ] {
            assert!(self.shops.attended.contains(&reason), "no {reason:?}");
        }
    }
}
