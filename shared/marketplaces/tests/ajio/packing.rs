//! Packing: the seller's invoice to AJIO goes out, courier and AWB come back. And telling that
//! parcels are ready.

use std::time::Duration;

use haat_domain::{Packet, Parcel, Step};
use haat_ports::{ErrorKind, MarketplaceError, Packing};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::pob::{Pob, at, bought_order, fixture, new_order};
use crate::script::Reply;

fn packing() -> Packing {
    Packing {
        parcel: Parcel {
            weight_grams: 350,
            length_mm: 300,
            breadth_mm: 250,
            height_mm: 30,
        },
        invoice: Some("HUB/26-27/00123".parse().unwrap()),
        invoiced_at: at("2026-01-01T14:10:00Z"),
    }
}

async fn packed(body: &str) -> Result<haat_domain::OrderReport, MarketplaceError> {
    let pob = Pob::answered([Reply::json(200, body)]).await;
    pob.shipping().pack(&bought_order().await, &packing()).await
}

#[tokio::test]
async fn an_order_is_packed_against_its_purchase_order() {
    let pob = Pob::answered([Reply::json(200, fixture!("generateB2bInvoice.answer"))]).await;
    let order = bought_order().await;

    let report = pob.shipping().pack(&order, &packing()).await.unwrap();

    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/orders/b2bInvoice"));
    let example: Value = serde_json::from_str(fixture!("generateB2bInvoice.request")).unwrap();
    assert_eq!(asked.json(), example);
    assert_eq!(
        (report.step, report.word.as_str()),
        (Some(Step::Pack), "PACKED")
    );
    let packet = Packet {
        awb: Some("TC000000001IN".parse().unwrap()),
        courier: Some("Testcourier".to_owned()),
        ..Packet::default()
    };
    assert_eq!(report.packet, Some(packet));
    let invoice = report.supply.invoice.unwrap();
    assert_eq!(invoice.number.as_str(), "HUB/26-27/00123");
    assert_eq!(invoice.at, at("2026-01-01T14:10:00Z"));
}

#[tokio::test]
async fn millimetres_become_centimetres_to_the_digit() {
    let pob = Pob::answered([Reply::json(200, fixture!("generateB2bInvoice.answer"))]).await;
    let mut packing = packing();
    packing.invoice = None;
    packing.parcel = Parcel {
        weight_grams: 1,
        length_mm: 2_999,
        breadth_mm: 3,
        height_mm: 10,
    };
    let order = bought_order().await;
    pob.shipping().pack(&order, &packing).await.unwrap();
    let sent = pob.one_call();
    let sizes = r#""length_cm":299.9,"breadth_cm":0.3,"height_cm":1,"#;
    assert!(sent.body.contains(sizes), "{}", sent.body);
    assert!(!sent.body.contains("invoice_number"), "{}", sent.body);
}

#[tokio::test]
async fn the_number_in_force_may_be_ajios_own() {
    let own = fixture!("generateB2bInvoice.answer").replace("HUB/26-27/00123", "AJ-77");
    let report = packed(&own).await.unwrap();
    let number = report.supply.invoice.unwrap().number;
    assert_eq!(number.as_str(), "AJ-77");

    let bare = r#"{"status": "SUCCESS", "order_id": "S900000001"}"#;
    let report = packed(bare).await.unwrap();
    let number = report.supply.invoice.unwrap().number;
    assert_eq!((number.as_str(), report.packet), ("HUB/26-27/00123", None));
    assert_eq!(report.step, Some(Step::Pack));
}

#[tokio::test]
async fn nothing_is_packed_before_the_purchase_order() {
    let pob = Pob::answered([]).await;
    let error = pob.shipping().pack(&new_order().await, &packing()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotReady);
    assert!(error.is_temporary());
    let mut empty = bought_order().await;
    empty.lines[0].cancelled = 1;
    let error = pob.shipping().pack(&empty, &packing()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(pob.ajio.asked().is_empty());
    let wait = pob.shipping().purchase_order_within();
    assert_eq!(wait, Some(SignedDuration::from_hours(48)));
    assert_eq!(pob.shipping().paper_takes(), Duration::from_secs(3_600));
}

#[tokio::test]
async fn a_refused_invoice_says_why() {
    let failed =
        r#"{"status": "FAILED", "order_id": "S900000001", "error_message": "weight is missing"}"#;
    let error = packed(failed).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert_eq!(
        error.to_string(),
        "ajio generateB2bInvoice: weight is missing"
    );
}

#[tokio::test]
async fn what_ajio_does_not_know_yet_is_waited_for() {
    let pob = Pob::answered([Reply::json(409, fixture!("error.notReady"))]).await;
    let error = pob.shipping().pack(&bought_order().await, &packing()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotReady);
    assert_eq!(
        error.to_string(),
        "ajio generateB2bInvoice: not ready yet: PO_NOT_READY: no purchase order for this order \
         yet (409)"
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_trusted_is_ambiguous() {
    let good = fixture!("generateB2bInvoice.answer");
    for body in [
        good.replace("S900000001", "S900000002"),
        good.replace("SUCCESS", "PERHAPS"),
        good.replace("SUCCESS", "PARTIAL_SUCCESS"),
        good.replace("TC000000001IN", "TC 1"),
        good.replace("HUB/26-27/00123", "HUB/2026-2027/00123"),
        good.replace("1767276600", "9999999999999"),
        "{}".to_owned(),
    ] {
        let error = packed(&body).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Ambiguous, "{error}");
    }
}

#[tokio::test]
async fn parcels_are_told_to_be_ready_fifty_at_a_time() {
    let numbers: Vec<_> = (0..51).map(|n| format!("S{n}").parse().unwrap()).collect();
    let failed = r#"{"status": "PARTIAL_SUCCESS", "failed_items": [
        {"order_id": "S50", "error_message": "no label yet"}]}"#;
    let pob = Pob::answered([
        Reply::json(200, fixture!("markReadyToDispatch.answer")),
        Reply::json(200, failed),
    ])
    .await;

    let refused = pob.shipping().make_ready(&numbers).await.unwrap();

    let refused: Vec<_> = refused
        .iter()
        .map(|it| (it.number.as_str(), it.said.as_str()))
        .collect();
    assert_eq!(refused, [("S50", "no label yet")]);
    let asked = pob.ajio.asked();
    let path = "/ds/hub/orders/readyToDispatch";
    assert_eq!(asked[0].call(), ("POST", path));
    assert_eq!(asked[0].json()["order_ids"].as_array().unwrap().len(), 50);
    assert_eq!(asked[1].json(), json!({"order_ids": ["S50"]}));
}

#[tokio::test]
async fn a_lost_word_that_parcels_are_ready_may_be_said_again() {
    let ready = async |reply| {
        let pob = Pob::answered([reply]).await;
        let numbers = ["S1", "S2"].map(|number| number.parse().unwrap());
        pob.shipping().make_ready(&numbers).await
    };
    let lost = ready(Reply::json(500, "{}")).await.unwrap_err();
    assert_eq!(lost.kind, ErrorKind::Unavailable);
    let garbled = ready(Reply::json(200, "[]")).await.unwrap_err();
    assert_eq!(garbled.kind, ErrorKind::Malformed);
    let all = r#"{"status": "FAILED", "failed_items": [{"order_id": "S1", "error_message": "a"},
        {"order_id": "S1", "error_message": "b"}, {"order_id": "S9", "error_message": "c"}]}"#;
    let refused = ready(Reply::json(200, all)).await.unwrap();
    let said: Vec<_> = refused.iter().map(|it| it.said.as_str()).collect();
    assert_eq!(
        said,
        ["a; b", "not done, for others in the same call failed"]
    );
}
