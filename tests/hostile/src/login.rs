//! Logging in, answering a challenge, finding out who one is, and what may be corrected of all
//! that without a build.

use haat_domain::{AttentionReason, Secret};
use haat_ports::{Challenge, ErrorKind, MarketplaceError, Session};

use crate::panel::{
    CHALLENGE, OF_A_CALL, OTP, PASSWORD, Panel, assert_silent, credentials, session, with_panel,
};

pub(crate) fn log_in(bytes: &[u8]) {
    with_panel(bytes, async |panel: &Panel| {
        let marketplace = panel.marketplace();
        judge(&marketplace.log_in(&credentials()).await, &[PASSWORD]);
        assert_eq!(panel.asked(), 1, "one log-in is one call");
        let key = format!(r#"{{"challenge_id": "{CHALLENGE}", "instance": "inst_1"}}"#);
        let challenge = Challenge {
            id: Secret::new(key),
            sent_to: None,
        };
        let otp = Secret::new(OTP);
        let typed = credentials();
        let answer = marketplace.answer_otp(&typed, &challenge, &otp);
        judge(&answer.await, &[PASSWORD, OTP, CHALLENGE]);
        assert_eq!(panel.asked(), 2, "one answer is one call");
    });
}

/// A session has its cookies; everything else says why it is none.
fn judge(answer: &Result<Session, MarketplaceError>, secrets: &[&str]) {
    match answer {
        Ok(session) => {
            let cookies: serde_json::Value = serde_json::from_str(session.secret.expose()).unwrap();
            for name in ["connect.sid", "current_az_identifier"] {
                let value = cookies[name].as_str().unwrap_or_default();
                assert!(!value.is_empty(), "a session without {name}");
            }
        }
        Err(error) => {
            assert_silent(error, secrets);
            let asks = error.kind == ErrorKind::Attention(AttentionReason::OtpRequired);
            assert!(
                asks || error.challenge.is_none(),
                "a challenge nobody hears of"
            );
            assert_ne!(error.kind, ErrorKind::Ambiguous, "a log-in starts nothing");
        }
    }
}

pub(crate) fn sellers(bytes: &[u8]) {
    with_panel(bytes, async |panel: &Panel| {
        match panel.marketplace().sellers(&session()).await {
            Err(error) => assert_silent(&error, &OF_A_CALL),
            Ok(sellers) => {
                assert!(!sellers.is_empty(), "a session acts for somebody");
                for seller in sellers {
                    let line = panel
                        .marketplace()
                        .connect(&seller.key, std::sync::Arc::new(Nobody));
                    assert!(line.is_ok(), "{:?} cannot be connected", seller.key);
                }
            }
        }
    });
}

struct Nobody;

#[async_trait::async_trait]
impl haat_ports::Sessions for Nobody {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        Ok(session())
    }

    async fn renew(&self, _: &Session) -> Result<Session, MarketplaceError> {
        Ok(session())
    }
}

/// Whatever a profile says, calls go to the marketplace's own host or are not made.
pub(crate) fn profile(bytes: &[u8]) {
    let Ok(profile) = std::str::from_utf8(bytes) else {
        return;
    };
    with_panel(b"{}", async |panel: &Panel| {
        if let Ok(marketplace) = panel.with_profile(profile) {
            let refused = marketplace.log_in(&credentials()).await.unwrap_err();
            assert_silent(&refused, &[PASSWORD]);
            let not_made = refused.kind == ErrorKind::Malformed;
            assert!(
                panel.asked() == 1 || not_made,
                "the call went elsewhere: {refused}"
            );
        }
    });
}
