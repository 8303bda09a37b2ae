//! Label, AJIO's invoice and manifest: inline, by address or as PDF, and never another order's. And
//! whether an account may ship at all.

use haat_domain::OrderNumber;
use haat_ports::{ErrorKind, MarketplaceError};
use serde_json::{Value, json};

use crate::pob::{Pob, fixture};
use crate::script::Reply;

/// `%PDF-1.4` and a line break, as the contract's example has it in base64.
const PDF: &[u8] = b"%PDF-1.4\n";

fn number() -> OrderNumber {
    "S900000001".parse().unwrap()
}

async fn label(reply: Reply) -> Result<Vec<u8>, MarketplaceError> {
    let small = r#"{"milliseconds_between_calls": 0, "max_document_bytes": 1000}"#;
    let pob = Pob::with(small, [reply]).await;
    let label = pob.shipping().label(&number()).await;
    assert_eq!(
        pob.one_call().call(),
        ("GET", "/ds/hub/orders/labels?orderId=S900000001")
    );
    label
}

fn document(changes: Value) -> Reply {
    let mut document: Value = serde_json::from_str(fixture!("getLabel.answer")).unwrap();
    let fields = document.as_object_mut().unwrap();
    fields.extend(changes.as_object().unwrap().clone());
    Reply::json(200, &document.to_string())
}

#[tokio::test]
async fn a_label_comes_in_base64_or_as_it_is() {
    assert_eq!(label(document(json!({}))).await.unwrap(), PDF);
    let broken = json!({"content_base64": "JVBERi0x\r\nLjQK"});
    assert_eq!(label(document(broken)).await.unwrap(), PDF);
    let raw = Reply::of(200, "application/pdf", PDF);
    assert_eq!(label(raw).await.unwrap(), PDF);
}

#[tokio::test]
async fn an_address_is_followed_without_the_token() {
    let pob = Pob::answered([]).await;
    let url = format!("http://{}/files/label/1.pdf?key=secret", pob.ajio.address);
    pob.ajio
        .then(document(json!({"content_base64": null, "url": url})));
    pob.ajio.then(Reply::of(200, "application/pdf", PDF));

    assert_eq!(pob.shipping().label(&number()).await.unwrap(), PDF);

    let asked = pob.ajio.asked();
    assert_eq!(asked[1].call(), ("GET", "/files/label/1.pdf?key=secret"));
    assert!(!asked[1].headers.contains_key("apikey"));
}

#[tokio::test]
async fn an_address_elsewhere_is_never_followed_nor_told() {
    for url in [
        "https://files.example.test/label/1.pdf?key=secret",
        "http://files.example.test/label/1.pdf?key=secret",
        "file:///label/1.pdf?key=secret",
    ] {
        let error = label(document(json!({"content_base64": null, "url": url})));
        let error = error.await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret") && !shown.contains("1.pdf"));
    }
}

#[tokio::test]
async fn what_is_not_this_orders_label_is_refused() {
    let large = format!("%PDF-{}", "x".repeat(996));
    let huge = format!("%PDF-{}", "x".repeat(4_000));
    for (reply, said) in [
        (document(json!({"reference": "S900000002"})), "reference"),
        (
            document(json!({"document_type": "B2C_INVOICE"})),
            "document_type",
        ),
        (document(json!({"url": "http://127.0.0.1/"})), "both"),
        (document(json!({"content_base64": null})), "neither"),
        (document(json!({"content_base64": "%PDF"})), "base64"),
        (
            document(json!({"content_base64": "QUJD"})),
            "begin like a PDF",
        ),
        (document(json!({"content_base64": 7})), "content_base64"),
        (Reply::of(200, "application/pdf", "<html>"), "begin like"),
        (
            Reply::of(200, "application/pdf", large),
            "max_document_bytes",
        ),
        (Reply::of(200, "application/pdf", huge), "too large"),
        (Reply::html(200), "something else than JSON"),
        (Reply::json(200, "\"JVBERi0xLjQK\""), "cannot be read"),
    ] {
        let error = label(reply).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{error}");
        assert!(error.said.contains(said), "{said}: {error}");
    }
}

#[tokio::test]
async fn a_label_that_is_not_there_yet_is_waited_for() {
    let not_packed = r#"{"code": "NOT_PACKED", "message": "not packed yet"}"#;
    for (status, body, kind) in [
        (409, not_packed, ErrorKind::NotReady),
        (404, fixture!("error.notFound"), ErrorKind::NotFound),
        (500, "{}", ErrorKind::Unavailable),
    ] {
        let error = label(Reply::json(status, body)).await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
    }
}

#[tokio::test]
async fn ajios_invoice_is_a_paper_of_its_own_kind() {
    let invoice = document(json!({"document_type": "B2C_INVOICE"}));
    let pob = Pob::answered([invoice]).await;
    let paper = pob.shipping().invoice(&number()).await.unwrap();
    assert_eq!(paper.as_deref(), Some(PDF));
    assert_eq!(
        pob.one_call().call(),
        ("GET", "/ds/hub/orders/b2cInvoice?orderId=S900000001")
    );
}

#[tokio::test]
async fn a_manifest_is_fetched_by_its_key() {
    let paper = document(json!({"reference": "MF-1", "document_type": "MANIFEST"}));
    let pob = Pob::answered([paper]).await;
    assert_eq!(pob.manifests().paper("MF-1").await.unwrap(), PDF);
    assert_eq!(
        pob.one_call().call(),
        ("GET", "/ds/hub/orders/manifest?manifestId=MF-1")
    );
}

#[tokio::test]
async fn whoever_may_ship_is_told_that_there_is_no_such_order() {
    for (status, body) in [
        (404, fixture!("error.notFound")),
        (400, fixture!("error.badRequest")),
        (409, fixture!("error.notReady")),
    ] {
        let pob = Pob::answered([Reply::json(status, body)]).await;
        pob.shipping().may_ship().await.unwrap();
        let asked = pob.one_call();
        let path = "/ds/hub/orders/labels?orderId=HAAT-PROBE";
        assert_eq!(asked.call(), ("GET", path));
    }
}

#[tokio::test]
async fn whoever_may_not_ship_is_told_whom_to_ask() {
    let forbidden = r#"{"code": "FORBIDDEN", "message": "no shipping access"}"#;
    for (reply, kind) in [
        (Reply::json(403, forbidden), ErrorKind::Rejected),
        (Reply::json(422, "{}"), ErrorKind::Rejected),
        (Reply::json(500, "{}"), ErrorKind::Unavailable),
        (Reply::html(200), ErrorKind::Malformed),
    ] {
        let pob = Pob::answered([reply]).await;
        let error = pob.shipping().may_ship().await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        let is_answer = error.code.as_deref() == Some("403");
        let advised = error.said.contains("ask your AJIO account manager");
        assert_eq!(advised, is_answer, "{error}");
    }
}
