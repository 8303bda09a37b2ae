//! What Haat can do. One file per use case; the folder listing is the list of verbs.
//!
//! Workflows decide. They know neither the cloud's types nor any marketplace's name: both come
//! in through [`haat_ports`].

mod accept_by_job;
mod account_trouble;
mod account_work;
mod answer_otp;
mod ask;
mod ask_waiting;
mod back_fill;
mod backlog;
mod change_courier;
mod change_credentials;
mod change_settings;
mod connect_account;
mod credentials_form;
mod feed_pause;
mod feed_rows;
mod file_labels;
mod growing_feed;
mod hand_over;
mod hand_over_all;
mod heartbeat;
mod hub;
mod keep_manifest;
mod known_orders;
mod label_by_job;
mod label_link;
mod left_behind;
mod log_in;
mod login_secrets;
mod look_at_accounts;
mod look_at_orders;
mod look_at_test;
mod look_at_waiting;
mod look_up;
mod manifest_papers;
mod number_invoice;
mod one_by_one;
mod open_labels;
mod paper_link;
mod parcels;
mod poll_orders;
mod poll_pack;
mod react;
mod read_beside;
mod registrations;
mod remember;
mod resume;
mod schedule_polls;
mod set_parcel;
mod ship_one;
mod test_account;
mod tokens;
mod waiting_orders;
mod warehouses;
mod work_on_jobs;
mod write_heard;
mod write_order;

pub use answer_otp::{OtpRefusal, answer_otp};
pub use ask::{AskOutcome, AskRefusal, Wish, ask};
pub use back_fill::{BackFillRefusal, back_fill};
pub use backlog::Backlog;
pub use change_courier::{CourierRefusal, change_courier};
pub use change_credentials::{CredentialsRefusal, change_credentials};
pub use change_settings::{SettingsChange, SettingsRefusal, change_settings};
pub use connect_account::{ConnectRefusal, ConnectRequest, Connected, connect_account};
pub use credentials_form::FormRefusal;
pub use hand_over_all::{HandOverRefusal, hand_over_all};
pub use hub::Hub;
pub use label_link::{CutPage, LINK_LIFETIME, LabelLink, LinkRefusal, label_link};
pub use look_at_accounts::{AccountView, look_at_account, look_at_accounts};
pub use look_at_orders::{
    BuyerError, OrderFilter, buyer_of, find_by_awb, look_at_order, look_at_orders,
};
pub use look_at_test::look_at_test;
pub use look_at_waiting::{Waiting, waiting_work};
pub use paper_link::{PaperRefusal, invoice_link, manifest_link};
pub use parcels::{NoParcel, parcel_of};
pub use poll_orders::PollCounts;
pub use poll_pack::{PollSummary, poll_pack};
pub use react::{ReactError, react};
pub use registrations::{
    Application, RegistrationRefusal, change_registration, register, withdraw_registration,
};
pub use resume::{ResumeRefusal, parked_work, resume_parked, sync_now};
pub use schedule_polls::{ScheduleError, due_packs, schedule_polls};
pub use set_parcel::{ParcelRefusal, set_parcel};
pub use test_account::{TestRefusal, ask_for_test, test_account};
pub use tokens::{NewToken, TokenError, authenticate, create_seller, create_token};
pub use warehouses::{NewWarehouse, WarehouseRefusal, add_warehouse, change_warehouse};
pub use work_on_jobs::{PageOrders, ReadPages, ShipDesk, WorkError, work_on_jobs};
pub use write_order::WriteError;
