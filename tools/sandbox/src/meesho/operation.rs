//! The operations of the contract that this sandbox speaks.

/// An operation of `meesho-supplier.openapi.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Login,
    VerifyLoginOtp,
    Logout,
    PrefetchSupplyData,
    FetchRegistrationStatus,
    GetSupplierDetails,
    ListOrders,
    FetchOrderDetails,
    ReqPendingOrders,
    FetchPendingOrdersHistory,
    UpdatePendingOrderStatus,
    ReqDownloadLabelV2,
    FetchLabelDownloadHistory,
    UpdateGroupDownloadBackendFlag,
    UpdateLabelDownloadStatus,
    GetLabelFile,
}

use crate::call;

use Operation as Op;

const PANEL: &[(Operation, &str, &str)] = &[
    (Op::Login, "login", "/api/container/user/v2-login"),
    (
        Op::VerifyLoginOtp,
        "verifyLoginOtp",
        "/api/container/user/verify-login-otp",
    ),
    (Op::Logout, "logout", "/api/container/user/logout"),
    (
        Op::PrefetchSupplyData,
        "prefetchSupplyData",
        "/api/container/supplier/prefetch-supply-data",
    ),
    (
        Op::FetchRegistrationStatus,
        "fetchRegistrationStatus",
        "/api/container/supplier/fetch-registration-status",
    ),
    (
        Op::GetSupplierDetails,
        "getSupplierDetails",
        "/api/container/supplier/getSupplierDetails",
    ),
    (Op::ListOrders, "listOrders", "/api/fulfillment/orders"),
    (
        Op::FetchOrderDetails,
        "fetchOrderDetails",
        "/api/fulfillment/orders/fetchOrderDetails",
    ),
    (
        Op::ReqPendingOrders,
        "reqPendingOrders",
        "/api/fulfillment/orders/reqPendingOrders",
    ),
    (
        Op::FetchPendingOrdersHistory,
        "fetchPendingOrdersHistory",
        "/api/fulfillment/orders/fetchPendingOrdersHistory",
    ),
    (
        Op::UpdatePendingOrderStatus,
        "updatePendingOrderStatus",
        "/api/fulfillment/orders/updatePendingOrderStatus",
    ),
    (
        Op::ReqDownloadLabelV2,
        "reqDownloadLabelV2",
        "/api/fulfillment/orders/reqDownloadLabelV2",
    ),
    (
        Op::FetchLabelDownloadHistory,
        "fetchLabelDownloadHistory",
        "/api/fulfillment/orders/fetchLabelDownloadHistory",
    ),
    (
        Op::UpdateGroupDownloadBackendFlag,
        "updateGroupDownloadBackendFlag",
        "/api/fulfillment/orders/updateGroupDownloadBackendFlag",
    ),
    (
        Op::UpdateLabelDownloadStatus,
        "updateLabelDownloadStatus",
        "/api/fulfillment/orders/updateLabelDownloadStatus",
    ),
];

const LABEL_FILE: &str = "getLabelFile";

impl call::Operation for Operation {
    fn id(self) -> &'static str {
        PANEL
            .iter()
            .find(|(operation, _, _)| *operation == self)
            .map_or(LABEL_FILE, |(_, id, _)| id)
    }

    fn from_id(id: &str) -> Option<Self> {
        if id == LABEL_FILE {
            return Some(Self::GetLabelFile);
        }
        PANEL
            .iter()
            .find(|(_, known, _)| *known == id)
            .map(|(operation, _, _)| *operation)
    }

    /// The file host has faults of its own.
    fn is_under_star(self) -> bool {
        self != Self::GetLabelFile
    }

    fn is_throttled(self) -> bool {
        !matches!(
            self,
            Self::Logout
                | Self::FetchRegistrationStatus
                | Self::GetSupplierDetails
                | Self::UpdatePendingOrderStatus
                | Self::UpdateGroupDownloadBackendFlag
                | Self::UpdateLabelDownloadStatus
                | Self::GetLabelFile
        )
    }
}

impl Operation {
    pub(crate) fn from_path(path: &str) -> Option<Self> {
        PANEL
            .iter()
            .find(|(_, _, known)| *known == path)
            .map(|(operation, _, _)| *operation)
    }
}
