//! Reading what an account has beside orders: returns, and what it offers.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use haat_domain::{Offer, OfferKey, Parked, ParkedKind, Return, ReturnNumber, ReturnReport};
use haat_ports::{
    Connection, Feed, FeedPage, MarketplaceError, Offers, PollState, RefusedRow, Returns,
    StoreError,
};

use crate::feed_rows::key_of;
use crate::growing_feed::Reached;
use crate::poll_orders::{MANY, Poll, PollError, repeats};
use crate::write_heard::parked_place;

/// What is read of an account beside orders.
#[async_trait]
trait Beside: Send + Sync {
    type Row: Send + Sync;

    fn feeds(&self) -> &'static [Feed];
    /// Under which kind a row is parked that cannot be read.
    fn parked_as(&self) -> ParkedKind;
    async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<FeedPage<Self::Row>, MarketplaceError>;
    /// Writes what is new of these rows.
    async fn keep(&self, poll: &Poll<'_>, rows: Vec<Self::Row>) -> Result<(), PollError>;
}

impl Poll<'_> {
    /// Reads all that is due. What is read beside orders never keeps orders from being read.
    pub(crate) async fn read_beside(
        &mut self,
        connection: &dyn Connection,
        after: &mut PollState,
    ) -> Result<(), PollError> {
        let mut read = Ok(());
        if let Some(returns) = connection.returns() {
            read = self.read_all_of(&ReturnsBeside(returns), after).await;
        }
        if let Some(offers) = connection.offers() {
            read = read.and(self.read_all_of(&OffersBeside(offers), after).await);
        }
        read
    }

    async fn read_all_of<B: Beside>(
        &mut self,
        beside: &B,
        after: &mut PollState,
    ) -> Result<(), PollError> {
        let mut trouble = Ok(());
        for feed in beside.feeds() {
            if !self.is_due(*feed) && !self.state.rest.contains_key(feed.name) {
                continue;
            }
            match self.read_one_of(beside, *feed).await {
                Ok(reached) => {
                    self.note_change(*feed, reached.hash, after);
                    reached.remember(*feed, after);
                }
                Err(error) if error.passes() => {
                    let (account, feed) = (&self.state.account, feed.name);
                    tracing::warn!(%account, feed, %error, "a feed could not be read whole");
                    // Its cursor may be the trouble.
                    after.rest.remove(feed);
                    trouble = Err(error);
                }
                Err(error) => return Err(error),
            }
        }
        trouble
    }

    /// Reads a feed to its end, from where the last poll had no time for more, and keeps what is
    /// new.
    async fn read_one_of<B: Beside>(
        &mut self,
        beside: &B,
        feed: Feed,
    ) -> Result<Reached, PollError> {
        let before = self.state.seen.get(feed.name).copied();
        let mut cursor = self.state.rest.get(feed.name).cloned();
        let from_the_top = cursor.is_none();
        let (mut rows, mut refused) = (Vec::new(), Vec::new());
        let mut marks = BTreeSet::new();
        let mut cursors = BTreeSet::new();
        let rest = loop {
            self.in_time()?;
            let page = beside.page(feed, cursor.as_deref()).await?;
            let known = marks.len();
            let is_empty = page.marks.is_empty();
            marks.extend(page.marks);
            rows.extend(page.reports);
            refused.extend(page.refused);
            let Some(next) = page.next.filter(|_| !is_empty) else {
                break None;
            };
            if marks.len() == known || !cursors.insert(next.clone()) {
                return Err(repeats(feed).into());
            }
            if rows.len() >= MANY {
                self.keep_beside(beside, &mut rows, &mut refused).await?;
            }
            if self.in_time().is_err() {
                break Some(next);
            }
            cursor = Some(next);
        };
        let is_whole = from_the_top && rest.is_none();
        let hash = is_whole.then(|| marks.iter().fold(0, |all, mark| all ^ mark));
        if hash.is_none() || before != hash {
            self.keep_beside(beside, &mut rows, &mut refused).await?;
        }
        let newest = None;
        Ok(Reached { hash, newest, rest })
    }

    async fn keep_beside<B: Beside>(
        &self,
        beside: &B,
        rows: &mut Vec<B::Row>,
        refused: &mut Vec<RefusedRow>,
    ) -> Result<(), PollError> {
        for row in refused.drain(..) {
            self.park_beside(beside.parked_as(), &row).await?;
        }
        beside.keep(self, std::mem::take(rows)).await
    }

    async fn park_beside(&self, kind: ParkedKind, row: &RefusedRow) -> Result<(), PollError> {
        let parked = Parked {
            seller: self.state.seller.clone(),
            account: self.state.account.clone(),
            kind,
            key: key_of(row),
            reason: row.reason.clone(),
            since: self.hub.clock.now(),
            label: None,
        };
        let place = parked_place(&parked);
        let vault = &self.hub.vault;
        let raw = vault.seal(&parked.seller, &place, &row.raw).await?;
        self.hub.store.park(&parked, Some(&raw)).await?;
        Ok(())
    }
}

struct ReturnsBeside<'a>(&'a dyn Returns);

#[async_trait]
impl Beside for ReturnsBeside<'_> {
    type Row = ReturnReport;

    fn feeds(&self) -> &'static [Feed] {
        self.0.feeds()
    }

    fn parked_as(&self) -> ParkedKind {
        ParkedKind::ReturnRow
    }

    async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<FeedPage<ReturnReport>, MarketplaceError> {
        self.0.page(feed, cursor).await
    }

    async fn keep(&self, poll: &Poll<'_>, rows: Vec<ReturnReport>) -> Result<(), PollError> {
        let PollState {
            seller, account, ..
        } = poll.state;
        let (store, now) = (&poll.hub.store, poll.hub.clock.now());
        let numbers: Vec<ReturnNumber> = rows.iter().map(|row| row.number.clone()).collect();
        let known = store.returns(seller, account, &numbers).await?;
        let mut known: BTreeMap<ReturnNumber, Return> = known
            .into_iter()
            .map(|one| (one.said.number.clone(), one))
            .collect();
        for said in rows {
            let written = match known.remove(&said.number) {
                Some(mut one) => match one.hear(&said, now) {
                    true => store.put_return(&mut one).await,
                    false => Ok(()),
                },
                None => {
                    let (seller, account) = (seller.clone(), account.clone());
                    let mut one = Return::first_heard(seller, account, said, now);
                    store.put_return(&mut one).await
                }
            };
            match written {
                // Another poll heard it at the same time; the next one compares again.
                Ok(()) | Err(StoreError::Conflict(_)) => {}
                Err(failed) => return Err(failed.into()),
            }
        }
        Ok(())
    }
}

struct OffersBeside<'a>(&'a dyn Offers);

#[async_trait]
impl Beside for OffersBeside<'_> {
    type Row = Offer;

    fn feeds(&self) -> &'static [Feed] {
        self.0.feeds()
    }

    fn parked_as(&self) -> ParkedKind {
        ParkedKind::OfferRow
    }

    async fn page(
        &self,
        feed: Feed,
        cursor: Option<&str>,
    ) -> Result<FeedPage<Offer>, MarketplaceError> {
        self.0.page(feed, cursor).await
    }

    async fn keep(&self, poll: &Poll<'_>, rows: Vec<Offer>) -> Result<(), PollError> {
        let PollState {
            seller, account, ..
        } = poll.state;
        let store = &poll.hub.store;
        let keys: Vec<OfferKey> = rows.iter().map(|offer| offer.key.clone()).collect();
        let known = store.offers(seller, account, &keys).await?;
        let known: BTreeMap<OfferKey, Offer> = known
            .into_iter()
            .map(|offer| (offer.key.clone(), offer))
            .collect();
        for offer in rows {
            if known.get(&offer.key) != Some(&offer) {
                store.put_offer(seller, account, &offer).await?;
            }
        }
        Ok(())
    }
}
