//! Closing manifests.

use haat_ports::{ClosedManifest, ErrorKind, ManifestParcel, MarketplaceError};
use serde_json::Value;

use crate::pob::{Pob, fixture};
use crate::script::Reply;

fn parcel(n: u32) -> ManifestParcel {
    ManifestParcel {
        order: format!("S90000000{n}").parse().unwrap(),
        awb: format!("TC00000000{n}IN").parse().unwrap(),
        invoice: (n == 1).then(|| "HUB/26-27/00123".to_owned()),
    }
}

async fn closed(parcels: &[u32], body: &str) -> Result<ClosedManifest, MarketplaceError> {
    let pob = Pob::answered([Reply::json(200, body)]).await;
    let parcels: Vec<_> = parcels.iter().map(|n| parcel(*n)).collect();
    pob.manifests().close("Testcourier", &parcels).await
}

#[tokio::test]
async fn a_manifest_names_its_courier_and_parcels() {
    let pob = Pob::answered([Reply::json(200, fixture!("createManifest.answer"))]).await;
    let closed = pob.manifests().close("Testcourier", &[parcel(1)]).await;
    let closed = closed.unwrap();
    assert_eq!(
        (closed.id.as_deref(), closed.refused.len()),
        (Some("MF-1"), 0)
    );
    let asked = pob.one_call();
    assert_eq!(asked.call(), ("POST", "/ds/hub/orders/manifest"));
    let example: Value = serde_json::from_str(fixture!("createManifest.request")).unwrap();
    assert_eq!(asked.json(), example);
}

#[tokio::test]
async fn a_parcel_without_an_invoice_is_sent_without_one() {
    let pob = Pob::answered([Reply::json(200, fixture!("createManifest.answer"))]).await;
    pob.manifests().close("T", &[parcel(2)]).await.unwrap();
    assert!(!pob.one_call().body.contains("invoice_number"));
}

#[tokio::test]
async fn the_parcels_that_are_not_on_it_are_told() {
    let partly = r#"{"status": "PARTIAL_SUCCESS", "manifest_id": "MF-2", "failed_items": [
        {"order_id": "S900000002", "error_message": "already dispatched"}]}"#;
    let closed = closed(&[1, 2], partly).await.unwrap();
    assert_eq!(closed.id.as_deref(), Some("MF-2"));
    let refused = &closed.refused[0];
    assert_eq!(
        (refused.number.as_str(), refused.said.as_str()),
        ("S900000002", "already dispatched")
    );
    assert_eq!(closed.refused.len(), 1);
}

#[tokio::test]
async fn a_manifest_that_failed_holds_nobody() {
    let failed = r#"{"status": "FAILED", "failed_items": [
        {"order_id": "S900000002", "error_message": "already dispatched"}]}"#;
    let all = closed(&[1, 2], failed).await.unwrap();
    assert_eq!((all.id, all.refused.len()), (None, 2));
    let error = closed(&[1], r#"{"status": "FAILED", "failed_items": []}"#).await;
    assert_eq!(error.unwrap_err().kind, ErrorKind::Rejected);
}

#[tokio::test]
async fn an_answer_that_does_not_say_which_parcels_is_ambiguous() {
    for body in [
        r#"{"status": "PARTIAL_SUCCESS", "failed_items": []}"#,
        r#"{"status": "PARTIAL_SUCCESS", "failed_items": [{"order_id": "S7", "error_message": ""}]}"#,
        r#"{"status": "DONE", "failed_items": []}"#,
        r#"{"status": "SUCCESS"}"#,
        "7",
    ] {
        let error = closed(&[1], body).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Ambiguous, "{body}");
    }
}

#[tokio::test]
async fn a_manifest_takes_one_to_two_hundred_and_fifty_parcels() {
    let pob = Pob::answered([]).await;
    for count in [0, 251] {
        let parcels = vec![parcel(1); count];
        let error = pob.manifests().close("Testcourier", &parcels).await;
        assert_eq!(error.unwrap_err().kind, ErrorKind::Rejected);
    }
    assert!(pob.ajio.asked().is_empty());
}
