//! Single orders parsed, and where they are looked for. Expected values are worked out by hand from
//! the contract.

use haat_domain::{
    DispatchBy, DispatchRule, OrderDetail, OrderLine, OrderReport, Packet, Paise, Payment,
    PaymentMode, PurchaseOrder, Step, Supply, SupplyPrice,
};
use haat_ports::LookUp;
use serde_json::{Value, json};

use crate::pob::{Pob, at, bought_order, confirmed, fixture};
use crate::script::Reply;

const NOTHING: &str =
    r#"{"orders": [], "page": {"number": 1, "size": 50, "totalElements": 0, "totalPages": 0}}"#;

async fn look_up(pob: &Pob, numbers: &[&str]) -> LookUp {
    let numbers = numbers.iter().map(|number| number.parse().unwrap());
    let numbers: Vec<_> = numbers.collect();
    pob.line.orders().look_up(&numbers).await.unwrap()
}

/// The example's order with some fields changed or, by null, left out.
async fn changed(pointer: &str, change: Value) -> LookUp {
    let mut answer: Value = serde_json::from_str(fixture!("listOrders.answer")).unwrap();
    let place = answer.pointer_mut(&format!("/orders/0{pointer}")).unwrap();
    let place = place.as_object_mut().unwrap();
    place.extend(change.as_object().unwrap().clone());
    let pob = Pob::answered([Reply::json(200, &answer.to_string())]).await;
    look_up(&pob, &["S900000001"]).await
}

#[tokio::test]
async fn a_confirmed_order_tells_its_purchase_order() {
    let report = OrderReport {
        number: "S900000001".parse().unwrap(),
        purchase: "S900000001".to_owned(),
        step: Some(Step::Accept),
        word: "CONFIRMED".to_owned(),
        reason: None,
        lines: vec![OrderLine {
            sku: "790001002".parse().unwrap(),
            title: "Straight kurta red M".to_owned(),
            variation: Some("red M".to_owned()),
            quantity: 1,
            cancelled: 0,
            price: None,
            item: Some("S900000001-1".to_owned()),
            supply: Some(SupplyPrice {
                base: Paise::new(58_095),
                tax: None,
            }),
            hsn: Some("62114290".to_owned()),
        }],
        ordered_at: Some(at("2026-01-01T09:16:15Z")),
        dispatch_by: Some(DispatchBy {
            at: at("2026-01-02T09:16:15Z"),
            rule: DispatchRule::HoursAfterOrder,
        }),
        supply: Supply {
            purchase_order: Some(PurchaseOrder {
                number: "4500000001".to_owned(),
                at: Some(at("2026-01-01T13:10:00Z")),
                amount: Some(Paise::new(61_000)),
                tax: Some(Paise::new(2_905)),
            }),
            invoice: None,
        },
        packet: Some(Packet {
            courier: Some("Testcourier".to_owned()),
            ..Packet::default()
        }),
        detail: Some(OrderDetail {
            payment: Some(Payment {
                mode: PaymentMode::Cod,
                collect: None,
            }),
            value: None,
            buyer: None,
        }),
    };
    assert_eq!(confirmed().await, report);
}

#[tokio::test]
async fn what_the_pendency_told_outlives_what_a_single_look_leaves_out() {
    let order = bought_order().await;
    let collect = order.payment.unwrap().collect;
    assert_eq!(
        (collect, order.value),
        (Some(Paise::new(79_900)), Some(Paise::new(79_900)))
    );
    let line = &order.lines[0];
    assert_eq!(line.price, Some(Paise::new(79_900)));
    assert_eq!(line.supply.unwrap().tax, Some(Paise::new(2_905)));
    assert_eq!(line.hsn.as_deref(), Some("62114290"));
}

#[tokio::test]
async fn every_word_of_the_contract_has_a_step_and_no_other_word_has_one() {
    for (word, step) in [
        ("CONFIRMED", Some(Step::Accept)),
        ("PACKED", Some(Step::Pack)),
        ("READY_TO_DISPATCH", Some(Step::MakeReady)),
        ("DISPATCHED", Some(Step::Ship)),
        ("DELIVERED", Some(Step::Deliver)),
        ("CANCELLED", Some(Step::Cancel)),
        ("TELEPORTED", None),
        ("delivered", None),
    ] {
        let found = changed("", json!({ "status": word })).await;
        assert_eq!(
            (found.reports[0].step, found.reports[0].word.as_str()),
            (step, word)
        );
    }
}

#[tokio::test]
async fn an_order_waits_until_its_purchase_order_has_a_number() {
    for number in [json!(""), Value::Null] {
        let found = changed("", json!({ "po_number": number, "po_date": 0 })).await;
        assert_eq!(found.reports[0].supply, Supply::default());
    }
}

#[tokio::test]
async fn pieces_are_cancelled_by_whoever_took_them_out() {
    let taken = json!({
        "quantity": 9, "customer_cancelled_qty": 1, "seller_cancelled_qty": 2,
        "seller_short_picked_qty": 3,
    });
    let found = changed("/order_lines/0", taken).await;
    let line = &found.reports[0].lines[0];
    assert_eq!((line.quantity, line.cancelled, line.to_pack()), (9, 6, 3));
    assert_eq!(found.reports[0].reason, None, "the order itself is alive");

    let mut row: Value = serde_json::from_str(fixture!("listOrders.answer")).unwrap();
    row["orders"][0]["status"] = json!("CANCELLED");
    row["orders"][0]["order_lines"][0]["customer_cancelled_qty"] = json!(1);
    let pob = Pob::answered([Reply::json(200, &row.to_string())]).await;
    let found = look_up(&pob, &["S900000001"]).await;
    let reason = found.reports[0].reason.as_deref();
    assert_eq!(reason, Some("cancelled by buyer"));
}

#[tokio::test]
async fn a_packed_order_tells_its_parcel() {
    let found = changed("", json!({"tracking_number": "TC000000001IN"})).await;
    let packet = found.reports[0].packet.as_ref().unwrap();
    let awb = packet.awb.as_ref().unwrap().as_str();
    assert_eq!(
        (awb, packet.courier.as_deref()),
        ("TC000000001IN", Some("Testcourier"))
    );
}

#[tokio::test]
async fn lines_without_products_are_left_to_the_pendency_unless_pieces_are_gone() {
    let bare = json!({"item_details": null});
    let found = changed("/order_lines/0", bare).await;
    assert!(found.reports[0].lines.is_empty());
    let gone = json!({"item_details": null, "seller_cancelled_qty": 1});
    let found = changed("/order_lines/0", gone).await;
    assert!(found.refused[0].reason.contains("item_details"));
}

#[tokio::test]
async fn orders_are_asked_for_by_id_fifty_at_a_time() {
    let numbers: Vec<_> = (0..51).map(|n| format!("S{n}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let answers = [NOTHING, NOTHING, NOTHING];
    let pob = Pob::answered(answers.map(|it| Reply::json(200, it))).await;

    let found = look_up(&pob, &numbers).await;

    assert_eq!(found.unknown.len(), 51);
    let asked = pob.ajio.asked();
    let first = format!(
        "/ds/hub/orders?orderIds={}&pageNumber=1&pageSize=50",
        numbers[..50].join("%2C")
    );
    assert_eq!(asked[0].call(), ("GET", first.as_str()));
    let second = "/ds/hub/orders?orderIds=S50&pageNumber=1&pageSize=50";
    assert_eq!(asked[1].path, second);
    assert!(asked[2].path.starts_with("/ds/hub/orders/pendency?"));
}

#[tokio::test]
async fn an_order_that_is_not_acknowledged_yet_is_found_in_the_pendency() {
    let pob = Pob::answered([
        Reply::json(200, NOTHING),
        Reply::json(200, fixture!("listPendency.answer")),
    ])
    .await;
    let found = look_up(&pob, &["S900000001", "S900000009"]).await;
    assert_eq!(found.reports[0].word, "PENDENCY");
    assert_eq!(found.unknown, ["S900000009".parse().unwrap()]);
}

#[tokio::test]
async fn the_pendency_is_not_asked_when_nothing_is_missing() {
    let pob = Pob::answered([Reply::json(200, fixture!("listOrders.answer"))]).await;
    let found = look_up(&pob, &["S900000001"]).await;
    assert_eq!((found.reports.len(), found.unknown.len()), (1, 0));
    pob.one_call();
}

#[tokio::test]
async fn the_pendency_is_read_no_further_than_needed() {
    let first = fixture!("listPendency.answer").replace(r#""totalPages": 1"#, r#""totalPages": 3"#);
    let pob = Pob::answered([Reply::json(200, NOTHING), Reply::json(200, &first)]).await;
    let found = look_up(&pob, &["S900000001"]).await;
    assert_eq!(found.reports.len(), 1);
    assert_eq!(pob.ajio.asked().len(), 2);
}

#[tokio::test]
async fn an_answer_over_two_pages_is_read_whole() {
    let first = fixture!("listOrders.answer").replace(r#""totalPages": 1"#, r#""totalPages": 2"#);
    let second = first.replace("S900000001", "S900000002");
    let pob = Pob::answered([first, second].map(|it| Reply::json(200, &it))).await;
    let found = look_up(&pob, &["S900000001", "S900000002"]).await;
    assert_eq!((found.reports.len(), found.unknown.len()), (2, 0));
}

#[tokio::test]
async fn an_order_that_was_not_asked_for_is_not_believed() {
    let pob = Pob::answered([
        Reply::json(200, fixture!("listOrders.answer")),
        Reply::json(200, NOTHING),
    ])
    .await;
    let found = look_up(&pob, &["S900000009"]).await;
    assert!(found.reports.is_empty());
    assert_eq!(found.refused[0].reason, "order_id: was not asked for");
    assert_eq!(found.unknown, ["S900000009".parse().unwrap()]);
}

#[tokio::test]
async fn an_order_that_cannot_be_read_is_neither_unknown_nor_forgotten() {
    let found = changed("/order_lines/0", json!({"quantity": "Asha"})).await;
    assert_eq!(
        found.refused[0].reason,
        "order_lines[0].quantity: cannot be read"
    );
    assert_eq!((found.reports.len(), found.unknown.len()), (0, 0));
}
