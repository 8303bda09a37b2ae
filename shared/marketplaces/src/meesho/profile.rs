//! What is assumed or merely observed of Meesho: everything the contract lists under
//! `x-profile-knobs`, as far as this connector uses it. The values stand in `profile.json`;
//! a deployment may correct them by a JSON merge patch. Hosts are not among them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use haat_domain::Step;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use crate::profile::{self, ApiPath};

const DEFAULTS: &str = include_str!("profile.json");

/// Everything that may have to be corrected without a build.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) paths: Paths,
    /// Sent with every call.
    client_headers: BTreeMap<String, String>,
    pub(super) order_tabs: Tabs,
    /// What a status word means. A word that is not in here is unknown: it is kept and shown,
    /// and nothing follows from it.
    steps: BTreeMap<String, Step>,
    pub(super) otp_challenge_form: OtpForm,
    /// Whether the tabs of shipped and cancelled orders list the newest first. If not, they must
    /// be read to their end each time.
    pub(super) closed_tabs_newest_first: bool,
    /// Pause between two calls for one supplier: what working clients keep; no limit is published.
    pub(super) milliseconds_between_calls: u64,
    /// How long a session is trusted after its log-in.
    pub(super) session_hours: u16,
    /// Orders per page of a tab.
    pub(super) max_page_size: NonZeroUsize,
    /// Orders per call for details.
    pub(super) max_details_orders: NonZeroUsize,
    pub(super) accept_current_status: u16,
    pub(super) accept_requested_status: u16,
    /// What follows a sub-order's number in its grouping key.
    pub(super) accept_grouping_suffix: String,
    pub(super) accept_shipment_type: String,
    /// Orders per accept call.
    pub(super) max_accept_transitions: usize,
    /// How long an accept job usually takes.
    pub(super) accept_poll_seconds: u16,
    pub(super) label_current_status: u16,
    pub(super) label_requested_status: u16,
    pub(super) max_label_transitions: usize,
    /// How long a label job is assumed to take, for estimates alone.
    pub(super) label_job_seconds: u16,
    /// Pause between two looks at a label job, where the answer names none.
    pub(super) label_poll_seconds: u16,
    /// Largest PDF that is read.
    pub(super) max_label_file_bytes: usize,
}

/// The path of every operation of the contract that is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Paths {
    pub(super) login: ApiPath,
    pub(super) verify_login_otp: ApiPath,
    pub(super) prefetch_supply_data: ApiPath,
    pub(super) fetch_registration_status: ApiPath,
    pub(super) get_supplier_details: ApiPath,
    pub(super) list_orders: ApiPath,
    pub(super) fetch_order_details: ApiPath,
    pub(super) req_pending_orders: ApiPath,
    pub(super) fetch_pending_orders_history: ApiPath,
    #[serde(rename = "reqDownloadLabelV2")]
    pub(super) req_download_label: ApiPath,
    pub(super) fetch_label_download_history: ApiPath,
    pub(super) update_group_download_backend_flag: ApiPath,
}

/// The tabs of the panel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tabs {
    pub(super) on_hold: Tab,
    pub(super) pending: Tab,
    pub(super) ready_to_ship: Tab,
    pub(super) shipped: Tab,
    pub(super) cancelled: Tab,
}

/// How a tab is asked for, and the status word that standing in it amounts to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tab {
    pub(super) status: u16,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) word: String,
}

/// How the wish for a one-time password looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OtpForm {
    /// Status 200, no cookies, `otp_required` in the body.
    BodyFlag,
    /// Status 403 with the challenge in a JSON body.
    #[serde(rename = "status-403")]
    Status403,
}

impl Profile {
    /// The defaults, changed by a JSON merge patch (RFC 7396).
    pub(super) fn read(patch: Option<&str>) -> Result<Self, String> {
        let profile: Self = profile::read(DEFAULTS, patch)?;
        profile.headers()?;
        Ok(profile)
    }

    /// What a status word means; nothing for one we do not know.
    pub(super) fn step(&self, word: &str) -> Option<Step> {
        self.steps.get(word).copied()
    }

    /// The headers that go with every call.
    pub(super) fn headers(&self) -> Result<HeaderMap, String> {
        let pair = |(name, value): (&String, &String)| {
            let name = name.parse::<HeaderName>().ok()?;
            Some((name, value.parse::<HeaderValue>().ok()?))
        };
        self.client_headers
            .iter()
            .map(pair)
            .collect::<Option<_>>()
            .ok_or_else(|| "client_headers: not all of them can be headers".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_read() {
        let profile = Profile::read(None).unwrap();
        assert_eq!(
            profile.paths.list_orders.as_str(),
            "/api/fulfillment/orders"
        );
        assert_eq!(profile.headers().unwrap().len(), 2);
    }

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        let patch = r#"{"paths": {"login": "/v3/login"}, "steps": {"PICKED_UP": "ship", "LOST": null},
                        "otp_challenge_form": "status-403", "session_hours": 2}"#;
        let profile = Profile::read(Some(patch)).unwrap();
        assert_eq!(profile.paths.login.as_str(), "/v3/login");
        assert_eq!(
            profile.paths.list_orders.as_str(),
            "/api/fulfillment/orders"
        );
        assert_eq!(profile.step("PICKED_UP"), Some(Step::Ship));
        assert_eq!(profile.step("LOST"), None);
        assert_eq!(profile.step("SHIPPED"), Some(Step::Ship));
        assert_eq!(profile.otp_challenge_form, OtpForm::Status403);
        assert_eq!(profile.session_hours, 2);
    }

    #[test]
    fn a_patch_that_means_nothing_is_refused_and_named() {
        for (patch, named) in [
            (r#"{"url": "https://evil.test"}"#, "url"),
            (
                r#"{"paths": {"login": "https://evil.test/"}}"#,
                "paths.login",
            ),
            (r#"{"paths": {"login": "//evil.test/"}}"#, "paths.login"),
            (r#"{"max_page_size": 0}"#, "max_page_size"),
            (r#"{"steps": {"SHIPPED": "shipped"}}"#, "steps.SHIPPED"),
            (
                r#"{"client_headers": {"two words": "x"}}"#,
                "client_headers",
            ),
            ("{", "JSON"),
        ] {
            let why = Profile::read(Some(patch)).unwrap_err();
            assert!(why.contains(named), "{patch}: {why}");
        }
    }
}
