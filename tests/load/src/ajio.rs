//! An order's life at AJIO, and a poll in which nothing happens there.

use std::collections::BTreeSet;

use haat_domain::{Action, LabelState, Stage};
use haat_ledger::Ledger;
use haat_sandbox::ajio::{Seed, State};
use haat_tests::goods::KURTA;
use jiff::SignedDuration;

use crate::journeys::{Kept, poll};
use crate::shop::{POB, Shop};

/// What some orders cost together.
pub struct Lives {
    /// AWS's units.
    pub ledger: Ledger,
    /// What each leaves behind.
    pub kept: Kept,
    /// Calls of AJIO.
    pub requests: u64,
}

/// A shop with one POB connected and read.
async fn open() -> Shop {
    let shop = Shop::with_accounts(0).await;
    shop.connect_pob().await;
    shop.settle().await;
    // The past is read, and what the seller offers.
    poll(&shop).await;
    shop.bill();
    shop
}

fn seed(shop: &Shop, state: State, count: u32) -> Vec<String> {
    let seed = Seed::new(POB, state, count).quantity(1);
    shop.ajio.control().seed(&seed).expect("orders")
}

/// Orders arrive in one page, are acknowledged, get their purchase orders within a quarter of an
/// hour, are packed and labelled, and leave on manifests.
pub async fn whole_lives(orders: u32) -> Lives {
    let shop = open().await;
    let before = shop.table_bytes().await;
    let numbers = seed(&shop, State::Pendency, orders);
    measure(&shop, &numbers).await;
    shop.bill();
    let calls = shop.marketplace_calls();
    poll(&shop).await;
    shop.ask(&numbers, Action::Accept).await;
    shop.pass(SignedDuration::from_secs(60)).await;
    // The purchase orders come.
    for _ in 0..4 {
        poll(&shop).await;
    }
    shop.ask(&numbers, Action::Ship).await;
    shop.pass(SignedDuration::from_mins(3)).await;
    for number in &numbers {
        assert_eq!(shop.order(number).await.label_state(), LabelState::Ready);
    }
    shop.ask(&numbers, Action::HandOver).await;
    shop.pass(SignedDuration::from_mins(2)).await;
    for number in &numbers {
        assert_eq!(shop.order(number).await.stage, Stage::Shipped);
    }
    let each = |bytes: u64| bytes.div_ceil(u64::from(orders));
    let kept = Kept {
        table: each(shop.table_bytes().await.saturating_sub(before)),
        files: each(shop.file_bytes()).next_multiple_of(1_000),
    };
    Lives {
        ledger: shop.bill(),
        kept,
        requests: shop.marketplace_calls().saturating_sub(calls),
    }
}

async fn measure(shop: &Shop, numbers: &[String]) {
    let control = shop.ajio.control();
    let orders = numbers.iter().map(|number| control.order(number));
    let lines = orders.flat_map(|order| order.expect("the order").lines);
    let skus: BTreeSet<String> = lines.map(|line| line.item_code).collect();
    shop.measure(&skus, &KURTA).await;
}

/// One poll of a POB with this many open orders, none of which changed: what it costs, and how
/// often AJIO is called. The pendency holds half of them; the others are asked for by number.
pub async fn unchanged_poll(orders: u32) -> (Ledger, u64) {
    let shop = Shop::with_accounts(0).await;
    shop.ajio.control().set_po_delay(None);
    let half = orders.div_euclid(2);
    seed(&shop, State::Pendency, orders.saturating_sub(half));
    let accepted = Seed::new(POB, State::Confirmed, half).without_po();
    shop.ajio.control().seed(&accepted).expect("orders");
    shop.connect_pob().await;
    // The last of them reads the returns, whose half hour is over.
    for _ in 0..3 {
        poll(&shop).await;
    }
    shop.bill();
    let before = shop.marketplace_calls();
    poll(&shop).await;
    (shop.bill(), shop.marketplace_calls().saturating_sub(before))
}
