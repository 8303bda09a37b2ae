//! What became of what was asked: answers of status 200 that may be refusals all the same.

use std::collections::BTreeMap;

use haat_domain::OrderNumber;
use haat_ports::{ClosedManifest, RefusedOrder};

use crate::ajio::profile::{Outcome, Profile};
use crate::ajio::wire::{AckResult, AckWord, FailedItem, ManifestResult};
use crate::fields::filled;
use crate::http::repeatable;

/// What is wrong with an answer of status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ajio) enum Trouble {
    /// AJIO says no, in these words.
    Refused(String),
    /// It does not say what became of it.
    Unclear(String),
}

/// Whether an order was acknowledged, or refused in the seller's name, as was asked.
pub(in crate::ajio) fn acknowledged(
    number: &OrderNumber,
    asked: AckWord,
    answer: &AckResult,
) -> Result<(), Trouble> {
    let failed = answer.failed_items.iter();
    if let Some(failed) = failed
        .filter(|item| item.order_id == number.as_str())
        .map(|item| said(&item.error_message))
        .reduce(|first, next| format!("{first}; {next}"))
    {
        return Err(Trouble::Refused(failed));
    }
    let word = match asked {
        AckWord::Acknowledge => "Acknowledge",
        AckWord::Cancel => "Cancel",
    };
    let mut success = answer.success.iter();
    match success.find(|order| order.order_id == number.as_str()) {
        Some(order) if order.order_status == word => Ok(()),
        Some(_) => Err(Trouble::Unclear(
            "success.order_status: not what was asked for".to_owned(),
        )),
        None => Err(Trouble::Unclear(
            "the order is neither under success nor under failed_items".to_owned(),
        )),
    }
}

/// Whether one thing was done.
pub(in crate::ajio) fn done(
    profile: &Profile,
    status: &str,
    message: Option<&str>,
) -> Result<(), Trouble> {
    match profile.outcome(status) {
        Some(Outcome::All) => Ok(()),
        Some(Outcome::None) => Err(Trouble::Refused(said(message.unwrap_or_default()))),
        Some(Outcome::Some) | None => Err(Trouble::Unclear(unknown(status))),
    }
}

/// The orders that were not taken, each once, of those that were asked for.
pub(in crate::ajio) fn not_taken(
    profile: &Profile,
    asked: &[&OrderNumber],
    status: &str,
    failed: &[FailedItem],
) -> Result<Vec<RefusedOrder>, Trouble> {
    let named = failed
        .iter()
        .map(|item| (item.order_id.parse().ok(), item.error_message.as_str()));
    let asked: Vec<OrderNumber> = asked.iter().copied().cloned().collect();
    let refused = refused(profile, &asked, status, named)?;
    let refused = refused
        .into_iter()
        .map(|(number, said)| RefusedOrder { number, said });
    Ok(refused.collect())
}

/// A manifest, with the orders that are not on it.
pub(in crate::ajio) fn closed(
    profile: &Profile,
    asked: &[&OrderNumber],
    answer: ManifestResult,
) -> Result<ClosedManifest, Trouble> {
    Ok(ClosedManifest {
        refused: not_taken(profile, asked, &answer.status, &answer.failed_items)?,
        id: filled(answer.manifest_id),
    })
}

/// Which of the things that were asked for were not done, and why. `failed` names them as far as
/// their keys could be read.
pub(super) fn refused<'a, Key: Ord + Clone>(
    profile: &Profile,
    asked: &[Key],
    status: &str,
    failed: impl Iterator<Item = (Option<Key>, &'a str)>,
) -> Result<BTreeMap<Key, String>, Trouble> {
    let mut refused = BTreeMap::<Key, String>::new();
    let mut strangers = Vec::new();
    for (key, message) in failed {
        match key.filter(|key| asked.contains(key)) {
            Some(key) => {
                refused
                    .entry(key)
                    .and_modify(|earlier| *earlier = format!("{earlier}; {}", said(message)))
                    .or_insert_with(|| said(message));
            }
            None => strangers.push(said(message)),
        }
    }
    match profile.outcome(status) {
        None => return Err(Trouble::Unclear(unknown(status))),
        Some(Outcome::All) => {}
        Some(Outcome::Some) if refused.is_empty() => {
            let said = "a part was not done, and the answer does not say which";
            return Err(Trouble::Unclear(said.to_owned()));
        }
        Some(Outcome::Some) => {}
        Some(Outcome::None) if refused.is_empty() => {
            let reason = strangers.pop().unwrap_or_else(|| said(""));
            return Err(Trouble::Refused(reason));
        }
        Some(Outcome::None) => {
            for key in asked {
                refused
                    .entry(key.clone())
                    .or_insert_with(|| "not done, for others in the same call failed".to_owned());
            }
        }
    }
    if !strangers.is_empty() {
        let count = strangers.len();
        tracing::warn!(count, "ajio: an answer refuses what was not asked for");
    }
    Ok(refused)
}

fn said(text: &str) -> String {
    let text = repeatable(text, &[]);
    if text.is_empty() {
        "refused without a reason".to_owned()
    } else {
        text
    }
}

fn unknown(status: &str) -> String {
    format!("status: an unknown word, {:?}", repeatable(status, &[]))
}
