//! What must not be seen is not seen.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use haat_domain::{Buyer, Scope, Secret, Token};
use jiff::Timestamp;

#[test]
fn a_secret_shows_nothing() {
    let secret = Secret::new(" p@ss word ");
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    assert_eq!(secret.expose(), " p@ss word ", "not even trimmed");
}

#[test]
fn a_buyer_shows_the_state_alone() {
    let buyer = Buyer {
        name: Some("Asha Rao".to_owned()),
        lines: vec!["12 MG Road".to_owned()],
        city: Some("Pune".to_owned()),
        state: "Maharashtra".to_owned(),
        pin: Some("411001".to_owned()),
        phone: Some("9000000000".to_owned()),
    };
    let shown = format!("{buyer:?}");
    assert!(shown.contains("Maharashtra"));
    for hidden in ["Asha", "MG Road", "Pune", "411001", "9000000000"] {
        assert!(!shown.contains(hidden), "{hidden} is shown");
    }
}

#[test]
fn scopes_grant_what_they_say() {
    let now: Timestamp = "2026-09-11T06:41:10Z".parse().unwrap();
    let token = |scopes: &[Scope]| Token {
        id: "t_1".parse().unwrap(),
        seller: "s_1".parse().unwrap(),
        name: "packing table".to_owned(),
        scopes: scopes.to_vec(),
        created_at: now,
        expires_at: None,
    };
    assert!(token(&[Scope::Pack]).allows(Scope::Read, now));
    assert!(!token(&[Scope::Pack]).allows(Scope::Admin, now));
    assert!(!token(&[Scope::Read]).allows(Scope::Pack, now));
    assert!(token(&[Scope::Admin]).allows(Scope::Stock, now));
    assert!(!token(&[]).allows(Scope::Read, now));
    let ended = Token {
        expires_at: Some(now),
        ..token(&[Scope::Admin])
    };
    assert!(!ended.allows(Scope::Read, now));
}
