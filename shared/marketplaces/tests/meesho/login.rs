//! What a log-in can end in.

use std::time::Duration;

use haat_domain::{AttentionReason, Secret};
use haat_ports::{Challenge, ErrorKind, MarketplaceError, Session};
use jiff::Timestamp;

use crate::requests::fixture;
use crate::scripted::{NOW_MS, PASSWORD, Panel, Reply, credentials};

const EMAIL: &str = "seller@example.test";

async fn log_in(reply: Reply, profile: Option<&str>) -> Result<Session, MarketplaceError> {
    let panel = Panel::answering([reply]).await;
    let result = panel
        .marketplace_with(profile)
        .log_in(&credentials(EMAIL, PASSWORD))
        .await;
    let asked = panel.asked();
    assert_eq!(asked.len(), 1, "one log-in call, never a second");
    assert_eq!(asked[0].json()["password"], PASSWORD, "byte for byte");
    if let Err(error) = &result {
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains(PASSWORD) && !shown.contains(EMAIL),
            "{shown}"
        );
    }
    result
}

async fn refused(reply: Reply) -> MarketplaceError {
    log_in(reply, None).await.unwrap_err()
}

fn good(reply: Reply) -> Reply {
    reply
        .with(
            "set-cookie",
            "connect.sid=s%3Asandbox.x; Path=/; HttpOnly; Secure",
        )
        .with("set-cookie", "current_az_identifier=ab1cd; Path=/")
        .with("set-cookie", "s_id=4100001; Path=/")
}

#[tokio::test]
async fn a_good_log_in_gives_the_cookies_for_a_day() {
    let session = log_in(good(Reply::json(200, fixture!("login.answer.ok"))), None)
        .await
        .unwrap();

    let cookies: serde_json::Value = serde_json::from_str(session.secret.expose()).unwrap();
    let expected = serde_json::json!({
        "connect.sid": "s%3Asandbox.x", "current_az_identifier": "ab1cd", "s_id": "4100001"
    });
    assert_eq!(cookies, expected);
    let tomorrow = Timestamp::from_millisecond(NOW_MS + 24 * 60 * 60 * 1000).unwrap();
    assert_eq!(session.expires_at, tomorrow);
    assert!(!format!("{session:?}").contains("sandbox.x"));
}

#[tokio::test]
async fn the_cookies_decide_and_not_the_body() {
    let odd = good(Reply::json(200, r#"{"success": "#));
    assert!(log_in(odd, None).await.is_ok());
}

#[tokio::test]
async fn success_without_both_cookies_is_no_session() {
    for cookie in [
        "connect.sid=s",
        "current_az_identifier=ab1cd",
        "connect.sid=; Max-Age=0",
    ] {
        let reply = Reply::json(200, fixture!("login.answer.ok")).with("set-cookie", cookie);
        let error = refused(reply).await;
        assert_eq!(
            error.kind,
            ErrorKind::Attention(AttentionReason::SessionRefused),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn what_a_refused_log_in_means() {
    use AttentionReason::{Blocked, LoginLocked, LoginRefused};
    let wrong = r#"{"error": "e-mail or password is wrong"}"#;
    for (reply, kind) in [
        (Reply::json(401, wrong), ErrorKind::Attention(LoginRefused)),
        (
            Reply::json(200, r#"{"success": false}"#),
            ErrorKind::Attention(LoginRefused),
        ),
        (Reply::json(400, wrong), ErrorKind::Attention(LoginRefused)),
        (Reply::json(403, wrong), ErrorKind::Attention(LoginRefused)),
        (Reply::json(423, wrong), ErrorKind::Attention(LoginLocked)),
        (Reply::html(403), ErrorKind::Attention(Blocked)),
        (Reply::html(463), ErrorKind::Attention(Blocked)),
        (Reply::html(200), ErrorKind::Malformed),
        (Reply::json(302, "{}"), ErrorKind::Malformed),
        (Reply::json(404, "{}"), ErrorKind::NotFound),
        (Reply::json(429, "{}"), ErrorKind::RateLimited),
        (Reply::json(500, "{}"), ErrorKind::Unavailable),
        (Reply::html(502), ErrorKind::Unavailable),
    ] {
        let error = refused(reply).await;
        assert_eq!(error.kind, kind, "{error}");
        assert_eq!(error.operation, "meesho login");
    }
}

#[tokio::test]
async fn a_refusal_says_what_the_panel_said() {
    let error = refused(Reply::json(
        401,
        r#"{"error": "e-mail or password is wrong"}"#,
    ))
    .await;
    assert_eq!(
        error.to_string(),
        "meesho login: log-in refused: e-mail or password is wrong (401)"
    );
}

#[tokio::test]
async fn a_panel_that_repeats_the_password_is_not_repeated() {
    let body = serde_json::json!({"error": format!("{EMAIL} with {PASSWORD} is wrong")});
    let error = refused(Reply::json(401, &body.to_string())).await;
    assert_eq!(error.said, "log-in refused: *** with *** is wrong");
}

#[tokio::test]
async fn a_locked_log_in_says_for_how_long() {
    let locked = Reply::json(423, r#"{"error": "too many attempts"}"#).with("retry-after", "1800");
    assert_eq!(
        refused(locked).await.retry_after,
        Some(Duration::from_secs(1800))
    );
}

#[tokio::test]
async fn a_wanted_one_time_password_brings_its_challenge() {
    let error = refused(Reply::json(200, fixture!("login.answer.otpDemanded"))).await;

    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::OtpRequired)
    );
    let challenge = error.challenge.unwrap();
    assert_eq!(challenge.sent_to.as_deref(), Some("XXXXXX0000"));
    assert!(challenge.id.expose().contains("ch_0001"));
    assert!(!format!("{challenge:?}").contains("ch_0001"));
}

#[tokio::test]
async fn a_challenge_may_come_as_status_403_where_the_profile_says_so() {
    let body = r#"{"challenge_id": "ch_0001", "message": "code sent"}"#;
    let profile = Some(r#"{"otp_challenge_form": "status-403"}"#);

    let error = log_in(Reply::json(403, body), profile).await.unwrap_err();

    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::OtpRequired)
    );
    assert!(error.challenge.is_some());
}

#[tokio::test]
async fn a_challenge_without_a_key_still_stops_the_login() {
    let error = refused(Reply::json(200, r#"{"otp_required": true}"#)).await;
    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::OtpRequired)
    );
    assert!(error.challenge.is_none());
}

#[tokio::test]
async fn a_wrong_one_time_password_is_a_refused_log_in() {
    let panel = Panel::answering([Reply::json(401, r#"{"error": "code 4711 is wrong"}"#)]).await;
    let challenge = Challenge {
        id: Secret::new(r#"{"challenge_id": "ch_0001", "instance": "inst_1"}"#),
        sent_to: None,
    };

    let (marketplace, typed) = (panel.marketplace(), credentials(EMAIL, PASSWORD));
    let otp = Secret::new("4711");
    let sent = marketplace.answer_otp(&typed, &challenge, &otp);
    let error = sent.await.unwrap_err();

    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::LoginRefused)
    );
    assert_eq!(error.said, "log-in refused: code *** is wrong");
    assert_eq!(panel.asked().len(), 1);
}

#[tokio::test]
async fn nobody_listening_is_unavailable_and_names_no_address() {
    let gone = Panel::answering([]).await;
    let url = "http://127.0.0.1:1";
    let marketplace = crate::scripted::marketplace(url, &gone.address, None);

    let error = marketplace
        .log_in(&credentials(EMAIL, PASSWORD))
        .await
        .unwrap_err();

    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(!format!("{error:?}").contains("127.0.0.1"), "{error:?}");
}
