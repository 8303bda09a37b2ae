//! Acknowledging orders, in whole and in part, and cancelling them.

use std::collections::BTreeMap;

use haat_domain::{Order, Stage};
use haat_ports::{ErrorKind, MarketplaceError};
use serde_json::{Value, json};

use crate::pob::{Pob, bought_order, fixture, new_order};
use crate::script::Reply;

const TAKEN: &str = fixture!("acknowledgeOrder.answer.taken");

fn example(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The example's new order with two lines of so many pieces.
async fn order_of(pieces: [u32; 2]) -> Order {
    let mut order = new_order().await;
    let mut second = order.lines[0].clone();
    second.item = Some("S900000001-2".to_owned());
    order.lines.push(second);
    for (line, pieces) in order.lines.iter_mut().zip(pieces) {
        line.quantity = pieces;
    }
    order
}

async fn accepted(
    order: &Order,
    without: &[(&str, u32)],
    reply: Reply,
) -> (Result<(), MarketplaceError>, Value) {
    let pob = Pob::answered([reply]).await;
    let without = without.iter().map(|(item, n)| ((*item).to_owned(), *n));
    let done = pob.shipping().accept(order, &without.collect()).await;
    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/orders"));
    (done, asked.json())
}

#[tokio::test]
async fn an_order_is_acknowledged_with_all_its_pieces() {
    let (done, sent) = accepted(&new_order().await, &[], Reply::json(200, TAKEN)).await;
    done.unwrap();
    assert_eq!(sent, example(fixture!("acknowledgeOrder.request.accept")));
}

#[tokio::test]
async fn pieces_that_are_left_out_are_cancelled_and_every_line_is_named() {
    let order = order_of([1, 1]).await;
    let without = [("S900000001-2", 1)];
    let (done, sent) = accepted(&order, &without, Reply::json(200, TAKEN)).await;
    done.unwrap();
    let partial = fixture!("acknowledgeOrder.request.partial");
    let partial = partial.replace("S900000002", "S900000001");
    assert_eq!(sent, example(&partial));

    let order = order_of([3, 5]).await;
    let without = [("S900000001-1", 2)];
    let (_, sent) = accepted(&order, &without, Reply::json(200, TAKEN)).await;
    let line = |item: &str, confirmed: u32, cancelled: u32| json!({"order_item_id": item, "confirmed_quantity": confirmed, "cancelled_quantity": cancelled});
    let lines = json!([line("S900000001-1", 1, 2), line("S900000001-2", 5, 0)]);
    assert_eq!(sent["order_lines"], lines);
}

#[tokio::test]
async fn what_was_cancelled_before_still_counts_as_ordered() {
    let mut order = order_of([3, 2]).await;
    order.lines[1].cancelled = 1;
    let (_, sent) = accepted(&order, &[], Reply::json(200, TAKEN)).await;
    let second = &sent["order_lines"][1];
    assert_eq!(
        (&second["confirmed_quantity"], &second["cancelled_quantity"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_without_a_call() {
    let pob = Pob::answered([]).await;
    let order = order_of([1, 2]).await;
    for without in [
        vec![("S900000001-1", 1), ("S900000001-2", 2)],
        vec![("S900000001-1", 2)],
        vec![("S900000001-9", 1)],
    ] {
        let without: BTreeMap<_, _> = without
            .into_iter()
            .map(|(item, n)| (item.to_owned(), n))
            .collect();
        let refused = pob.shipping().accept(&order, &without).await;
        assert_eq!(refused.unwrap_err().kind, ErrorKind::Rejected);
    }
    let mut nameless = order.clone();
    nameless.lines[1].item = None;
    let waiting = pob.shipping().accept(&nameless, &BTreeMap::new()).await;
    assert_eq!(waiting.unwrap_err().kind, ErrorKind::NotReady);
    assert!(pob.ajio.asked().is_empty());
}

#[tokio::test]
async fn a_refusal_inside_of_a_good_answer_is_a_refusal() {
    let refused = fixture!("acknowledgeOrder.answer.refused");
    let (done, _) = accepted(&new_order().await, &[], Reply::json(200, refused)).await;
    let error = done.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert_eq!(
        error.to_string(),
        "ajio acknowledgeOrder: order already cancelled"
    );
}

#[tokio::test]
async fn an_answer_that_does_not_tell_of_the_order_is_ambiguous() {
    for body in [
        r#"{"success": [], "failed_items": []}"#.to_owned(),
        TAKEN.replace("S900000001", "S900000002"),
        TAKEN.replace("Acknowledge", "Cancel"),
        r#"{"success": []}"#.to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
    ] {
        let (done, _) = accepted(&new_order().await, &[], Reply::json(200, &body)).await;
        assert_eq!(done.unwrap_err().kind, ErrorKind::Ambiguous, "{body}");
    }
}

#[tokio::test]
async fn the_profile_moves_the_acknowledgement() {
    let alias = r#"{"ack_path": "/orders/acknowledge"}"#;
    let pob = Pob::with(alias, [Reply::json(200, TAKEN)]).await;
    let order = new_order().await;
    pob.shipping()
        .accept(&order, &BTreeMap::new())
        .await
        .unwrap();
    assert_eq!(pob.one_call().path, "/ds/hub/orders/acknowledge");
}

#[tokio::test]
async fn a_new_order_is_cancelled_by_refusing_it() {
    let answer = TAKEN.replace("Acknowledge", "Cancel");
    let pob = Pob::answered([Reply::json(200, &answer)]).await;
    pob.shipping().cancel(&new_order().await).await.unwrap();
    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/orders"));
    let refuse = fixture!("acknowledgeOrder.request.refuse");
    assert_eq!(
        asked.json(),
        example(&refuse.replace("S900000003", "S900000001"))
    );
}

#[tokio::test]
async fn an_accepted_order_is_cancelled_with_all_pieces_that_are_left() {
    let done = Reply::json(200, fixture!("cancelOrder.answer.done"));
    let profile = r#"{"cancel_reason": "OUT_OF_STOCK"}"#;
    let pob = Pob::with(profile, [done]).await;
    pob.shipping().cancel(&bought_order().await).await.unwrap();
    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/orders/cancel"));
    assert_eq!(asked.json(), example(fixture!("cancelOrder.request")));

    let mut order = order_of([3, 1]).await;
    order.stage = Stage::Picking;
    order.lines[0].cancelled = 1;
    order.lines[1].cancelled = 1;
    let done = Reply::json(200, fixture!("cancelOrder.answer.done"));
    let pob = Pob::answered([done]).await;
    pob.shipping().cancel(&order).await.unwrap();
    let sent = pob.one_call().json();
    let left = json!([{"order_item_id": "S900000001-1", "cancelled_quantity": 2}]);
    assert_eq!(
        (&sent["order_lines"], &sent["reason"]),
        (&left, &json!("OTHER"))
    );
}

#[tokio::test]
async fn a_cancellation_that_comes_too_late_is_a_refusal() {
    for (body, kind, said) in [
        (
            fixture!("cancelOrder.answer.tooLate"),
            ErrorKind::Rejected,
            "already packed",
        ),
        (
            r#"{"status": "FAILED", "failed_items": []}"#,
            ErrorKind::Rejected,
            "refused without a reason",
        ),
        (
            r#"{"status": "PARTIAL_SUCCESS", "failed_items": [{"order_id": "S900000001", "error_message": "packed"}]}"#,
            ErrorKind::Rejected,
            "packed",
        ),
        (
            r#"{"status": "PARTIAL_SUCCESS", "failed_items": []}"#,
            ErrorKind::Ambiguous,
            "does not say which",
        ),
        (
            r#"{"status": "QUEUED", "failed_items": []}"#,
            ErrorKind::Ambiguous,
            "QUEUED",
        ),
    ] {
        let pob = Pob::answered([Reply::json(200, body)]).await;
        let error = pob.shipping().cancel(&bought_order().await).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.said.contains(said), "{error}");
    }
}
