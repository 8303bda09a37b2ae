//! Labels and invoices: when they come, how they come, what stands on them.

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

use crate::client::{Api, POB, one, open_shop, open_shop_with};

pub(crate) fn pdf_of(document: &Value) -> Vec<u8> {
    STANDARD
        .decode(document["content_base64"].as_str().unwrap())
        .unwrap()
}

/// All texts of a document, page by page.
pub(crate) fn texts(pdf: &[u8]) -> Vec<String> {
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
    let other = order["po_pdf_url"]
        .as_str()
        .unwrap()
        .replace("/4500", "/4600");
    assert_eq!(api.fetch(&other).await.status(), 404);
}
