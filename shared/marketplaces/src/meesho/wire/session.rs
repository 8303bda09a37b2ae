//! Logging in, and whom a session belongs to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub(in crate::meesho) struct LoginRequest<'a> {
    pub(in crate::meesho) email: &'a str,
    pub(in crate::meesho) password: &'a str,
    pub(in crate::meesho) device_id: &'a str,
    pub(in crate::meesho) instance: &'a str,
}

#[derive(Serialize)]
pub(in crate::meesho) struct OtpRequest<'a> {
    pub(in crate::meesho) challenge_id: &'a str,
    pub(in crate::meesho) otp: &'a str,
    pub(in crate::meesho) email: &'a str,
    pub(in crate::meesho) device_id: &'a str,
    pub(in crate::meesho) instance: &'a str,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::meesho) struct LoginResult {
    pub(in crate::meesho) success: Option<bool>,
    pub(in crate::meesho) otp_required: Option<bool>,
    pub(in crate::meesho) challenge_id: Option<String>,
    pub(in crate::meesho) masked_mobile: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::meesho) struct PanelError {
    pub(in crate::meesho) error: Option<String>,
    #[serde(rename = "errorCode")]
    pub(in crate::meesho) error_code: Option<i64>,
    pub(in crate::meesho) message: Option<String>,
}

#[derive(Serialize)]
pub(in crate::meesho) struct IdentifierOnly<'a> {
    pub(in crate::meesho) identifier: &'a str,
}

#[derive(Serialize)]
pub(in crate::meesho) struct Empty {}

#[derive(Deserialize)]
pub(in crate::meesho) struct SupplyData {
    pub(in crate::meesho) supplier: OwnSupplier,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct OwnSupplier {
    pub(in crate::meesho) supplier_id: u64,
    pub(in crate::meesho) name: String,
    pub(in crate::meesho) identifier: String,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct RegistrationStatus {
    #[serde(rename = "decodedToken")]
    pub(in crate::meesho) decoded_token: DecodedToken,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct DecodedToken {
    pub(in crate::meesho) supplier_identifiers: Vec<String>,
    pub(in crate::meesho) supplier_identifier_to_id_mapping: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct SupplierDetails {
    pub(in crate::meesho) supplier: NamedSupplier,
}

#[derive(Deserialize)]
pub(in crate::meesho) struct NamedSupplier {
    pub(in crate::meesho) name: String,
}
