use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;
use haat_aws::testing::TABLE;
use haat_aws::{Table, http_client};
use haat_ports::{Sellers, StoreError, SystemClock};

use crate::double::{self, Double};
use crate::sample::{seller, shop};

#[tokio::test]
async fn a_refusal_of_the_service_reaches_the_reader() {
    let double = Double::start(|_| double::refusal("AccessDeniedException", "not allowed")).await;
    let table = Table::new(&double.config, TABLE, Arc::new(SystemClock));

    let created = table.create_seller(&seller()).await;

    let expected = StoreError::Unavailable {
        what: "seller shop".to_owned(),
        reason: "AccessDeniedException: not allowed".to_owned(),
    };
    assert_eq!(created, Err(expected));
}

#[tokio::test]
async fn a_call_that_fails_is_tried_three_times() {
    let double = Double::start(|_| (StatusCode::INTERNAL_SERVER_ERROR, b"{}".to_vec())).await;
    let table = Table::new(&double.config, TABLE, Arc::new(SystemClock));

    let read = table.seller(&shop()).await;

    assert!(
        matches!(read, Err(StoreError::Unavailable { .. })),
        "{read:?}"
    );
    assert_eq!(double.asked().len(), 3);
}

/// A signed request or a session must not be sent to a place that was not chosen.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let service = Router::new()
        .route("/", get(async || Redirect::temporary("/elsewhere")))
        .route("/elsewhere", get(async || "here"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, service).await });

    let request = http_client().unwrap().get(format!("http://{address}/"));
    let answer = request.send().await.unwrap();

    assert_eq!(answer.status(), 307);
}
