//! What comes back.

use haat_sandbox::ajio::{
    Ajio, NewPob, Options, QcCode, ReturnKind, ReturnModel, ReturnState, Scenario, ScenarioRequest,
    Seed, State,
};
use serde_json::{Value, json};

use crate::client::{Api, POB, one, open_shop_with, patient};

const DAY: i64 = 86_400;

async fn rows(api: &Api, query: &str) -> Vec<Value> {
    let (status, page) = api.get(&format!("/return{query}")).await;
    assert_eq!(status, 200, "{page}");
    page["orders"].as_array().unwrap().clone()
}

/// A return of two units of one line that has arrived.
fn arrived(ajio: &Ajio) -> String {
    let control = ajio.control();
    let seed = Seed::new(POB, State::Delivered, 1).quantity(2);
    let order = control.seed(&seed).unwrap().remove(0);
    let id = control
        .start_return(&order, ReturnKind::CustomerReturn)
        .unwrap();
    control.advance_seconds(5 * DAY).unwrap();
    id
}

fn qc(id: &str, order: &str, parts: &[(u64, &str)]) -> Value {
    let items = parts.iter().map(|(quantity, code)| {
        json!({"return_item_id": format!("{id}-1"), "order_item_id": format!("{order}-1"),
            "quantity": quantity, "qc_code": code, "reason": ""})
    });
    json!({"return_order_id": id, "return_items": items.collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_parcel_that_cannot_be_delivered_comes_back_by_the_clock() {
    let (ajio, api) = open_shop_with(patient()).await;
    let control = ajio.control();
    let request = ScenarioRequest {
        name: Scenario::Rto,
        pob: POB.to_owned(),
        seed: None,
        count: None,
    };
    let id = control.scenario(&request).unwrap().remove(0);
    for _ in 0..4 {
        control.advance_order(&id).unwrap();
    }
    assert!(rows(&api, "").await.is_empty());
    let mut seen = Vec::new();
    for days in [5, 1, 4] {
        control.advance_seconds(days * DAY).unwrap();
        seen.push(rows(&api, "").await[0]["return_status"].clone());
    }
    assert_eq!(
        seen,
        ["RETURN_INITIATED", "RETURN_CREATED", "RETURN_DELIVERED"]
    );
    let row = &rows(&api, "?returnType=RTO").await[0];
    assert_eq!(
        (&row["order_id"], &row["return_type"]),
        (&json!(id), &json!("RTO"))
    );
    assert!(rows(&api, "?returnType=CUSTOMER_RETURN").await.is_empty());
    assert!(rows(&api, "?returnDateFrom=2026-10-01").await.is_empty());
    assert_eq!(api.get("/return?returnType=LOST").await.0, 400);
    assert_eq!(
        api.order(&id).await["status"],
        "DISPATCHED",
        "no order status tells of it"
    );
}

#[tokio::test]
async fn qc_speaks_of_units_and_the_last_one_ends_the_return() {
    let (ajio, api) = open_shop_with(patient()).await;
    let id = arrived(&ajio);
    let order = ajio.control().returns()[0].order_id.clone();
    let good = json!({"status": "SUCCESS", "error_message": ""});
    let first = qc(&id, &order, &[(1, "GOOD")]);
    let path = "/return/qc";
    assert_eq!(api.post(path, &first).await.1, good);
    assert_eq!(
        api.post(path, &first).await.1,
        good,
        "the same again is nothing new"
    );
    assert_eq!(rows(&api, "").await[0]["return_status"], "RETURN_DELIVERED");
    let (_, more) = api.post(path, &qc(&id, &order, &[(2, "BAD")])).await;
    assert_eq!(more["error_message"], "not what came back");
    assert_eq!(
        api.post(path, &qc(&id, &order, &[(1, "MISSING")])).await.1,
        good
    );
    assert_eq!(rows(&api, "").await[0]["return_status"], "RETURN_PROCESSED");
    let checked = ajio.control().returns()[0].items[0].checked.clone();
    assert_eq!(checked, [(QcCode::Good, 1), (QcCode::Missing, 1)]);
    assert_eq!(ajio.control().counters().qcs[&id].done, 2);
}

#[tokio::test]
async fn qc_waits_for_the_parcel() {
    let (ajio, api) = open_shop_with(patient()).await;
    let order = one(&ajio, State::Dispatched);
    let id = ajio
        .control()
        .start_return(&order, ReturnKind::Rto)
        .unwrap();
    let (_, early) = api
        .post("/return/qc", &qc(&id, &order, &[(1, "GOOD")]))
        .await;
    assert_eq!(early["error_message"], "return has not arrived");
    let (_, unknown) = api
        .post("/return/qc", &qc("RT1", &order, &[(1, "GOOD")]))
        .await;
    assert_eq!(unknown["error_message"], "unknown return");
    assert_eq!(
        api.post("/return/qc", &qc(&id, &order, &[(1, "FINE")]))
            .await
            .0,
        400
    );
    assert_eq!(api.post("/return/qc", &qc(&id, &order, &[])).await.0, 400);
}

#[tokio::test]
async fn a_parcel_nobody_announced_is_announced_once() {
    let (ajio, api) = open_shop_with(patient()).await;
    let order = ajio
        .control()
        .seed(&Seed::new(POB, State::Dispatched, 1).quantity(2))
        .unwrap()
        .remove(0);
    let code = ajio.control().order(&order).unwrap().lines[0]
        .item_code
        .clone();
    let rto = |order: &str, quantity: u64| {
        json!({"order_id": order, "order_items": [{"item_id": code, "order_item_id": format!("{order}-1"),
            "quantity": quantity, "qc_code": "GOOD", "reason": "undelivered"}]})
    };
    let path = "/return/rto";
    let (_, too_many) = api.post(path, &rto(&order, 3)).await;
    assert_eq!(too_many["error_message"], "not what was dispatched");
    let (_, done) = api.post(path, &rto(&order, 2)).await;
    assert_eq!(done["status"], "SUCCESS");
    assert_eq!(
        rows(&api, "").await[0]["return_order_id"],
        done["return_order_id"]
    );
    let (_, again) = api.post(path, &rto(&order, 2)).await;
    let refused = json!({"status": "FAILED", "return_order_id": "", "error_message": "a return already exists"});
    assert_eq!(again, refused);
    let (_, early) = api.post(path, &rto(&one(&ajio, State::Packed), 1)).await;
    assert_eq!(early["error_message"], "order was not dispatched");
    assert_eq!(ajio.control().counters().rtos[&order].done, 1);
}

#[tokio::test]
async fn ajio_raises_its_invoice_when_the_return_is_processed() {
    let (ajio, api) = open_shop_with(patient()).await;
    let id = arrived(&ajio);
    let order = ajio.control().returns()[0].order_id.clone();
    let path = format!("/return/rsi?returnOrderId={id}");
    let (status, body) = api.get(&path).await;
    assert_eq!((status, &body["code"]), (409, &json!("DOCUMENT_NOT_READY")));
    api.post("/return/qc", &qc(&id, &order, &[(2, "GOOD")]))
        .await;
    let (_, rsi) = api.get(&path).await;
    let forward = ajio.control().order(&order).unwrap().b2b_invoice.unwrap();
    assert_eq!(
        (&rsi["order_id"], &rsi["forward_invoice_number"]),
        (&json!(order), &json!(forward))
    );
    let file = api.fetch(rsi["rsi_pdf_url"].as_str().unwrap()).await;
    assert!(file.bytes().await.unwrap().starts_with(b"%PDF-"));
    assert_eq!(api.get("/return/rsi?returnOrderId=RT1").await.0, 404);
    let note = json!({"return_order_id": id, "credit_note_number": "CN-1", "credit_note_date": 1});
    let (_, refused) = api.post("/return/creditNote", &note).await;
    assert_eq!(
        refused["error_message"],
        "this account gets return sales invoices"
    );
}

#[tokio::test]
async fn a_credit_note_is_posted_once_for_a_processed_return() {
    let pob = NewPob {
        returns: ReturnModel::CreditNote,
        ..NewPob::default()
    };
    let (ajio, api) = open_shop_with(Options {
        pobs: vec![pob],
        ..patient()
    })
    .await;
    let id = arrived(&ajio);
    let note = |number: &str| json!({"return_order_id": id, "credit_note_number": number, "credit_note_date": 1});
    let path = "/return/creditNote";
    assert_eq!(
        api.post(path, &note("CN-1")).await.1["error_message"],
        "return is not processed"
    );
    ajio.control()
        .move_return(&id, ReturnState::Processed)
        .unwrap();
    let good = json!({"status": "SUCCESS", "error_message": ""});
    assert_eq!(api.post(path, &note("CN-1")).await.1, good);
    assert_eq!(api.post(path, &note("CN-1")).await.1, good);
    let (_, other) = api.post(path, &note("CN-2")).await;
    assert_eq!(
        other["error_message"],
        "another credit note was posted before"
    );
    assert_eq!(ajio.control().counters().credit_notes[&id].done, 1);
    assert_eq!(
        api.get(&format!("/return/rsi?returnOrderId={id}")).await.0,
        404
    );
}
