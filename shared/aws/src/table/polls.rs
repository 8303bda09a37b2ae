use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use haat_domain::{Account, LoginId, MarketplaceId, PackId};
use haat_ports::{Accounts, Heartbeat, Pack, PollState, Polls, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{Item, corrupt, key_attributes, number, values};
use super::{Table, accounts, keys};

#[derive(Serialize, Deserialize)]
struct StoredPack {
    every: u8,
    phase: u8,
    accounts: u32,
}

/// Short names: a hundred of these are read by every poll of a pack.
#[derive(Serialize, Deserialize)]
struct StoredState {
    #[serde(rename = "m")]
    marketplace: MarketplaceId,
    #[serde(rename = "k")]
    marketplace_seller: String,
    #[serde(rename = "l")]
    login: LoginId,
    #[serde(rename = "s")]
    seen: BTreeMap<String, u64>,
    #[serde(rename = "h", default, skip_serializing_if = "BTreeMap::is_empty")]
    heard: BTreeMap<String, u64>,
    #[serde(rename = "r", default, skip_serializing_if = "BTreeMap::is_empty")]
    rest: BTreeMap<String, String>,
    /// In seconds since 1970.
    #[serde(rename = "c", default, skip_serializing_if = "BTreeMap::is_empty")]
    changed: BTreeMap<String, i64>,
}

pub(super) fn state_item(state: &PollState, pack: &PackId) -> Result<Item, StoreError> {
    let body = StoredState {
        marketplace: state.marketplace.clone(),
        marketplace_seller: state.marketplace_seller.clone(),
        login: state.login.clone(),
        seen: state.seen.clone(),
        heard: state.heard.clone(),
        rest: state.rest.clone(),
        changed: state
            .changed
            .iter()
            .map(|(feed, at)| (feed.clone(), at.as_second()))
            .collect(),
    };
    let key = keys::poll_state(pack, &state.seller, &state.account);
    Item::new(named(state), key, &body)
}

/// What is no instant is forgotten: the feed is read sooner.
fn instants(changed: BTreeMap<String, i64>) -> BTreeMap<String, Timestamp> {
    changed
        .into_iter()
        .filter_map(|(feed, second)| Some((feed, Timestamp::from_second(second).ok()?)))
        .collect()
}

fn named(state: &PollState) -> String {
    let (account, seller) = (&state.account, &state.seller);
    format!("the poll state of account {account} of seller {seller}")
}

/// Interval and phase of a pack, from its id: `p5-12` is polled every 5 minutes, in the third of
/// them. So the packs of an interval are spread over its minutes.
fn rhythm(pack: &PackId) -> Option<(u8, u8)> {
    let (every, ordinal) = pack.as_str().strip_prefix('p')?.split_once('-')?;
    let (every, ordinal) = (every.parse::<u8>().ok()?, ordinal.parse::<u32>().ok()?);
    let phase = ordinal.checked_rem(u32::from(every))?;
    Some((every, u8::try_from(phase).ok()?))
}

impl Table {
    /// Counts an account in or out of a pack, and makes the pack when it is the first.
    pub(super) fn count_in_transaction(
        &self,
        pack: &PackId,
        accounts: i32,
    ) -> Result<TransactWriteItem, StoreError> {
        let what = format!("pack {pack}");
        let (every, phase) = rhythm(pack)
            .ok_or_else(|| corrupt(&what, "its id is not made of an interval and a number"))?;
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key_attributes(keys::pack(pack))))
            .update_expression("SET every = :every, phase = :phase ADD accounts :accounts")
            .set_expression_attribute_values(Some(values([
                (":every", number(every)),
                (":phase", number(phase)),
                (":accounts", number(accounts)),
            ])))
            .build();
        let update = update.map_err(|error| corrupt(&what, error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

#[async_trait]
impl Polls for Table {
    async fn packs(&self) -> Result<Vec<Pack>, StoreError> {
        let what = "the packs";
        let stored = self.query::<StoredPack>(what, keys::PACKS.to_owned(), "");
        stored
            .await?
            .into_iter()
            .map(|stored| {
                Ok(Pack {
                    id: stored.sk.parse().map_err(|error| corrupt(what, error))?,
                    every_minutes: stored.body.every,
                    phase: stored.body.phase,
                    accounts: stored.body.accounts,
                })
            })
            .collect()
    }

    async fn poll_states(&self, pack: &PackId) -> Result<Vec<PollState>, StoreError> {
        let what = format!("the accounts of pack {pack}");
        let partition = keys::in_pack(pack);
        let stored = self.query::<StoredState>(&what, partition, keys::ACCOUNTS);
        stored
            .await?
            .into_iter()
            .map(|stored| {
                let (seller, account) = keys::poll_state_of(&stored.sk)
                    .ok_or_else(|| corrupt(&what, "a key names no account"))?;
                Ok(PollState {
                    pack: pack.clone(),
                    seller,
                    account,
                    marketplace: stored.body.marketplace,
                    marketplace_seller: stored.body.marketplace_seller,
                    login: stored.body.login,
                    seen: stored.body.seen,
                    heard: stored.body.heard,
                    rest: stored.body.rest,
                    changed: instants(stored.body.changed),
                })
            })
            .collect()
    }

    async fn put_seen(&self, state: &PollState) -> Result<(), StoreError> {
        match self.put(state_item(state, &state.pack)?.if_present()).await {
            // The account has moved meanwhile; it must not be back in this pack.
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn put_read(
        &self,
        state: &PollState,
        over: &BTreeMap<String, u64>,
    ) -> Result<(), StoreError> {
        let item = state_item(state, &state.pack)?;
        let over = serde_dynamo::to_attribute_value(over);
        let over = over.map_err(|error| corrupt(&named(state), error))?;
        self.put(item.if_holding("s", over)).await
    }

    async fn move_to_pack(&self, state: &PollState, account: &Account) -> Result<(), StoreError> {
        let (from, to) = (&state.pack, &account.pack);
        if from == to {
            return self.put_account(account).await;
        }
        let what = named(state);
        let old = keys::poll_state(from, &state.seller, &state.account);
        let writes = vec![
            self.put_in_transaction(accounts::item(account)?)?,
            self.delete_in_transaction(&what, old, Some("attribute_exists(pk)"))?,
            self.put_in_transaction(state_item(state, to)?.if_absent())?,
            self.count_in_transaction(from, -1)?,
            self.count_in_transaction(to, 1)?,
        ];
        self.transact(&what, writes).await
    }

    async fn heartbeat(&self, pack: &PackId) -> Result<Heartbeat, StoreError> {
        let what = format!("the heartbeat of pack {pack}");
        let stored = self.get::<Heartbeat>(&what, keys::heartbeat(pack)).await?;
        Ok(stored.map(|stored| stored.body).unwrap_or_default())
    }

    async fn put_heartbeat(&self, pack: &PackId, beat: &Heartbeat) -> Result<(), StoreError> {
        let what = format!("the heartbeat of pack {pack}");
        self.put(Item::new(what, keys::heartbeat(pack), beat)?)
            .await
    }
}
