//! How far an account's set-up is: what it is set to do when it ships, and its test.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use haat_domain::{
    Account, AccountId, AccountTest, CheckOutcome, CourierSettings, Finding, MayShip, OrderId,
    set_up,
};
use haat_workflows::{ask_for_test, change_courier, look_at_test};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::account_answer::AccountAnswer;
use crate::accounts::now_of;
use crate::caller::{Admin, Packer, Reader};
use crate::input::{self, Body, Named, OptionalBody};
use crate::problem::{NOT_FOUND, Problem};

/// What the hub does by itself when it ships for an account. There is no switch here without its
/// machinery.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CourierSettings)]
pub(crate) struct CourierAnswer {
    /// The label is asked for as soon as an order is accepted. Switching it on also asks for those
    /// of orders that wait.
    auto_label: bool,
    /// What the marketplace wants in the parcel beside the label is fetched with it.
    auto_documents: bool,
}

/// Whether the marketplace lets the account ship. Being able to log in says nothing about it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
#[schema(as = ShippingAccess)]
pub(crate) enum ShippingAccess {
    /// It was not asked yet; the account's test asks.
    Unknown,
    /// It does.
    Yes {
        /// When it was asked.
        asked_at: Timestamp,
    },
    /// It does not.
    No {
        /// Since when.
        since: Timestamp,
        /// What it said, and what to do.
        said: String,
    },
}

/// A step from an application to an account that works.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SetUpStep)]
pub(crate) struct StepAnswer {
    /// `register`, `connect`, `shipping` or `test`.
    #[schema(value_type = String, example = "shipping")]
    step: &'static str,
    /// Whether it is done.
    done: bool,
    /// What is missing, if it is not.
    missing: Option<String>,
}

/// With what to test.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTest {
    /// An order of the account that goes from acceptance to tracking. It is a real one and leaves
    /// like any other.
    #[schema(example = "a_5d41402abc4b2a76.S900000001")]
    order: String,
}

/// A test of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountTest)]
pub(crate) struct TestAnswer {
    /// When it was asked for.
    asked_at: Timestamp,
    /// When it was done; null while it is under way.
    done_at: Option<Timestamp>,
    /// The order it is done with.
    order: Option<String>,
    /// What was found, in the order in which it was looked at.
    found: Vec<FindingAnswer>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub(crate) struct FindingAnswer {
    /// `log_in`, `orders`, `shipping_access`, `warehouse`, `stock`, `parcels`; of an order
    /// `accepted`, `purchase_order`, `packed`, `label_stored`, `ready_to_ship`, `tracked`.
    #[schema(value_type = String, example = "shipping_access")]
    check: &'static str,
    /// `passed`, `waits`, `failed` or `skipped`.
    #[schema(value_type = String, example = "passed")]
    outcome: &'static str,
    /// What was seen; for what failed, with what to do.
    said: String,
}

impl From<&CourierSettings> for CourierAnswer {
    fn from(courier: &CourierSettings) -> Self {
        Self {
            auto_label: courier.auto_label,
            auto_documents: courier.auto_documents,
        }
    }
}

impl From<&MayShip> for ShippingAccess {
    fn from(may_ship: &MayShip) -> Self {
        match may_ship {
            MayShip::Unknown => Self::Unknown,
            MayShip::Yes(at) => Self::Yes { asked_at: *at },
            MayShip::No { since, said } => Self::No {
                since: *since,
                said: said.clone(),
            },
        }
    }
}

impl From<Finding> for FindingAnswer {
    fn from(finding: Finding) -> Self {
        Self {
            check: finding.check.word(),
            outcome: match finding.outcome {
                CheckOutcome::Passed => "passed",
                CheckOutcome::Waits => "waits",
                CheckOutcome::Failed => "failed",
                CheckOutcome::Skipped => "skipped",
            },
            said: finding.said,
        }
    }
}

/// The steps of an account's set-up.
pub(crate) fn steps(account: &Account) -> Vec<StepAnswer> {
    set_up(account)
        .into_iter()
        .map(|(step, missing)| StepAnswer {
            step: step.word(),
            done: missing.is_none(),
            missing,
        })
        .collect()
}

/// Change what the hub does by itself when it ships
#[utoipa::path(put, path = "/accounts/{account}/courier", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["admin"])), request_body = CourierAnswer,
    responses((status = 200, description = "The account as it is now", body = AccountAnswer)))]
pub(crate) async fn set_courier(
    State(api): State<Api>,
    Admin(caller): Admin,
    Named(id): Named<AccountId>,
    Body(wanted): Body<CourierAnswer>,
) -> Result<Json<AccountAnswer>, Problem> {
    let courier = CourierSettings {
        auto_label: wanted.auto_label,
        auto_documents: wanted.auto_documents,
    };
    let by = caller.actor();
    change_courier(api.store(), &caller.seller, &id, courier, by, api.now()).await?;
    now_of(&api, &caller, &id).await
}

/// Test an account
///
/// Log-in, orders, shipping access, one stock figure: looked at without changing anything. With an
/// order, that one is accepted and shipped as well.
#[utoipa::path(post, path = "/accounts/{account}/test", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["pack"])), request_body = Option<NewTest>,
    responses((status = 202, description = "It is under way", body = TestAnswer)))]
pub(crate) async fn start_test(
    State(api): State<Api>,
    Packer(caller): Packer,
    Named(id): Named<AccountId>,
    OptionalBody(wanted): OptionalBody<NewTest>,
) -> Result<(StatusCode, Json<TestAnswer>), Problem> {
    let order = input::optional_id::<OrderId>(wanted.map(|wanted| wanted.order))?;
    let place = (&caller.seller, &id);
    let (by, now) = (caller.actor(), api.now());
    let test = ask_for_test(api.store(), api.queues(), place, order.as_ref(), by, now).await?;
    let answer = answer(&api, test).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Show what an account's test found
#[utoipa::path(get, path = "/accounts/{account}/test", tag = "accounts",
    params(("account" = String, Path, description = "The account's id", example = "a_5d41402abc4b2a76")),
    security(("token" = ["read"])),
    responses((status = 200, description = "The last test", body = TestAnswer)))]
pub(crate) async fn show_test(
    State(api): State<Api>,
    Reader(caller): Reader,
    Named(id): Named<AccountId>,
) -> Result<Json<TestAnswer>, Problem> {
    let test = api.store().test_of(&caller.seller, &id).await?;
    let none = || NOT_FOUND.because(format!("account {id} was never tested, or is not there"));
    Ok(Json(answer(&api, test.ok_or_else(none)?).await?))
}

/// The report, with how far its order is now.
async fn answer(api: &Api, test: AccountTest) -> Result<TestAnswer, Problem> {
    let test = look_at_test(api.store(), test).await?;
    let (account, order) = (&test.account, test.order.as_ref());
    Ok(TestAnswer {
        asked_at: test.asked_at,
        done_at: test.done_at,
        order: order.map(|number| format!("{account}.{number}")),
        found: test.found.into_iter().map(FindingAnswer::from).collect(),
    })
}
