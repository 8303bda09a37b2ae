//! Logging in one POB: what is sent, what counts as a token, and what as a refusal.

use haat_domain::{Action, AttentionReason, Secret};
use haat_ports::{Challenge, ErrorKind, MarketplaceError, ParcelSize, Session};

use crate::pob::{PASSWORD, Pob, SESSION, USER, at, credentials, fixture};
use crate::script::{Reply, session, typed};

async fn logged_in(reply: Reply) -> Result<Session, MarketplaceError> {
    let pob = Pob::answered([reply]).await;
    let session = pob.marketplace.log_in(&credentials("dropship")).await;
    assert_eq!(pob.ajio.asked().len(), 1, "one log-in, never a second");
    session
}

#[tokio::test]
async fn the_password_goes_into_the_query_as_it_was_typed() {
    let pob = Pob::answered([Reply::json(200, fixture!("getAuthToken.answer.ok"))]).await;

    pob.marketplace.log_in(&credentials("")).await.unwrap();

    let asked = pob.ajio.asked().remove(0);
    let query = "username=DV900001&password=pa+ss%26w%C3%B6rd%2F1";
    assert_eq!(
        asked.call(),
        ("GET", format!("/ds/hub/authToken?{query}").as_str())
    );
    assert!(!asked.headers.contains_key("apikey") && asked.body.is_empty());
}

#[tokio::test]
async fn the_profile_moves_the_password_into_the_body() {
    let ok = Reply::json(200, fixture!("getAuthToken.answer.ok"));
    let pob = Pob::with(r#"{"auth_method": "POST"}"#, [ok]).await;
    let typed = typed(&[("username", USER), ("password", "sandbox-only")]);

    pob.marketplace.log_in(&typed).await.unwrap();

    let asked = pob.ajio.asked().remove(0);
    assert_eq!(asked.call(), ("POST", "/ds/hub/authToken"));
    let example: serde_json::Value =
        serde_json::from_str(fixture!("postAuthToken.request")).unwrap();
    assert_eq!(asked.json(), example);
}

#[tokio::test]
async fn a_session_ends_for_the_hub_before_its_token_does() {
    let ok = Reply::json(200, fixture!("getAuthToken.answer.ok"));
    let session = logged_in(ok).await.unwrap();
    // 25 of its 30 minutes after 09:16:15.
    assert_eq!(session.expires_at, at("2026-01-01T09:41:15Z"));
    let kept = r#"{"user":"DV900001","token":"sandbox.jwt.token"}"#;
    assert_eq!(session.secret.expose(), kept);
    assert!(!format!("{session:?}").contains("jwt"));
}

#[tokio::test]
async fn the_session_tells_its_one_pob_without_a_call() {
    let pob = Pob::answered([]).await;
    let sellers = pob.marketplace.sellers(&session(SESSION)).await.unwrap();
    let sellers: Vec<_> = sellers.iter().map(|it| (&*it.key, &*it.name)).collect();
    assert_eq!(sellers, [(USER, "POB DV900001")]);
    let lost = pob.marketplace.sellers(&session("?")).await.unwrap_err();
    assert_eq!(lost.kind, ErrorKind::Auth);
    assert!(pob.ajio.asked().is_empty());
}

#[tokio::test]
async fn whatever_is_no_success_with_a_token_is_a_refusal() {
    for (reply, said) in [
        (
            Reply::json(200, fixture!("getAuthToken.answer.refused")),
            "INVALID_CREDENTIALS",
        ),
        (Reply::json(200, r#"{"status": "FAILED"}"#), "FAILED"),
        (
            Reply::json(200, r#"{"status": "SUCCESS", "accessToken": ""}"#),
            "SUCCESS",
        ),
        (
            Reply::json(200, r#"{"status": "LATER", "accessToken": "a.b.c"}"#),
            "LATER",
        ),
        (Reply::json(200, "{}"), "no usable token"),
        (
            Reply::json(401, fixture!("error.badCredentials")),
            "INVALID_CREDENTIALS: user or password is wrong",
        ),
        (Reply::json(400, "{}"), "log-in refused"),
        (
            Reply::json(403, r#"{"code": "X", "message": "API access is off"}"#),
            "API access is off",
        ),
    ] {
        let error = logged_in(reply).await.unwrap_err();
        let refused = ErrorKind::Attention(AttentionReason::LoginRefused);
        assert_eq!(error.kind, refused, "{error}");
        assert!(error.said.contains(said), "{error}");
    }
}

#[tokio::test]
async fn trouble_is_no_refusal() {
    for (reply, kind) in [
        (
            Reply::json(429, fixture!("error.throttled")),
            ErrorKind::RateLimited,
        ),
        (Reply::html(503), ErrorKind::Unavailable),
        (Reply::html(200), ErrorKind::Malformed),
        (Reply::json(200, r#"{"status": "SUC"#), ErrorKind::Malformed),
        (Reply::json(200, "[7]"), ErrorKind::Malformed),
        (
            Reply::html(302).with("location", "https://evil.test/"),
            ErrorKind::Malformed,
        ),
        (Reply::json(404, "{}"), ErrorKind::NotFound),
        (
            Reply::html(403),
            ErrorKind::Attention(AttentionReason::Blocked),
        ),
    ] {
        let error = logged_in(reply).await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
    }
}

#[tokio::test]
async fn a_refusal_that_quotes_the_password_is_repeated_without_it() {
    let quoted = format!(
        r#"{{"code": "BAD", "message": "GET /authToken?password=pa+ss%26w%C3%B6rd%2F1 or {PASSWORD}"}}"#
    );
    let error = logged_in(Reply::json(401, &quoted)).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    for part in ["pa+ss", "%26", "wörd", "pa ss"] {
        assert!(!shown.contains(part), "{shown}");
    }
    assert!(shown.contains("BAD"), "{shown}");
}

#[tokio::test]
async fn jit_and_b2b_accounts_are_refused_with_the_reason_before_any_call() {
    let pob = Pob::answered([]).await;
    for (model, why) in [
        ("jit", "dropship model alone: JIT"),
        ("b2b", "dropship model alone: B2B"),
        ("franchise", "none of dropship, jit and b2b"),
    ] {
        let error = pob
            .marketplace
            .log_in(&credentials(model))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected);
        assert!(error.said.contains(why), "{error}");
    }
    assert!(pob.ajio.asked().is_empty());
}

#[tokio::test]
async fn an_unusual_user_name_is_doubted_and_tried_all_the_same() {
    let pob = Pob::answered([Reply::json(200, fixture!("getAuthToken.answer.ok"))]).await;
    let doubts = |user: &str| {
        let typed = typed(&[("username", user), ("password", PASSWORD)]);
        pob.marketplace.doubts(&typed).len()
    };
    for (user, count) in [
        ("DV900001", 0),
        ("DVab1", 0),
        ("DV", 1),
        ("dv900001", 1),
        ("DV 900001", 1),
        ("seller@example.test", 1),
        ("", 1),
    ] {
        assert_eq!(doubts(user), count, "{user}");
    }
    let odd = typed(&[("username", "POB7"), ("password", PASSWORD)]);
    assert!(pob.marketplace.log_in(&odd).await.is_ok());
}

#[tokio::test]
async fn there_are_no_one_time_passwords() {
    let pob = Pob::answered([]).await;
    let challenge = Challenge {
        id: Secret::new("c"),
        sent_to: None,
    };
    let (typed, otp) = (credentials(""), Secret::new("1"));
    let answer = pob.marketplace.answer_otp(&typed, &challenge, &otp).await;
    assert_eq!(answer.unwrap_err().kind, ErrorKind::Rejected);
    assert!(pob.ajio.asked().is_empty());
}

#[tokio::test]
async fn what_is_fixed_about_ajio_is_told_to_people() {
    let pob = Pob::answered([]).await;
    let told = pob.marketplace.descriptor();
    let fields: Vec<_> = told.fields.iter().map(|it| (it.name, it.secret)).collect();
    assert_eq!(
        fields,
        [("username", false), ("password", true), ("model", false)]
    );
    assert_eq!(told.fields[2].choices, ["dropship", "jit", "b2b"]);
    assert_eq!(told.actions, Action::ALL);
    assert_eq!(told.parcel, ParcelSize::Seller);
    assert!(told.registration.is_approved && told.registration.has_warehouse);
    assert_eq!(told.registration.needs.len(), 4);
    let limits = told.limits;
    assert_eq!((limits.look_up, limits.accept), (50, 50));
    assert_eq!((limits.manifest, limits.stock), (250, 50));
}
