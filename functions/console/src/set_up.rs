//! How far an account's set-up is: four steps, and what is missing of each.

use haat_domain::{Account, MayShip, SetUpStep, set_up};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::when;
use crate::words::{dotted, sentence};

/// The four steps. Whether the marketplace lets the account ship stands apart from the log-in: one
/// says nothing about the other.
pub(crate) fn steps(account: &Account, now: Timestamp) -> Markup {
    html! {
        ol.steps aria-label="Set-up" {
            @for (step, missing) in set_up(account) {
                li {
                    @match missing {
                        None => { (dotted("go", name(step))) span.quiet { " done" } },
                        Some(missing) => {
                            (dotted("wait", name(step))) span { " " (sentence(&missing)) }
                        },
                    }
                }
            }
        }
        p { "Shipping access: " (shipping_access(&account.may_ship, now)) }
    }
}

const fn name(step: SetUpStep) -> &'static str {
    match step {
        SetUpStep::Register => "1. Register",
        SetUpStep::Connect => "2. Connect",
        SetUpStep::Shipping => "3. Shipping",
        SetUpStep::Test => "4. Test",
    }
}

fn shipping_access(may_ship: &MayShip, now: Timestamp) -> Markup {
    match may_ship {
        MayShip::Unknown => html! { span.quiet { "not asked yet; the test asks" } },
        MayShip::Yes(at) => html! { "yes, asked " (when::moment(*at, now)) },
        MayShip::No { since, said } => html! {
            span.late { "no" } " since " (when::since(*since, now)) ": " (said)
        },
    }
}

/// Starts the account's test, which changes nothing at the marketplace.
pub(crate) fn test_button(account: &Account) -> Markup {
    html! {
        form method="post" action={ "/console/integrations/" (account.id) "/test" } {
            button type="submit" { "Test" span.unseen { " " (account.name) } }
        }
    }
}
