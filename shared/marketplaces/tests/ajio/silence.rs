//! What must never be heard of: passwords, tokens and addresses that carry them; not even at the
//! most talkative log level.

use std::collections::BTreeMap;

use crate::pob::{PASSWORD, Pob, credentials, fixture, new_order};
use crate::script::{Log, Reply};

#[tokio::test]
async fn nothing_secret_is_logged() {
    let log = Log::of_everything();
    let paid = fixture!("listPendency.answer").replace("\"COD\"", "\"Asha's wallet\"");
    let told =
        fixture!("acknowledgeOrder.answer.refused").replace("order already", "first.jwt.token");
    let pob = Pob::answered([
        Reply::json(401, fixture!("error.badCredentials")),
        Reply::json(200, fixture!("getAuthToken.answer.ok")),
        Reply::json(200, &paid),
        Reply::json(
            400,
            r#"{"code": "BAD", "message": "first.jwt.token is odd"}"#,
        ),
        Reply::json(200, &told),
    ])
    .await;
    let url = format!("http://{}/files/label/1.pdf?key=signed", pob.ajio.address);
    let label =
        serde_json::json!({"reference": "S900000001", "document_type": "LABEL", "url": url});
    pob.ajio.then(Reply::json(200, &label.to_string()));
    pob.ajio.then(Reply::of(200, "application/pdf", "%PDF-1.4"));

    let refused = pob.marketplace.log_in(&credentials("")).await.unwrap_err();
    let session = pob.marketplace.log_in(&credentials("")).await.unwrap();
    let feed = pob.feed("pendency");
    pob.line.orders().page(feed, None).await.unwrap();
    let order = new_order().await;
    let odd = pob.shipping().accept(&order, &BTreeMap::new()).await;
    let odd = odd.unwrap_err();
    let refused_order = pob.shipping().accept(&order, &BTreeMap::new()).await;
    let refused_order = refused_order.unwrap_err();
    assert!(
        refused_order.said.contains("*** cancelled"),
        "{refused_order}"
    );
    pob.shipping().label(&order.id.number).await.unwrap();

    let log = log.text();
    for told in ["ajio listPendency", "unknown payment method", "S900000001"] {
        assert!(log.contains(told), "the log was listened to: {told}\n{log}");
    }
    let shown = format!("{log} {refused:?} {session:?} {odd} {odd:?} {refused_order:?}");
    for secret in [
        PASSWORD,
        "wörd",
        "pa+ss",
        "pa%20ss",
        "password=",
        "jwt.token",
        "key=signed",
        "Asha",
    ] {
        assert!(!shown.contains(secret), "{secret} is told:\n{shown}");
    }
}
