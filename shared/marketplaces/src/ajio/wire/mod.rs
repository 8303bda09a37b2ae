//! Shapes of the contract's requests and answers, nothing more.

use serde::{Deserialize, Serialize};

mod offers;
mod orders;
mod returns;
mod shipping;

pub(super) use offers::*;
pub(super) use orders::*;
pub(super) use returns::*;
pub(super) use shipping::*;

#[derive(Serialize)]
pub(super) struct CredentialsBody<'a> {
    pub(super) username: &'a str,
    pub(super) password: &'a str,
}

#[derive(Deserialize)]
pub(super) struct AuthResult {
    pub(super) status: Option<String>,
    #[serde(rename = "accessToken")]
    pub(super) access_token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ErrorBody {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) number: u64,
    pub(super) total_elements: u64,
    pub(super) total_pages: u64,
}

/// An item that an answer says was not done.
#[derive(Deserialize)]
pub(super) struct FailedItem {
    pub(super) order_id: String,
    pub(super) error_message: String,
}

#[derive(Deserialize)]
pub(super) struct ItemOutcome {
    pub(super) status: String,
    pub(super) failed_items: Vec<FailedItem>,
}

#[derive(Deserialize)]
pub(super) struct SimpleOutcome {
    pub(super) status: String,
    pub(super) error_message: Option<String>,
}
