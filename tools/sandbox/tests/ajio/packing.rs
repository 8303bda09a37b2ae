//! Packing: what is billed, under which number, and what is refused.

use haat_sandbox::ajio::{Seed, State};
use serde_json::json;

use crate::client::{POB, invoice, one, open_shop};

#[tokio::test]
async fn an_invoice_number_belongs_to_one_order() {
    let (ajio, api) = open_shop().await;
    let ids = ajio
        .control()
        .seed(&Seed::new(POB, State::Confirmed, 2))
        .unwrap();
    let mut results = Vec::new();
    for (id, number) in [
        (&ids[0], "HUB/26-27/1"),
        (&ids[1], "HUB/26-27/1"),
        (&ids[0], "HUB/26-27/2"),
    ] {
        let mut body = invoice(id, &api.po_number(id).await);
        body["invoice_number"] = json!(number);
        results.push(api.post("/orders/b2bInvoice", &body).await.1);
    }
    assert_eq!(results[0]["invoice_number"], "HUB/26-27/1");
    assert_eq!(results[1]["status"], "FAILED");
    assert_eq!(
        results[1]["error_message"],
        "invoice number was used for another order"
    );
    // A packed order answers the same again, whatever number it is offered.
    assert_eq!(results[2], results[0]);
    let counted = ajio.control().counters().invoices_of(&ids[0]);
    assert_eq!(
        (counted.requests, counted.packs, counted.numbers.len()),
        (2, 1, 2)
    );
    assert_eq!(ajio.control().counters().invoices_of(&ids[1]).packs, 0);
}

#[tokio::test]
async fn what_cannot_be_packed_is_refused_and_nothing_happens() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Confirmed);
    let good = invoice(&id, &api.po_number(&id).await);
    for (pointer, wrong, status) in [
        ("/weight_grams", json!(0), 400),
        ("/height_cm", json!(0), 400),
        ("/invoice_number", json!("SEVENTEEN-LETTERS"), 400),
        ("/order_lines/0/invoiced_quantity", json!(2), 400),
        ("/order_lines/0/invoiced_quantity", json!(0), 400),
        ("/order_lines/0/order_item_id", json!("S1-1"), 400),
        ("/po_number", json!("1"), 200),
        ("/order_id", json!("S1"), 200),
    ] {
        let mut body = good.clone();
        body["invoice_number"] = json!("HUB-1");
        *body.pointer_mut(pointer).unwrap() = wrong;
        let (answered, result) = api.post("/orders/b2bInvoice", &body).await;
        assert_eq!(answered, status, "{pointer}: {result}");
        assert!(status == 400 || result["status"] == "FAILED", "{result}");
    }
    let mut more = good.clone();
    more["more"] = json!(1);
    assert_eq!(api.post("/orders/b2bInvoice", &more).await.0, 400);
    assert_eq!(api.order(&id).await["status"], "CONFIRMED");
    assert_eq!(
        api.post("/orders/b2bInvoice", &good).await.1["status"],
        "SUCCESS"
    );
}

#[tokio::test]
async fn units_left_out_of_the_invoice_are_picked_short() {
    let (ajio, api) = open_shop().await;
    let seed = Seed::new(POB, State::Confirmed, 1).lines(2).quantity(3);
    let id = ajio.control().seed(&seed).unwrap().remove(0);
    assert_eq!(api.invoice(&id).await.1["status"], "SUCCESS");
    let order = api.order(&id).await;
    let short = |line: usize| order["order_lines"][line]["seller_short_picked_qty"].clone();
    assert_eq!((short(0), short(1)), (json!(2), json!(3)));
}

#[tokio::test]
async fn e_invoice_data_are_for_the_invoice_in_force() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Packed);
    let order = ajio.control().order(&id).unwrap();
    let mut body = json!({"order_id": id, "po_number": order.po_number, "irn": "0".repeat(64),
        "invoice_number": order.b2b_invoice, "signed_qr_code": "sandbox"});
    let good = (200, json!({"status": "SUCCESS", "error_message": ""}));
    assert_eq!(api.put("/orders/b2bInvoice", &body).await, good);
    assert!(ajio.control().order(&id).unwrap().e_invoice);
    body["invoice_number"] = json!("OTHER");
    let (_, refused) = api.put("/orders/b2bInvoice", &body).await;
    assert_eq!(refused["error_message"], "wrong invoice number");
    body["irn"] = json!("short");
    assert_eq!(api.put("/orders/b2bInvoice", &body).await.0, 400);
}
