use std::collections::BTreeMap;

use async_trait::async_trait;
use haat_domain::{Account, AccountId, LoginId, MarketplaceId, PackId, SellerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// A pack: up to a hundred accounts with the same interval, polled together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Its id, made of the interval and a number: `p5-0`.
    pub id: PackId,
    /// Minutes between two polls.
    pub every_minutes: u8,
    /// The minute, from 0 to below the interval, in which it is due.
    pub phase: u8,
    /// How many accounts it has.
    pub accounts: u32,
}

/// What a poll must know of an account: the little that lies in the pack's partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollState {
    /// The pack.
    pub pack: PackId,
    /// The tenant.
    pub seller: SellerId,
    /// The account.
    pub account: AccountId,
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// Who the account is there.
    pub marketplace_seller: String,
    /// The credentials.
    pub login: LoginId,
    /// Feed name to the hash of what it last held. Moves only after all of it is durable.
    pub seen: BTreeMap<String, u64>,
    /// Name of a feed that only grows to the mark of its newest row: that row and all below it are
    /// durable, but for what stands from `rest` on.
    pub heard: BTreeMap<String, u64>,
    /// Name of a feed to the cursor from which it is still to be read.
    pub rest: BTreeMap<String, String>,
    /// Name of a feed that is not read with every poll to when it last held something new.
    pub changed: BTreeMap<String, Timestamp>,
}

impl PollState {
    /// Of an account that has not been polled yet.
    pub fn new(account: &Account) -> Self {
        Self {
            pack: account.pack.clone(),
            seller: account.seller.clone(),
            account: account.id.clone(),
            marketplace: account.marketplace.clone(),
            marketplace_seller: account.marketplace_seller.clone(),
            login: account.login.clone(),
            seen: BTreeMap::new(),
            heard: BTreeMap::new(),
            rest: BTreeMap::new(),
            changed: BTreeMap::new(),
        }
    }
}

/// What the last poll of a pack found, written once for all its accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Heartbeat {
    /// When it began; `None` before the first.
    pub at: Option<Timestamp>,
    /// The accounts it could not read whole. All others were read whole at `at`.
    pub missed: BTreeMap<AccountId, Missed>,
    /// The accounts that were read whole apart from the others, and when: on their own since then,
    /// or by an earlier poll that had been at them.
    #[serde(default)]
    pub alone: BTreeMap<AccountId, Timestamp>,
    /// The accounts that a poll which began then was still reading when this was written. They
    /// are among the missed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reading: BTreeMap<AccountId, Timestamp>,
}

/// An account that a poll could not read whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// When it was last read whole, if ever.
    pub last_success: Option<Timestamp>,
    /// Why not now, without secrets.
    pub reason: String,
}

/// Packs, and what polls remember.
#[async_trait]
pub trait Polls: Send + Sync {
    /// All packs.
    async fn packs(&self) -> Result<Vec<Pack>, StoreError>;

    /// The accounts of a pack.
    async fn poll_states(&self, pack: &PackId) -> Result<Vec<PollState>, StoreError>;

    /// Remembers what the feeds of an account held, and who the account is at the marketplace.
    ///
    /// # Behavior
    /// - The last write wins: a lost one costs a re-read.
    /// - Writes nothing when the account has left the pack meanwhile.
    async fn put_seen(&self, state: &PollState) -> Result<(), StoreError>;

    /// The same, over what was remembered when it was read.
    ///
    /// # Behavior
    /// - [`StoreError::Conflict`] when something else is remembered by now, or the account has left
    ///   the pack.
    async fn put_read(
        &self,
        state: &PollState,
        over: &BTreeMap<String, u64>,
    ) -> Result<(), StoreError>;

    /// Writes an account over the version it was read with, and moves its poll state from
    /// `state.pack` to the pack that the account names now, all or nothing.
    ///
    /// # Behavior
    /// - [`StoreError::Conflict`] when the account changed, or has left `state.pack`, meanwhile.
    async fn move_to_pack(&self, state: &PollState, account: &Account) -> Result<(), StoreError>;

    /// The last heartbeat of a pack; an empty one before the first.
    async fn heartbeat(&self, pack: &PackId) -> Result<Heartbeat, StoreError>;

    /// Writes the heartbeat of a pack.
    async fn put_heartbeat(&self, pack: &PackId, beat: &Heartbeat) -> Result<(), StoreError>;
}
