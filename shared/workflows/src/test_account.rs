//! Testing an account: a person asks, `poll` looks, and the report says what passed and what to do
//! where it failed. The guides' trouble tables, done by the hub.

use std::sync::Arc;

use haat_domain::{
    Account, AccountId, AccountTest, Action, Actor, Check, CheckOutcome, Finding, MayShip, Offer,
    OrderId, SellerId, Sku, Tested,
};
use haat_ports::{
    Connection, ErrorKind, Marketplace, MarketplaceError, Offers, PollMessage, PollsQueue,
    QueueError, Sessions, ShipQueue, Shipping, Store, StoreError,
};
use jiff::Timestamp;

use crate::Hub;
use crate::account_trouble::take_note;
use crate::ask::{AskRefusal, ask};
use crate::connect_account::terms_of;
use crate::log_in::LoginSessions;
use crate::login_secrets::open_credentials;
use crate::write_order::{self, WriteError};

/// The test was not begun.
#[derive(Debug, thiserror::Error)]
pub enum TestRefusal {
    /// The seller has no such account.
    #[error("there is no account {0}")]
    NoSuchAccount(AccountId),
    /// The order is none of the account's.
    #[error("account {0} has no such order to be tested with")]
    NoSuchOrder(AccountId),
    /// The order does not take its next step.
    #[error(transparent)]
    Ask(#[from] AskRefusal),
    /// The table failed.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It was noted, and could not be sent on; ask again.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<StoreError> for TestRefusal {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Asks for a test of an account. With an order, that one is flagged and asked for its next step: it
/// goes from acceptance to its label and on like any other, and the report tells how far it is.
pub async fn ask_for_test(
    store: &dyn Store,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    (seller, id): (&SellerId, &AccountId),
    order: Option<&OrderId>,
    by: Actor,
    now: Timestamp,
) -> Result<AccountTest, TestRefusal> {
    let account = store.account(seller, id).await?;
    let account = account.ok_or_else(|| TestRefusal::NoSuchAccount(id.clone()))?;
    if let Some(order) = order {
        flag(store, queues.1, &account, order, by, now).await?;
    }
    let before = store.test_of(seller, id).await?;
    let test = AccountTest {
        seller: seller.clone(),
        account: id.clone(),
        asked_at: now,
        done_at: None,
        order: order
            .map(|order| order.number.clone())
            .or_else(|| before.and_then(|before| before.order)),
        found: Vec::new(),
    };
    store.put_test(&test).await?;
    let message = PollMessage {
        pack: account.pack,
        account: Some(id.clone()),
        test_of: Some(seller.clone()),
    };
    queues.0.send(&[message]).await?;
    Ok(test)
}

async fn flag(
    store: &dyn Store,
    queue: &dyn ShipQueue,
    account: &Account,
    id: &OrderId,
    by: Actor,
    now: Timestamp,
) -> Result<(), TestRefusal> {
    let none = || TestRefusal::NoSuchOrder(account.id.clone());
    if id.account != account.id {
        return Err(none());
    }
    let ids = std::slice::from_ref(id);
    let mut order = store.orders(&account.seller, ids).await?.pop();
    let order = order.as_mut().ok_or_else(none)?;
    write_order::change(store, order, |order| {
        !std::mem::replace(&mut order.is_test, true)
    })
    .await?;
    let steps = [Action::Accept, Action::Ship, Action::HandOver];
    let next = steps.into_iter().find(|step| order.allows(*step).is_ok());
    if let Some(next) = next {
        ask(store, queue, &account.seller, id, &next.into(), by, now).await?;
    }
    Ok(())
}

/// Does a test that was asked for. What the marketplace says no to is in the report; only trouble of
/// the table is an error.
pub async fn test_account(hub: &Hub, seller: &SellerId, id: &AccountId) -> Result<(), StoreError> {
    let store = hub.store.as_ref();
    let (Some(account), Some(mut test)) = (
        store.account(seller, id).await?,
        store.test_of(seller, id).await?,
    ) else {
        return Ok(());
    };
    let found = look(hub, &account).await;
    let good = |one: &Finding| matches!(one.outcome, CheckOutcome::Passed | CheckOutcome::Skipped);
    let passed = found.iter().all(good);
    remember(hub, account, &found, passed).await?;
    test.found = found;
    test.done_at = Some(hub.clock.now());
    store.put_test(&test).await
}

/// Notes on the account what its test found out about it.
async fn remember(
    hub: &Hub,
    mut account: Account,
    found: &[Finding],
    passed: bool,
) -> Result<(), StoreError> {
    let now = hub.clock.now();
    account.tested = Some(Tested { at: now, passed });
    if let Some(marketplace) = hub.marketplaces.get(&account.marketplace) {
        account.terms = terms_of(marketplace.descriptor());
    }
    let shipping = found.iter().find(|one| one.check == Check::ShippingAccess);
    match shipping.map(|one| (one.outcome, &one.said)) {
        Some((CheckOutcome::Passed, _)) => account.may_ship = MayShip::Yes(now),
        Some((CheckOutcome::Failed, said)) => {
            let said = said.clone();
            account.may_ship = MayShip::No { since: now, said };
        }
        Some((CheckOutcome::Waits | CheckOutcome::Skipped, _)) | None => {}
    }
    match hub.store.put_account(&account).await {
        // Somebody changed it meanwhile; the report stands by itself.
        Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
        Err(failed) => Err(failed),
    }
}

async fn look(hub: &Hub, account: &Account) -> Vec<Finding> {
    let Some(marketplace) = hub.marketplaces.get(&account.marketplace) else {
        let said = "this deployment does not speak to the marketplace; ask the operator";
        return vec![Finding::failed(Check::LogIn, said)];
    };
    let sessions = LoginSessions::new(hub, &marketplace, &account.seller, &account.login);
    let sessions: Arc<dyn Sessions> = Arc::new(sessions);
    if let Err(error) = sessions.current().await {
        return vec![refused(Check::LogIn, &error)];
    }
    let mut found = vec![logged_in(hub, account, marketplace.as_ref()).await];
    match open(marketplace.as_ref(), account, sessions) {
        Ok(connection) => {
            found.push(orders(hub, account, connection.as_ref()).await);
            found.push(shipping_access(connection.as_ref()).await);
            found.extend(warehouse(account));
            match connection.offers() {
                Some(offers) => found.extend(stock(hub, account, offers).await),
                None => {
                    let said = "the marketplace's offers are not read through Haat";
                    found.push(Finding::skipped(Check::Stock, said));
                }
            }
        }
        Err(error) => found.push(refused(Check::Orders, &error)),
    }
    found
}

/// The log-in works; what looks wrong about its credentials all the same is said again.
async fn logged_in(hub: &Hub, account: &Account, marketplace: &dyn Marketplace) -> Finding {
    let mut said = "the credentials open a session".to_owned();
    if let Ok(Some((login, _))) = hub.store.login(&account.seller, &account.login).await
        && let Ok(credentials) = open_credentials(hub, &login).await
    {
        for doubt in marketplace.doubts(&credentials) {
            said.push_str(". A warning: ");
            said.push_str(&doubt);
        }
    }
    Finding::passed(Check::LogIn, said)
}

fn open(
    marketplace: &dyn Marketplace,
    account: &Account,
    sessions: Arc<dyn Sessions>,
) -> Result<Box<dyn Connection>, MarketplaceError> {
    marketplace.connect(&account.marketplace_seller, sessions)
}

/// What a marketplace's refusal means to whoever reads a report. Trouble that passes says nothing
/// against the account.
fn refused(check: Check, error: &MarketplaceError) -> Finding {
    match error.kind {
        ErrorKind::Attention(reason) => {
            Finding::failed(check, format!("{error}. {}", reason.what_to_do()))
        }
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Ambiguous
        | ErrorKind::NotReady => {
            let said = format!("{error}. The marketplace is busy or in trouble: test again later.");
            Finding::waits(check, said)
        }
        ErrorKind::Auth | ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::Malformed => {
            Finding::failed(check, error.to_string())
        }
    }
}

async fn orders(hub: &Hub, account: &Account, connection: &dyn Connection) -> Finding {
    let orders = connection.orders();
    let Some(first) = orders.feeds().first() else {
        return Finding::skipped(Check::Orders, "the marketplace lists no orders");
    };
    match orders.page(*first, None).await {
        Ok(page) => {
            let count = page.reports.len();
            let said = format!(
                "the list {} can be read; {count} on its first page",
                first.name
            );
            Finding::passed(Check::Orders, said)
        }
        Err(error) => {
            // Trouble that a person must end shows on the account as well, test or not.
            let noted = take_note(hub, &account.seller, &account.id, &account.login, &error);
            if let Err(failed) = noted.await {
                tracing::warn!(account = %account.id, %failed, "trouble met by a test is not noted");
            }
            refused(Check::Orders, &error)
        }
    }
}

async fn shipping_access(connection: &dyn Connection) -> Finding {
    let asked = match connection.shipping() {
        Some(Shipping::ByOrder(shipping)) => shipping.may_ship().await,
        Some(Shipping::ByJob(shipping)) => shipping.label_jobs().await.map(drop),
        None => {
            let said = "the marketplace ships without Haat";
            return Finding::skipped(Check::ShippingAccess, said);
        }
    };
    match asked {
        Ok(()) => Finding::passed(
            Check::ShippingAccess,
            "the marketplace lets this account ship",
        ),
        Err(error) => refused(Check::ShippingAccess, &error),
    }
}

fn warehouse(account: &Account) -> Option<Finding> {
    if !account.terms.has_warehouse {
        return None;
    }
    Some(match &account.warehouse {
        Some(id) => Finding::passed(Check::Warehouse, format!("its parcels leave from {id}")),
        None => {
            let said = "nobody has said which warehouse its parcels leave from: set it for the \
                        account";
            Finding::failed(Check::Warehouse, said)
        }
    })
}

/// Reads the stock of one offer, and looks whether weight and size of what is offered are known.
async fn stock(hub: &Hub, account: &Account, offers: &dyn Offers) -> Vec<Finding> {
    let mut listed: Vec<Offer> = Vec::new();
    for feed in offers.feeds() {
        match offers.page(*feed, None).await {
            Ok(page) => listed.extend(page.reports),
            Err(error) => return vec![refused(Check::Stock, &error)],
        }
    }
    let Some(first) = listed.iter().find(|offer| offer.pieces.is_some()) else {
        let said = "the marketplace lists no offer with a stock figure: see that products are \
                    listed there, with SKUs that are the same in Haat";
        return vec![Finding::failed(Check::Stock, said)];
    };
    let pieces = first.pieces.unwrap_or_default();
    let said = format!(
        "SKU {}: {pieces} pieces at the marketplace",
        first.sku.as_str()
    );
    let mut found = vec![Finding::passed(Check::Stock, said)];
    if account.terms.wants_parcel {
        found.push(parcels(hub, account, &listed).await);
    }
    found
}

async fn parcels(hub: &Hub, account: &Account, listed: &[Offer]) -> Finding {
    // Orders may name a product by the marketplace's own key of the variant.
    let variant = |offer: &Offer| offer.key.variant.parse().ok();
    let either = |offer: &Offer| [Some(offer.sku.clone()), variant(offer)];
    let skus: Vec<Sku> = listed.iter().flat_map(either).flatten().collect();
    let known = match hub.store.parcels(&account.seller, &skus).await {
        Ok(known) => known,
        Err(failed) => return Finding::failed(Check::Parcels, failed.to_string()),
    };
    let is_known = |offer: &&Offer| {
        either(offer)
            .iter()
            .flatten()
            .any(|sku| known.contains_key(sku))
    };
    let missing = listed.iter().filter(|offer| !is_known(offer));
    let missing: Vec<&str> = missing.map(|offer| offer.sku.as_str()).collect();
    match missing.first() {
        None => Finding::passed(
            Check::Parcels,
            "weight and size of what is offered are known",
        ),
        Some(first) => {
            let count = missing.len();
            let said = format!(
                "weight and size of {count} SKUs are not known, {first} among them: their labels \
                 will be refused until they are set"
            );
            Finding::failed(Check::Parcels, said)
        }
    }
}
