//! What is done outside the pages: the console speaks to no marketplace, so what must reach one at
//! once goes through the API.

use axum::http::HeaderMap;
use axum::http::header::HOST;
use haat_domain::{Account, AccountId, Attention, AttentionReason};
use maud::{Markup, html};

use crate::words::{marketplace, short};

/// What to do about an account that stands still.
pub(crate) fn remedy(account: &Account, attention: &Attention, api: &str) -> Markup {
    html! {
        @if !attention.said.is_empty() {
            p.quiet { (marketplace(&account.marketplace)) " said: " (short(&attention.said)) }
        }
        p { (attention.reason.what_to_do()) }
        @match attention.reason {
            AttentionReason::LoginRefused
            | AttentionReason::LoginLocked
            | AttentionReason::OtherSeller => (credentials(&account.id, api)),
            AttentionReason::OtpRequired => {
                (outside())
                (command(&format!("curl {api}/accounts/{}/otp", account.id), "otp.json"))
                p.quiet { "The file holds " code { r#"{"otp": "424242"}"# } " with your number." }
            },
            AttentionReason::Blocked | AttentionReason::SessionRefused => {},
        }
    }
}

/// How to change an account's credentials.
pub(crate) fn credentials(account: &AccountId, api: &str) -> Markup {
    let call = format!("curl -X PUT {api}/accounts/{account}/credentials");
    html! {
        (outside())
        (command(&call, "credentials.json"))
        p.quiet {
            "The file holds " code { r#"{"credentials": {"email": "…", "password": "…"}}"# }
            "; " code { "GET /marketplaces" } " names the fields of each marketplace."
        }
    }
}

/// How to read the past again.
pub(crate) fn back_fill(account: &AccountId, api: &str) -> Markup {
    let call = format!("curl {api}/accounts/{account}/back_fill");
    html! {
        p {
            "The orders of up to 90 days can be read again. What is known already changes nothing. "
            "Only the API can start it yet, with the admin token:"
        }
        (command(&call, "past.json"))
        p.quiet { "The file holds " code { r#"{"days": 30}"# } "." }
    }
}

/// How to connect an account, and how to note that one was applied for.
pub(crate) fn how_to_connect(api: &str) -> Markup {
    html! {
        section.connect id="connect" {
            h2 { "Connect another account" }
            p {
                "Haat logs in at the marketplace with your own user name and password, once, to see "
                "that they work. If the marketplace refuses them, nothing is stored."
            }
            (outside())
            (command(&format!("curl {api}/accounts"), "account.json"))
            p.quiet {
                "The file holds "
                code {
                    r#"{"marketplace": "meesho", "name": "My shop", "#
                    r#""credentials": {"email": "…", "password": "…"}}"#
                }
                "; " code { "GET /marketplaces" } " lists the marketplaces and their fields. "
                "A user name that looks wrong is no refusal: read " code { "warnings" }
                " in the answer."
            }
            h2 { "Note an account that waits for approval" }
            p {
                "Where a marketplace takes days to approve an account, note whom you wait for and when "
                "to ask. It stands on this page until the account is connected."
            }
            (command(&format!("curl {api}/registrations"), "registration.json"))
            p.quiet {
                "The file holds "
                code {
                    r#"{"marketplace": "ajio", "name": "AJIO, Mumbai", "contact": "R. Iyer", "#
                    r#""remind_on": "2026-11-25"}"#
                }
                "."
            }
        }
    }
}

/// Passwords are not typed into the console: it does not speak to marketplaces.
fn outside() -> Markup {
    html! {
        p.quiet {
            "Passwords cannot be typed into this page yet. Whoever holds the admin token sends "
            "them with one command:"
        }
    }
}

/// A command for a terminal. What is secret stands in a file, so that it is in no shell's history.
fn command(call: &str, file: &str) -> Markup {
    html! {
        pre tabindex="0" {
            code {
                (call) " \\\n  -H \"Authorization: Bearer $HAAT_TOKEN\" \\\n"
                "  -H \"Content-Type: application/json\" -d @" (file)
            }
        }
    }
}

/// The API lives beside the console, under the same host.
pub(crate) fn api_address(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST.as_str()).unwrap_or("the-address-of-this-page");
    let name = host.split(':').next().unwrap_or(host);
    let local = name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1";
    let scheme = if local { "http" } else { "https" };
    format!("{scheme}://{host}")
}
