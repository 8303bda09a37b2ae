//! Logging in, staying in, being thrown out.

use http::{StatusCode, header::SET_COOKIE};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    clock,
    control::ControlError,
    counters::count,
    host::Answer,
    reply::{Content, Reply},
    wire::{Call, IdentifierOnly, LoginRequest, OtpRequest, SupplierRef},
    world::{Account, Supplier, World},
};

const CHALLENGE_SECONDS: i64 = 600;

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) email: String,
    /// Past this instant the session is answered 463.
    pub(crate) expires: Timestamp,
}

#[derive(Debug)]
pub(crate) struct Challenge {
    email: String,
    expires: Timestamp,
}

/// The supplier a call speaks for.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) supplier_id: u64,
    pub(crate) identifier: String,
}

impl Caller {
    /// The supplier named in a body must be the header's.
    pub(crate) fn must_be(&self, supplier_id: u64, identifier: &str) -> Result<(), Reply> {
        if self.supplier_id == supplier_id && self.identifier == identifier {
            return Ok(());
        }
        Err(Reply::forbidden(1002, "supplier does not match identifier"))
    }
}

/// Who calls: client-type, cookies, session, identifier, throttle, in that order.
pub(crate) fn caller(world: &mut World, call: &Call) -> Result<Caller, Reply> {
    let email = live_session(world, call)?;
    let Some(identifier) = call.identifier() else {
        return Err(Reply::status(StatusCode::FORBIDDEN));
    };
    let Some(account) = account_by_email(world, &email) else {
        return Err(Reply::status(StatusCode::UNAUTHORIZED));
    };
    let mut suppliers = account.suppliers.iter();
    let Some(supplier_id) = suppliers
        .find(|supplier| supplier.identifier == identifier)
        .map(|supplier| supplier.id)
    else {
        return Err(Reply::forbidden(1002, "identifier is not of this session"));
    };
    throttle(world, call, &email)?;
    Ok(Caller {
        supplier_id,
        identifier,
    })
}

fn live_session(world: &mut World, call: &Call) -> Result<String, Reply> {
    // The contract wants the header on every call; what the panel does without it is assumed.
    if call.header("client-type") != Some("d-web") {
        return Err(Reply::edge_block());
    }
    let gone = || Reply::status(StatusCode::UNAUTHORIZED);
    let cookie = call.cookie("connect.sid").ok_or_else(gone)?;
    call.cookie("s_id").ok_or_else(gone)?;
    let session = world.sessions.get(cookie).ok_or_else(gone)?;
    if session.expires <= world.now {
        return Err(Reply::session_expired());
    }
    Ok(session.email.clone())
}

fn throttle(world: &mut World, call: &Call, email: &str) -> Result<(), Reply> {
    let Some(limit) = world.throttle else {
        return Ok(());
    };
    let now = world.now;
    let Some(account) = account_by_email(world, email) else {
        return Ok(());
    };
    let (minute, calls) = &mut account.minute;
    if clock::seconds_between(*minute, now) >= 60 {
        (*minute, *calls) = (now, 0);
    }
    *calls = calls.saturating_add(1);
    let listed = call
        .operation
        .is_some_and(|operation| operation.is_throttled());
    if *calls > limit.calls_per_minute && listed {
        let seconds = i64::from(limit.retry_after_seconds);
        return Err(Reply::status(StatusCode::TOO_MANY_REQUESTS).retry_after(seconds));
    }
    Ok(())
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

pub(crate) fn prefetch_supply_data(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: IdentifierOnly = call.read()?;
    caller.must_be(caller.supplier_id, &request.identifier)?;
    let number = world
        .accounts
        .iter()
        .position(|account| owns(account, &caller));
    let user_id = number.unwrap_or(0).saturating_add(1);
    let Some(account) = world.account_of_supplier(caller.supplier_id) else {
        return Err(Reply::server_error());
    };
    let user = json!({
        "id": user_id,
        "email": account.email,
        "mobile_number": account.mobile,
    });
    let supplier = world.supplier(caller.supplier_id).map(|supplier| {
        json!({
            "supplier_id": supplier.id,
            "name": supplier.shop.name,
            "identifier": supplier.identifier,
        })
    });
    Ok(Reply::json(json!({"user": user, "supplier": supplier})))
}

pub(crate) fn fetch_registration_status(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    call.read::<serde_json::Map<String, Value>>()?;
    let Some(account) = world.account_of_supplier(caller.supplier_id) else {
        return Err(Reply::server_error());
    };
    let identifiers: Vec<&str> = account.suppliers.iter().map(identifier_of).collect();
    let ids: serde_json::Map<String, Value> = account
        .suppliers
        .iter()
        .map(|supplier| (supplier.identifier.clone(), json!(supplier.id)))
        .collect();
    Ok(Reply::json(json!({"decodedToken": {
        "supplier_identifiers": identifiers,
        "supplier_identifier_to_id_mapping": ids,
    }})))
}

pub(crate) fn get_supplier_details(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: SupplierRef = call.read()?;
    caller.must_be(request.supplier_id, &request.identifier)?;
    let Some(supplier) = world.supplier(caller.supplier_id) else {
        return Err(Reply::server_error());
    };
    Ok(Reply::json(json!({"supplier": {
        "name": supplier.shop.name,
        "store_name": supplier.shop.name,
        "legal_name": supplier.shop.legal_name,
        "gstin": supplier.shop.gstin,
        "pickup_state": supplier.shop.place.state,
        "acceptance_preference": "MANUAL",
    }})))
}

fn identifier_of(supplier: &Supplier) -> &str {
    &supplier.identifier
}

fn owns(account: &Account, caller: &Caller) -> bool {
    let mut suppliers = account.suppliers.iter();
    suppliers.any(|supplier| supplier.id == caller.supplier_id)
}

fn account_by_email<'a>(world: &'a mut World, email: &str) -> Option<&'a mut Account> {
    let mut accounts = world.accounts.iter_mut();
    accounts.find(|account| account.email == email)
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

/// Another password; every session of the log-in dies with 463.
pub(crate) fn change_password(
    world: &mut World,
    supplier_id: u64,
    password: Option<&str>,
) -> Result<(), ControlError> {
    expire(world, supplier_id)?;
    if let Some(account) = world.account_of_supplier(supplier_id) {
        account.password = match password {
            Some(password) => password.to_owned(),
            None => format!("{}-changed", account.password),
        };
    }
    Ok(())
}

/// The next log-in gets a challenge instead of cookies.
pub(crate) fn demand_otp(
    world: &mut World,
    supplier_id: u64,
    code: &str,
) -> Result<(), ControlError> {
    let unknown = ControlError::UnknownSupplier(supplier_id);
    let account = world.account_of_supplier(supplier_id).ok_or(unknown)?;
    account.demanded_otp = Some(code.to_owned());
    Ok(())
}

/// Every session of the supplier's log-in is answered 463 from now on.
pub(crate) fn expire(world: &mut World, supplier_id: u64) -> Result<(), ControlError> {
    let now = world.now;
    let unknown = ControlError::UnknownSupplier(supplier_id);
    let account = world.account_of_supplier(supplier_id).ok_or(unknown)?;
    let email = account.email.clone();
    for session in world.sessions.values_mut() {
        if session.email == email {
            session.expires = session.expires.min(now);
        }
    }
    Ok(())
}
