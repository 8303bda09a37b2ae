//! What the AJIO double is started with.

use std::fmt;

use serde::Deserialize;

use crate::{clock::ClockMode, throttle::Throttle};

/// Everything that shapes the double before its first call.
///
/// `Options::default()` is what a test wants: a free port, a stopped clock, no throttle and one POB
/// (see [`NewPob::default`]).
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on 127.0.0.1 for API, control and files; 0 takes a free one.
    pub port: u16,
    /// The same seed and the same calls give the same bytes.
    pub seed: u64,
    /// Stopped for tests, real time for a demonstration.
    pub clock: ClockMode,
    /// How long tokens live and what waits how long.
    pub timings: Timings,
    /// Calls allowed per POB; `None` never throttles.
    pub throttle: Option<Throttle>,
    /// What the contract leaves open.
    pub profile: Profile,
    /// POBs that exist from the start.
    pub pobs: Vec<NewPob>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 1,
            clock: ClockMode::default(),
            timings: Timings::default(),
            throttle: None,
            profile: Profile::default(),
            pobs: vec![NewPob::default()],
        }
    }
}

/// Seconds on the double's clock; defaults are those of the contract's `x-sandbox`.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    /// Life of a token.
    pub token_seconds: u32,
    /// From acknowledgement to the purchase order (shortened by `speed` in real time); `None` is
    /// never.
    pub po_delay_seconds: Option<u32>,
    /// From packing to the first answer with a label or an invoice.
    pub label_delay_seconds: u32,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            token_seconds: 1_800,
            po_delay_seconds: Some(900),
            label_delay_seconds: 0,
        }
    }
}

/// Answers to what no public page of AJIO says, like the contract's `x-profile-knobs`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Profile {
    /// How a refused log-in is told.
    pub refusal: RefusalForm,
    /// How labels, invoices and manifests come.
    pub documents: DocumentForm,
    /// The number of the first page in requests; smaller ones are refused.
    pub first_page_asked: PageBase,
    /// The number of the first page in `page.number`.
    pub first_page_told: PageBase,
}

/// How a refused log-in is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalForm {
    /// 401 with an `Error`.
    #[default]
    Status,
    /// 200 with `{status: INVALID_CREDENTIALS}`.
    Word,
}

/// How a document comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentForm {
    /// JSON with `content_base64`.
    #[default]
    Base64,
    /// JSON with `url`, an address of this double that needs no token.
    Url,
    /// The bytes as `application/pdf`.
    Raw,
}

/// The number of the first page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PageBase {
    /// Pages are counted from 0.
    Zero,
    /// Pages are counted from 1.
    #[default]
    One,
}

impl PageBase {
    pub(crate) fn number(self) -> usize {
        match self {
            Self::Zero => 0,
            Self::One => 1,
        }
    }
}

/// How a seller gets the money of a return back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnModel {
    /// AJIO raises a return sales invoice.
    #[default]
    Rsi,
    /// The seller posts a credit note.
    CreditNote,
}

/// A point of business: one log-in, one pick-up place.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPob {
    /// Letters and digits; usually they begin with `DV`.
    pub username: String,
    /// Invented; nothing real may be typed into a sandbox.
    pub password: String,
    /// Whether the log-in is let in at all.
    #[serde(default = "yes")]
    pub api_access: bool,
    /// Whether documents and dispatch are open to it (assumed: refused with 403 otherwise).
    #[serde(default = "yes")]
    pub shipping_access: bool,
    /// How returns are paid back.
    #[serde(default)]
    pub returns: ReturnModel,
}

impl NewPob {
    /// A POB that may do everything and is on the RSI model.
    #[must_use]
    pub fn new(username: &str, password: &str) -> Self {
        Self {
            username: username.to_owned(),
            password: password.to_owned(),
            api_access: true,
            shipping_access: true,
            returns: ReturnModel::Rsi,
        }
    }
}

impl Default for NewPob {
    /// `DV900001` / `sandbox-only`.
    fn default() -> Self {
        Self::new("DV900001", "sandbox-only")
    }
}

impl fmt::Debug for NewPob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewPob")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

fn yes() -> bool {
    true
}
