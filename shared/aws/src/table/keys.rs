//! Every key of the table. `docs/access-patterns.md` says what each is for.
//!
//! Ids hold no `#` and no `.`, so keys cannot collide and can be read back.

use haat_domain::{
    AccountId, Action, Awb, InvoiceSeries, LoginId, ManifestId, OfferKey, OrderId, PackId,
    ParkedKind, RegistrationId, ReturnNumber, SellerId, Sku, TokenId, WarehouseId,
};
use jiff::Timestamp;

/// The name of the index.
pub(super) const BY_TIME: &str = "by_time";

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    pub(super) fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }
}

/// Where an item stands in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexKey {
    pub(super) gpk: String,
    pub(super) gsk: String,
}

pub(super) fn tenant(seller: &SellerId) -> String {
    format!("S#{seller}")
}

pub(super) fn seller(seller: &SellerId) -> Key {
    Key::new(tenant(seller), "SELLER")
}

#[cfg(feature = "kms")]
pub(super) fn seller_key(seller: &SellerId) -> Key {
    Key::new(tenant(seller), "KEY")
}

pub(super) const ACCOUNTS: &str = "ACCT#";

pub(super) fn account(seller: &SellerId, account: &AccountId) -> Key {
    Key::new(tenant(seller), format!("{ACCOUNTS}{account}"))
}

pub(super) fn login(seller: &SellerId, login: &LoginId) -> Key {
    Key::new(tenant(seller), format!("LOGIN#{login}"))
}

pub(super) fn session(seller: &SellerId, login: &LoginId) -> Key {
    Key::new(tenant(seller), format!("SESSION#{login}"))
}

pub(super) const TOKENS: &str = "TOKEN#";

pub(super) fn token(seller: &SellerId, token: &TokenId) -> Key {
    Key::new(tenant(seller), format!("{TOKENS}{token}"))
}

/// Not the seller's, by design: whoever asks whose token it is does not know the seller yet.
pub(super) fn token_lookup(hash: &str) -> Key {
    Key::new(format!("TOKEN#{hash}"), "TOKEN")
}

pub(super) fn order(seller: &SellerId, order: &OrderId) -> Key {
    Key::new(order_pk(seller, order), "ORDER")
}

pub(super) fn buyer(seller: &SellerId, order: &OrderId) -> Key {
    Key::new(order_pk(seller, order), "BUYER")
}

fn order_pk(seller: &SellerId, order: &OrderId) -> String {
    format!("S#{seller}#O#{order}")
}

/// Reads the seller and the order back from the partition key of an order's item, as a record of
/// the table's stream carries it. `None` for the key of anything else.
pub fn order_of_key(pk: &str) -> Option<(SellerId, OrderId)> {
    let (seller, order) = pk.strip_prefix("S#")?.split_once("#O#")?;
    Some((seller.parse().ok()?, order.parse().ok()?))
}

pub(super) fn awb(seller: &SellerId, awb: &Awb) -> Key {
    Key::new(format!("S#{seller}#AWB#{awb}"), "AWB")
}

pub(super) const JOBS: &str = "JOB#";

pub(super) fn job(seller: &SellerId, account: &AccountId, action: Action) -> Key {
    Key::new(tenant(seller), format!("{JOBS}{account}#{}", action.word()))
}

/// Account and action of a job or of a note of waiting orders, from its sort key.
pub(super) fn work_of(sk: &str) -> Option<(AccountId, Action)> {
    let rest = sk.strip_prefix(JOBS).or_else(|| sk.strip_prefix(WAITING))?;
    let mut parts = rest.split('#');
    let (account, word) = (parts.next()?.parse().ok()?, parts.next()?);
    let action = Action::ALL
        .into_iter()
        .find(|action| action.word() == word)?;
    Some((account, action))
}

pub(super) const WAITING: &str = "WAIT#";

/// What the notes of orders that wait for an action begin with.
pub(super) fn waiting_of(account: &AccountId, action: Action) -> String {
    format!("{WAITING}{account}#{}#", action.word())
}

pub(super) fn waiting(
    seller: &SellerId,
    account: &AccountId,
    action: Action,
    due: Timestamp,
    name: &str,
) -> Key {
    let (notes, due) = (waiting_of(account, action), sortable(due));
    Key::new(tenant(seller), format!("{notes}{due}#{name}"))
}

/// Sorts behind every note that is due by then.
pub(super) fn waiting_until(account: &AccountId, action: Action, due_by: Timestamp) -> String {
    format!("{}{}~", waiting_of(account, action), sortable(due_by))
}

/// The name of a note, from its sort key.
pub(super) fn waiting_name(sk: &str) -> Option<&str> {
    Some(sk.rsplit_once('#')?.1)
}

pub(super) fn parked(seller: &SellerId, account: &AccountId, kind: ParkedKind, key: &str) -> Key {
    let sk = format!("PARKED#{account}#{}#{key}", kind.word());
    Key::new(tenant(seller), sk)
}

/// Account, kind and key of a parked thing, from its sort key.
pub(super) fn parked_of(sk: &str) -> Option<(AccountId, ParkedKind, String)> {
    let mut parts = sk.strip_prefix("PARKED#")?.splitn(3, '#');
    let account = parts.next()?.parse().ok()?;
    let kind = ParkedKind::of_word(parts.next()?)?;
    Some((account, kind, parts.next()?.to_owned()))
}

pub(super) const PARCELS: &str = "PARCEL#";

pub(super) fn parcel(seller: &SellerId, sku: &Sku) -> Key {
    Key::new(tenant(seller), format!("{PARCELS}{}", sku.as_str()))
}

pub(super) const WAREHOUSES: &str = "WAREHOUSE#";

pub(super) fn warehouse(seller: &SellerId, id: &WarehouseId) -> Key {
    Key::new(tenant(seller), format!("{WAREHOUSES}{id}"))
}

pub(super) const REGISTRATIONS: &str = "REGISTRATION#";

pub(super) fn registration(seller: &SellerId, id: &RegistrationId) -> Key {
    Key::new(tenant(seller), format!("{REGISTRATIONS}{id}"))
}

pub(super) fn test(seller: &SellerId, account: &AccountId) -> Key {
    Key::new(tenant(seller), format!("TEST#{account}"))
}

pub(super) fn series(seller: &SellerId, series: &InvoiceSeries) -> Key {
    let InvoiceSeries { gstin, year, .. } = series;
    let prefix = series.prefix.as_str();
    Key::new(tenant(seller), format!("SERIES#{gstin}#{prefix}#{year}"))
}

/// What the keys of an account's manifests begin with.
pub(super) fn manifests_of(account: &AccountId) -> String {
    format!("MANIFEST#{account}#")
}

pub(super) fn manifest(seller: &SellerId, account: &AccountId, id: &ManifestId) -> Key {
    Key::new(tenant(seller), format!("{}{id}", manifests_of(account)))
}

pub(super) const PACKS: &str = "PACKS";

/// Not a seller's, by design: one poll serves the accounts of many sellers.
pub(super) fn pack(pack: &PackId) -> Key {
    Key::new(PACKS.to_owned(), pack.as_str())
}

pub(super) fn in_pack(pack: &PackId) -> String {
    format!("PACK#{pack}")
}

pub(super) fn poll_state(pack: &PackId, seller: &SellerId, account: &AccountId) -> Key {
    Key::new(in_pack(pack), format!("{ACCOUNTS}{seller}#{account}"))
}

/// Seller and account of a poll state, from its sort key.
pub(super) fn poll_state_of(sk: &str) -> Option<(SellerId, AccountId)> {
    let (seller, account) = sk.strip_prefix(ACCOUNTS)?.split_once('#')?;
    Some((seller.parse().ok()?, account.parse().ok()?))
}

pub(super) fn heartbeat(pack: &PackId) -> Key {
    Key::new(in_pack(pack), "HEARTBEAT")
}

pub(super) fn one_return(seller: &SellerId, account: &AccountId, number: &ReturnNumber) -> Key {
    Key::new(tenant(seller), format!("RETURN#{account}#{number}"))
}

/// Account and number of a return, from its sort key.
pub(super) fn return_of(sk: &str) -> Option<(AccountId, ReturnNumber)> {
    let (account, number) = sk.strip_prefix("RETURN#")?.split_once('#')?;
    Some((account.parse().ok()?, number.parse().ok()?))
}

/// An account's offers lie apart: there may be tens of thousands.
pub(super) fn offers_of(seller: &SellerId, account: &AccountId) -> String {
    format!("S#{seller}#F#{account}")
}

pub(super) const OFFERS: &str = "OFFER#";

pub(super) fn offer(seller: &SellerId, account: &AccountId, key: &OfferKey) -> Key {
    let sk = format!("{OFFERS}{}#{}", key.product, key.variant);
    Key::new(offers_of(seller, account), sk)
}

pub(super) const OPEN: &str = "open#";
pub(super) const CLOSED: &str = "closed#";
pub(super) const PARKED: &str = "parked#";
pub(super) const RETURNS: &str = "return#";

pub(super) fn open_order(seller: &SellerId, dispatch_by: Timestamp, order: &OrderId) -> IndexKey {
    indexed(seller, OPEN, dispatch_by, &order.to_string())
}

/// What follows the order in the entry of one that is still on its way.
const MOVING: &str = "#moving";

pub(super) fn closed_order(
    seller: &SellerId,
    closed_at: Timestamp,
    order: &OrderId,
    is_moving: bool,
) -> IndexKey {
    let moving = if is_moving { MOVING } else { "" };
    indexed(seller, CLOSED, closed_at, &format!("{order}{moving}"))
}

/// Sorts before every order that was closed since then, and behind all others.
pub(super) fn closed_since(since: Timestamp) -> String {
    format!("{CLOSED}{}", sortable(since))
}

/// The order of an entry, and whether it is still on its way.
pub(super) fn order_of_index(gsk: &str) -> Option<(OrderId, bool)> {
    let (_list, _time, rest) = parts_of_index(gsk)?;
    let order = rest.strip_suffix(MOVING).unwrap_or(rest);
    Some((order.parse().ok()?, order.len() < rest.len()))
}

fn parts_of_index(gsk: &str) -> Option<(&str, &str, &str)> {
    let mut parts = gsk.splitn(3, '#');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

pub(super) fn parked_since(
    seller: &SellerId,
    since: Timestamp,
    account: &AccountId,
    kind: ParkedKind,
    key: &str,
) -> IndexKey {
    let rest = format!("{account}#{}#{key}", kind.word());
    indexed(seller, PARKED, since, &rest)
}

pub(super) fn returned(
    seller: &SellerId,
    moved_at: Timestamp,
    account: &AccountId,
    number: &ReturnNumber,
) -> IndexKey {
    indexed(seller, RETURNS, moved_at, &format!("{account}#{number}"))
}

fn indexed(seller: &SellerId, list: &str, at: Timestamp, rest: &str) -> IndexKey {
    let time = sortable(at);
    IndexKey {
        gpk: tenant(seller),
        gsk: format!("{list}{time}#{rest}"),
    }
}

/// Fixed width, so that the order of texts is the order of times.
fn sortable(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The item that an entry of the index stands for.
pub(super) fn of_index(seller: &SellerId, gsk: &str) -> Option<Key> {
    let (list, _time, rest) = parts_of_index(gsk)?;
    match list {
        "open" | "closed" => Some(order(seller, &order_of_index(gsk)?.0)),
        "return" => Some(Key::new(tenant(seller), format!("RETURN#{rest}"))),
        "parked" => Some(Key::new(tenant(seller), format!("PARKED#{rest}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
