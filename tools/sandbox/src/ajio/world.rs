//! All that the AJIO double remembers, behind one lock.

use std::collections::{BTreeMap, HashMap};

use fastrand::Rng;
use jiff::Timestamp;

use super::{
    catalogue::{self, Listing},
    counters::Counters,
    life::Event,
    options::{NewPob, Options, Profile, ReturnModel, Timings},
    order::Order,
    returns::Return,
};
use crate::{
    clock::Clock, control::ControlError, invent, names::Shop, throttle::Minute, weather::Weather,
};

/// The one world of an AJIO double.
pub struct World {
    pub(crate) clock: Clock,
    /// The instant being lived through: the clock's, or a due event's while it happens.
    pub(crate) now: Timestamp,
    pub(crate) rng: Rng,
    pub(crate) timings: Timings,
    pub(crate) profile: Profile,
    pub(crate) weather: Weather,
    /// `127.0.0.1:<port>`
    pub(crate) host: String,
    pub(crate) pobs: BTreeMap<String, Pob>,
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) orders: Vec<Order>,
    pub(crate) order_by_id: HashMap<String, usize>,
    pub(crate) returns: Vec<Return>,
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) events: BTreeMap<(Timestamp, u64), Event>,
    pub(crate) counters: Counters,
    last: Last,
}

/// Running numbers; ids are made of them.
#[derive(Debug, Default)]
struct Last {
    order: u64,
    parcel: u64,
    po: u64,
    b2c: u64,
    returned: u64,
    turn: u64,
}

pub(crate) struct Pob {
    pub(crate) password: String,
    pub(crate) api_access: bool,
    pub(crate) shipping_access: bool,
    pub(crate) returns: ReturnModel,
    pub(crate) shop: Shop,
    pub(crate) listings: Vec<Listing>,
    pub(crate) minute: Minute,
    /// How many invoices AJIO's own series has numbered.
    pub(crate) invoices: u64,
    /// Every B2B invoice number in force, and its order.
    pub(crate) invoice_numbers: HashMap<String, String>,
}

pub(crate) struct Token {
    pub(crate) pob: String,
    pub(crate) expires: Timestamp,
}

/// A hand-over list.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) pob: String,
    pub(crate) id: String,
    pub(crate) carrier: String,
    pub(crate) at: Timestamp,
    /// Order ids and AWBs.
    pub(crate) rows: Vec<(String, String)>,
}

impl World {
    pub(crate) fn new(options: &Options, host: String) -> Result<Self, ControlError> {
        let clock = Clock::new(options.clock);
        let mut world = Self {
            now: clock.now(),
            clock,
            rng: Rng::with_seed(options.seed),
            timings: options.timings,
            profile: options.profile,
            weather: Weather {
                throttle: options.throttle,
                ..Weather::default()
            },
            host,
            pobs: BTreeMap::new(),
            tokens: HashMap::new(),
            orders: Vec::new(),
            order_by_id: HashMap::new(),
            returns: Vec::new(),
            manifests: Vec::new(),
            events: BTreeMap::new(),
            counters: Counters::default(),
            last: Last::default(),
        };
        for pob in &options.pobs {
            world.add_pob(pob)?;
        }
        Ok(world)
    }

    /// A new point of business; a known one with its password keeps what it has.
    pub(crate) fn add_pob(&mut self, new: &NewPob) -> Result<(), ControlError> {
        // They usually begin with DV; that others are let in is what makes a warning of it no refusal.
        let user = &new.username;
        if user.is_empty() || !user.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ControlError::Pob(new.username.clone()));
        }
        if let Some(known) = self.pobs.get(&new.username) {
            return match known.password == new.password {
                true => Ok(()),
                false => Err(ControlError::AccountTaken(new.username.clone())),
            };
        }
        let pob = Pob {
            password: new.password.clone(),
            api_access: new.api_access,
            shipping_access: new.shipping_access,
            returns: new.returns,
            shop: invent::shop(&mut self.rng, None),
            listings: catalogue::listings(),
            minute: Minute::new(self.now),
            invoices: 0,
            invoice_numbers: HashMap::new(),
        };
        self.pobs.insert(new.username.clone(), pob);
        self.plan_arrivals(&new.username);
        Ok(())
    }

    pub(crate) fn pob_mut(&mut self, pob: &str) -> Result<&mut Pob, ControlError> {
        self.pobs
            .get_mut(pob)
            .ok_or_else(|| ControlError::UnknownPob(pob.to_owned()))
    }

    /// The index of a POB's order; another POB's order is as unknown as none.
    pub(crate) fn order_of(&self, pob: &str, id: &str) -> Option<usize> {
        let index = *self.order_by_id.get(id)?;
        let order = self.orders.get(index)?;
        (order.pob == pob).then_some(index)
    }

    pub(crate) fn add_order(&mut self, order: Order) -> usize {
        let index = self.orders.len();
        self.order_by_id.insert(order.id.clone(), index);
        self.orders.push(order);
        index
    }

    /// `S` and nine digits.
    pub(crate) fn next_order_id(&mut self) -> String {
        format!("S{}", grown(&mut self.last.order, 900_000_000))
    }

    /// Counts parcels; AWBs are made of it.
    pub(crate) fn next_parcel(&mut self) -> u64 {
        grown(&mut self.last.parcel, 0)
    }

    pub(crate) fn next_po_number(&mut self) -> String {
        grown(&mut self.last.po, 4_500_000_000).to_string()
    }

    pub(crate) fn next_b2c_number(&mut self) -> String {
        format!("AJB2C{:09}", grown(&mut self.last.b2c, 0))
    }

    pub(crate) fn next_return_id(&mut self) -> String {
        format!("RT{}", grown(&mut self.last.returned, 70_000_000))
    }

    /// Keeps events of one instant in the order they were planned in.
    pub(crate) fn next_turn(&mut self) -> u64 {
        grown(&mut self.last.turn, 0)
    }

    /// The address of a file that this double serves.
    pub(crate) fn file(&self, folder: &str, name: &str) -> String {
        format!("http://{}/files/{folder}/{name}.pdf", self.host)
    }
}

/// The next number, counted from a base.
fn grown(number: &mut u64, base: u64) -> u64 {
    *number = number.saturating_add(1);
    number.saturating_add(base)
}
