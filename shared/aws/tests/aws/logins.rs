use haat_domain::{Attention, AttentionReason};
use haat_ports::{LoginState, Logins, Stop, StoreError};
use jiff::SignedDuration;

use crate::sample::{NOON, at, empty_table, id, login, noon_plus, other_shop, sealed, shop};

#[tokio::test]
async fn every_state_of_a_login_comes_back_as_it_was() {
    let (local, _) = empty_table().await;
    let attention = || Attention {
        reason: AttentionReason::OtpRequired,
        since: at(NOON),
        said: "OTP sent to ******4321".to_owned(),
    };
    let stop = |challenge| Stop {
        attention: attention(),
        challenge,
    };
    let states = [
        LoginState::Ready,
        LoginState::LoggingIn {
            until: at("2026-09-12T12:03:00.25Z"),
            before: None,
        },
        LoginState::LoggingIn {
            until: at("2026-09-12T12:03:00.25Z"),
            before: Some(stop(Some(sealed("challenge")))),
        },
        LoginState::Stopped(stop(None)),
        LoginState::Stopped(stop(Some(sealed("challenge")))),
    ];
    let mut written = login();
    for state in states {
        written.state = state;
        written.rest_until = Some(noon_plus(30));
        local.table.put_login(&written).await.unwrap();
        written.version += 1;

        let stored = local.table.login(&shop(), &id("l_1")).await;
        assert_eq!(stored, Ok(Some((written.clone(), None))));
    }
}

#[tokio::test]
async fn of_two_who_take_the_lease_one_loses() {
    let (local, _) = empty_table().await;
    local.table.put_login(&login()).await.unwrap();
    let (read, _) = local
        .table
        .login(&shop(), &id("l_1"))
        .await
        .unwrap()
        .unwrap();
    let mut leased = read;
    leased.state = LoginState::LoggingIn {
        until: noon_plus(180),
        before: None,
    };

    let (one, other) = (
        local.table.put_login(&leased).await,
        local.table.put_login(&leased).await,
    );

    assert_eq!(one, Ok(()));
    assert_eq!(
        other,
        Err(StoreError::Conflict("login l_1 of seller shop".to_owned()))
    );
}

#[tokio::test]
async fn a_login_comes_with_its_session_until_that_ends() {
    let (local, clock) = empty_table().await;
    local.table.put_login(&login()).await.unwrap();
    let session = sealed("cookie");
    let end = noon_plus(60);
    local
        .table
        .put_session(&shop(), &id("l_1"), &session, end)
        .await
        .unwrap();

    let (_, alive) = local
        .table
        .login(&shop(), &id("l_1"))
        .await
        .unwrap()
        .unwrap();
    clock.pass(SignedDuration::from_secs(60));
    let (_, ended) = local
        .table
        .login(&shop(), &id("l_1"))
        .await
        .unwrap()
        .unwrap();

    assert_eq!((alive, ended), (Some(session), None));
    assert_eq!(local.table.login(&other_shop(), &id("l_1")).await, Ok(None));
}

#[tokio::test]
async fn a_session_without_its_login_is_no_login() {
    let (local, _) = empty_table().await;
    let end = noon_plus(60);
    local
        .table
        .put_session(&shop(), &id("l_1"), &sealed("cookie"), end)
        .await
        .unwrap();

    assert_eq!(local.table.login(&shop(), &id("l_1")).await, Ok(None));
}
