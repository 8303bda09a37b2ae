//! An order's whole way.

use haat_sandbox::ajio::{Done, Seed, State};
use serde_json::json;

use crate::client::{POB, ids, one, open_shop};

#[tokio::test]
async fn an_order_goes_from_pendency_to_the_consumer() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let id = one(&ajio, State::Pendency);
    assert_eq!(api.pendency().await, std::slice::from_ref(&id));

    let taken = api.acknowledge(&id).await;
    assert_eq!(
        taken["success"][0]["order_lines"][0]["confirmed_quantity"],
        "1"
    );
    assert_eq!(api.pendency().await, [""; 0]);
    let (waiting, body) = api.invoice(&id).await;
    assert_eq!((waiting, &body["code"]), (409, &json!("PO_NOT_READY")));
    control.advance_seconds(899).unwrap();
    assert_eq!(api.po_number(&id).await, "");
    control.advance_seconds(1).unwrap();

    let (_, packed) = api.invoice(&id).await;
    assert_eq!(
        (&packed["status"], &packed["order_status"]),
        (&json!("SUCCESS"), &json!("PACKED"))
    );
    assert_eq!(packed["invoice_number"], "AJ262700000001");
    let (_, label) = api.get(&format!("/orders/labels?orderId={id}")).await;
    assert_eq!(
        (&label["reference"], &label["document_type"]),
        (&json!(id), &json!("LABEL"))
    );

    let (_, ready) = api
        .post("/orders/readyToDispatch", &json!({"order_ids": [id]}))
        .await;
    assert_eq!(ready, json!({"status": "SUCCESS", "failed_items": []}));
    let items = json!([{"order_id": id, "tracking_number": packed["tracking_number"],
        "invoice_number": packed["invoice_number"]}]);
    let manifest = json!({"carrier": packed["carrier"], "manifest_items": items});
    let (_, manifest) = api.post("/orders/manifest", &manifest).await;
    assert_eq!(
        (&manifest["status"], &manifest["manifest_id"]),
        (&json!("SUCCESS"), &json!("MF-1"))
    );
    assert_eq!(api.order(&id).await["status"], "DISPATCHED");

    control.move_to(&id, State::Delivered).unwrap();
    assert_eq!(api.order(&id).await["status"], "DELIVERED");
    let counters = control.counters();
    let once = Done {
        requests: 1,
        done: 1,
    };
    assert_eq!(counters.acknowledgements_of(&id), once);
    assert_eq!(
        (counters.ready_of(&id), counters.manifests_of(&id)),
        (once, once)
    );
    assert_eq!(counters.invoices_of(&id).packs, 1);
    assert_eq!(counters.labels_of(&id), 1);
}

#[tokio::test]
async fn an_order_is_seeded_in_every_state_with_all_that_belongs_to_it() {
    let (ajio, api) = open_shop().await;
    for (state, word, po, packed) in [
        (State::Confirmed, "CONFIRMED", true, false),
        (State::Packed, "PACKED", true, true),
        (State::ReadyToDispatch, "READY_TO_DISPATCH", true, true),
        (State::Dispatched, "DISPATCHED", true, true),
        (State::Delivered, "DELIVERED", true, true),
        (State::Cancelled, "CANCELLED", false, false),
    ] {
        let order = api.order(&one(&ajio, state)).await;
        assert_eq!(order["status"], word);
        assert_eq!(order["po_number"] != "", po, "{order}");
        assert_eq!(order["tracking_number"] != "", packed, "{order}");
    }
    let waiting = Seed::new(POB, State::Confirmed, 1)
        .without_po()
        .lines(3)
        .quantity(2);
    let id = ajio.control().seed(&waiting).unwrap().remove(0);
    let order = api.order(&id).await;
    assert_eq!(order["po_number"], "");
    let lines = order["order_lines"].as_array().unwrap();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line["quantity"] == 2), "{lines:?}");
    ajio.control().advance_seconds(900).unwrap();
    assert_ne!(api.po_number(&id).await, "");
}

#[tokio::test]
async fn pages_follow_the_order_date_and_hold_every_order_once() {
    let (ajio, api) = open_shop().await;
    let seeded = ajio
        .control()
        .seed(&Seed::new(POB, State::Pendency, 7))
        .unwrap();
    let mut read = Vec::new();
    for number in 1..=4 {
        let path = format!("/orders/pendency?pageNumber={number}&pageSize=3");
        let (_, page) = api.get(&path).await;
        let about = json!({"number": number, "size": 3, "totalElements": 7, "totalPages": 3});
        assert_eq!(page["page"], about);
        read.extend(ids(&page));
    }
    assert_eq!(read, seeded);
}
