//! Logging in, and who calls.

use http::StatusCode;
use serde_json::json;

use super::{
    operation::Operation,
    options::RefusalForm,
    refusal,
    wire::{Call, Credentials},
    world::{Token, World},
};
use crate::{clock, control::ControlError, host::Answer, log::count, reply::Content, reply::Reply};

/// The header that carries the token.
const HEADER: &str = "apikey";

pub(crate) fn get_auth_token(world: &mut World, call: &Call) -> Answer {
    let credentials = Credentials {
        username: call.needed("username")?,
        password: call.needed("password")?,
    };
    log_in(world, &credentials)
}

pub(crate) fn post_auth_token(world: &mut World, call: &Call) -> Answer {
    let credentials: Credentials = call.read()?;
    log_in(world, &credentials)
}

fn log_in(world: &mut World, credentials: &Credentials) -> Answer {
    let user = &credentials.username;
    throttle(world, user)?;
    let right = world
        .pobs
        .get(user)
        .is_some_and(|pob| pob.password == credentials.password && pob.api_access);
    if !right {
        count(&mut world.counters.refused_logins, user);
        return Err(refused(world.profile.refusal));
    }
    count(&mut world.counters.logins, user);
    let (head, tail) = (world.rng.u64(..), world.rng.u64(..));
    let text = format!("sandbox.{head:016x}.{tail:016x}");
    let life = i64::from(world.timings.token_seconds);
    let token = Token {
        pob: user.clone(),
        expires: clock::later(world.now, life),
    };
    world.tokens.insert(text.clone(), token);
    Ok(Reply::json(
        json!({"status": "SUCCESS", "accessToken": text}),
    ))
}

fn refused(form: RefusalForm) -> Reply {
    match form {
        RefusalForm::Status => refusal::bad_credentials(),
        RefusalForm::Word => Reply::of(
            StatusCode::OK,
            Content::Json(json!({"status": "INVALID_CREDENTIALS"})),
        ),
    }
}

/// The user that a log-in names; otherwise whose token it is, live or not.
pub(crate) fn identifier(world: &World, call: &Call) -> Option<String> {
    match call.operation {
        Some(Operation::GetAuthToken) => call.text("username"),
        Some(Operation::PostAuthToken) => {
            let sent: Option<Credentials> = serde_json::from_slice(&call.body).ok();
            sent.map(|credentials| credentials.username)
        }
        Some(_) | None => {
            let token = world.tokens.get(call.header(HEADER)?)?;
            Some(token.pob.clone())
        }
    }
}

/// The POB a call speaks for: token, entitlement, throttle, in that order.
pub(crate) fn caller(world: &mut World, call: &Call) -> Result<String, Reply> {
    let text = call.header(HEADER).ok_or_else(refusal::token_missing)?;
    let token = world.tokens.get(text).ok_or_else(refusal::token_invalid)?;
    if token.expires <= world.now {
        return Err(refusal::token_expired());
    }
    let pob = token.pob.clone();
    throttle(world, &pob)?;
    let shipping = world.pobs.get(&pob).is_some_and(|pob| pob.shipping_access);
    if !shipping && call.operation.is_some_and(|one| one.needs_shipping()) {
        return Err(refusal::no_shipping());
    }
    Ok(pob)
}

fn throttle(world: &mut World, pob: &str) -> Result<(), Reply> {
    let now = world.now;
    let (Some(limit), Ok(pob)) = (world.weather.throttle, world.pob_mut(pob)) else {
        return Ok(());
    };
    match pob.minute.count(now, limit) {
        Some(seconds) => Err(refusal::throttled(seconds)),
        None => Ok(()),
    }
}

/// Every token of the POB is answered 401 from now on.
pub(crate) fn expire(world: &mut World, pob: &str) -> Result<(), ControlError> {
    world.pob_mut(pob)?;
    let now = world.now;
    for token in world.tokens.values_mut().filter(|token| token.pob == pob) {
        token.expires = token.expires.min(now);
    }
    Ok(())
}

/// Another password; every token of the POB dies.
pub(crate) fn change_password(
    world: &mut World,
    pob: &str,
    password: Option<&str>,
) -> Result<(), ControlError> {
    expire(world, pob)?;
    let pob = world.pob_mut(pob)?;
    pob.password = match password {
        Some(password) => password.to_owned(),
        None => format!("{}-changed", pob.password),
    };
    Ok(())
}
