//! What AWS bills: B1 to B4, from journeys that were counted and prices that were looked up.

use std::collections::BTreeSet;

use haat_ledger::{Ledger, PicoDollars, Region, Unit, lambda, price};

use crate::billed::{AWS_MS, Function, LOGINS_AT_ONCE, MARKETPLACE_MS, OWN_MS, PAUSE_MS};
use crate::bills_ajio::AtAjio;
use crate::figure;
use crate::journeys::{self, Kept};
use crate::row::{Row, short};

/// Orders of one counted batch.
pub(crate) const BATCH: u32 = 20;
/// Polls a day at the usual interval of five minutes.
const POLLS: u64 = 288;
/// Unchanged polls for each order of a mean seller: 288 a day, 9.75 orders.
const POLLS_PER_ORDER: f64 = 29.5;
/// Of a hundred orders: so many live on, are cancelled at once, are cancelled with their label.
/// Assumed: that a quarter comes to nothing is a public figure, how early it does is not known.
const LIVES: f64 = 0.75;
const AT_ONCE: f64 = 0.10;
const WITH_LABEL: f64 = 0.15;
const TICKS_A_MONTH: u64 = 30 * 24 * 60;
const ORDERS_A_MONTH: u64 = 30_000;
/// Requests of one queue's pollers that find nothing: five of them (assumed: AWS says two to five),
/// 20 seconds each.
const IDLE_RECEIVES: u64 = 5 * 3 * TICKS_A_MONTH;
/// Months that an order and its label are kept.
const ORDER_MONTHS: f64 = 400.0 / 30.4;
const LABEL_MONTHS: f64 = 180.0 / 30.4;

/// Everything that was counted.
pub struct Counted {
    lives: Ledger,
    at_once: Ledger,
    with_label: Ledger,
    tick: Ledger,
    hundred: Ledger,
    two: Ledger,
    kept: Kept,
    ajio: AtAjio,
}

impl Counted {
    /// Counts the journeys.
    pub async fn new() -> Self {
        let (lives, kept) = journeys::whole_lives(BATCH).await;
        Self {
            lives,
            at_once: journeys::cancelled_at_once(BATCH).await,
            with_label: journeys::cancelled_with_label(BATCH).await,
            tick: journeys::idle_tick().await,
            hundred: journeys::unchanged_polls(100, 1).await,
            two: journeys::unchanged_polls(2, 1).await,
            kept,
            ajio: AtAjio::new().await,
        }
    }

    /// Per order, by what becomes of it.
    fn mixed(&self, of: impl Fn(&Ledger) -> f64) -> f64 {
        let sum = LIVES * of(&self.lives)
            + AT_ONCE * of(&self.at_once)
            + WITH_LABEL * of(&self.with_label);
        sum / f64::from(BATCH)
    }

    /// One poll of a pack, the schedule's own share taken out: it is the deployment's.
    fn poll_of(&self, pack: &Ledger) -> Ledger {
        let counts = Unit::ALL.into_iter().map(|unit| {
            let count = pack.count(unit).saturating_sub(self.tick.count(unit));
            Ledger::of(unit, count)
        });
        counts.sum()
    }

    /// B1 to B4.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = vec![self.b1()];
        rows.extend(self.b2("B2-packs-of-100", &self.hundred, 100, true));
        rows.extend(self.b2("B2-packs-of-2", &self.two, 2, false));
        rows.extend(self.b3());
        rows.extend(self.b4());
        rows.extend(self.ajio.rows());
        rows
    }

    fn b1(&self) -> Row {
        let writes = |ledger: &Ledger| figure(ledger.writes());
        let own = self.mixed(writes);
        let polls = POLLS_PER_ORDER * figure(self.poll_of(&self.hundred).writes()) / 100.0;
        let each = |ledger: &Ledger| short(writes(ledger) / f64::from(BATCH));
        let note = format!(
            "pages of {BATCH} orders: delivered {}, cancelled at once {}, cancelled with a label {} each; \
             75, 10 and 15 of a hundred (assumed); {} for 29.5 unchanged polls in packs of 100. Stock is not kept \
             yet, and Meesho's returns are not read after the courier's scan: both will add.",
            each(&self.lives),
            each(&self.at_once),
            each(&self.with_label),
            short(polls)
        );
        Row::new(
            "B1",
            "write units of an order's whole life, polls and cancellations included",
            own + polls,
            "WRU",
        )
        .at_most(24.0)
        .note(note)
    }

    fn b2(&self, id: &str, pack: &Ledger, accounts: u64, held: bool) -> Vec<Row> {
        let poll = self.poll_of(pack);
        let day = |unit| figure(poll.count(unit) * POLLS) / figure(accounts);
        let writes = figure(poll.writes() * POLLS) / figure(accounts);
        let units = poll
            .used()
            .map(|(unit, _)| format!("{} {}", short(day(unit)), unit.name()));
        let note = format!(
            "all units of an account's day: {}. The one write of a poll is the pack's heartbeat. Not in \
             it: the schedule's 1,440 calls a day, the same for any number of accounts.",
            units.collect::<Vec<_>>().join(", ")
        );
        let name = format!("288 unchanged polls of an account, packs of {accounts}");
        let row = |part: &str, value: f64, unit: &str| {
            Row::new(&format!("{id}{part}"), &name, value, unit)
        };
        let main = row("", writes, "WRU").note(note);
        if !held {
            return vec![main];
        }
        let sqs = day(Unit::SqsRequest);
        let why = "a pack's message is sent, received and deleted by itself, so that a pack that hangs \
                   holds up no other: three requests. Below 2.6 only batches of packs in one call would come.";
        vec![
            main.at_most(2.9),
            row("-calls", day(Unit::LambdaCall), "Lambda calls").at_most(2.9),
            row("-sqs", sqs, "SQS requests")
                .at_most(2.6)
                .note("empty receives of idle pollers are not in it, but in B4-idle")
                .because(why),
        ]
    }

    fn b3(&self) -> Vec<Row> {
        let own = self.mixed(cost);
        let poll = cost(&self.poll_of(&self.hundred)) / 100.0;
        let polls = poll * POLLS_PER_ORDER;
        let ticks = cost(&self.tick) * 1_440.0 / (100.0 * 9.75);
        let table = cost(&Ledger::of(Unit::TableMbMonth, 1_000_000)) / 1e6;
        let table = table * figure(self.kept.table) / 1e6 * ORDER_MONTHS;
        let backup = cost(&Ledger::of(Unit::BackupMbMonth, 1_000_000)) / 1e6;
        let backup = backup * figure(self.kept.table) / 1e6 * ORDER_MONTHS;
        let files = cost(&Ledger::of(Unit::S3MbMonth, 1_000_000)) / 1e6;
        let files = files * figure(self.kept.files) / 1e6 * LABEL_MONTHS;
        let parts = [
            ("B3-order", "its own requests", own),
            ("B3-polls", "29.5 unchanged polls", polls),
            (
                "B3-schedule",
                "the schedule's ticks, shared by 100 accounts",
                ticks,
            ),
            ("B3-table", "its items for 400 days", table),
            (
                "B3-recovery",
                "the same items for point-in-time recovery (price assumed)",
                backup,
            ),
            ("B3-labels", "its label for 180 days", files),
        ];
        let all = parts.iter().map(|(_, _, cost)| cost).sum();
        let note = format!(
            "list prices, no free allowance. Counted: every AWS request, the authorizer's included, and the \
             fair queues' surcharge (price assumed) on every request. Derived: Lambda's time from \
             {MARKETPLACE_MS} ms for a marketplace's answer (assumed), {PAUSE_MS} ms between its calls (the \
             profile's pace), {AWS_MS} ms for an AWS answer and {OWN_MS} ms of its own (both assumed), \
             {LOGINS_AT_ONCE} logins at once; egress from 650 bytes for a marketplace call (assumed). Log \
             lines are counted for polls only. Buyers' returns are not in it."
        );
        let why = format!(
            "the polls: the target took one small request a poll for granted, Meesho's \
             tabs take five ({} µ$ egress, {} µ$ waiting for them), and each login's session is read \
             strongly consistent ({} µ$). Recovery and the stored items were not in the target either.",
            short(self.polls_of(&[Unit::EgressByte])),
            short(self.polls_of(&[Unit::LambdaMbMs])),
            short(self.polls_of(&[Unit::HalfRead])),
        );
        let all = Row::new(
            "B3",
            "an order of a mean seller (9.75 a day), packs of 100, Mumbai, all in",
            all,
            "µ$",
        );
        let mut rows = vec![all.at_most(30.0).note(note).because(why)];
        rows.extend(parts.map(|(id, name, cost)| Row::new(id, name, cost, "µ$")));
        rows
    }

    /// What these units of its unchanged polls cost an order.
    fn polls_of(&self, units: &[Unit]) -> f64 {
        let poll = self.poll_of(&self.hundred);
        let some = units
            .iter()
            .map(|unit| Ledger::of(*unit, poll.count(*unit)));
        cost(&some.sum()) / 100.0 * POLLS_PER_ORDER
    }

    fn b4(&self) -> Vec<Row> {
        let orders = self.mixed(cost) * figure(ORDERS_A_MONTH);
        let polls = cost(&(self.poll_of(&self.two) * (POLLS * 30)));
        let ticks = cost(&(self.tick * TICKS_A_MONTH));
        let idle = cost(&Ledger::of(Unit::SqsRequest, 2 * IDLE_RECEIVES));
        let alarms = count(ALARMS, "AWS::CloudWatch::Alarm");
        let metrics = metrics_of(ALARMS);
        let watched = Ledger::of(Unit::AlarmMonth, alarms).and(Unit::MetricMonth, metrics);
        let table = figure(self.kept.table) * figure(ORDERS_A_MONTH) * ORDER_MONTHS / 1e6;
        let files = figure(self.kept.files) * figure(ORDERS_A_MONTH) * LABEL_MONTHS / 1e6;
        let stored =
            Ledger::of(Unit::TableMbMonth, whole(table)).and(Unit::S3MbMonth, whole(files));
        let backup = Ledger::of(Unit::BackupMbMonth, whole(table));
        let parts = [
            ("B4-orders", "30,000 orders", orders),
            ("B4-polls", "8,640 polls of a pack of two accounts", polls),
            ("B4-schedule", "43,200 ticks of the schedule", ticks),
            (
                "B4-idle",
                "pollers of two queues that find nothing (five each, assumed)",
                idle,
            ),
            (
                "B4-key",
                "one customer key",
                cost(&Ledger::of(Unit::KmsKeyMonth, 1)),
            ),
            ("B4-watch", "alarms and metrics", cost(&watched)),
            (
                "B4-storage",
                "orders of 400 days, labels of 180",
                cost(&stored),
            ),
            (
                "B4-recovery",
                "point-in-time recovery of the table (price assumed)",
                cost(&backup),
            ),
        ];
        let list: f64 = parts.iter().map(|(_, _, cost)| cost).sum();
        let free = self.free_of_charge(alarms, metrics, table);
        let note = format!(
            "the parts below at list price are {} $, of which the always-free allowances take off {} $: ten \
             alarms and metrics, a million SQS requests, a million Lambda calls and 400,000 GB-s, 100 GB \
             egress, 5 GB logs, 25 GB of table. An account that spends them elsewhere pays the list price.",
            short(list / 1e6),
            short(free / 1e6)
        );
        let all = Row::new(
            "B4",
            "a month of 1,000 orders a day, self-hosted, Mumbai, after free allowances",
            (list - free) / 1e6,
            "$",
        );
        let mut rows = vec![all.at_most(3.0).note(note)];
        rows.extend(parts.map(|(id, name, cost)| Row::new(id, name, cost / 1e6, "$")));
        rows.push(Row::new(
            "B4-free",
            "what AWS's always-free allowances take off the parts above",
            -free / 1e6,
            "$",
        ));
        rows
    }

    /// What the always-free allowances take off the month of B4, in millionths of a dollar.
    fn free_of_charge(&self, alarms: u64, metrics: u64, table_mb: f64) -> f64 {
        let used = |unit| {
            let of = |ledger: &Ledger| figure(ledger.count(unit));
            self.mixed(of) * figure(ORDERS_A_MONTH)
                + of(&(self.poll_of(&self.two) * (POLLS * 30)))
                + of(&(self.tick * TICKS_A_MONTH))
        };
        let gb_seconds = lambda::mb_ms(1_024, 0, 400_000 * 1_000_000);
        let sqs = used(Unit::SqsRequest) + figure(2 * IDLE_RECEIVES);
        let allowances = [
            (Unit::SqsRequest, sqs, 1_000_000),
            (Unit::LambdaCall, used(Unit::LambdaCall), 1_000_000),
            (Unit::LambdaMbMs, used(Unit::LambdaMbMs), gb_seconds),
            (Unit::EgressByte, used(Unit::EgressByte), 100_000_000_000),
            (Unit::LogByte, used(Unit::LogByte), 5_000_000_000),
            (Unit::AlarmMonth, figure(alarms), 10),
            (Unit::MetricMonth, figure(metrics), 10),
            (Unit::TableMbMonth, table_mb, 25_000),
        ];
        let taken =
            allowances.map(|(unit, used, free)| cost(&Ledger::of(unit, whole(used).min(free))));
        taken.iter().sum()
    }
}

/// The memory of each function stands in the template.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");
const ALARMS: &str = include_str!("../../../infra/alarms.yaml");

fn count(text: &str, word: &str) -> u64 {
    u64::try_from(text.matches(word).count()).unwrap_or_default()
}

/// How many metrics of our own these filters write: several may write one.
fn metrics_of(filters: &str) -> u64 {
    let written = filters
        .lines()
        .filter(|line| line.contains("MetricNamespace: "));
    let written: BTreeSet<&str> = written
        .filter(|line| line.contains("MetricValue"))
        .map(str::trim)
        .collect();
    u64::try_from(written.len()).unwrap_or_default()
}

/// Millionths of a dollar, Mumbai.
pub(crate) fn cost(ledger: &Ledger) -> f64 {
    let price: PicoDollars = price(ledger, Region::Mumbai);
    let nano = u64::try_from(price.nano_dollars()).unwrap_or(u64::MAX);
    figure(nano) / 1e3
}

fn whole(value: f64) -> u64 {
    format!("{value:.0}").parse().unwrap_or_default()
}

/// The functions whose memory is assumed, for the test that compares it with the template.
pub const FUNCTIONS: [(Function, &str); 6] = [
    (Function::Schedule, "ScheduleFunction"),
    (Function::Poll, "PollFunction"),
    (Function::React, "ReactFunction"),
    (Function::Ship, "ShipFunction"),
    (Function::Api, "ApiFunction"),
    (Function::Authorize, "AuthorizeFunction"),
];
