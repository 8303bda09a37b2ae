use async_trait::async_trait;
use haat_domain::{
    Account, AccountId, Action, CourierSettings, Health, LoginId, MarketplaceId, MayShip, PackId,
    SellerId, SeriesPrefix, Settings, Terms, Tested, WarehouseId,
};
use haat_ports::{Accounts, Login, PollState, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{Item, Stored, corrupt};
use super::{Table, keys, logins, polls};

#[derive(Serialize, Deserialize)]
struct StoredAccount {
    id: AccountId,
    marketplace: MarketplaceId,
    login: LoginId,
    marketplace_seller: String,
    name: String,
    settings: Settings,
    #[serde(default)]
    courier: CourierSettings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invoice_series: Option<SeriesPrefix>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warehouse: Option<WarehouseId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    #[serde(default = "first_terms")]
    terms: Terms,
    #[serde(default = "not_asked")]
    may_ship: MayShip,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tested: Option<Tested>,
    health: Health,
    pack: PackId,
    connected_at: Timestamp,
}

/// The terms of accounts that were connected before terms were kept: there was one marketplace.
fn first_terms() -> Terms {
    Terms::of(&[Action::Accept, Action::Ship])
}

fn not_asked() -> MayShip {
    MayShip::Unknown
}

pub(super) fn item(account: &Account) -> Result<Item, StoreError> {
    let body = StoredAccount {
        id: account.id.clone(),
        marketplace: account.marketplace.clone(),
        login: account.login.clone(),
        marketplace_seller: account.marketplace_seller.clone(),
        name: account.name.clone(),
        settings: account.settings,
        courier: account.courier,
        invoice_series: account.invoice_series.clone(),
        warehouse: account.warehouse.clone(),
        contact: account.contact.clone(),
        terms: account.terms.clone(),
        may_ship: account.may_ship.clone(),
        tested: account.tested,
        health: account.health.clone(),
        pack: account.pack.clone(),
        connected_at: account.connected_at,
    };
    let what = format!("account {} of seller {}", account.id, account.seller);
    let item = Item::new(what, keys::account(&account.seller, &account.id), &body)?;
    Ok(item.over(account.version))
}

fn account_of(seller: &SellerId, stored: Stored<StoredAccount>) -> Account {
    let body = stored.body;
    Account {
        id: body.id,
        seller: seller.clone(),
        marketplace: body.marketplace,
        login: body.login,
        marketplace_seller: body.marketplace_seller,
        name: body.name,
        settings: body.settings,
        courier: body.courier,
        invoice_series: body.invoice_series,
        warehouse: body.warehouse,
        contact: body.contact,
        terms: body.terms,
        may_ship: body.may_ship,
        tested: body.tested,
        health: body.health,
        pack: body.pack,
        connected_at: body.connected_at,
        version: stored.version,
    }
}

#[async_trait]
impl Accounts for Table {
    async fn connect_account(
        &self,
        account: &Account,
        login: &Login,
        poll: &PollState,
    ) -> Result<(), StoreError> {
        let what = format!("account {} of seller {}", account.id, account.seller);
        if account.version != 0 {
            return Err(corrupt(&what, "a new account begins with version 0"));
        }
        let writes = vec![
            self.put_in_transaction(item(account)?)?,
            self.put_in_transaction(logins::item(login)?)?,
            self.put_in_transaction(polls::state_item(poll, &poll.pack)?.if_absent())?,
            self.count_in_transaction(&poll.pack, 1)?,
        ];
        self.transact(&what, writes).await
    }

    async fn accounts(&self, seller: &SellerId) -> Result<Vec<Account>, StoreError> {
        let what = format!("the accounts of seller {seller}");
        let pk = keys::tenant(seller);
        let stored = self
            .query::<StoredAccount>(&what, pk, keys::ACCOUNTS)
            .await?;
        let mut accounts: Vec<Account> = stored
            .into_iter()
            .map(|stored| account_of(seller, stored))
            .collect();
        accounts.sort_by_key(|account| account.connected_at);
        Ok(accounts)
    }

    async fn account(
        &self,
        seller: &SellerId,
        id: &AccountId,
    ) -> Result<Option<Account>, StoreError> {
        let what = format!("account {id} of seller {seller}");
        let key = keys::account(seller, id);
        let stored = self.get::<StoredAccount>(&what, key).await?;
        Ok(stored.map(|stored| account_of(seller, stored)))
    }

    async fn put_account(&self, account: &Account) -> Result<(), StoreError> {
        self.put(item(account)?).await
    }
}
