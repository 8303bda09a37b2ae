//! Haat's nouns and rules.
//!
//! Everything here is pure and synchronous: no clock, no environment, no network, no cloud.
//! Whoever needs the time passes it in.

mod account;
mod account_test;
mod hearing;
mod ids;
mod intent;
mod label;
mod manifest;
mod money;
mod offer;
mod order;
mod parcel;
mod parked;
mod registration;
mod returns;
mod secret;
mod stage;
mod supply;
mod time;
mod token;
mod warehouse;

pub use account::{
    Account, Attention, AttentionReason, CourierSettings, Health, MayShip, Settings, Terms,
};
pub use account_test::{AccountTest, Check, CheckOutcome, Finding, test_order};
pub use hearing::{Heard, OrderDetail, OrderReport, Packet};
pub use ids::{
    AccountId, Awb, InvalidId, LoginId, ManifestId, MarketplaceId, OrderId, OrderNumber, PackId,
    RegistrationId, ReturnNumber, SellerId, Sku, TokenId, WarehouseId,
};
pub use intent::{Action, Intent, IntentState, Refusal};
pub use label::{Label, LabelPage, LabelState, StoredPaper};
pub use manifest::Manifest;
pub use money::{InvalidAmount, Paise};
pub use offer::{Offer, OfferKey};
pub use order::{
    Actor, Buyer, Event, HistoryEntry, Order, OrderLine, Payment, PaymentMode, Shipment,
};
pub use parcel::{InvalidParcel, Parcel};
pub use parked::{Parked, ParkedKind};
pub use registration::{Registration, SetUpStep, Tested, set_up};
pub use returns::{Condition, Return, ReturnKind, ReturnLine, ReturnReport, ReturnStage};
pub use secret::Secret;
pub use stage::{Stage, Step};
pub use supply::{
    InvoiceNumber, InvoiceSeries, PurchaseOrder, SeriesPrefix, Supply, SupplyInvoice, SupplyPrice,
};
pub use time::{DispatchBy, DispatchRule, InvalidTime, ist, parse_marketplace_time};
pub use token::{Scope, Token};
pub use warehouse::{Address, Gstin, PinCode, Warehouse};
