//! Logging in: password, lockout, challenge, cookies.

use http::{StatusCode, header::SET_COOKIE};
use jiff::Timestamp;
use serde_json::json;

use super::{
    session::{Session, account_by_email, throttle},
    wire::{Call, LoginRequest, OtpRequest},
    world::{Account, World},
};
use crate::{
    clock,
    host::Answer,
    log::count,
    reply::{Content, Reply},
};

const CHALLENGE_SECONDS: i64 = 600;

#[derive(Debug)]
pub(crate) struct Challenge {
    email: String,
    expires: Timestamp,
}

pub(crate) fn login(world: &mut World, call: &Call) -> Answer {
    let request: LoginRequest = call.read()?;
    let now = world.now;
    let Some(email) = find_account(world, &request.email).map(|account| account.email.clone())
    else {
        count(&mut world.counters.refused_logins, &request.email);
        return Err(bad_credentials());
    };
    throttle(world, call, &email)?;
    let allowed = world.timings.lockout_logins;
    let locked_until = clock::later(now, i64::from(world.timings.lockout_seconds));
    let Some(account) = account_by_email(world, &email) else {
        return Err(bad_credentials());
    };
    if let Some(until) = account.locked_until.filter(|until| *until > now) {
        count(&mut world.counters.refused_logins, &email);
        return Err(
            Reply::status(StatusCode::LOCKED).retry_after(clock::seconds_between(now, until))
        );
    }
    if account.password != request.password {
        account.bad_logins = account.bad_logins.saturating_add(1);
        if account.bad_logins >= allowed {
            account.bad_logins = 0;
            account.locked_until = Some(locked_until);
        }
        count(&mut world.counters.refused_logins, &email);
        return Err(bad_credentials());
    }
    account.bad_logins = 0;
    if account.demanded_otp.is_some() {
        return Ok(challenge(world, email));
    }
    open_session(world, &email)
}

fn challenge(world: &mut World, email: String) -> Reply {
    count(&mut world.counters.otp_challenges, &email);
    let number = world.counters.otp_challenges.values().sum::<u64>();
    let challenge_id = format!("ch_{number:04}");
    let mobile = account_by_email(world, &email).map(|account| account.mobile.clone());
    let mobile = mobile.unwrap_or_default();
    let last_four: String = mobile.chars().skip(6).collect();
    let expires = clock::later(world.now, CHALLENGE_SECONDS);
    let challenge = Challenge { email, expires };
    world.challenges.insert(challenge_id.clone(), challenge);
    Reply::json(json!({
        "success": false,
        "otp_required": true,
        "challenge_id": challenge_id,
        "masked_mobile": format!("XXXXXX{last_four}"),
    }))
}

pub(crate) fn verify_otp(world: &mut World, call: &Call) -> Answer {
    let request: OtpRequest = call.read()?;
    let now = world.now;
    let asked = find_account(world, &request.email).map(|account| account.email.clone());
    let open = world
        .challenges
        .get(&request.challenge_id)
        .filter(|challenge| challenge.expires > now && Some(&challenge.email) == asked.as_ref())
        .map(|challenge| challenge.email.clone());
    let right = open.filter(|email| {
        account_by_email(world, email)
            .is_some_and(|account| account.demanded_otp.as_ref() == Some(&request.otp))
    });
    let Some(email) = right else {
        count(&mut world.counters.refused_logins, &request.email);
        return Err(bad_credentials());
    };
    world.challenges.remove(&request.challenge_id);
    if let Some(account) = account_by_email(world, &email) {
        account.demanded_otp = None;
    }
    open_session(world, &email)
}

fn open_session(world: &mut World, email: &str) -> Answer {
    let id = format!("s%3A{:016x}{:016x}", world.rng.u64(..), world.rng.u64(..));
    let expires = clock::later(world.now, i64::from(world.timings.session_seconds));
    let Some((supplier_id, identifier)) = account_by_email(world, email)
        .and_then(|account| account.suppliers.first())
        .map(|supplier| (supplier.id, supplier.identifier.clone()))
    else {
        return Err(bad_credentials());
    };
    count(&mut world.counters.logins, email);
    let session = Session {
        email: email.to_owned(),
        expires,
    };
    world.sessions.insert(id.clone(), session);
    let cookie = |name: &str, value: &str| format!("{name}={value}; Path=/; HttpOnly; Secure");
    Ok(Reply::json(json!({"success": true}))
        .with(SET_COOKIE, cookie("connect.sid", &id))
        .with(SET_COOKIE, cookie("current_az_identifier", &identifier))
        .with(SET_COOKIE, cookie("s_id", &supplier_id.to_string())))
}

pub(crate) fn logout(world: &mut World, call: &Call) -> Answer {
    let live = call
        .cookie("connect.sid")
        .is_some_and(|id| world.sessions.remove(id).is_some());
    if live {
        return Ok(Reply::json(json!({"success": true})));
    }
    Err(Reply::status(StatusCode::UNAUTHORIZED))
}

/// By what a person types: e-mail or mobile number.
fn find_account<'a>(world: &'a mut World, typed: &str) -> Option<&'a mut Account> {
    let mut accounts = world.accounts.iter_mut();
    accounts.find(|account| account.email == typed || account.mobile == typed)
}

fn bad_credentials() -> Reply {
    let body = json!({"error": "e-mail or password is wrong"});
    Reply::of(StatusCode::UNAUTHORIZED, Content::Json(body))
}
