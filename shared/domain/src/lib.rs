//! Haat's nouns and rules.
//!
//! Everything here is pure and synchronous: no clock, no environment, no network, no cloud.
//! Whoever needs the time passes it in.

mod account;
mod hearing;
mod ids;
mod intent;
mod money;
mod order;
mod parked;
mod secret;
mod stage;
mod time;
mod token;

pub use account::{Account, Attention, AttentionReason, Health, Settings};
pub use hearing::{Heard, OrderDetail, OrderReport, Packet};
pub use ids::{
    AccountId, Awb, InvalidId, LoginId, MarketplaceId, OrderId, OrderNumber, PackId, SellerId, Sku,
    TokenId,
};
pub use intent::{Action, Intent, IntentState, Refusal};
pub use money::{InvalidAmount, Paise};
pub use order::{
    Actor, Buyer, Event, HistoryEntry, Label, LabelPage, LabelState, Order, OrderLine, Payment,
    PaymentMode, Shipment,
};
pub use parked::{Parked, ParkedKind};
pub use secret::Secret;
pub use stage::{Stage, Step};
pub use time::{DispatchBy, DispatchRule, InvalidTime, ist, parse_marketplace_time};
pub use token::{Scope, Token};
