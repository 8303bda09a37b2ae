//! All that a sandbox remembers, behind one lock.

use std::collections::{BTreeMap, HashMap};

use fastrand::Rng;
use jiff::Timestamp;

use super::{
    accept::AcceptJob,
    accounts,
    counters::Counters,
    labels::LabelJob,
    life::Event,
    login::Challenge,
    options::{Options, Timings},
    order::Order,
    session::Session,
};
use crate::{clock::Clock, control::ControlError, names::Shop, throttle::Minute, weather::Weather};

/// The one world of a Meesho double.
pub struct World {
    pub(crate) clock: Clock,
    /// The instant being lived through: the clock's, or a due event's while it happens.
    pub(crate) now: Timestamp,
    pub(crate) rng: Rng,
    pub(crate) secret: u64,
    pub(crate) timings: Timings,
    pub(crate) weather: Weather,
    pub(crate) file_host: String,
    pub(crate) accounts: Vec<Account>,
    pub(crate) sessions: HashMap<String, Session>,
    pub(crate) challenges: HashMap<String, Challenge>,
    pub(crate) orders: Vec<Order>,
    pub(crate) order_by_number: HashMap<String, usize>,
    pub(crate) accept_jobs: Vec<AcceptJob>,
    pub(crate) label_jobs: Vec<LabelJob>,
    pub(crate) events: BTreeMap<(Timestamp, u64), Event>,
    pub(crate) counters: Counters,
    last_order: u64,
    last_parcel: u64,
    last_turn: u64,
    last_job_millisecond: i64,
}

pub(crate) struct Account {
    pub(crate) email: String,
    pub(crate) mobile: String,
    pub(crate) password: String,
    pub(crate) suppliers: Vec<Supplier>,
    pub(crate) bad_logins: u32,
    pub(crate) locked_until: Option<Timestamp>,
    /// The code that the next log-in must be followed by.
    pub(crate) demanded_otp: Option<String>,
    pub(crate) minute: Minute,
}

#[derive(Debug)]
pub(crate) struct Supplier {
    pub(crate) id: u64,
    pub(crate) identifier: String,
    pub(crate) shop: Shop,
    pub(crate) invoices: u64,
    /// How many sub-orders the next label job leaves out.
    pub(crate) leave_out_of_next_label_job: usize,
}

impl World {
    pub(crate) fn new(options: &Options, file_host: String) -> Result<Self, ControlError> {
        let clock = Clock::new(options.clock);
        let mut rng = Rng::with_seed(options.seed);
        let mut world = Self {
            now: clock.now(),
            clock,
            secret: rng.u64(..),
            rng,
            timings: options.timings,
            weather: Weather {
                throttle: options.throttle,
                ..Weather::default()
            },
            file_host,
            accounts: Vec::new(),
            sessions: HashMap::new(),
            challenges: HashMap::new(),
            orders: Vec::new(),
            order_by_number: HashMap::new(),
            accept_jobs: Vec::new(),
            label_jobs: Vec::new(),
            events: BTreeMap::new(),
            counters: Counters::default(),
            last_order: 0,
            last_parcel: 0,
            last_turn: 0,
            last_job_millisecond: 0,
        };
        for account in &options.accounts {
            accounts::add(&mut world, account)?;
        }
        Ok(world)
    }

    /// Counts orders; order numbers are made of it.
    pub(crate) fn next_order(&mut self) -> u64 {
        self.last_order = self.last_order.saturating_add(1);
        self.last_order
    }

    /// Counts parcels; packets and AWBs are made of it.
    pub(crate) fn next_parcel(&mut self) -> u64 {
        self.last_parcel = self.last_parcel.saturating_add(1);
        self.last_parcel
    }

    /// Keeps events of one instant in the order they were planned in.
    pub(crate) fn next_turn(&mut self) -> u64 {
        self.last_turn = self.last_turn.saturating_add(1);
        self.last_turn
    }

    /// `<supplier>_<identifier>_<milliseconds>`, unique even when two jobs start in one instant.
    pub(crate) fn next_request_id(&mut self, supplier_id: u64) -> String {
        let millisecond = self
            .now
            .as_millisecond()
            .max(self.last_job_millisecond.saturating_add(1));
        self.last_job_millisecond = millisecond;
        let identifier = self
            .supplier(supplier_id)
            .map_or("", |supplier| supplier.identifier.as_str());
        format!("{supplier_id}_{identifier}_{millisecond}")
    }

    pub(crate) fn supplier(&self, supplier_id: u64) -> Option<&Supplier> {
        self.accounts
            .iter()
            .flat_map(|account| &account.suppliers)
            .find(|supplier| supplier.id == supplier_id)
    }

    pub(crate) fn supplier_mut(&mut self, supplier_id: u64) -> Option<&mut Supplier> {
        self.accounts
            .iter_mut()
            .flat_map(|account| &mut account.suppliers)
            .find(|supplier| supplier.id == supplier_id)
    }

    pub(crate) fn account_of_supplier(&mut self, supplier_id: u64) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| {
            account
                .suppliers
                .iter()
                .any(|supplier| supplier.id == supplier_id)
        })
    }

    /// The index of a supplier's order; another supplier's order is as unknown as none.
    pub(crate) fn order_of(&self, supplier_id: u64, sub_order_num: &str) -> Option<usize> {
        let index = *self.order_by_number.get(sub_order_num)?;
        let order = self.orders.get(index)?;
        (order.supplier_id == supplier_id).then_some(index)
    }

    pub(crate) fn add_order(&mut self, order: Order) -> usize {
        let index = self.orders.len();
        self.order_by_number
            .insert(order.sub_order_num.clone(), index);
        self.orders.push(order);
        index
    }
}
