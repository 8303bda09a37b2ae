//! Signing in: the token once, then the cookie, which is the token.

use axum::Form;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use haat_domain::{Scope, Secret, SellerId, Token, TokenId};
use haat_workflows::authenticate;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use crate::Console;
use crate::answer::Failure;
use crate::layout;
use crate::notice::{Notice, NoticeQuery};

/// `__Host-` makes the browser insist on `Secure`, `Path=/` and this very host.
const COOKIE_NAME: &str = "__Host-haat";
const ATTRIBUTES: &str = "HttpOnly; Secure; SameSite=Strict; Path=/";
/// One working day.
const KEPT_SECONDS: u32 = 12 * 60 * 60;

/// Whoever is signed in, and when the request came.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) token: Token,
    pub(crate) now: Timestamp,
}

impl Visitor {
    pub(crate) fn seller(&self) -> &SellerId {
        &self.token.seller
    }

    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.token.allows(scope, self.now)
    }

    pub(crate) fn needs(&self, scope: Scope) -> Result<(), Failure> {
        if self.may(scope) {
            Ok(())
        } else {
            Err(Failure::NoScope(scope))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Redirect> {
        let visitor = parts.extensions.get::<Self>();
        visitor.cloned().ok_or_else(|| Redirect::to(SIGN_IN))
    }
}

/// Who asked, for the log.
#[derive(Clone)]
pub(crate) struct WhoAsked {
    pub(crate) seller: SellerId,
    pub(crate) token: TokenId,
}

const SIGN_IN: &str = "/console/sign-in";

/// Lets through whoever holds a token that is good right now.
pub(crate) async fn admit(
    State(console): State<Console>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(text) = cookie(request.headers()) else {
        return Redirect::to(SIGN_IN).into_response();
    };
    let now = console.clock.now();
    let token = match authenticate(console.store.as_ref(), &text, now).await {
        Ok(Some(token)) => token,
        Ok(None) => return forget(Notice::SessionOver),
        Err(error) => return Failure::from(error).into_response(),
    };
    let who = WhoAsked {
        seller: token.seller.clone(),
        token: token.id.clone(),
    };
    let visitor = Visitor { token, now };
    let mut response = match visitor.needs(Scope::Read) {
        Ok(()) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    };
    response.extensions_mut().insert(who);
    response
}

fn cookie(headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, text)| Secret::new(text))
}

fn forget(notice: Notice) -> Response {
    let gone = format!("{COOKIE_NAME}=; {ATTRIBUTES}; Max-Age=0");
    ([(SET_COOKIE, gone)], Redirect::to(&notice.on(SIGN_IN))).into_response()
}

/// What is typed into the sign-in form.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    token: String,
}

/// The sign-in page.
pub(crate) async fn form(Query(query): Query<NoticeQuery>) -> Markup {
    sign_in_page(query.notice(), false)
}

/// Checks the token and keeps it in the cookie.
pub(crate) async fn sign_in(
    State(console): State<Console>,
    Form(typed): Form<SignIn>,
) -> Result<Response, Failure> {
    let text = Secret::new(typed.token.trim());
    let now = console.clock.now();
    let known = authenticate(console.store.as_ref(), &text, now).await?;
    let line = format!(
        "{COOKIE_NAME}={}; {ATTRIBUTES}; Max-Age={KEPT_SECONDS}",
        text.expose()
    );
    let (Some(token), Ok(mut line)) = (known, HeaderValue::from_str(&line)) else {
        let page = sign_in_page(None, true);
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    line.set_sensitive(true);
    let mut response = ([(SET_COOKIE, line)], Redirect::to("/console/orders")).into_response();
    response.extensions_mut().insert(WhoAsked {
        seller: token.seller,
        token: token.id,
    });
    Ok(response)
}

/// Clears the cookie. The token itself lives on until it is revoked.
pub(crate) async fn sign_out() -> Response {
    forget(Notice::SignedOut)
}

fn sign_in_page(notice: Option<Notice>, wrong: bool) -> Markup {
    layout::outside(
        "Sign in",
        notice,
        html! {
            form.sign-in method="post" action=(SIGN_IN) {
                label for="token" { "API token" }
                p.hint id="token-hint" {
                    "It begins with " code { "haat_" } ". Whoever runs this Haat makes one with "
                    code { "haat token create" } "."
                }
                @if wrong {
                    p.error id="token-error" {
                        "This token is not known here, or it was revoked or has ended. Copy it "
                        "again, whole, or ask for a new one."
                    }
                }
                input #token name="token" type="password" required autocomplete="current-password"
                    autocapitalize="off" spellcheck="false" maxlength="128"
                    aria-describedby=(if wrong { "token-hint token-error" } else { "token-hint" })
                    aria-invalid=[wrong.then_some("true")];
                button.main type="submit" { "Sign in" }
            }
        },
    )
}
