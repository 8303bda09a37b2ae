//! Who calls, and whether the session still lives.

use http::StatusCode;
use jiff::Timestamp;

use super::{
    wire::Call,
    world::{Account, World},
};
use crate::{call::Operation, control::ControlError, reply::Reply};

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) email: String,
    /// Past this instant the session is answered 463.
    pub(crate) expires: Timestamp,
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

pub(crate) fn throttle(world: &mut World, call: &Call, email: &str) -> Result<(), Reply> {
    let Some(limit) = world.weather.throttle else {
        return Ok(());
    };
    let now = world.now;
    let Some(account) = account_by_email(world, email) else {
        return Ok(());
    };
    let listed = call.operation.is_some_and(Operation::is_throttled);
    match account.minute.count(now, limit).filter(|_| listed) {
        Some(seconds) => Err(Reply::status(StatusCode::TOO_MANY_REQUESTS).retry_after(seconds)),
        None => Ok(()),
    }
}

pub(crate) fn account_by_email<'a>(world: &'a mut World, email: &str) -> Option<&'a mut Account> {
    let mut accounts = world.accounts.iter_mut();
    accounts.find(|account| account.email == email)
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
