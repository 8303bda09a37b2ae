//! Requests as the contract shapes them. Written from the contract alone and shared with nobody.

use serde::{Deserialize, de::DeserializeOwned};

use super::operation::Operation;
use crate::{call, reply::Reply};

/// One request to the panel or its file host.
pub(crate) type Call = call::Call<Operation>;

impl Call {
    pub(crate) fn identifier(&self) -> Option<String> {
        self.identifier.clone()
    }

    /// The value of a cookie; several Cookie headers are one.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all("cookie")
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The body, or the 500 that the panel answers to a body it cannot read.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Reply> {
        serde_json::from_slice(&self.body).map_err(|_| Reply::server_error())
    }
}

#[derive(Deserialize)]
pub(crate) struct LoginRequest {
    pub(crate) email: String,
    pub(crate) password: String,
    #[serde(rename = "device_id")]
    pub(crate) _device_id: String,
    #[serde(rename = "instance")]
    pub(crate) _instance: String,
}

#[derive(Deserialize)]
pub(crate) struct OtpRequest {
    pub(crate) challenge_id: String,
    pub(crate) otp: String,
    pub(crate) email: String,
    #[serde(rename = "device_id")]
    pub(crate) _device_id: String,
    #[serde(rename = "instance")]
    pub(crate) _instance: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct IdentifierOnly {
    pub(crate) identifier: String,
}

/// `SupplierDetailsRef`
#[derive(Debug, Deserialize)]
pub(crate) struct SupplierDetails {
    pub(crate) id: u64,
    pub(crate) identifier: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SupplierRef {
    pub(crate) supplier_id: u64,
    pub(crate) identifier: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrderListRequest {
    pub(crate) supplier_details: SupplierDetails,
    pub(crate) identifier: Option<String>,
    pub(crate) cursor: Option<String>,
    pub(crate) limit: usize,
    pub(crate) status: u8,
    #[serde(rename = "type")]
    pub(crate) tab: Tab,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tab {
    OnHold,
    Pending,
    ReadyToShip,
    Shipped,
    Cancelled,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrderDetailsRequest {
    pub(crate) supplier_details: SupplierDetails,
    pub(crate) identifier: String,
    pub(crate) sub_order_nums: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AcceptRequest {
    pub(crate) supplier_details: SupplierDetails,
    pub(crate) current_status: u32,
    pub(crate) requested_status: u32,
    pub(crate) max_transitions: usize,
    pub(crate) groups: Vec<AcceptGroup>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AcceptGroup {
    pub(crate) grouping_key: String,
    pub(crate) sub_order_ids: Vec<String>,
    pub(crate) shipment_type: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct JobClose {
    pub(crate) supplier_id: u64,
    pub(crate) identifier: String,
    pub(crate) request_id: String,
    pub(crate) status: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct JobRef {
    pub(crate) supplier_id: u64,
    pub(crate) identifier: String,
    pub(crate) request_id: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LabelRequest {
    pub(crate) supplier_details: SupplierDetails,
    pub(crate) identifier: String,
    #[serde(rename = "current_status")]
    pub(crate) _current_status: u32,
    pub(crate) requested_status: u32,
    pub(crate) max_transitions: usize,
    pub(crate) filter: LabelFilter,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LabelFilter {
    pub(crate) label_downloaded: Option<LabelDownloaded>,
    pub(crate) grouping_keys: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LabelDownloaded {
    pub(crate) status: bool,
}
