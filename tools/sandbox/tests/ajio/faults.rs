//! Misbehaviour on request.

use haat_sandbox::{
    Fault, FaultKind, Outcome, Storm,
    ajio::{NewPob, Options, Seed, State},
};
use reqwest::Method;
use serde_json::json;

use crate::client::{POB, answer, ids, invoice, one, open_shop, open_shop_with};

const LIST: &str = "/orders/pendency";

#[tokio::test]
async fn a_fault_names_an_operation_of_this_contract() {
    let (ajio, _) = open_shop().await;
    let control = ajio.control();
    assert!(
        control
            .fault(Fault::status("reqPendingOrders", 500))
            .is_err()
    );
    assert!(
        control
            .fault(Fault::status("generateB2bInvoice", 500))
            .is_ok()
    );
    let storm = Storm::new(1).with(10, Fault::status("fetchOrderDetails", 500));
    assert!(control.set_storm(Some(storm)).is_err());
}

#[tokio::test]
async fn every_status_has_a_body_of_the_contract() {
    let (ajio, api) = open_shop().await;
    for (status, code) in [
        (400, "INVALID_REQUEST"),
        (401, "TOKEN_EXPIRED"),
        (403, "SHIPPING_NOT_ENABLED"),
        (404, "NOT_FOUND"),
        (409, "DOCUMENT_NOT_READY"),
        (429, "THROTTLED"),
        (500, "INTERNAL"),
    ] {
        ajio.control()
            .fault(Fault::status("listPendency", status))
            .unwrap();
        let (answered, body) = api.get(LIST).await;
        assert_eq!((answered, &body["code"]), (status, &json!(code)));
    }
}

#[tokio::test]
async fn a_lost_answer_did_the_work_and_a_dropped_call_did_not() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Confirmed);
    let po = api.po_number(&id).await;
    for (kind, packs) in [
        (FaultKind::DropBeforeCommit, 0),
        (FaultKind::LostResponse, 1),
    ] {
        ajio.control()
            .fault(Fault::new("generateB2bInvoice", kind))
            .unwrap();
        let call = api
            .call(Method::POST, "/orders/b2bInvoice")
            .json(&invoice(&id, &po));
        assert!(call.send().await.is_err(), "{kind:?}");
        assert_eq!(ajio.control().counters().invoices_of(&id).packs, packs);
    }
    let log = ajio.control().log();
    assert_eq!(log.last().unwrap().outcome, Outcome::DoneUnanswered);
    assert_eq!(log.last().unwrap().identifier, POB);
    assert_eq!(
        ajio.control()
            .counters()
            .lost_answers_of("generateB2bInvoice"),
        1
    );
    let (_, again) = api.invoice(&id).await;
    assert_eq!(again["order_status"], "PACKED");
    assert_eq!(ajio.control().counters().invoices_of(&id).packs, 1);
}

#[tokio::test]
async fn a_fault_may_be_for_one_pob_alone() {
    let pobs = vec![NewPob::default(), NewPob::new("DV900002", "other-only")];
    let (ajio, mut api) = open_shop_with(Options {
        pobs,
        ..Options::default()
    })
    .await;
    let fault = Fault::status("*", 503).of("DV900002").times(2);
    ajio.control().fault(fault).unwrap();
    assert_eq!(api.get(LIST).await.0, 200);
    // The log-in is a call of the POB that it names.
    assert_eq!(api.try_log_in("DV900002", "other-only").await.0, 503);
    let (_, body) = api
        .post(
            "/authToken",
            &json!({"username": "DV900002", "password": "other-only"}),
        )
        .await;
    assert_eq!(body["code"], "INTERNAL");
    api.log_in("DV900002", "other-only").await;
}

#[tokio::test]
async fn html_comes_with_200_and_with_403_and_json_is_cut() {
    let (ajio, api) = open_shop().await;
    for (kind, status) in [
        (FaultKind::HtmlInsteadOfJson, 200),
        (FaultKind::EdgeBlock, 403),
    ] {
        ajio.control()
            .fault(Fault::new("listPendency", kind))
            .unwrap();
        let answer = api.call(Method::GET, LIST).send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert!(answer.text().await.unwrap().contains("<html>"));
    }
    ajio.control()
        .fault(Fault::new("listPendency", FaultKind::TruncatedJson))
        .unwrap();
    let cut = api.call(Method::GET, LIST).send().await.unwrap();
    assert_eq!(cut.headers()["content-type"], "application/json");
    assert!(cut.json::<serde_json::Value>().await.is_err());
}

#[tokio::test]
async fn pages_repeat_shift_and_overlap() {
    let (ajio, api) = open_shop().await;
    let seeded = ajio
        .control()
        .seed(&Seed::new(POB, State::Pendency, 6))
        .unwrap();
    let second = "/orders/pendency?pageNumber=2&pageSize=2";
    for (kind, expected) in [
        (FaultKind::RepeatPage, vec![0, 1]),
        (FaultKind::DuplicateRow, vec![1, 2, 3]),
        // The consumer cancels the first one; all others move up.
        (FaultKind::PageShift, vec![3, 4]),
    ] {
        ajio.control()
            .fault(Fault::new("listPendency", kind))
            .unwrap();
        // A first page cannot suffer it.
        assert_eq!(
            ids(&api.get("/orders/pendency?pageSize=2").await.1),
            seeded[..2]
        );
        let (_, page) = api.get(second).await;
        let expected: Vec<String> = expected
            .into_iter()
            .map(|index: usize| seeded[index].clone())
            .collect();
        assert_eq!(ids(&page), expected, "{kind:?}");
    }
    assert_eq!(api.order(&seeded[0]).await["status"], "CANCELLED");
}

#[tokio::test]
async fn one_row_is_broken_and_the_others_are_good() {
    let (ajio, api) = open_shop().await;
    let seeded = ajio
        .control()
        .seed(&Seed::new(POB, State::Confirmed, 2))
        .unwrap();
    let path = format!("/orders?orderIds={},{}", seeded[0], seeded[1]);
    let list = "listOrders";
    ajio.control()
        .fault(Fault::new(list, FaultKind::MalformedRow))
        .unwrap();
    let (_, page) = api.get(&path).await;
    assert_eq!(page["orders"][0]["order_lines"][0]["quantity"], "three");
    assert!(page["orders"][1]["order_lines"][0]["quantity"].is_u64());
    ajio.control()
        .fault(Fault::new(list, FaultKind::MalformedRow).field("item_details"))
        .unwrap();
    let (_, page) = api.get(&path).await;
    assert!(page["orders"][0]["order_lines"][0]["item_details"].is_null());
    ajio.control()
        .fault(Fault::new(list, FaultKind::UnknownWord))
        .unwrap();
    let (_, page) = api.get(&path).await;
    assert_eq!(page["orders"][0]["status"], "TELEPORTED");
}

#[tokio::test]
async fn a_failed_item_failed_although_nothing_stood_against_it() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let pending = one(&ajio, State::Pendency);
    for operation in ["acknowledgeOrder", "markReadyToDispatch", "updateInventory"] {
        control
            .fault(Fault::new(operation, FaultKind::FailedItem))
            .unwrap();
    }
    let failed = api.acknowledge(&pending).await;
    assert_eq!(
        (&failed["success"], &failed["failed_items"][0]["order_id"]),
        (&json!([]), &json!(pending))
    );
    assert_eq!(api.pendency().await, std::slice::from_ref(&pending));
    assert_eq!(api.acknowledge(&pending).await["failed_items"], json!([]));

    let packed = control.seed(&Seed::new(POB, State::Packed, 2)).unwrap();
    let (_, result) = api
        .post("/orders/readyToDispatch", &json!({"order_ids": packed}))
        .await;
    assert_eq!(result["status"], "PARTIAL_SUCCESS");
    assert_eq!(result["failed_items"][0]["order_id"], packed[0].as_str());
    assert_eq!(api.order(&packed[0]).await["status"], "PACKED");
    assert_eq!(api.order(&packed[1]).await["status"], "READY_TO_DISPATCH");

    let lines = [1, 2].map(|turn| {
        json!({"productId": "790001", "variantId": format!("79000100{turn}"), "inventory": "4"})
    });
    let (_, result) = api
        .post("/updateInventory", &json!({"inventoryList": lines}))
        .await;
    assert_eq!(result["failedProductList"][0]["variantId"], "790001001");
    assert_eq!(control.stock(POB, "790001001"), Ok(10));
    assert_eq!(control.stock(POB, "790001002"), Ok(4));
}

#[tokio::test]
async fn a_hang_never_answers_with_or_without_the_work() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Pendency);
    for (kind, done) in [(FaultKind::Hang, 0), (FaultKind::HangAfterCommit, 1)] {
        ajio.control()
            .fault(Fault::new("acknowledgeOrder", kind))
            .unwrap();
        let body = answer(&id, "Acknowledge", &[(1, 0)]);
        let call = api.call(Method::POST, "/orders").json(&body).send();
        tokio::select! {
            answer = call => panic!("answered: {answer:?}"),
            () = ajio.control().hung() => {}
        }
        assert_eq!(
            ajio.control().counters().acknowledgements_of(&id).done,
            done
        );
    }
}
