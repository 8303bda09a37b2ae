//! Who a caller of the API is: the bearer token's seller and scopes, as API Gateway's Lambda
//! authorizer (payload 2.0, simple response) wants to hear it.

use haat_domain::{Scope, Secret};
use haat_ports::{StoreError, Tokens};
use haat_workflows::authenticate;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What API Gateway asks. Only the identity source (the Authorization header) is read: nothing
/// else of a request says who sent it.
#[derive(Deserialize)]
pub struct AuthorizeRequest {
    /// The values of the identity sources, in order.
    #[serde(rename = "identitySource", default)]
    pub identity_source: Vec<String>,
}

/// What API Gateway wants to hear.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizeAnswer {
    /// Whether the request goes on to the API.
    pub is_authorized: bool,
    /// What the API is told about the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<CallerContext>,
}

/// The caller, as the API finds it in `requestContext.authorizer.lambda`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct CallerContext {
    /// Whose token it is.
    pub seller: String,
    /// The token's public id, for the audit trail.
    pub token: String,
    /// Its scopes' words, separated by spaces.
    pub scopes: String,
}

/// Answers for one request. A table that does not answer is an error, never a "no": API Gateway
/// then says 500 and caches nothing.
pub async fn authorize(
    tokens: &dyn Tokens,
    request: &AuthorizeRequest,
    now: Timestamp,
) -> Result<AuthorizeAnswer, StoreError> {
    let header = request.identity_source.first().map_or("", String::as_str);
    let Some(text) = bearer(header) else {
        return Ok(refused());
    };
    let Some(token) = authenticate(tokens, &Secret::new(text), now).await? else {
        tracing::info!(event = "token.refused");
        return Ok(refused());
    };
    let scopes: Vec<&str> = token
        .scopes
        .iter()
        .map(|scope| Scope::word(*scope))
        .collect();
    Ok(AuthorizeAnswer {
        is_authorized: true,
        context: Some(CallerContext {
            seller: token.seller.to_string(),
            token: token.id.to_string(),
            scopes: scopes.join(" "),
        }),
    })
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, text) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| text.trim())
}

fn refused() -> AuthorizeAnswer {
    AuthorizeAnswer {
        is_authorized: false,
        context: None,
    }
}
