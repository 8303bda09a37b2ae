//! Named journeys and what each bills. `tests/journeys.rs` holds them to the unit.

use haat_domain::{Action, LabelState, Stage};
use haat_ledger::Ledger;
use haat_sandbox::{CancelledBy, Seed, State};
use jiff::SignedDuration;

use crate::shop::{FIRST_SUPPLIER, Shop};

/// Orders of a first page.
pub const PAGE: u32 = 50;

/// A shop with one account and nothing to sell yet, connected and polled.
async fn open() -> Shop {
    let shop = Shop::with_accounts(1).await;
    shop.connect(1).await;
    shop.settle().await;
    shop.bill();
    shop
}

pub(crate) async fn poll(shop: &Shop) {
    // The next minute in which the pack is due.
    shop.skip(SignedDuration::from_mins(5));
    let late = shop_seconds(shop).rem_euclid(300);
    shop.skip(SignedDuration::from_secs((300 - late) % 300));
    shop.tick().await;
    shop.settle().await;
}

fn shop_seconds(shop: &Shop) -> i64 {
    shop.sandbox.control().now().as_second()
}

/// What one order leaves behind, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// In the table, its entries of the index included.
    pub table: u64,
    /// In the bucket.
    pub files: u64,
}

/// Orders arrive in one page, are accepted, labelled and handed over; and what each of them leaves
/// behind.
pub async fn whole_lives(orders: u32) -> (Ledger, Kept) {
    let shop = open().await;
    let before = shop.table_bytes().await;
    let numbers = arrive(&shop, orders).await;
    shop.ask(&numbers, Action::Accept).await;
    shop.pass(SignedDuration::from_secs(60)).await;
    shop.ask(&numbers, Action::Ship).await;
    shop.pass(SignedDuration::from_mins(3)).await;
    for number in &numbers {
        assert_eq!(shop.order(number).await.label_state(), LabelState::Ready);
        let control = shop.sandbox.control();
        control.move_to(number, State::Shipped).expect("shipped");
    }
    poll(&shop).await;
    for number in &numbers {
        assert_eq!(shop.order(number).await.stage, Stage::Shipped);
    }
    let each = |bytes: u64| bytes.div_ceil(u64::from(orders));
    let kept = Kept {
        table: each(shop.table_bytes().await - before),
        // Random ids make a label's file some bytes larger or smaller: rounded up to a thousand.
        files: each(shop.file_bytes()).next_multiple_of(1_000),
    };
    (shop.bill(), kept)
}

/// A tick of the schedule in a minute in which no pack is due.
pub async fn idle_tick() -> Ledger {
    let shop = open().await;
    shop.skip(SignedDuration::from_secs(
        300 - shop_seconds(&shop).rem_euclid(300) + 60,
    ));
    shop.tick().await;
    shop.settle().await;
    shop.bill()
}

/// Orders arrive in one page and buyers cancel them before anybody accepts.
pub async fn cancelled_at_once(orders: u32) -> Ledger {
    let shop = open().await;
    let numbers = arrive(&shop, orders).await;
    cancel(&shop, &numbers).await;
    shop.bill()
}

/// Orders arrive in one page, are accepted and labelled, and come to nothing.
pub async fn cancelled_with_label(orders: u32) -> Ledger {
    let shop = open().await;
    let numbers = arrive(&shop, orders).await;
    shop.ask(&numbers, Action::Accept).await;
    shop.pass(SignedDuration::from_secs(60)).await;
    shop.ask(&numbers, Action::Ship).await;
    shop.pass(SignedDuration::from_mins(3)).await;
    cancel(&shop, &numbers).await;
    shop.bill()
}

async fn arrive(shop: &Shop, orders: u32) -> Vec<String> {
    let seed = Seed::new(FIRST_SUPPLIER, State::Pending, orders).quantity(1);
    let numbers = shop.sandbox.control().seed(&seed).expect("orders");
    poll(shop).await;
    numbers
}

async fn cancel(shop: &Shop, numbers: &[String]) {
    for number in numbers {
        let control = shop.sandbox.control();
        control
            .cancel(number, CancelledBy::Buyer)
            .expect("cancelled");
    }
    poll(shop).await;
    for number in numbers {
        assert_eq!(shop.order(number).await.stage, Stage::Cancelled);
    }
}

/// One poll of an account with orders in four of its tabs, none of which changed.
pub async fn unchanged_poll() -> Ledger {
    unchanged_polls(1, 1).await
}

/// One poll of a pack of this many accounts, unchanged; as many times.
pub async fn unchanged_polls(accounts: u64, times: u64) -> Ledger {
    let shop = Shop::with_accounts(accounts).await;
    for number in 0..accounts {
        let mut seed = Seed::new(FIRST_SUPPLIER.saturating_add(number), State::Pending, 3);
        seed.states.extend([
            (State::OnHold, 1),
            (State::ReadyToShip, 2),
            (State::Shipped, 2),
        ]);
        shop.sandbox.control().seed(&seed).expect("orders");
    }
    shop.connect(accounts).await;
    poll(&shop).await;
    // The closed tabs are known from the second reading on.
    poll(&shop).await;
    shop.bill();
    for _ in 0..times {
        poll(&shop).await;
    }
    shop.bill()
}

/// The first poll of an account whose marketplace holds a page of orders.
pub async fn first_import_page() -> Ledger {
    let shop = Shop::with_accounts(1).await;
    let seed = Seed::new(FIRST_SUPPLIER, State::Pending, PAGE).quantity(1);
    shop.sandbox.control().seed(&seed).expect("orders");
    shop.connect(1).await;
    shop.bill();
    shop.settle().await;
    shop.bill()
}
