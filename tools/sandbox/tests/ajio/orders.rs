//! Reading orders, and saying yes, no and partly.

use haat_sandbox::ajio::{CancelledBy, Done, Options, PageBase, Profile, Seed, State};
use serde_json::{Value, json};

use crate::client::{POB, answer, ids, one, open_shop, open_shop_with, patient};

#[tokio::test]
async fn a_row_adds_up_to_the_paisa_and_has_no_buyer_in_it() {
    let (ajio, api) = open_shop().await;
    let seed = Seed::new(POB, State::Pendency, 12).quantity(1);
    ajio.control().seed(&seed).unwrap();
    let (_, page) = api.get("/orders/pendency").await;
    for row in page["orders"].as_array().unwrap() {
        let order = ajio
            .control()
            .order(row["order_id"].as_str().unwrap())
            .unwrap();
        let line = &row["order_lines"][0];
        let rupees = |name: &str| line[name].as_f64().unwrap();
        let together = (rupees("b2b_base_price") + rupees("b2b_tax")) * 100.0;
        let known = order.lines[0].base_paise + order.lines[0].tax_paise;
        assert_eq!(together.round() as u64, known, "{line}");
        assert_eq!(
            row["total_amount"].as_f64().unwrap() * 100.0,
            order.total_paise as f64
        );
        let text = page.to_string();
        for personal in [&order.buyer_name, &order.buyer_address, &order.buyer_pin] {
            assert!(!text.contains(personal.as_str()), "{personal}");
        }
    }
}

#[tokio::test]
async fn a_kurta_is_worth_what_the_contracts_example_says() {
    let (ajio, api) = open_shop().await;
    let seeded = ajio
        .control()
        .seed(&Seed::new(POB, State::Confirmed, 40).quantity(1))
        .unwrap();
    let red = seeded.into_iter().find(|id| {
        let order = ajio.control().order(id).unwrap();
        order.lines[0].sku.starts_with("KURTA-RED")
    });
    let order = api.order(&red.unwrap()).await;
    assert_eq!(
        (&order["po_amount"], &order["total_tax"]),
        (&json!(610), &json!(29.05))
    );
    let line = &order["order_lines"][0];
    assert_eq!(
        (&line["item_base_price"], &line["hsn"]),
        (&json!(580.95), &json!("62114290"))
    );
}

#[tokio::test]
async fn orders_are_read_by_id_status_and_date_but_not_while_they_are_pending() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let pending = one(&ajio, State::Pendency);
    let confirmed = one(&ajio, State::Confirmed);
    let packed = one(&ajio, State::Packed);
    assert_eq!(api.order(&pending).await, Value::Null);
    let path = format!("/orders?orderIds={pending}%2C{confirmed},{packed},S1");
    // Older orders first: a packed one was ordered before a confirmed one.
    assert_eq!(
        ids(&api.get(&path).await.1),
        [packed.clone(), confirmed.clone()]
    );
    let of_status = |status: &str| format!("/orders?orderStatus={status}");
    assert_eq!(
        ids(&api.get(&of_status("CONFIRMED")).await.1),
        std::slice::from_ref(&confirmed)
    );
    assert_eq!(api.get(&of_status("PENDENCY")).await.0, 400);

    control.cancel(&pending, CancelledBy::Consumer).unwrap();
    let cancelled = api.order(&pending).await;
    assert_eq!(cancelled["status"], "CANCELLED");
    assert_eq!(
        cancelled["order_lines"][0]["customer_cancelled_qty"],
        cancelled["order_lines"][0]["quantity"]
    );
    assert_eq!(api.pendency().await, [""; 0]);

    // The clock stands at 2026-09-11 06:41:10 UTC; confirmed orders are five hours old, packed ten.
    let since = "/orders?orderDateFrom=2026-09-11T01:00:00&orderDateTo=2026-09-11T02:00:00";
    assert_eq!(ids(&api.get(since).await.1), [confirmed]);
    assert_eq!(
        ids(&api.get("/orders?orderDateTo=2026-09-10").await.1),
        [packed]
    );
    assert_eq!(api.get("/orders?orderDateFrom=yesterday").await.0, 400);
}

#[tokio::test]
async fn what_the_contract_bounds_is_refused() {
    let (_ajio, api) = open_shop().await;
    let many = (0..51)
        .map(|number| format!("S{number}"))
        .collect::<Vec<_>>()
        .join(",");
    for path in [
        format!("/orders?orderIds={many}"),
        "/orders/pendency?pageSize=51".to_owned(),
        "/orders/pendency?pageSize=0".to_owned(),
        "/orders/pendency?pageNumber=0".to_owned(),
        "/orders/pendency?pageNumber=two".to_owned(),
        "/products".to_owned(),
        "/products?publishedStatus=HIDDEN".to_owned(),
    ] {
        let (status, body) = api.get(&path).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("INVALID_REQUEST")),
            "{path}"
        );
    }
    let (status, empty) = api.get("/orders/pendency?pageNumber=3").await;
    assert_eq!((status, &empty["orders"]), (200, &json!([])));
    assert_eq!(api.get("/orders/unknown").await.0, 404);
}

#[tokio::test]
async fn pages_may_be_counted_from_zero() {
    let profile = Profile {
        first_page_asked: PageBase::Zero,
        first_page_told: PageBase::Zero,
        ..Profile::default()
    };
    let (ajio, api) = open_shop_with(Options {
        profile,
        ..Options::default()
    })
    .await;
    let seeded = ajio
        .control()
        .seed(&Seed::new(POB, State::Pendency, 3))
        .unwrap();
    let (_, page) = api.get("/orders/pendency?pageSize=2").await;
    assert_eq!(
        (ids(&page), &page["page"]["number"]),
        (seeded[..2].to_vec(), &json!(0))
    );
    let (_, page) = api.get("/orders/pendency?pageNumber=1&pageSize=2").await;
    assert_eq!(
        (ids(&page), &page["page"]["number"]),
        (seeded[2..].to_vec(), &json!(1))
    );
}

#[tokio::test]
async fn a_part_is_confirmed_and_the_rest_cancelled() {
    let (ajio, api) = open_shop().await;
    let seed = Seed::new(POB, State::Pendency, 1).lines(2).quantity(1);
    let id = ajio.control().seed(&seed).unwrap().remove(0);
    let taken = api
        .answer_order(&id, "Acknowledge", &[(1, 0), (0, 1)])
        .await;
    assert_eq!(taken["success"][0]["order_status"], "Acknowledge");
    ajio.control().raise_po(&id).unwrap();
    let order = api.order(&id).await;
    assert_eq!(order["status"], "CONFIRMED");
    assert_eq!(order["order_lines"][1]["seller_cancelled_qty"], 1);
    let view = ajio.control().order(&id).unwrap();
    let first = view.lines[0].base_paise + view.lines[0].tax_paise;
    assert_eq!(
        view.po_amount_paise,
        Some(first),
        "only what was confirmed is bought"
    );
}

#[tokio::test]
async fn a_refused_order_is_cancelled_by_the_seller() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Pendency);
    let quantity = ajio.control().order(&id).unwrap().lines[0].ordered;
    let refusal = [(0, quantity)];
    let first = api.answer_order(&id, "Cancel", &refusal).await;
    assert_eq!(first["success"][0]["order_status"], "Cancel");
    assert_eq!(
        ajio.control().order(&id).unwrap().cancelled_by,
        Some(CancelledBy::Seller)
    );
    assert_eq!(api.answer_order(&id, "Cancel", &refusal).await, first);
    let late = api.answer_order(&id, "Acknowledge", &[(quantity, 0)]).await;
    assert_eq!(
        late["failed_items"][0]["error_message"],
        "order was acknowledged otherwise before"
    );
    let counted = Done {
        requests: 3,
        done: 1,
    };
    assert_eq!(ajio.control().counters().acknowledgements_of(&id), counted);
}

#[tokio::test]
async fn the_same_acknowledgement_again_is_success_and_nothing_more() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Pendency);
    let first = api.acknowledge(&id).await;
    assert_eq!(api.acknowledge(&id).await, first);
    let (_, by_alias) = api
        .post(
            "/orders/acknowledge",
            &answer(&id, "Acknowledge", &[(1, 0)]),
        )
        .await;
    assert_eq!(by_alias, first);
    let counted = Done {
        requests: 3,
        done: 1,
    };
    assert_eq!(ajio.control().counters().acknowledgements_of(&id), counted);
}

#[tokio::test]
async fn what_the_consumer_cancelled_cannot_be_acknowledged() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Pendency);
    ajio.control().cancel(&id, CancelledBy::Consumer).unwrap();
    let failed = api.acknowledge(&id).await;
    let item = json!({"order_id": id, "error_message": "order already cancelled"});
    assert_eq!(failed, json!({"success": [], "failed_items": [item]}));
    let unknown = api.acknowledge("S1").await;
    assert_eq!(unknown["failed_items"][0]["error_message"], "unknown order");
}

#[tokio::test]
async fn an_answer_that_does_not_add_up_changes_nothing() {
    let (ajio, api) = open_shop().await;
    let id = ajio
        .control()
        .seed(&Seed::new(POB, State::Pendency, 1).lines(2).quantity(2))
        .unwrap()
        .remove(0);
    for (status, lines) in [
        ("Acknowledge", vec![(2, 0)]),
        ("Acknowledge", vec![(2, 0), (1, 0)]),
        ("Acknowledge", vec![(0, 2), (0, 2)]),
        ("Cancel", vec![(1, 1), (0, 2)]),
        ("Maybe", vec![(2, 0), (2, 0)]),
    ] {
        let (code, body) = api.post("/orders", &answer(&id, status, &lines)).await;
        assert_eq!(
            (code, &body["code"]),
            (400, &json!("INVALID_REQUEST")),
            "{status} {lines:?}"
        );
    }
    assert_eq!(api.pendency().await, [id]);
}

#[tokio::test]
async fn a_purchase_order_comes_late_never_or_now() {
    let mut options = patient();
    options.timings.po_delay_seconds = None;
    let (ajio, api) = open_shop_with(options).await;
    let control = ajio.control();
    let ids = control
        .seed(&Seed::new(POB, State::Pendency, 3).quantity(1))
        .unwrap();
    api.acknowledge(&ids[0]).await;
    control.set_po_delay(Some(60));
    api.acknowledge(&ids[1]).await;
    api.acknowledge(&ids[2]).await;
    control.withhold_po(&ids[2]).unwrap();
    control.advance_seconds(7 * 86_400).unwrap();
    let mut known = Vec::new();
    for id in &ids {
        known.push(!api.po_number(id).await.is_empty());
    }
    assert_eq!(known, [false, true, false]);
    control.raise_po(&ids[2]).unwrap();
    assert_ne!(api.po_number(&ids[2]).await, "");
}

#[tokio::test]
async fn a_seller_cancels_before_packing_and_not_after() {
    let (ajio, api) = open_shop().await;
    let confirmed = ajio
        .control()
        .seed(&Seed::new(POB, State::Confirmed, 1).quantity(2))
        .unwrap()
        .remove(0);
    let packed = one(&ajio, State::Packed);
    let cancel = |id: &str, units: u64| {
        json!({"order_id": id, "reason": "OUT_OF_STOCK",
            "order_lines": [{"order_item_id": format!("{id}-1"), "cancelled_quantity": units}]})
    };
    let path = "/orders/cancel";
    let (_, done) = api.post(path, &cancel(&confirmed, 1)).await;
    assert_eq!(done, json!({"status": "SUCCESS", "failed_items": []}));
    // The same again is the same cancellation.
    assert_eq!(api.post(path, &cancel(&confirmed, 1)).await.1, done);
    assert_eq!(
        api.order(&confirmed).await["order_lines"][0]["seller_cancelled_qty"],
        1
    );
    let (_, too_many) = api.post(path, &cancel(&confirmed, 2)).await;
    assert_eq!(too_many["status"], "FAILED");
    let (_, late) = api.post(path, &cancel(&packed, 1)).await;
    assert_eq!(late["failed_items"][0]["error_message"], "already packed");
    assert_eq!(api.post(path, &cancel(&packed, 0)).await.0, 400);

    let whole = ajio
        .control()
        .seed(&Seed::new(POB, State::Confirmed, 1).quantity(1))
        .unwrap()
        .remove(0);
    api.post(path, &cancel(&whole, 1)).await;
    assert_eq!(api.order(&whole).await["status"], "CANCELLED");
}

#[tokio::test]
async fn a_body_outside_the_contract_is_refused_and_changes_nothing() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Pendency);
    let good = answer(&id, "Acknowledge", &[(1, 0)]);
    for (field, wrong) in [
        ("order_id", json!("")),
        ("order_id", json!("S".repeat(65))),
        ("order_lines", json!([])),
        ("order_lines", json!("none")),
        ("status", json!("acknowledge")),
        ("more", json!(1)),
    ] {
        let mut body = good.clone();
        body[field] = wrong;
        let (status, error) = api.post("/orders", &body).await;
        assert_eq!(
            (status, &error["code"]),
            (400, &json!("INVALID_REQUEST")),
            "{field}"
        );
    }
    for (path, body) in [
        ("/orders/readyToDispatch", json!({"order_ids": []})),
        ("/orders/readyToDispatch", json!({"order_ids": [id, id]})),
        (
            "/orders/manifest",
            json!({"carrier": "", "manifest_items": [{"order_id": id, "tracking_number": "1"}]}),
        ),
        (
            "/orders/manifest",
            json!({"carrier": "Delhivery", "manifest_items": []}),
        ),
        ("/orders/cancel", json!({"order_id": id, "order_lines": []})),
        ("/return/rto", json!({"order_id": id, "order_items": []})),
    ] {
        assert_eq!(api.post(path, &body).await.0, 400, "{path} {body}");
    }
    assert_eq!(api.pendency().await, [id]);
}
