//! An account in the API's words. Credentials are never among them: they can be written, not read.

use haat_domain::{Account, Action, AttentionReason, Health};
use haat_workflows::{AccountView, Backlog};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::set_up::{CourierAnswer, ShippingAccess, StepAnswer, steps};
use crate::words;

/// A seller's account at a marketplace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct AccountAnswer {
    /// Haat's id of it.
    #[schema(example = "a_5d41402abc4b2a76")]
    id: String,
    /// The marketplace's id.
    #[schema(example = "meesho")]
    marketplace: String,
    /// Who the account is there; null until a one-time password is answered.
    #[schema(example = "4100001/ab1cd")]
    marketplace_seller: Option<String>,
    /// The login it uses. Accounts with the same one share their credentials.
    #[schema(example = "l_7d793037a0760186")]
    login: String,
    /// The seller's name for it.
    #[schema(example = "Meesho, Surat")]
    name: String,
    /// What the seller chose.
    settings: SettingsAnswer,
    /// What the hub does by itself when it ships.
    courier: CourierAnswer,
    /// What the numbers of the seller's own invoices to the marketplace begin with; null where the
    /// marketplace numbers them.
    invoice_series: Option<String>,
    /// Where its parcels leave from.
    warehouse: Option<String>,
    /// Who looks after it at the marketplace.
    contact: Option<String>,
    /// Whether the marketplace lets it ship.
    shipping_access: ShippingAccess,
    /// The four steps of its set-up, and what is missing.
    set_up: Vec<StepAnswer>,
    /// When it was connected.
    connected_at: Timestamp,
    /// Whether it works.
    health: HealthAnswer,
    /// When its orders were last read whole; null before the first time.
    last_success: Option<Timestamp>,
    /// When they are read next.
    next_run: Timestamp,
    /// Seconds since the last success; null before the first.
    #[schema(example = 41)]
    lag_seconds: Option<i64>,
    /// Why they were not read whole last time, if so.
    missed: Option<String>,
    /// Since when they were not read whole, when that is longer than three intervals and a quarter
    /// of an hour; null while all is well.
    silent_since: Option<Timestamp>,
    /// Orders that wait for work of the hub or the marketplace; empty when all is done.
    backlog: Vec<BacklogAnswer>,
}

/// Orders of an account that wait for one action, in the marketplace's hands or before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Backlog)]
pub(crate) struct BacklogAnswer {
    /// What they wait for.
    #[schema(schema_with = words::action)]
    action: Action,
    /// How many they are.
    #[schema(example = 1200)]
    orders: usize,
    /// Since when the first of them waits.
    waiting_since: Option<Timestamp>,
    /// When all of them are done if the marketplace keeps its usual pace: an estimate. Null when
    /// there is nothing to go by, or nothing moves until a person acts.
    estimated_done_by: Option<Timestamp>,
    /// Why nothing moves just now, if so.
    held_up: Option<String>,
}

impl From<Backlog> for BacklogAnswer {
    fn from(backlog: Backlog) -> Self {
        Self {
            action: backlog.action,
            orders: backlog.orders,
            waiting_since: backlog.since,
            estimated_done_by: backlog.done_by,
            held_up: backlog.held_up,
        }
    }
}

/// What a seller sets for an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Settings)]
pub(crate) struct SettingsAnswer {
    /// Minutes between two order polls.
    #[schema(minimum = 1, maximum = 60, example = 5)]
    orders_every_minutes: u8,
    /// Whether new orders are accepted without asking.
    auto_accept: bool,
    /// How many minutes an order is old before the hub accepts it by itself.
    #[schema(minimum = 0, maximum = 360, example = 0)]
    accept_after_minutes: u16,
}

/// Whether an account works.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
#[schema(as = Health)]
pub(crate) enum HealthAnswer {
    /// Orders flow.
    Connected,
    /// Nothing flows until a person acts.
    NeedsAttention {
        #[schema(schema_with = words::attention_reason)]
        reason: AttentionReason,
        /// Since when.
        since: Timestamp,
        /// What the marketplace said.
        said: String,
        /// What to do.
        #[schema(value_type = String)]
        what_to_do: &'static str,
    },
}

impl From<AccountView> for AccountAnswer {
    fn from(view: AccountView) -> Self {
        let AccountView {
            account,
            last_success,
            missed,
            next_run,
            lag,
            silent_since,
            backlog,
        } = view;
        Self {
            set_up: steps(&account),
            id: account.id.into(),
            marketplace: account.marketplace.into(),
            marketplace_seller: Some(account.marketplace_seller).filter(|key| !key.is_empty()),
            login: account.login.into(),
            name: account.name,
            settings: SettingsAnswer {
                orders_every_minutes: account.settings.orders_every_minutes,
                auto_accept: account.settings.auto_accept,
                accept_after_minutes: account.settings.accept_after_minutes,
            },
            courier: (&account.courier).into(),
            shipping_access: (&account.may_ship).into(),
            invoice_series: account.invoice_series.map(Into::into),
            warehouse: account.warehouse.map(Into::into),
            contact: account.contact,
            connected_at: account.connected_at,
            health: account.health.into(),
            last_success,
            next_run,
            lag_seconds: lag.map(|lag| lag.as_secs()),
            missed,
            silent_since,
            backlog: backlog.into_iter().map(BacklogAnswer::from).collect(),
        }
    }
}

impl AccountAnswer {
    /// An account whose first poll has just been asked for.
    pub(crate) fn just_connected(account: Account) -> Self {
        Self::from(AccountView {
            last_success: None,
            missed: None,
            next_run: account.connected_at,
            lag: None,
            silent_since: None,
            backlog: Vec::new(),
            account,
        })
    }
}

impl From<Health> for HealthAnswer {
    fn from(health: Health) -> Self {
        match health {
            Health::Connected => Self::Connected,
            Health::NeedsAttention(attention) => Self::NeedsAttention {
                reason: attention.reason,
                since: attention.since,
                said: attention.said,
                what_to_do: attention.reason.what_to_do(),
            },
        }
    }
}
