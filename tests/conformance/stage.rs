//! What a case needs to know of a marketplace that the seam does not tell: its double, seen from
//! behind.

use std::future::Future;
use std::pin::Pin;

use haat_domain::{OrderNumber, ReturnStage, Step};
use jiff::Timestamp;

use crate::cases::Case;
use crate::{ajio, meesho};

type Open = fn() -> Pin<Box<dyn Future<Output = Box<dyn Stage>>>>;

/// A marketplace on stage.
pub(crate) struct Program {
    /// Starts its double.
    pub(crate) open: Open,
    /// Cases that it cannot have, with the reason.
    pub(crate) skips: &'static [(&'static str, &'static str)],
}

impl Program {
    /// Why it cannot have a case.
    pub(crate) fn skips(&self, case: &Case) -> Option<&'static str> {
        let mut skips = self.skips.iter();
        skips
            .find(|(name, _)| *name == case.name)
            .map(|(_, reason)| *reason)
    }
}

/// How a marketplace is tried.
pub(crate) fn program(id: &str) -> Option<&'static Program> {
    match id {
        "meesho" => Some(&meesho::PROGRAM),
        "ajio" => Some(&ajio::PROGRAM),
        _ => None,
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It waits to be accepted.
    New,
    /// It is accepted, and nothing is missing to ship it.
    Accepted,
    /// It has left.
    Shipped,
}

/// What the marketplace knows of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    /// What the buyer pays, paise.
    pub(crate) value: i64,
    /// When it was ordered, where the marketplace tells.
    pub(crate) ordered_at: Option<Timestamp>,
    /// When it must leave.
    pub(crate) dispatch_by: Timestamp,
    /// Pieces by SKU.
    pub(crate) pieces: Vec<(String, u32)>,
}

/// A return that a marketplace knows of.
pub(crate) struct Returned {
    /// Its number.
    pub(crate) number: String,
    /// The word that it has.
    pub(crate) word: &'static str,
    /// What each word of the contract means, worked out from the contract's descriptions.
    pub(crate) words: Vec<(&'static str, ReturnStage)>,
    /// Where these words stand, as of [`Stage::vocabulary`].
    pub(crate) vocabulary: (&'static str, &'static str),
}

/// A marketplace's double, its only account connected by nobody yet.
pub(crate) trait Stage {
    /// The marketplace.
    fn id(&self) -> &'static str;
    /// Scheme, host and port of its API.
    fn host(&self) -> String;
    /// The API's address, where its host is another one.
    fn api(&self, host: &str) -> String;
    /// Its file host.
    fn files(&self) -> String;
    /// What is typed into its form.
    fn credentials(&self) -> Vec<(&'static str, &'static str)>;
    /// Who the account is, in the connector's own form.
    fn seller(&self) -> &'static str;
    /// The feed in which new orders stand.
    fn new_orders(&self) -> &'static str;

    /// Makes orders, oldest first.
    fn seed(&self, standing: Standing, count: u32) -> Vec<OrderNumber>;
    /// What it knows of an order.
    fn truth(&self, number: &OrderNumber) -> Truth;
    /// How often it accepted an order.
    fn accepted(&self, number: &OrderNumber) -> u64;
    /// The word in its answers for an order that has left.
    fn shipped_word(&self) -> &'static str;
    /// How it writes the value of a field that is an amount: rupees, without decimals that are zero.
    fn amount(&self, paise: i64) -> String {
        let text = format!(":{}.{:02}", paise / 100, paise % 100);
        text.strip_suffix(".00").unwrap_or(&text).to_owned()
    }
    /// What each word of its contract means, worked out from the contract's descriptions.
    fn words(&self) -> Vec<(&'static str, Step)>;
    /// Where these words stand in `tests/contracts`: the file, and the schema.
    fn vocabulary(&self) -> (&'static str, &'static str);

    /// Lets an order come back, where that is seen there.
    fn give_back(&self) -> Option<Returned> {
        None
    }

    /// Its time.
    fn now(&self) -> Timestamp;
    /// Lets time pass.
    fn pass(&self, seconds: i64);
    /// Ends all sessions.
    fn end_sessions(&self);
    /// Gives the account another password.
    fn change_password(&self);
    /// Log-ins that were let in, and those that were not.
    fn log_ins(&self) -> (u64, u64);
    /// What nobody may hear of its buyers.
    fn buyers(&self) -> Vec<String>;
}
