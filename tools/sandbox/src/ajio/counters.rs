//! What was asked of the AJIO double, so that a test can prove that nothing was done twice.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// Counts since the start; nothing resets them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Good log-ins (tokens given) by POB.
    pub logins: BTreeMap<String, u64>,
    /// Refused log-ins by the user name as it was typed.
    pub refused_logins: BTreeMap<String, u64>,
    /// Calls by operation id of the contract, faulty ones included.
    pub calls: BTreeMap<String, u64>,
    /// Calls that had their effect and whose answer was lost, by operation id.
    pub lost_answers: BTreeMap<String, u64>,
    /// Acknowledgements and refusals by order id.
    pub acknowledgements: BTreeMap<String, Done>,
    /// B2B invoices by order id.
    pub invoices: BTreeMap<String, InvoiceCount>,
    /// Labels handed out by order id.
    pub labels: BTreeMap<String, u64>,
    /// Ready-to-dispatch notices by order id.
    pub ready: BTreeMap<String, Done>,
    /// Manifests by order id.
    pub manifests: BTreeMap<String, Done>,
    /// Seller cancellations by order id.
    pub cancels: BTreeMap<String, Done>,
    /// Stock writes by `<POB>/<variantId>`; lines that failed are not counted.
    pub stock_writes: BTreeMap<String, u64>,
    /// QC reports by return id.
    pub qcs: BTreeMap<String, Done>,
    /// RTO announcements by order id.
    pub rtos: BTreeMap<String, Done>,
    /// Credit notes by return id.
    pub credit_notes: BTreeMap<String, Done>,
}

/// How often something was asked for one order or return, and how often that changed it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Requests that named it.
    pub requests: u64,
    /// Requests that changed it: more than one is impossible, but for partial cancellations and
    /// partial QC reports.
    pub done: u64,
}

/// How often an order was invoiced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct InvoiceCount {
    /// Requests that named it.
    pub requests: u64,
    /// Requests that packed it: more than one is impossible.
    pub packs: u64,
    /// The different invoice numbers that requests gave for it.
    pub numbers: BTreeSet<String>,
}

impl Counters {
    /// Calls of one operation.
    #[must_use]
    pub fn calls_of(&self, operation_id: &str) -> u64 {
        self.calls.get(operation_id).copied().unwrap_or(0)
    }

    /// Answers of one operation that were lost.
    #[must_use]
    pub fn lost_answers_of(&self, operation_id: &str) -> u64 {
        self.lost_answers.get(operation_id).copied().unwrap_or(0)
    }

    /// Good log-ins of one POB.
    #[must_use]
    pub fn logins_of(&self, pob: &str) -> u64 {
        self.logins.get(pob).copied().unwrap_or(0)
    }

    /// Refused log-ins of one POB.
    #[must_use]
    pub fn refused_logins_of(&self, pob: &str) -> u64 {
        self.refused_logins.get(pob).copied().unwrap_or(0)
    }

    /// Acknowledgements of one order.
    #[must_use]
    pub fn acknowledgements_of(&self, order_id: &str) -> Done {
        self.acknowledgements
            .get(order_id)
            .copied()
            .unwrap_or_default()
    }

    /// Invoices of one order.
    #[must_use]
    pub fn invoices_of(&self, order_id: &str) -> InvoiceCount {
        self.invoices.get(order_id).cloned().unwrap_or_default()
    }

    /// Labels handed out of one order.
    #[must_use]
    pub fn labels_of(&self, order_id: &str) -> u64 {
        self.labels.get(order_id).copied().unwrap_or(0)
    }

    /// Ready-to-dispatch notices of one order.
    #[must_use]
    pub fn ready_of(&self, order_id: &str) -> Done {
        self.ready.get(order_id).copied().unwrap_or_default()
    }

    /// Manifests of one order.
    #[must_use]
    pub fn manifests_of(&self, order_id: &str) -> Done {
        self.manifests.get(order_id).copied().unwrap_or_default()
    }

    /// Stock writes of one variant.
    #[must_use]
    pub fn stock_writes_of(&self, pob: &str, variant_id: &str) -> u64 {
        let key = format!("{pob}/{variant_id}");
        self.stock_writes.get(&key).copied().unwrap_or(0)
    }
}

pub(crate) fn requested(counts: &mut BTreeMap<String, Done>, id: &str) {
    let count = counts.entry(id.to_owned()).or_default();
    count.requests = count.requests.saturating_add(1);
}

pub(crate) fn done(counts: &mut BTreeMap<String, Done>, id: &str) {
    let count = counts.entry(id.to_owned()).or_default();
    count.done = count.done.saturating_add(1);
}
