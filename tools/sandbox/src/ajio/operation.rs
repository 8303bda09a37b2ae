//! The operations of the contract: all of them.

use http::Method;

use crate::call;

use Operation as Op;

/// An operation of `ajio-dropship.openapi.yaml`, or a file that one of its answers points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    GetAuthToken,
    PostAuthToken,
    CountProducts,
    ListProducts,
    UpdateInventory,
    ListPendency,
    ListOrders,
    AcknowledgeOrder,
    AcknowledgeOrderAlias,
    CancelOrder,
    GenerateB2bInvoice,
    UpdateB2bInvoice,
    GetB2cInvoice,
    GetLabel,
    MarkReadyToDispatch,
    CreateManifest,
    GetManifest,
    ListReturns,
    CreateRto,
    PerformQc,
    GetReturnSalesInvoice,
    PostCreditNote,
    /// Not an operation of the contract: the addresses in its answers.
    GetFile,
}

#[rustfmt::skip]
const CALLS: &[(Operation, &str, &str, &str)] = &[
    (Op::GetAuthToken, "getAuthToken", "GET", "/authToken"),
    (Op::PostAuthToken, "postAuthToken", "POST", "/authToken"),
    (Op::CountProducts, "countProducts", "GET", "/productsCount"),
    (Op::ListProducts, "listProducts", "GET", "/products"),
    (Op::UpdateInventory, "updateInventory", "POST", "/updateInventory"),
    (Op::ListPendency, "listPendency", "GET", "/orders/pendency"),
    (Op::ListOrders, "listOrders", "GET", "/orders"),
    (Op::AcknowledgeOrder, "acknowledgeOrder", "POST", "/orders"),
    (Op::AcknowledgeOrderAlias, "acknowledgeOrderAlias", "POST", "/orders/acknowledge"),
    (Op::CancelOrder, "cancelOrder", "POST", "/orders/cancel"),
    (Op::GenerateB2bInvoice, "generateB2bInvoice", "POST", "/orders/b2bInvoice"),
    (Op::UpdateB2bInvoice, "updateB2bInvoice", "PUT", "/orders/b2bInvoice"),
    (Op::GetB2cInvoice, "getB2cInvoice", "GET", "/orders/b2cInvoice"),
    (Op::GetLabel, "getLabel", "GET", "/orders/labels"),
    (Op::MarkReadyToDispatch, "markReadyToDispatch", "POST", "/orders/readyToDispatch"),
    (Op::CreateManifest, "createManifest", "POST", "/orders/manifest"),
    (Op::GetManifest, "getManifest", "GET", "/orders/manifest"),
    (Op::ListReturns, "listReturns", "GET", "/return"),
    (Op::CreateRto, "createRto", "POST", "/return/rto"),
    (Op::PerformQc, "performQc", "POST", "/return/qc"),
    (Op::GetReturnSalesInvoice, "getReturnSalesInvoice", "GET", "/return/rsi"),
    (Op::PostCreditNote, "postCreditNote", "POST", "/return/creditNote"),
];

const FILE: &str = "getFile";
const FILES: &str = "/files/";

impl call::Operation for Operation {
    fn id(self) -> &'static str {
        CALLS
            .iter()
            .find(|(operation, ..)| *operation == self)
            .map_or(FILE, |(_, id, ..)| id)
    }

    fn from_id(id: &str) -> Option<Self> {
        if id == FILE {
            return Some(Self::GetFile);
        }
        CALLS
            .iter()
            .find(|(_, known, ..)| *known == id)
            .map(|(operation, ..)| *operation)
    }

    /// Files have faults of their own.
    fn is_under_star(self) -> bool {
        self != Self::GetFile
    }

    fn is_throttled(self) -> bool {
        self != Self::GetFile
    }
}

impl Operation {
    /// The operation of a call; the segment after `/ds` names the integrator and may be any.
    pub(crate) fn of(method: &Method, path: &str) -> Option<Self> {
        if path.starts_with(FILES) && method == Method::GET {
            return Some(Self::GetFile);
        }
        let (partner, rest) = path.strip_prefix("/ds/")?.split_once('/')?;
        if partner.is_empty() {
            return None;
        }
        CALLS
            .iter()
            .find(|(_, _, by, known)| method == *by && known.strip_prefix('/') == Some(rest))
            .map(|(operation, ..)| *operation)
    }

    /// What a POB without shipping entitlement is refused (assumed).
    pub(crate) fn needs_shipping(self) -> bool {
        matches!(
            self,
            Self::GenerateB2bInvoice
                | Self::UpdateB2bInvoice
                | Self::GetB2cInvoice
                | Self::GetLabel
                | Self::MarkReadyToDispatch
                | Self::CreateManifest
                | Self::GetManifest
        )
    }
}
