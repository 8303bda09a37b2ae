//! Who calls. The authorizer in front of the API has looked the token up; what it found stands in
//! the request's context, where no header can put anything.

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;
use haat_domain::{Actor, Scope, SellerId, TokenId};
use lambda_http::request::RequestContext;
use serde_json::Value;

use crate::problem::{NOT_ALLOWED, Problem};

/// The holder of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) seller: SellerId,
    pub(crate) token: TokenId,
    scopes: Vec<Scope>,
}

impl Caller {
    /// Who calls; `None` for a request that no authorizer has looked at.
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        let context = extensions.get::<RequestContext>()?;
        let fields = &context.authorizer()?.fields;
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let scopes = text("scopes")?.split(' ').filter_map(Scope::of_word);
        Some(Self {
            seller: text("seller")?.parse().ok()?,
            token: text("token")?.parse().ok()?,
            scopes: scopes.collect(),
        })
    }

    pub(crate) fn may(&self, needed: Scope) -> bool {
        self.scopes.iter().any(|scope| scope.grants(needed))
    }

    /// How the caller stands in an order's history.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Token(self.token.clone())
    }
}

fn caller_with(needed: Scope, parts: &Parts) -> Result<Caller, Problem> {
    let caller = Caller::of(&parts.extensions).ok_or_else(Problem::not_signed_in)?;
    if caller.may(needed) {
        return Ok(caller);
    }
    let word = needed.word();
    Err(NOT_ALLOWED.because(format!(
        "This token lacks the scope {word}. Use a token that has it; `haat token create` makes one."
    )))
}

/// A caller that may look.
pub(crate) struct Reader(pub(crate) Caller);

/// A caller that may work on orders.
pub(crate) struct Packer(pub(crate) Caller);

/// A caller that may do everything.
pub(crate) struct Admin(pub(crate) Caller);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        caller_with(Scope::Read, parts).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Packer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        caller_with(Scope::Pack, parts).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        caller_with(Scope::Admin, parts).map(Self)
    }
}
