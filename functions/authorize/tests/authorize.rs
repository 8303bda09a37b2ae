//! Who a caller of the API is, asked as API Gateway asks.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use haat_authorize::{AuthorizeRequest, authorize};
use haat_aws::testing::{Local, TABLE, start};
use haat_domain::{Scope, SellerId};
use haat_ports::{Clock, Seller, Sellers as _, StoreError, Tokens as _};
use haat_workflows::{NewToken, create_token};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Digest as _;

const NOW: &str = "2026-09-11T06:41:10Z";
const REFUSED: &str = r#"{"isAuthorized":false}"#;

/// The table's own clock, which forgets what has ended: it stands still.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        now()
    }
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn seller() -> SellerId {
    "s_demo".parse().unwrap()
}

/// A table with a seller who has one token, for reading and packing.
async fn table_with_token() -> (Local, NewToken) {
    let local = start(Arc::new(Stopped)).await;
    let tenant = Seller {
        id: seller(),
        name: "Asha Textiles".to_owned(),
        created_at: now(),
    };
    local.table.create_seller(&tenant).await.unwrap();
    let scopes = vec![Scope::Read, Scope::Pack];
    let token = create_token(local.table.as_ref(), &seller(), "ERP", scopes, now()).await;
    (local, token.unwrap())
}

/// What API Gateway is told about a caller who sends these Authorization headers.
async fn answer(local: &Local, headers: &[&str], at: Timestamp) -> Result<Value, StoreError> {
    let request: AuthorizeRequest =
        serde_json::from_value(json!({ "version": "2.0", "identitySource": headers })).unwrap();
    let answer = authorize(local.table.as_ref(), &request, at).await?;
    Ok(serde_json::to_value(answer).unwrap())
}

fn refused() -> Result<Value, StoreError> {
    Ok(serde_json::from_str(REFUSED).unwrap())
}

#[tokio::test]
async fn the_holder_of_a_token_is_its_seller_with_its_scopes() {
    let (local, token) = table_with_token().await;
    let text = token.text.expose();

    // The scheme's name is the same in any case (RFC 9110, 11.1).
    for header in [format!("Bearer {text}"), format!("bearer {text}")] {
        let told = answer(&local, &[&header], now()).await;

        let expected = json!({
            "isAuthorized": true,
            "context": {
                "seller": "s_demo",
                "token": token.token.id.to_string(),
                "scopes": "read pack",
            },
        });
        assert_eq!(told, Ok(expected));
    }
}

#[tokio::test]
async fn whoever_brings_no_token_of_ours_is_refused() {
    let (local, token) = table_with_token().await;
    let text = token.text.expose();
    let other = format!("Bearer haat_{}", "0".repeat(64));
    let longer = format!("Bearer {text}0");
    let basic = format!("Basic {text}");
    for header in ["", "Bearer", "Bearer ", text, &other, &longer, &basic] {
        assert_eq!(answer(&local, &[header], now()).await, refused());
    }
    assert_eq!(answer(&local, &[], now()).await, refused(), "no header");
    let request: AuthorizeRequest = serde_json::from_value(json!({"version": "2.0"})).unwrap();
    let told = authorize(local.table.as_ref(), &request, now()).await;
    assert!(!told.unwrap().is_authorized, "no identity source at all");
}

#[tokio::test]
async fn a_token_that_has_ended_is_refused_from_that_moment_on() {
    let (local, token) = table_with_token().await;
    let end = now() + SignedDuration::from_hours(1);
    let mut ending = token.token.clone();
    ending.id = "t_ending".parse().unwrap();
    ending.expires_at = Some(end);
    let text = "haat_one-that-ends";
    let hash = sha2::Sha256::digest(text).into();
    local.table.put_token(&hash, &ending).await.unwrap();
    let header = format!("Bearer {text}");

    let before = end - SignedDuration::from_secs(1);
    let told = answer(&local, &[&header], before).await.unwrap();
    assert_eq!(told["isAuthorized"], true);
    assert_eq!(answer(&local, &[&header], end).await, refused());
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let (local, token) = table_with_token().await;
    let revoked = local.table.revoke(&seller(), &token.token.id).await;
    assert_eq!(revoked, Ok(true));

    let header = format!("Bearer {}", token.text.expose());
    assert_eq!(answer(&local, &[&header], now()).await, refused());
}

#[tokio::test]
async fn a_table_that_fails_is_an_error_and_never_a_no() {
    let (local, token) = table_with_token().await;
    let gone = local.client.delete_table().table_name(TABLE);
    gone.send().await.unwrap();

    let header = format!("Bearer {}", token.text.expose());
    let told = answer(&local, &[&header], now()).await;

    match told {
        Err(StoreError::Unavailable { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_sample_event_is_read_and_its_invented_token_refused() {
    let (local, _) = table_with_token().await;
    let sample = include_str!("../../../events/authorize.json");
    let request: AuthorizeRequest = serde_json::from_str(sample).unwrap();
    assert_eq!(
        request.identity_source,
        ["Bearer haat_invented-token-of-the-sample"]
    );

    let told = authorize(local.table.as_ref(), &request, now()).await;

    assert!(!told.unwrap().is_authorized);
}
