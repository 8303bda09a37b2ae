//! Any order survives the table.

use haat_domain::{
    Action, Actor, DispatchBy, DispatchRule, Event, HistoryEntry, Intent, IntentState, Label,
    LabelPage, Order, OrderId, OrderLine, Paise, Parcel, Payment, PaymentMode, PurchaseOrder,
    Shipment, Stage, StoredPaper, Supply, SupplyInvoice, SupplyPrice,
};
use haat_ports::OrderStore;
use jiff::Timestamp;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::sample::{empty_table, id, shop};

/// Any text a marketplace may send: empty, with quotes, in Devanagari.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,20}",
        Just(String::new()),
        Just("नमस्ते \"#\"".to_owned())
    ]
}

fn time() -> impl Strategy<Value = Timestamp> {
    let seconds = 0_i64..4_000_000_000;
    (seconds, 0_i32..1_000_000_000).prop_map(|(s, n)| Timestamp::new(s, n).unwrap())
}

fn money() -> impl Strategy<Value = Paise> {
    any::<i64>().prop_map(Paise::new)
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        Just(Actor::Marketplace),
        text().prop_map(Actor::Rule),
        "[a-z]{1,9}".prop_map(|token| Actor::Token(id(&token))),
    ]
}

fn event() -> BoxedStrategy<Event> {
    let action = || select(&Action::ALL[..]);
    prop_oneof![
        select(&Stage::ALL[..]).prop_map(Event::Moved),
        text().prop_map(Event::Contradicted),
        text().prop_map(Event::UnknownWord),
        action().prop_map(Event::Asked),
        action().prop_map(Event::Done),
        (action(), text()).prop_map(|(action, why)| Event::Withdrawn(action, why)),
        (action(), text()).prop_map(|(action, why)| Event::Failed(action, why)),
        "[A-Z0-9]{1,16}".prop_map(|awb| Event::Shipment(id(&awb))),
        Just(Event::LabelTakenOver),
        Just(Event::LabelStale),
        text().prop_map(Event::PurchaseOrder),
        text().prop_map(Event::Invoiced),
        Just(Event::Unlisted),
    ]
    .boxed()
}

fn intent() -> BoxedStrategy<Intent> {
    let state = select(vec![IntentState::Open, IntentState::Failed]);
    let without = btree_map(text(), any::<u32>(), 0..3);
    let parts = (
        (state, actor(), time()),
        option::of(text()),
        option::of(time()),
        without,
    );
    parts
        .prop_map(
            |((state, asked_by, asked_at), reason, not_before, without)| Intent {
                state,
                asked_by,
                asked_at,
                reason,
                not_before,
                without,
            },
        )
        .boxed()
}

fn label() -> impl Strategy<Value = Label> {
    let page = (text(), option::of(any::<u32>()), text(), time());
    let page = page.prop_map(|(file, page, sha256, stored_at)| LabelPage {
        file,
        page,
        sha256,
        stored_at,
    });
    (0..3, page).prop_map(|(kind, page)| match kind {
        0 => Label::None,
        1 => Label::Ready(page),
        _ => Label::Stale(page),
    })
}

fn line() -> BoxedStrategy<OrderLine> {
    let parts = (
        "[A-Z0-9#.]{1,20}",
        text(),
        option::of(text()),
        any::<u32>(),
        option::of(money()),
        (any::<u32>(), option::of(text()), option::of(text())),
        option::of((money(), option::of(money()))),
    );
    parts
        .prop_map(
            |(sku, title, variation, quantity, price, (cancelled, item, hsn), supply)| OrderLine {
                sku: id(&sku),
                title,
                variation,
                quantity,
                cancelled,
                price,
                item,
                supply: supply.map(|(base, tax)| SupplyPrice { base, tax }),
                hsn,
            },
        )
        .boxed()
}

fn supply() -> BoxedStrategy<Supply> {
    let order = (
        text(),
        option::of(time()),
        option::of(money()),
        option::of(money()),
    );
    let order = order.prop_map(|(number, at, amount, tax)| PurchaseOrder {
        number,
        at,
        amount,
        tax,
    });
    let invoice = ("[A-Z0-9/-]{1,16}", time()).prop_map(|(number, at)| SupplyInvoice {
        number: id(&number),
        at,
    });
    let both = (option::of(order), option::of(invoice));
    both.prop_map(|(purchase_order, invoice)| Supply {
        purchase_order,
        invoice,
    })
    .boxed()
}

fn parcel() -> impl Strategy<Value = Parcel> {
    any::<(u32, u32, u32, u32)>().prop_map(|(weight_grams, length_mm, breadth_mm, height_mm)| {
        Parcel {
            weight_grams,
            length_mm,
            breadth_mm,
            height_mm,
        }
    })
}

fn paper() -> impl Strategy<Value = StoredPaper> {
    (text(), text(), time()).prop_map(|(file, sha256, stored_at)| StoredPaper {
        file,
        sha256,
        stored_at,
    })
}

prop_compose! {
    fn facts()(
        lines in vec(line(), 0..4),
        mode in option::of(select(vec![PaymentMode::Cod, PaymentMode::Prepaid])),
        collect in option::of(money()),
        value in option::of(money()),
        awb in option::of("[A-Z0-9]{1,16}"),
        courier in option::of(text()),
        packet in option::of(text()),
    ) -> (Vec<OrderLine>, Option<Payment>, Option<Paise>, Option<Shipment>) {
        let payment = mode.map(|mode| Payment { mode, collect });
        let shipment = awb.map(|awb| Shipment { awb: id(&awb), courier, packet });
        (lines, payment, value, shipment)
    }
}

prop_compose! {
    fn any_order()(
        number in "[A-Za-z0-9_-]{1,30}",
        purchase in text(),
        (lines, payment, value, shipment) in facts(),
        stage in select(&Stage::ALL[..]),
        word in text(),
        reason in option::of(text()),
        (ordered_at, dispatch_at) in (time(), time()),
        rule in select(vec![
            DispatchRule::Marketplace, DispatchRule::MarketplaceDay,
            DispatchRule::HoursAfterOrder, DispatchRule::Fallback,
        ]),
        label in label(),
        (accept, ship) in (option::of(intent()), option::of(intent())),
        (cancel, hand_over) in (option::of(intent()), option::of(intent())),
        (supply, parcel, is_test) in (supply(), option::of(parcel()), any::<bool>()),
        buyer_invoice in option::of(paper()),
        closed_at in option::of(time()),
        history in vec((time(), actor(), event()), 0..9),
    ) -> Order {
        Order {
            id: OrderId { account: id("a_1"), number: id(&number) },
            seller: shop(),
            marketplace: id("meesho"),
            purchase, lines, stage, word, reason, payment, value, ordered_at,
            dispatch_by: DispatchBy { at: dispatch_at, rule },
            shipment, label, accept, ship, cancel, hand_over,
            supply, parcel, buyer_invoice, is_test,
            // Later than the clock, or the table rightly forgets it.
            closed_at: closed_at.map(|at| at.max(crate::sample::noon_plus(0))),
            history: history
                .into_iter()
                .map(|(at, by, event)| HistoryEntry { at, by, event })
                .collect(),
            version: 0,
        }
    }
}

#[test]
fn any_order_survives_the_table() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (local, _) = runtime.block_on(empty_table());
    proptest!(ProptestConfig::with_cases(150), |(order in any_order(), round in any::<u64>())| {
        let mut order = order;
        order.id.number = id(&format!("{}-{round}", order.id.number));
        let stored = runtime.block_on(async {
            local.table.put_order(&mut order).await.unwrap();
            local.table.orders(&shop(), &[order.id.clone()]).await
        });
        prop_assert_eq!(stored, Ok(vec![order]));
    });
}
