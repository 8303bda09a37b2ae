//! What comes back.

use haat_domain::{Condition, ReturnKind, ReturnLine, ReturnReport, ReturnStage};
use haat_ports::{CheckedItem, CreditNote, ErrorKind, Pause, Reading, ReturnPage};
use serde_json::{Value, json};

use crate::pob::{Pob, at, fixture};
use crate::script::Reply;

async fn changed(pointer: &str, change: Value) -> ReturnPage {
    let mut page: Value = serde_json::from_str(fixture!("listReturns.answer")).unwrap();
    let place = page.pointer_mut(&format!("/orders/0{pointer}")).unwrap();
    let place = place.as_object_mut().unwrap();
    place.extend(change.as_object().unwrap().clone());
    let pob = Pob::answered([Reply::json(200, &page.to_string())]).await;
    let feed = pob.feed("returns");
    pob.returns().page(feed, None).await.unwrap()
}

fn item(item: &str, condition: Condition, remark: &str) -> CheckedItem {
    CheckedItem {
        item: item.to_owned(),
        order_line: "S900000001-1".to_owned(),
        pieces: 1,
        condition,
        remark: remark.to_owned(),
    }
}

#[tokio::test]
async fn a_return_tells_who_sends_what_back() {
    let page = changed("", json!({})).await;
    let report = ReturnReport {
        number: "RT70000001".parse().unwrap(),
        order: "S900000001".parse().unwrap(),
        stage: Some(ReturnStage::OnItsWay),
        word: "RETURN_CREATED".to_owned(),
        kind: Some(ReturnKind::Rto),
        reason: None,
        awb: Some("TC000000002IN".parse().unwrap()),
        courier: None,
        began_at: Some(at("2026-01-09T23:06:40Z")),
        expected_at: None,
        lines: vec![ReturnLine {
            item: "RT70000001-1".to_owned(),
            order_line: "S900000001-1".to_owned(),
            sku: None,
            title: None,
            variation: None,
            pieces: 1,
            cancelled: 0,
        }],
    };
    assert_eq!(page.reports, [report]);
    assert_eq!((page.next, page.marks.len()), (None, 1));
}

#[tokio::test]
async fn words_that_nobody_knows_are_kept() {
    for (word, stage) in [
        ("RETURN_INITIATED", Some(ReturnStage::Asked)),
        ("RETURN_DELIVERED", Some(ReturnStage::Received)),
        ("RETURN_PROCESSED", Some(ReturnStage::Settled)),
        ("RETURN_CANCELLED", Some(ReturnStage::Cancelled)),
        ("RETURN_LOST", None),
    ] {
        let page = changed("", json!({"return_status": word, "return_type": "OTHER"})).await;
        let report = &page.reports[0];
        assert_eq!((report.stage, report.word.as_str()), (stage, word));
        assert_eq!(report.kind, None);
    }
    let page = changed("", json!({"return_type": "CUSTOMER_RETURN"})).await;
    assert_eq!(page.reports[0].kind, Some(ReturnKind::Buyer));
}

#[tokio::test]
async fn a_return_that_cannot_be_read_names_its_order() {
    let page = changed("", json!({"return_order_id": "RT 1"})).await;
    let refused = &page.refused[0];
    assert_eq!(refused.number.as_ref().unwrap().as_str(), "S900000001");
    assert!(refused.reason.starts_with("return_order_id:"));
}

#[tokio::test]
async fn two_months_of_returns_are_asked_for() {
    let pob = Pob::answered([Reply::json(200, fixture!("listReturns.answer"))]).await;
    let feed = pob.feed("returns");
    assert_eq!(feed.reading, Reading::Whole);
    let (usual, longest) = (30, 360);
    assert_eq!(feed.pause, Pause::Minutes { usual, longest });
    pob.returns().page(feed, None).await.unwrap();
    // Sixty days before the first of January.
    let path = "/ds/hub/return?pageNumber=1&pageSize=50&returnDateFrom=2025-11-02T00%3A00%3A00";
    assert_eq!(pob.one_call().call(), ("GET", path));
}

#[tokio::test]
async fn the_profile_leaves_the_assumed_filter_out() {
    let page = Reply::json(200, fixture!("listReturns.answer"));
    let pob = Pob::with(r#"{"returns_from": null}"#, [page]).await;
    let feed = pob.feed("returns");
    pob.returns().page(feed, None).await.unwrap();
    assert_eq!(
        pob.one_call().path,
        "/ds/hub/return?pageNumber=1&pageSize=50"
    );
}

#[tokio::test]
async fn a_return_is_checked_piece_by_piece() {
    let pob = Pob::answered([Reply::json(200, fixture!("performQc.answer"))]).await;
    let number = "RT70000001".parse().unwrap();
    let good = item("RT70000001-1", Condition::Good, "");
    pob.return_checks().check(&number, &[good]).await.unwrap();
    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/return/qc"));
    let example: Value = serde_json::from_str(fixture!("performQc.request")).unwrap();
    assert_eq!(asked.json(), example);

    for (condition, word) in [(Condition::Bad, "BAD"), (Condition::Missing, "MISSING")] {
        let pob = Pob::answered([Reply::json(200, fixture!("performQc.answer"))]).await;
        let bad = item("RT70000001-1", condition, "torn");
        pob.return_checks().check(&number, &[bad]).await.unwrap();
        let sent = pob.one_call().json();
        assert_eq!(sent["return_items"][0]["qc_code"], word);
        assert_eq!(sent["return_items"][0]["reason"], "torn");
    }
}

#[tokio::test]
async fn a_check_is_refused_unclear_or_makes_no_sense() {
    let check = async |replies: Vec<Reply>, items: &[CheckedItem]| {
        let pob = Pob::answered(replies).await;
        let number = "RT70000001".parse().unwrap();
        let kind = pob
            .return_checks()
            .check(&number, items)
            .await
            .unwrap_err()
            .kind;
        pob.ajio.asked();
        kind
    };
    let good = item("RT70000001-1", Condition::Good, "");
    for (body, kind) in [
        (
            r#"{"status": "FAILED", "error_message": "done already"}"#,
            ErrorKind::Rejected,
        ),
        (r#"{"status": "LATER"}"#, ErrorKind::Ambiguous),
        ("[]", ErrorKind::Ambiguous),
    ] {
        let reply = vec![Reply::json(200, body)];
        assert_eq!(check(reply, std::slice::from_ref(&good)).await, kind);
    }
    let mut none = good;
    none.pieces = 0;
    assert_eq!(check(vec![], &[]).await, ErrorKind::Rejected);
    assert_eq!(check(vec![], &[none]).await, ErrorKind::Rejected);
}

#[tokio::test]
async fn a_parcel_that_came_back_unannounced_is_announced() {
    let announce = async |body: &str| {
        let pob = Pob::answered([Reply::json(200, body)]).await;
        let items = [item("790001002", Condition::Good, "undelivered")];
        let order = "S900000001".parse().unwrap();
        let number = pob.return_checks().announce(&order, &items).await;
        (number, pob.one_call())
    };
    let (number, asked) = announce(fixture!("createRto.answer.done")).await;
    assert_eq!(number.unwrap().as_str(), "RT70000002");
    assert_eq!(asked.call(), ("POST", "/ds/hub/return/rto"));
    let example: Value = serde_json::from_str(fixture!("createRto.request")).unwrap();
    assert_eq!(asked.json(), example);

    let (refused, _) = announce(fixture!("createRto.answer.refused")).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Rejected);
    assert!(refused.said.contains("a return already exists"));
    let (nameless, _) = announce(r#"{"status": "SUCCESS"}"#).await;
    assert_eq!(nameless.unwrap_err().kind, ErrorKind::Ambiguous);
}

#[tokio::test]
async fn ajios_invoice_for_a_return_is_there_or_not_yet() {
    let asked_for = async |reply: Reply| {
        let pob = Pob::answered([reply]).await;
        let number = "RT70000001".parse().unwrap();
        let invoice = pob.return_checks().sales_invoice(&number).await;
        let path = "/ds/hub/return/rsi?returnOrderId=RT70000001";
        assert_eq!(pob.one_call().call(), ("GET", path));
        invoice
    };
    let example = fixture!("getReturnSalesInvoice.answer");
    let invoice = asked_for(Reply::json(200, example)).await.unwrap().unwrap();
    assert_eq!(invoice.number, "RSI-1");
    assert_eq!(invoice.at, Some(at("2026-01-13T10:26:40Z")));
    assert_eq!(invoice.invoice.as_deref(), Some("HUB/26-27/00123"));
    for reply in [
        Reply::json(409, fixture!("error.notReady")),
        Reply::json(404, fixture!("error.notFound")),
        Reply::json(
            200,
            r#"{"return_order_id": "RT70000001", "rsi_number": ""}"#,
        ),
    ] {
        assert_eq!(asked_for(reply).await.unwrap(), None);
    }
    let others = example.replace("RT70000001", "RT70000009");
    let error = asked_for(Reply::json(200, &others)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn a_credit_note_is_handed_in_with_its_paper() {
    let pob = Pob::answered([Reply::json(200, fixture!("postCreditNote.answer"))]).await;
    let note = CreditNote {
        number: "RT70000001".parse().unwrap(),
        note: "CN-1".to_owned(),
        at: at("2026-01-13T10:26:40Z"),
        pdf: b"%PDF-1.4\n".to_vec(),
    };
    pob.return_checks().credit(&note).await.unwrap();
    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/return/creditNote"));
    // The example's blank e-invoice is left out: the contract wants none of it.
    let mut example: Value = serde_json::from_str(fixture!("postCreditNote.request")).unwrap();
    let fields = example.as_object_mut().unwrap();
    fields.retain(|name, _| name.starts_with("credit_note") || name == "return_order_id");
    assert_eq!(asked.json(), example);
}
