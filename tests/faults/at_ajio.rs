//! What lies ready at AJIO before a piece of work.

use haat_domain::Action;
use haat_ports::{Accounts as _, Parcels as _, Warehouses as _};
use haat_sandbox::ajio::{CancelledBy, Seed, State};
use haat_sandbox::{Fault, FaultKind};
use haat_tests::goods::{KURTA, bhiwandi};

use crate::scenario::forget_session;
use crate::shop::Shop;

const POB: &str = "DV900001";

fn seed(shop: &Shop, state: State, count: u32) -> Vec<String> {
    let seed = Seed::new(POB, state, count).quantity(1);
    shop.ajio().seed(&seed).unwrap()
}

async fn stored(shop: &Shop, state: State, count: u32) -> Vec<String> {
    let numbers = seed(shop, state, count);
    shop.connect().await;
    shop.read_orders().await;
    numbers
}

pub(crate) async fn first_read(shop: &Shop) {
    seed(shop, State::Pendency, 3);
    for state in [State::Confirmed, State::Dispatched, State::Cancelled] {
        seed(shop, state, 1);
    }
    shop.connect().await;
    forget_session(shop).await;
}

pub(crate) async fn changes(shop: &Shop) {
    let pending = seed(shop, State::Pendency, 5);
    let waits = Seed::new(POB, State::Confirmed, 2).without_po();
    let confirmed = shop.ajio().seed(&waits).unwrap();
    shop.connect().await;
    shop.read_orders().await;
    shop.fail_to_accept(&pending[0]).await;
    let ajio = shop.ajio();
    // No other purchase order, however long the work takes.
    ajio.set_po_delay(None);
    ajio.cancel(&pending[0], CancelledBy::Consumer).unwrap();
    ajio.move_to(&pending[1], State::Confirmed).unwrap();
    ajio.raise_po(&confirmed[0]).unwrap();
    ajio.cancel(&confirmed[1], CancelledBy::Marketplace)
        .unwrap();
    seed(shop, State::Pendency, 1);
    // The first row of every page, for as long as anybody reads.
    let broken = Fault::new("listPendency", FaultKind::MalformedRow).times(100_000);
    ajio.fault(broken).unwrap();
}

pub(crate) async fn password_changed(shop: &Shop) {
    stored(shop, State::Pendency, 1).await;
    shop.ajio().change_password(POB, "another").unwrap();
}

async fn ask(shop: &Shop, action: Action, numbers: &[String]) {
    for number in numbers {
        shop.ask(number, action).await;
    }
    shop.tell_ship(action, &numbers[..1]).await;
    shop.tell_ship(action, &numbers[1..]).await;
}

pub(crate) async fn accept(shop: &Shop) {
    let numbers = stored(shop, State::Pendency, 3).await;
    ask(shop, Action::Accept, &numbers).await;
}

pub(crate) async fn ship(shop: &Shop) {
    let numbers = stored(shop, State::Confirmed, 3).await;
    let table = &shop.cloud.database.table;
    for line in numbers.iter().flat_map(|number| lines_of(shop, number)) {
        let sku = line.parse().unwrap();
        table.put_parcel(&shop.seller, &sku, &KURTA).await.unwrap();
    }
    number_invoices(shop).await;
    ask(shop, Action::Ship, &numbers[..2]).await;
}

fn lines_of(shop: &Shop, number: &str) -> Vec<String> {
    let lines = shop.ajio().order(number).unwrap().lines;
    lines.into_iter().map(|line| line.item_code).collect()
}

/// The seller numbers his invoices himself.
async fn number_invoices(shop: &Shop) {
    let table = &shop.cloud.database.table;
    let warehouse = bhiwandi(&shop.seller);
    table.put_warehouse(&warehouse).await.unwrap();
    let mut account = shop.account().await;
    account.warehouse = Some(warehouse.id);
    account.invoice_series = Some("AJ".parse().unwrap());
    table.put_account(&account).await.unwrap();
}

pub(crate) async fn hand_over(shop: &Shop) {
    let numbers = stored(shop, State::ReadyToDispatch, 3).await;
    ask(shop, Action::HandOver, &numbers).await;
}
