//! Connecting an account: a live test log-in first, and nothing stored if it is refused.

use haat_domain::{
    Account, AccountId, Attention, AttentionReason, CourierSettings, Health, InvalidId, LoginId,
    MarketplaceId, MayShip, PackId, SellerId, Settings, Terms, WarehouseId,
};
use haat_ports::{
    Credentials, Descriptor, ErrorKind, Login, LoginState, Marketplace, MarketplaceError,
    MarketplaceSeller, Pack, ParcelSize, PollsQueue, QueueError, Session, ShipQueue, StoreError,
};
use sha2::{Digest, Sha256};

use crate::Hub;
use crate::account_trouble::{accounts_of, all_is_well};
use crate::back_fill::first_state;
use crate::credentials_form::{self, FormRefusal};
use crate::log_in::{keep_session, stopped};
use crate::login_secrets::seal_credentials;
use crate::resume::look_at;

/// Accounts in one pack at most.
pub(crate) const PACK_SIZE: u32 = 100;

/// What the seller typed.
#[derive(Debug)]
pub struct ConnectRequest {
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// The seller's name for the account.
    pub name: String,
    /// The form's fields, byte for byte.
    pub credentials: Credentials,
    /// Which of the login's marketplace sellers, when it owns several.
    pub marketplace_seller: Option<String>,
    /// Where its parcels leave from, where the account is one such place.
    pub warehouse: Option<WarehouseId>,
    /// Who looks after it at the marketplace.
    pub contact: Option<String>,
    /// How many days of past orders are read, 1 to 90; 30 where nothing is said.
    pub back_fill_days: Option<u16>,
}

/// An account that is connected, or waits for its one-time password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The account.
    pub account: Account,
    /// Where the one-time password was sent, when one is wanted.
    pub otp_sent_to: Option<String>,
    /// What looks wrong about the credentials and may be right all the same.
    pub doubts: Vec<String>,
}

/// Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum ConnectRefusal {
    /// This deployment does not speak to it.
    #[error("there is no marketplace {0} in this deployment")]
    NoSuchMarketplace(MarketplaceId),
    /// A field of the form cannot be used.
    #[error(transparent)]
    Form(#[from] FormRefusal),
    /// The seller has no such warehouse.
    #[error("there is no warehouse {0}")]
    NoSuchWarehouse(WarehouseId),
    /// The marketplace said no.
    #[error("{0}")]
    Marketplace(#[from] MarketplaceError),
    /// The login owns several marketplace sellers.
    #[error("this login owns several sellers; name one of them as marketplace_seller: {}", list(.0))]
    ChooseSeller(Vec<MarketplaceSeller>),
    /// The login does not own the named one.
    #[error("this login does not own the marketplace seller {0}")]
    NotItsSeller(String),
    /// It is connected already.
    #[error("this marketplace seller is connected already, as account {0}")]
    ConnectedAlready(AccountId),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Connected, but the first poll could not be asked for; the schedule brings it.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// An id could not be made.
    #[error(transparent)]
    Id(#[from] InvalidId),
}

fn list(sellers: &[MarketplaceSeller]) -> String {
    let names: Vec<String> = sellers
        .iter()
        .map(|seller| format!("{} ({})", seller.key, seller.name))
        .collect();
    names.join(", ")
}

/// Connects an account and asks for its first poll.
pub async fn connect_account(
    hub: &Hub,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    seller: &SellerId,
    request: &ConnectRequest,
) -> Result<Connected, ConnectRefusal> {
    let marketplace = hub
        .marketplaces
        .get(&request.marketplace)
        .ok_or_else(|| ConnectRefusal::NoSuchMarketplace(request.marketplace.clone()))?;
    let descriptor = marketplace.descriptor();
    credentials_form::check(descriptor, &request.credentials)?;
    if let Some(warehouse) = &request.warehouse
        && hub.store.warehouse(seller, warehouse).await?.is_none()
    {
        return Err(ConnectRefusal::NoSuchWarehouse(warehouse.clone()));
    }
    let doubts = marketplace.doubts(&request.credentials);
    let login_id = login_id(seller, marketplace.as_ref(), &request.credentials)?;
    let before = hub
        .store
        .login(seller, &login_id)
        .await?
        .map(|(login, _)| login);
    let mut login = Login {
        id: login_id.clone(),
        seller: seller.clone(),
        marketplace: request.marketplace.clone(),
        credentials: seal_credentials(hub, seller, &login_id, &request.credentials).await?,
        state: LoginState::Ready,
        rest_until: None,
        version: before.as_ref().map_or(0, |login| login.version),
    };
    match marketplace.log_in(&request.credentials).await {
        Ok(session) => {
            let key = choose(marketplace.as_ref(), &session, request).await?;
            let stored = store(hub, request, descriptor, &login, &key, Health::Connected).await;
            if matches!(stored, Err(ConnectRefusal::ConnectedAlready(_))) {
                // Whoever connected it may have died before he woke the login's other accounts.
                wake(hub, queues, &login).await?;
            }
            let account = stored?;
            login.version = login.version.saturating_add(1);
            keep_session(hub, &mut login, &session).await?;
            // Other accounts of this login may have stood still for the old password.
            wake(hub, queues, &login).await?;
            all_is_well(hub.store.as_ref(), seller, &login_id).await?;
            Ok(Connected {
                account,
                otp_sent_to: None,
                doubts,
            })
        }
        Err(error) if error.kind == ErrorKind::Attention(AttentionReason::OtpRequired) => {
            login.state = stopped(hub, &login, AttentionReason::OtpRequired, &error).await?;
            let account = wait_for_otp(hub, request, descriptor, &login, &error).await?;
            let otp_sent_to = error.challenge.and_then(|challenge| challenge.sent_to);
            Ok(Connected {
                account,
                otp_sent_to,
                doubts,
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Looks at all accounts of a login.
async fn wake(
    hub: &Hub,
    queues: (&dyn PollsQueue, &dyn ShipQueue),
    login: &Login,
) -> Result<(), ConnectRefusal> {
    let accounts = accounts_of(hub.store.as_ref(), &login.seller, &login.id).await?;
    Ok(look_at(queues, &login.seller, &accounts).await?)
}

/// Stores an account whose marketplace seller is only known once the one-time password is
/// answered; asked for again, the one that waits already takes the new challenge.
async fn wait_for_otp(
    hub: &Hub,
    request: &ConnectRequest,
    descriptor: &Descriptor,
    login: &Login,
    error: &MarketplaceError,
) -> Result<Account, ConnectRefusal> {
    let known = hub.store.accounts(&login.seller).await?;
    let waiting = known
        .into_iter()
        .find(|known| known.login == login.id && known.marketplace_seller.is_empty());
    if let Some(waiting) = waiting {
        hub.store.put_login(login).await?;
        return Ok(waiting);
    }
    let waits = Health::NeedsAttention(Attention {
        reason: AttentionReason::OtpRequired,
        since: hub.clock.now(),
        said: error.said.clone(),
    });
    store(hub, request, descriptor, login, "", waits).await
}

async fn choose(
    marketplace: &dyn Marketplace,
    session: &Session,
    request: &ConnectRequest,
) -> Result<String, ConnectRefusal> {
    let owned = marketplace.sellers(session).await?;
    pick(owned, request.marketplace_seller.as_deref())
}

/// The marketplace seller an account is for, of those that its login owns.
pub(crate) fn pick(
    owned: Vec<MarketplaceSeller>,
    named: Option<&str>,
) -> Result<String, ConnectRefusal> {
    match (named, owned.as_slice()) {
        (Some(key), sellers) if sellers.iter().any(|seller| seller.key == key) => {
            Ok(key.to_owned())
        }
        (Some(key), _) => Err(ConnectRefusal::NotItsSeller(key.to_owned())),
        (None, [only]) => Ok(only.key.clone()),
        (None, _) => Err(ConnectRefusal::ChooseSeller(owned)),
    }
}

async fn store(
    hub: &Hub,
    request: &ConnectRequest,
    descriptor: &Descriptor,
    login: &Login,
    key: &str,
    health: Health,
) -> Result<Account, ConnectRefusal> {
    let known = hub.store.accounts(&login.seller).await?;
    if let Some(twin) = known
        .iter()
        .find(|known| known.login == login.id && known.marketplace_seller == key)
    {
        return Err(ConnectRefusal::ConnectedAlready(twin.id.clone()));
    }
    let settings = Settings::default();
    let account = Account {
        id: short_id("a", &[login.seller.as_str(), login.id.as_str(), key]).parse()?,
        seller: login.seller.clone(),
        marketplace: login.marketplace.clone(),
        login: login.id.clone(),
        marketplace_seller: key.to_owned(),
        name: request.name.clone(),
        settings,
        courier: CourierSettings::default(),
        invoice_series: None,
        warehouse: request.warehouse.clone(),
        contact: request.contact.clone(),
        terms: terms_of(descriptor),
        may_ship: MayShip::Unknown,
        tested: None,
        health,
        pack: choose_pack(&hub.store.packs().await?, settings.orders_every_minutes)?,
        connected_at: hub.clock.now(),
        version: 0,
    };
    let poll = first_state(hub, &account, request.back_fill_days)?;
    hub.store.connect_account(&account, login, &poll).await?;
    Ok(account)
}

/// What a marketplace can be asked and wants to know.
pub(crate) fn terms_of(descriptor: &Descriptor) -> Terms {
    Terms {
        actions: descriptor.actions.to_vec(),
        wants_parcel: descriptor.parcel == ParcelSize::Seller,
        has_warehouse: descriptor.registration.has_warehouse,
    }
}

/// The first pack of this interval with room, or the next new one.
pub(crate) fn choose_pack(packs: &[Pack], every_minutes: u8) -> Result<PackId, InvalidId> {
    let mut number = 0_u32;
    loop {
        let id: PackId = format!("p{every_minutes}-{number}").parse()?;
        match packs.iter().find(|pack| pack.id == id) {
            Some(pack) if pack.accounts >= PACK_SIZE => number = number.saturating_add(1),
            Some(_) | None => return Ok(id),
        }
    }
}

/// The same seller, marketplace and user name always give the same login, so that its accounts
/// share one session.
fn login_id(
    seller: &SellerId,
    marketplace: &dyn Marketplace,
    credentials: &Credentials,
) -> Result<LoginId, InvalidId> {
    let descriptor = marketplace.descriptor();
    let user = descriptor
        .fields
        .first()
        .map_or("", |field| credentials.field(field.name));
    short_id("l", &[seller.as_str(), descriptor.id, user]).parse()
}

fn short_id(kind: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest: String = hex::encode(hash.finalize()).chars().take(16).collect();
    format!("{kind}_{digest}")
}
