//! What a function is at when it is disturbed.

use haat_aws::testing::TABLE;
use haat_domain::Action;
use haat_ports::Accounts as _;
use haat_sandbox::{CancelledBy, Fault, FaultKind, Seed, State};
use haat_tests::crash_proxy::Plan;

use crate::at_ajio;
use crate::market::Which;
use crate::shop::Shop;

const SUPPLIER: u64 = 4_100_001;

/// One piece of work of one function, from its first event to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// A new account is read: a log-in, several pages, every open state.
    PollFirstRead,
    /// A known account is read: new, changed and cancelled orders, one of them with
    /// work that failed, and rows that cannot be read.
    PollChanges,
    /// The password was changed at the marketplace.
    PollPasswordChanged,
    /// New orders of an account that accepts by itself.
    ReactNewOrders,
    /// Orders that were asked to be accepted and shipped.
    ReactIntents,
    /// Three orders are accepted, in two messages.
    ShipAccept,
    /// Three orders are asked to be accepted, and the marketplace refuses.
    ShipRefused,
    /// Labels are made for two of three orders.
    ShipLabel,
    /// A new POB is read: a log-in, the pendency in several pages, and the history.
    AjioFirstRead,
    /// A known POB is read: new orders, one that the consumer cancelled and one that AJIO has raised
    /// its purchase order for, which only a look-up tells, and rows that cannot be read.
    AjioChanges,
    /// The password of a POB was changed.
    AjioPasswordChanged,
    /// Three orders are acknowledged, in two messages.
    AjioAccept,
    /// Two of three orders are numbered from the seller's series, packed, their papers fetched, and
    /// told to be ready.
    AjioShip,
    /// Three parcels go on manifests.
    AjioHandOver,
}

impl Scenario {
    /// Those at AJIO first: the name of one may end like that of one at Meesho.
    pub(crate) const ALL: [Self; 14] = [
        Self::AjioFirstRead,
        Self::AjioChanges,
        Self::AjioPasswordChanged,
        Self::AjioAccept,
        Self::AjioShip,
        Self::AjioHandOver,
        Self::PollFirstRead,
        Self::PollChanges,
        Self::PollPasswordChanged,
        Self::ReactNewOrders,
        Self::ReactIntents,
        Self::ShipAccept,
        Self::ShipRefused,
        Self::ShipLabel,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PollFirstRead => "poll_first_read",
            Self::PollChanges => "poll_changes",
            Self::PollPasswordChanged => "poll_password_changed",
            Self::ReactNewOrders => "react_new_orders",
            Self::ReactIntents => "react_intents",
            Self::ShipAccept => "ship_accept",
            Self::ShipRefused => "ship_refused",
            Self::ShipLabel => "ship_label",
            Self::AjioFirstRead => "ajio_poll_first_read",
            Self::AjioChanges => "ajio_poll_changes",
            Self::AjioPasswordChanged => "ajio_poll_password_changed",
            Self::AjioAccept => "ajio_ship_accept",
            Self::AjioShip => "ajio_ship_pack",
            Self::AjioHandOver => "ajio_ship_hand_over",
        }
    }

    pub(crate) const fn function(self) -> &'static str {
        match self {
            Self::PollFirstRead
            | Self::PollChanges
            | Self::PollPasswordChanged
            | Self::AjioFirstRead
            | Self::AjioChanges
            | Self::AjioPasswordChanged => "haat-poll",
            Self::ReactNewOrders | Self::ReactIntents => "haat-react",
            Self::ShipAccept
            | Self::ShipRefused
            | Self::ShipLabel
            | Self::AjioAccept
            | Self::AjioShip
            | Self::AjioHandOver => "haat-ship",
        }
    }

    fn which(self) -> Which {
        if self.name().starts_with("ajio") {
            Which::Ajio
        } else {
            Which::Meesho
        }
    }

    /// Whether the marketplace does not let the seller in any more.
    pub(crate) fn is_shut_out(self) -> bool {
        matches!(self, Self::PollPasswordChanged | Self::AjioPasswordChanged)
    }

    /// Those of which this part of a name may name a cell: the named one, or all.
    pub(crate) fn asked_for(part: &str) -> Vec<Self> {
        let named = Self::ALL.into_iter().find(|one| part.contains(one.name()));
        named.map_or_else(|| Self::ALL.to_vec(), |one| vec![one])
    }

    /// A shop in which the work lies ready.
    pub(crate) async fn prepare(self, plan: Option<Plan>) -> Shop {
        let shop = Shop::open(self.which(), self.function(), plan).await;
        match self {
            Self::PollFirstRead => first_read(&shop).await,
            Self::PollChanges => changes(&shop).await,
            Self::PollPasswordChanged => {
                stored(&shop, State::Pending, 1).await;
                let control = shop.meesho().control();
                control.change_password(SUPPLIER, "another").unwrap();
            }
            Self::ReactNewOrders => new_orders(&shop).await,
            Self::ReactIntents => intents(&shop).await,
            Self::ShipAccept => accept(&shop).await,
            Self::ShipRefused => {
                accept(&shop).await;
                let refused = Fault::status("reqPendingOrders", 400).times(100_000);
                shop.meesho().control().fault(refused).unwrap();
            }
            Self::ShipLabel => label(&shop).await,
            Self::AjioFirstRead => at_ajio::first_read(&shop).await,
            Self::AjioChanges => at_ajio::changes(&shop).await,
            Self::AjioPasswordChanged => at_ajio::password_changed(&shop).await,
            Self::AjioAccept => at_ajio::accept(&shop).await,
            Self::AjioShip => at_ajio::ship(&shop).await,
            Self::AjioHandOver => at_ajio::hand_over(&shop).await,
        }
        shop
    }
}

fn seed(shop: &Shop, state: State, count: u32) -> Vec<String> {
    let seed = Seed::new(SUPPLIER, state, count);
    shop.meesho().control().seed(&seed).unwrap()
}

/// Orders of one state, stored already.
async fn stored(shop: &Shop, state: State, count: u32) -> Vec<String> {
    let numbers = seed(shop, state, count);
    shop.connect().await;
    shop.read_orders().await;
    numbers
}

async fn first_read(shop: &Shop) {
    seed(shop, State::Pending, 3);
    for state in [
        State::OnHold,
        State::ReadyToShip,
        State::Shipped,
        State::Cancelled,
    ] {
        seed(shop, state, 1);
    }
    shop.connect().await;
    forget_session(shop).await;
}

/// Nobody has logged in for a day.
pub(crate) async fn forget_session(shop: &Shop) {
    let login = shop.account().await.login;
    let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let request = shop.cloud.database.client.delete_item().table_name(TABLE);
    let request = request.key("pk", text(format!("S#{}", shop.seller)));
    let request = request.key("sk", text(format!("SESSION#{login}")));
    request.send().await.unwrap();
}

async fn changes(shop: &Shop) {
    let pending = seed(shop, State::Pending, 5);
    let ready = seed(shop, State::ReadyToShip, 2);
    shop.connect().await;
    shop.read_orders().await;
    shop.fail_to_accept(&pending[0]).await;
    let control = shop.meesho().control();
    control.cancel(&pending[0], CancelledBy::Buyer).unwrap();
    control.move_to(&pending[1], State::ReadyToShip).unwrap();
    control.move_to(&ready[0], State::Shipped).unwrap();
    seed(shop, State::Pending, 1);
    // The first row of every page, for as long as anybody reads.
    let broken = Fault::new("listOrders", FaultKind::MalformedRow).times(100_000);
    control.fault(broken).unwrap();
}

async fn new_orders(shop: &Shop) {
    stored(shop, State::Pending, 3).await;
    let mut account = shop.account().await;
    account.settings.auto_accept = true;
    let table = &shop.cloud.database.table;
    table.put_account(&account).await.unwrap();
}

async fn intents(shop: &Shop) {
    let pending = seed(shop, State::Pending, 2);
    let ready = stored(shop, State::ReadyToShip, 2).await;
    shop.ask(&pending[0], Action::Accept).await;
    for number in &ready {
        shop.ask(number, Action::Ship).await;
    }
}

async fn accept(shop: &Shop) {
    let numbers = stored(shop, State::Pending, 3).await;
    for number in &numbers {
        shop.ask(number, Action::Accept).await;
    }
    shop.tell_ship(Action::Accept, &numbers[..2]).await;
    shop.tell_ship(Action::Accept, &numbers[2..]).await;
}

async fn label(shop: &Shop) {
    let numbers = stored(shop, State::ReadyToShip, 3).await;
    for number in &numbers[..2] {
        shop.ask(number, Action::Ship).await;
    }
    shop.tell_ship(Action::Ship, &numbers[..1]).await;
    shop.tell_ship(Action::Ship, &numbers[1..2]).await;
}
