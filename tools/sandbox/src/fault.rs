//! Misbehaviour on request.

use http::StatusCode;
use serde::Deserialize;

use crate::call::{Call, Operation};

/// One misbehaviour, played on the next matching calls.
///
/// JSON shape of `POST /_sandbox/faults`; in Rust build it with [`Fault::new`] and the setters.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Operation id of the contract, or `*` for any but the files.
    pub operation_id: String,
    /// What goes wrong.
    pub kind: FaultKind,
    /// On how many matching calls (default 1).
    #[serde(default = "one")]
    pub times: u32,
    /// How many matching calls pass unharmed before it starts (default 0).
    #[serde(default)]
    pub skip: u32,
    /// Only calls of this one: at Meesho the `identifier` header, at AJIO the POB that the token or
    /// the log-in is for. Everyone's when missing.
    #[serde(default)]
    pub identifier: Option<String>,
    /// [`FaultKind::Status`]: the status, default 500.
    #[serde(default)]
    pub status: Option<u16>,
    /// `Retry-After` of a [`FaultKind::Status`], in seconds.
    #[serde(default, rename = "retry_after_seconds")]
    pub retry_after_seconds: Option<u32>,
    /// [`FaultKind::Latency`]: real milliseconds before the call is worked on, default 1000.
    #[serde(default)]
    pub milliseconds: Option<u64>,
    /// [`FaultKind::MalformedRow`]: the field that is left out. Missing (at Meesho also `price`), the
    /// price, at AJIO the quantity of the first line, becomes a word.
    #[serde(default)]
    pub field: Option<String>,
    /// [`FaultKind::UnknownWord`]: the word, default `TELEPORTED`. [`FaultKind::FailedItem`]: what is
    /// said of the item.
    #[serde(default)]
    pub word: Option<String>,
    /// [`FaultKind::TooLarge`]: size of the file, default 512.
    #[serde(default)]
    pub megabytes: Option<u32>,
    /// [`FaultKind::Redirect`]: where to, default a file on `http://files.example.test`.
    #[serde(default)]
    pub location: Option<String>,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The given status with the contract's body; no work is done.
    Status,
    /// 200 with an HTML page (also instead of files); no work is done.
    HtmlInsteadOfJson,
    /// 403 with an HTML page; no work is done.
    EdgeBlock,
    /// 500 as for an unreadable body; no work is done.
    MalformedBody,
    /// Never answers; no work is done.
    Hang,
    /// Does the work and never answers.
    HangAfterCommit,
    /// Does the work, then closes the connection without an answer.
    LostResponse,
    /// Closes the connection; no work is done.
    DropBeforeCommit,
    /// Waits real milliseconds, then works as usual.
    Latency,
    /// Does the work, then cuts the body in the middle.
    TruncatedJson,
    /// A list, not on its first page: gives the previous page again.
    RepeatPage,
    /// The list of orders to accept, not on its first page: an order of the first page has left it
    /// meanwhile (Meesho: `listOrders`, AJIO: `listPendency`).
    PageShift,
    /// A list, not on its first page: the last row of the previous page comes again.
    DuplicateRow,
    /// A list or details: the first row is broken, the others are good.
    MalformedRow,
    /// The first row has a status that nobody knows (Meesho: `fetchOrderDetails`; AJIO: `listOrders`,
    /// `listReturns`, and the payment method in `listPendency`).
    UnknownWord,
    /// A document under another content type (Meesho: `getLabelFile`; AJIO: labels, invoices,
    /// manifests, `getFile`).
    WrongContentType,
    /// A body without end in sight, sent in chunks.
    TooLarge,
    /// 302 to another host.
    Redirect,
    /// 200 with an item that failed although nothing stood against it; nothing is done for it, and
    /// the others are done. AJIO only: `acknowledgeOrder`, `cancelOrder`, `updateInventory`,
    /// `markReadyToDispatch`, `createManifest`.
    FailedItem,
}

impl Fault {
    /// A fault of this kind on the next call of this operation (`*`: any but the files).
    #[must_use]
    pub fn new(operation_id: &str, kind: FaultKind) -> Self {
        Self {
            operation_id: operation_id.to_owned(),
            kind,
            times: one(),
            skip: 0,
            identifier: None,
            status: None,
            retry_after_seconds: None,
            milliseconds: None,
            field: None,
            word: None,
            megabytes: None,
            location: None,
        }
    }

    /// A status with the contract's body.
    #[must_use]
    pub fn status(operation_id: &str, status: u16) -> Self {
        Self {
            status: Some(status),
            ..Self::new(operation_id, FaultKind::Status)
        }
    }

    /// On how many matching calls.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// How many matching calls pass before.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Only calls of this supplier or POB.
    #[must_use]
    pub fn of(self, identifier: &str) -> Self {
        Self {
            identifier: Some(identifier.to_owned()),
            ..self
        }
    }

    /// `Retry-After` in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after_seconds: Some(seconds),
            ..self
        }
    }

    /// Real milliseconds of a latency.
    #[must_use]
    pub fn milliseconds(self, milliseconds: u64) -> Self {
        Self {
            milliseconds: Some(milliseconds),
            ..self
        }
    }

    /// The field that a malformed row lacks or garbles.
    #[must_use]
    pub fn field(self, field: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..self
        }
    }

    /// Whether a double with these operations can play it.
    pub(crate) fn is_possible<O: Operation>(&self) -> bool {
        let known = self.operation_id == "*" || O::from_id(&self.operation_id).is_some();
        known
            && self.times > 0
            && self
                .status
                .is_none_or(|status| StatusCode::from_u16(status).is_ok())
    }

    pub(crate) fn matches<O: Operation>(&self, call: &Call<O>) -> bool {
        let Some(operation) = call.operation else {
            return false;
        };
        let named = self.operation_id == operation.id()
            || (self.operation_id == "*" && self.may_befall(operation));
        named
            && self
                .identifier
                .as_ref()
                .is_none_or(|identifier| call.identifier.as_ref() == Some(identifier))
            && (!self.needs_later_page() || call.goes_on)
    }

    /// A fault on any operation stays within what the contract lets the operation answer.
    fn may_befall(&self, operation: impl Operation) -> bool {
        operation.is_under_star() && (self.status != Some(429) || operation.is_throttled())
    }

    /// What [`FaultKind::FailedItem`] says of the item.
    pub(crate) fn failed_item(&self) -> Option<String> {
        let message = self.word.as_deref().unwrap_or("please try again later");
        (self.kind == FaultKind::FailedItem).then(|| message.to_owned())
    }

    fn needs_later_page(&self) -> bool {
        matches!(
            self.kind,
            FaultKind::RepeatPage | FaultKind::PageShift | FaultKind::DuplicateRow
        )
    }
}

/// Takes the fault that this call must suffer, oldest first; one call suffers one fault.
pub(crate) fn take<O: Operation>(faults: &mut Vec<Fault>, call: &Call<O>) -> Option<Fault> {
    for fault in faults.iter_mut() {
        if !fault.matches(call) {
            continue;
        }
        if fault.skip > 0 {
            fault.skip = fault.skip.saturating_sub(1);
            continue;
        }
        fault.times = fault.times.saturating_sub(1);
        let taken = fault.clone();
        faults.retain(|fault| fault.times > 0);
        return Some(taken);
    }
    None
}

fn one() -> u32 {
    1
}
