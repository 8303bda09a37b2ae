//! What is assumed or only partly known of AJIO: everything the contract lists under
//! `x-profile-knobs`, as far as this connector uses it, and whatever else no page of AJIO's own
//! shows. The values stand in `profile.json`; a deployment may correct them by a JSON merge patch.
//! Hosts, and the partner's segment of the path with them, are not among them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use haat_domain::{PaymentMode, ReturnKind, ReturnStage, Step};
use reqwest::header::HeaderName;
use serde::Deserialize;

use crate::profile::{self, ApiPath};

const DEFAULTS: &str = include_str!("profile.json");

/// Everything that may have to be corrected without a build.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) paths: Paths,
    /// Where orders are acknowledged; `/orders/acknowledge` is the generic alternative.
    pub(super) ack_path: ApiPath,
    pub(super) auth_method: AuthMethod,
    /// The header that carries the token.
    token_header: String,
    /// How long a token lives.
    token_ttl_seconds: u32,
    /// When a new one is fetched; before the old one dies.
    pub(super) login_again_at: u32,
    /// Pause between two calls for one POB: a limit per user exists, its number is not public.
    pub(super) milliseconds_between_calls: u64,
    /// How long to wait after "too many calls", where AJIO does not say.
    pub(super) throttled_seconds: u16,
    /// The number of the first page.
    pub(super) page_base: u32,
    /// Rows per page.
    pub(super) max_page_size: NonZeroUsize,
    /// Orders per status call.
    pub(super) order_ids_per_status_call: NonZeroUsize,
    /// Parcels on one manifest.
    pub(super) max_manifest_orders: usize,
    /// Stock levels per call.
    pub(super) max_inventory_items: NonZeroUsize,
    /// Largest PDF that is read.
    pub(super) max_document_bytes: usize,
    pub(super) sku_field: SkuField,
    /// Haat's word for an order of the pendency, whose rows carry none.
    pub(super) pendency_word: String,
    /// The word of a packed order, where the answer to packing leaves it out.
    pub(super) packed_word: String,
    /// What a status word means. A word that is not in here is unknown: it is kept and shown,
    /// and nothing follows from it.
    steps: BTreeMap<String, Step>,
    payments: BTreeMap<String, PaymentMode>,
    outcomes: BTreeMap<String, Outcome>,
    /// The reason that AJIO is given for a cancellation.
    pub(super) cancel_reason: String,
    pub(super) documents: Documents,
    return_stages: BTreeMap<String, ReturnStage>,
    return_kinds: BTreeMap<String, ReturnKind>,
    /// How many days back all orders are read now and then.
    pub(super) recent_days: u16,
    /// The parameter that says since when returns are listed; all are, where it is left out.
    pub(super) returns_from: Option<String>,
    /// How many days back returns are listed.
    pub(super) returns_days: u16,
    /// When an order must leave, in hours after it was placed, where AJIO does not say.
    pub(super) dispatch_hours: u16,
    /// How long AJIO may take for its purchase order.
    pub(super) purchase_order_hours: u16,
    /// How long AJIO may take for a paper of a packed order.
    pub(super) paper_minutes: u16,
    /// An order that cannot exist: with its label, shipping API access is asked for.
    pub(super) probe_order_id: String,
}

/// The path of every operation of the contract that is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Paths {
    pub(super) auth_token: ApiPath,
    pub(super) list_products: ApiPath,
    pub(super) update_inventory: ApiPath,
    pub(super) list_pendency: ApiPath,
    pub(super) list_orders: ApiPath,
    pub(super) cancel_order: ApiPath,
    #[serde(rename = "generateB2bInvoice")]
    pub(super) generate_b2b_invoice: ApiPath,
    #[serde(rename = "getB2cInvoice")]
    pub(super) get_b2c_invoice: ApiPath,
    pub(super) get_label: ApiPath,
    pub(super) mark_ready_to_dispatch: ApiPath,
    pub(super) create_manifest: ApiPath,
    pub(super) get_manifest: ApiPath,
    pub(super) list_returns: ApiPath,
    pub(super) create_rto: ApiPath,
    pub(super) perform_qc: ApiPath,
    pub(super) get_return_sales_invoice: ApiPath,
    pub(super) post_credit_note: ApiPath,
}

/// How the log-in is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum AuthMethod {
    /// User name and password in the address.
    Get,
    /// In the body.
    Post,
}

/// The field of an order line that is the seller's SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SkuField {
    ItemCode,
    Ean,
}

/// What an answer's outcome word says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    All,
    Some,
    None,
}

/// What AJIO calls its papers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Documents {
    pub(super) label: String,
    pub(super) buyer_invoice: String,
    pub(super) manifest: String,
}

impl Profile {
    /// The defaults, changed by a JSON merge patch (RFC 7396).
    pub(super) fn read(patch: Option<&str>) -> Result<Self, String> {
        let profile: Self = profile::read(DEFAULTS, patch)?;
        profile.token_header()?;
        if profile.login_again_at >= profile.token_ttl_seconds {
            return Err("login_again_at: the token is dead by then (token_ttl_seconds)".to_owned());
        }
        Ok(profile)
    }

    pub(super) fn token_header(&self) -> Result<HeaderName, String> {
        let name = self.token_header.parse();
        name.map_err(|_| "token_header: cannot be a header".to_owned())
    }

    /// What a status word means; nothing for one we do not know.
    pub(super) fn step(&self, word: &str) -> Option<Step> {
        self.steps.get(word).copied()
    }

    /// How an order is paid; nothing for a word we do not know. Letter case does not count.
    pub(super) fn payment(&self, word: &str) -> Option<PaymentMode> {
        let mut known = self.payments.iter();
        let mode = known.find(|(known, _)| known.eq_ignore_ascii_case(word));
        mode.map(|(_, mode)| *mode)
    }

    /// What was done; nothing for a word we do not know.
    pub(super) fn outcome(&self, word: &str) -> Option<Outcome> {
        self.outcomes.get(word).copied()
    }

    pub(super) fn return_stage(&self, word: &str) -> Option<ReturnStage> {
        self.return_stages.get(word).copied()
    }

    pub(super) fn return_kind(&self, word: &str) -> Option<ReturnKind> {
        self.return_kinds.get(word).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_read() {
        let profile = Profile::read(None).unwrap();
        assert_eq!(profile.ack_path.as_str(), "/orders");
        assert_eq!(profile.token_header().unwrap().as_str(), "apikey");
        assert_eq!(profile.payment("cod"), Some(PaymentMode::Cod));
    }

    #[test]
    fn a_patch_corrects_what_no_page_shows() {
        let patch = r#"{"ack_path": "/orders/acknowledge", "auth_method": "POST", "page_base": 0,
                        "sku_field": "ean", "returns_from": null, "steps": {"LOST": "lose"}}"#;
        let profile = Profile::read(Some(patch)).unwrap();
        assert_eq!(profile.ack_path.as_str(), "/orders/acknowledge");
        assert_eq!(profile.auth_method, AuthMethod::Post);
        assert_eq!((profile.page_base, profile.sku_field), (0, SkuField::Ean));
        assert_eq!(profile.returns_from, None);
        assert_eq!(profile.step("LOST"), Some(Step::Lose));
        assert_eq!(profile.step("CONFIRMED"), Some(Step::Accept));
    }

    #[test]
    fn a_patch_that_means_nothing_is_refused_and_named() {
        for (patch, named) in [
            (r#"{"url": "https://evil.test"}"#, "url"),
            (r#"{"ack_path": "https://evil.test/"}"#, "ack_path"),
            (
                r#"{"paths": {"getLabel": "//evil.test/"}}"#,
                "paths.getLabel",
            ),
            (r#"{"auth_method": "PUT"}"#, "auth_method"),
            (r#"{"max_page_size": 0}"#, "max_page_size"),
            (r#"{"token_header": "two words"}"#, "token_header"),
            (r#"{"login_again_at": 1800}"#, "login_again_at"),
            (r#"{"outcomes": {"DONE": "maybe"}}"#, "outcomes.DONE"),
        ] {
            let why = Profile::read(Some(patch)).unwrap_err();
            assert!(why.contains(named), "{patch}: {why}");
        }
    }
}
