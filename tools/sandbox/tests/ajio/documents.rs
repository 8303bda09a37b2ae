//! Invoices, labels and manifests: when they come, how they come, what stands on them.

use base64::{Engine, engine::general_purpose::STANDARD};
use haat_sandbox::ajio::{
    CancelledBy, DocumentForm, Options, PaymentMethod, Profile, Seed, State, Timings,
};
use hayro::{
    RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf,
    vello_cpu::color::palette::css::WHITE,
};
use lopdf::Document;
use reqwest::Method;
use rxing::BarcodeFormat;
use serde_json::{Value, json};

use crate::client::{Api, POB, invoice, one, open_shop, open_shop_with};

fn pdf_of(document: &Value) -> Vec<u8> {
    STANDARD
        .decode(document["content_base64"].as_str().unwrap())
        .unwrap()
}

/// All texts of a document, page by page.
fn texts(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    let pages = document.get_pages();
    let text = |page: &u32| document.extract_text(&[*page]).unwrap();
    pages.keys().map(text).collect()
}

async fn label(api: &Api, id: &str) -> Vec<u8> {
    let (status, document) = api.get(&format!("/orders/labels?orderId={id}")).await;
    assert_eq!(status, 200, "{document}");
    pdf_of(&document)
}

#[tokio::test]
async fn a_label_says_order_awb_courier_item_and_what_to_collect() {
    let (ajio, api) = open_shop().await;
    let seed = Seed::new(POB, State::Packed, 1)
        .payment(PaymentMethod::Cod)
        .quantity(2);
    let id = ajio.control().seed(&seed).unwrap().remove(0);
    let order = ajio.control().order(&id).unwrap();
    let pdf = label(&api, &id).await;
    let all = texts(&pdf).concat();
    let rupees = format!("COD collect: Rs.{}.00", order.total_paise / 100);
    for present in [
        id.as_str(),
        order.awb.as_deref().unwrap(),
        &order.lines[0].item_code,
        &order.buyer_name,
        &order.buyer_pin,
        &rupees,
    ] {
        assert!(all.contains(present), "`{present}` in {all}");
    }
    assert_eq!(
        pdf,
        label(&api, &id).await,
        "the same order gives the same bytes"
    );
    let document = Document::load_mem(&pdf).unwrap();
    let page = document.get_object(document.get_pages()[&1]).unwrap();
    let sides = page.as_dict().unwrap().get(b"MediaBox").unwrap();
    let sides: Vec<f32> = sides
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side.as_float().unwrap())
        .collect();
    assert_eq!(sides, [0.0, 0.0, 288.0, 432.0], "4 by 6 inches");
}

#[tokio::test]
async fn the_bars_of_a_label_scan_and_say_the_awb() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Packed);
    let pdf = Pdf::new(label(&api, &id).await).unwrap();
    let dots = 203.0 / 72.0;
    let settings = hayro::PixmapSettings {
        x_scale: dots,
        y_scale: dots,
        bg_color: WHITE,
    };
    let pixmap = hayro::render(
        &pdf.pages()[0],
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let luma = pixmap.data_as_u8_slice().chunks_exact(4);
    let luma = luma.map(|dot| if dot[1] < 128 { 0 } else { 255 }).collect();
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let read = rxing::helpers::detect_in_luma(luma, width, height, Some(BarcodeFormat::CODE_128));
    let awb = ajio.control().order(&id).unwrap().awb.unwrap();
    assert_eq!(read.unwrap().getText(), awb);
}

#[tokio::test]
async fn a_prepaid_label_collects_nothing() {
    let (ajio, api) = open_shop().await;
    let seed = Seed::new(POB, State::Packed, 1).payment(PaymentMethod::Prepaid);
    let id = ajio.control().seed(&seed).unwrap().remove(0);
    let all = texts(&label(&api, &id).await).concat();
    assert!(all.contains("PREPAID") && !all.contains("collect"), "{all}");
}

#[tokio::test]
async fn an_invoice_adds_up_and_bears_ajios_number() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Packed);
    let order = ajio.control().order(&id).unwrap();
    let (_, document) = api.get(&format!("/orders/b2cInvoice?orderId={id}")).await;
    assert_eq!(document["document_type"], "B2C_INVOICE");
    let all = texts(&pdf_of(&document)).concat();
    let number = order.b2c_invoice.unwrap();
    assert!(all.contains(&number) && all.contains(&id), "{all}");
    let amounts: Vec<u64> = all
        .split("Rs.")
        .skip(1)
        .map(|rest| {
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            rest[..end].replace('.', "").parse().unwrap()
        })
        .collect();
    // Taxable value, tax and total of the line, then the sum.
    let [taxable, tax, total, sum] = amounts[..] else {
        panic!("{amounts:?} in {all}");
    };
    assert_eq!(
        (taxable + tax, total, sum),
        (total, order.total_paise, order.total_paise)
    );
}

#[tokio::test]
async fn a_document_waits_for_the_parcel_and_for_its_delay() {
    let timings = Timings {
        label_delay_seconds: 60,
        ..Timings::default()
    };
    let (ajio, api) = open_shop_with(Options {
        timings,
        ..Options::default()
    })
    .await;
    let id = one(&ajio, State::Confirmed);
    for path in ["labels", "b2cInvoice"] {
        let path = format!("/orders/{path}?orderId={id}");
        let (status, body) = api.get(&path).await;
        assert_eq!((status, &body["code"]), (409, &json!("NOT_PACKED")));
    }
    let path = format!("/orders/labels?orderId={id}");
    api.invoice(&id).await;
    let (status, body) = api.get(&path).await;
    assert_eq!((status, &body["code"]), (409, &json!("DOCUMENT_NOT_READY")));
    ajio.control().advance_seconds(60).unwrap();
    assert_eq!(api.get(&path).await.0, 200);
    ajio.control()
        .cancel(&id, CancelledBy::Marketplace)
        .unwrap();
    let (status, body) = api.get(&path).await;
    assert_eq!(
        (status, &body["message"]),
        (409, &json!("order was cancelled"))
    );
    assert_eq!(api.order(&id).await["status"], "CANCELLED");
    assert_eq!(api.get("/orders/labels?orderId=S1").await.0, 404);
    assert_eq!(api.get("/orders/labels").await.0, 400);
}

#[tokio::test]
async fn a_document_comes_in_json_by_address_or_raw_and_is_the_same() {
    let profile = Profile {
        documents: DocumentForm::Url,
        ..Profile::default()
    };
    let (ajio, api) = open_shop_with(Options {
        profile,
        ..Options::default()
    })
    .await;
    let id = one(&ajio, State::Packed);
    let path = format!("/orders/labels?orderId={id}");
    let (_, document) = api.get(&path).await;
    let file = api.fetch(document["url"].as_str().unwrap()).await;
    assert_eq!(file.headers()["content-type"], "application/pdf");
    let file = file.bytes().await.unwrap();

    ajio.control().set_document_form(DocumentForm::Raw);
    let raw = api.call(Method::GET, &path).send().await.unwrap();
    assert_eq!(raw.headers()["content-type"], "application/pdf");
    assert_eq!(raw.bytes().await.unwrap(), file);
    ajio.control().set_document_form(DocumentForm::Base64);
    assert_eq!(label(&api, &id).await, file);
}

#[tokio::test]
async fn every_address_in_an_answer_leads_to_a_file() {
    let (ajio, api) = open_shop().await;
    let id = one(&ajio, State::Confirmed);
    let (_, packed) = api.invoice(&id).await;
    let order = api.order(&id).await;
    for (address, title) in [
        (&packed["b2b_invoice_url"], "TAX INVOICE (B2B)"),
        (&order["po_pdf_url"], "PURCHASE ORDER"),
    ] {
        let file = api
            .fetch(address.as_str().unwrap())
            .await
            .bytes()
            .await
            .unwrap();
        assert!(texts(&file).concat().contains(title), "{address}");
    }
    let other = order["po_pdf_url"].as_str().unwrap().replace("45", "46");
    assert_eq!(api.fetch(&other).await.status(), 404);
}

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

#[tokio::test]
async fn a_manifest_takes_what_it_can_and_names_the_rest() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let mut items = Vec::new();
    let mut carrier = String::new();
    let mut expected = Vec::new();
    for (state, wrong) in [
        (State::ReadyToDispatch, None),
        (State::Packed, Some("order is not ready to dispatch")),
        (State::Dispatched, Some("already dispatched")),
        (State::Confirmed, Some("order is not packed")),
    ] {
        let order = control.order(&one(&ajio, state)).unwrap();
        if wrong.is_none() {
            carrier = order.carrier;
        }
        let awb = order.awb.unwrap_or_else(|| "none".to_owned());
        items.push(json!({"order_id": order.order_id, "tracking_number": awb}));
        expected.extend(wrong);
    }
    let of_others = control
        .seed(&Seed::new(POB, State::ReadyToDispatch, 8))
        .unwrap();
    let other = of_others.iter().map(|id| control.order(id).unwrap());
    let other = other
        .into_iter()
        .find(|order| order.carrier != carrier)
        .unwrap();
    items.push(json!({"order_id": other.order_id, "tracking_number": other.awb}));
    items.push(json!({"order_id": "S1", "tracking_number": "none"}));
    expected.extend(["another carrier takes this order", "unknown order"]);

    let body = json!({"carrier": carrier, "manifest_items": items});
    let (_, result) = api.post("/orders/manifest", &body).await;
    assert_eq!(result["status"], "PARTIAL_SUCCESS");
    let failed = result["failed_items"].as_array().unwrap().iter();
    let said: Vec<&str> = failed
        .map(|item| item["error_message"].as_str().unwrap())
        .collect();
    assert_eq!(said, expected);
    let (_, again) = api.post("/orders/manifest", &body).await;
    assert_eq!(again["status"], "FAILED");
    assert!(again["manifest_id"].is_null());

    let id = result["manifest_id"].as_str().unwrap();
    let (_, document) = api.get(&format!("/orders/manifest?manifestId={id}")).await;
    let all = texts(&pdf_of(&document)).concat();
    for key in ["order_id", "tracking_number"] {
        assert!(all.contains(items[0][key].as_str().unwrap()), "{all}");
    }
    assert_eq!(api.get("/orders/manifest?manifestId=MF-99").await.0, 404);
}

#[tokio::test]
async fn a_long_manifest_is_drawn_on_several_pages() {
    let (ajio, api) = open_shop().await;
    let control = ajio.control();
    let orders = control
        .seed(&Seed::new(POB, State::ReadyToDispatch, 500))
        .unwrap();
    let orders: Vec<_> = orders.iter().map(|id| control.order(id).unwrap()).collect();
    let carrier = orders[0].carrier.clone();
    let items: Vec<Value> = orders
        .iter()
        .filter(|order| order.carrier == carrier)
        .take(100)
        .map(|order| json!({"order_id": order.order_id, "tracking_number": order.awb}))
        .collect();
    let too_many = json!({"carrier": carrier, "manifest_items": vec![items[0].clone(); 251]});
    assert_eq!(api.post("/orders/manifest", &too_many).await.0, 400);
    let (_, result) = api
        .post(
            "/orders/manifest",
            &json!({"carrier": carrier, "manifest_items": items}),
        )
        .await;
    assert_eq!(result["status"], "SUCCESS");
    let file = api.fetch(result["manifest_url"].as_str().unwrap()).await;
    let pages = texts(&file.bytes().await.unwrap());
    assert_eq!(pages.len(), 3, "45 rows to a page");
    let last = items[99]["order_id"].as_str().unwrap();
    assert!(
        pages[2].contains(last) && pages[2].contains("page 3 of 3"),
        "{}",
        pages[2]
    );
}
