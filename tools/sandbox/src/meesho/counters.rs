//! What was asked of the sandbox, so that a test can prove that nothing was done twice.

use std::collections::BTreeMap;

use serde::Serialize;

/// Counts since the start; nothing resets them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Good log-ins (cookies given) by e-mail.
    pub logins: BTreeMap<String, u64>,
    /// Log-ins answered 401 or 423, wrong codes included, by the e-mail as it was typed.
    pub refused_logins: BTreeMap<String, u64>,
    /// Log-ins answered with a challenge, by e-mail.
    pub otp_challenges: BTreeMap<String, u64>,
    /// Calls by operation id of the contract, faulty ones included.
    pub calls: BTreeMap<String, u64>,
    /// Calls that had their effect and whose answer was lost, by operation id.
    pub lost_answers: BTreeMap<String, u64>,
    /// Accepts by sub-order number.
    pub accepts: BTreeMap<String, AcceptCount>,
    /// Accept jobs started.
    pub accept_jobs: u64,
    /// Label jobs started.
    pub label_jobs: u64,
    /// Labels made by sub-order number.
    pub labels: BTreeMap<String, u64>,
    /// Label files handed out.
    pub label_files: u64,
}

/// How often one sub-order was named in an accept request, and how often that moved it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AcceptCount {
    /// Requests that named it.
    pub requests: u64,
    /// Transitions to READY_TO_SHIP that a request caused: more than one is impossible.
    pub transitions: u64,
}

impl Counters {
    /// Calls of one operation.
    #[must_use]
    pub fn calls_of(&self, operation_id: &str) -> u64 {
        self.calls.get(operation_id).copied().unwrap_or(0)
    }

    /// Good log-ins of one e-mail.
    #[must_use]
    pub fn logins_of(&self, email: &str) -> u64 {
        self.logins.get(email).copied().unwrap_or(0)
    }

    /// Refused log-ins of one e-mail.
    #[must_use]
    pub fn refused_logins_of(&self, email: &str) -> u64 {
        self.refused_logins.get(email).copied().unwrap_or(0)
    }

    /// Answers of one operation that were lost.
    #[must_use]
    pub fn lost_answers_of(&self, operation_id: &str) -> u64 {
        self.lost_answers.get(operation_id).copied().unwrap_or(0)
    }

    /// Accepts of one sub-order.
    #[must_use]
    pub fn accepts_of(&self, sub_order_num: &str) -> AcceptCount {
        self.accepts.get(sub_order_num).copied().unwrap_or_default()
    }

    /// Labels made of one sub-order.
    #[must_use]
    pub fn labels_of(&self, sub_order_num: &str) -> u64 {
        self.labels.get(sub_order_num).copied().unwrap_or(0)
    }
}
