//! Meesho's supplier panel, as its contract has it. See the README beside this file.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{Action, Secret};
use haat_ports::{
    Challenge, Connection, Credentials, Descriptor, ErrorKind, Field, Limits, Marketplace,
    MarketplaceError, MarketplaceSeller, Orders, ParcelSize, Registration, Session, Sessions,
    Shipping,
};

use crate::pace::Pace;
use crate::{Entry, Parts};

mod client;
mod cookies;
mod errors;
mod orders;
mod profile;
mod session;
mod shipping;
mod translate;
mod wire;

use client::Client;
use profile::Profile;
use wire::{SupplierDetailsRef, SupplierRef};

pub(crate) const ENTRY: Entry = Entry {
    descriptor: &DESCRIPTOR,
    open,
};

static DESCRIPTOR: Descriptor = Descriptor {
    id: "meesho",
    name: "Meesho",
    fields: &[
        Field {
            name: "email",
            label: "E-mail or mobile number",
            secret: false,
            choices: &[],
        },
        Field {
            name: "password",
            label: "Password",
            secret: true,
            choices: &[],
        },
    ],
    decides: &[
        "courier, size and weight of a parcel",
        "which orders a label job covers: all accepted ones without a label",
        "when the label of an order opens",
        "cancellation: a seller cannot cancel from here",
    ],
    actions: &[Action::Accept, Action::Ship],
    parcel: ParcelSize::Marketplace,
    registration: Registration {
        needs: &[
            "an active supplier account",
            "its e-mail or mobile number and password",
        ],
        is_approved: false,
        has_warehouse: false,
    },
    limits: Limits {
        look_up: 50,
        accept: 2000,
        manifest: 0,
        stock: 0,
    },
};

fn open(parts: Parts) -> Result<Arc<dyn Marketplace>, String> {
    let profile = Profile::read(parts.profile.as_deref())?;
    let client = Client::new(parts.http, parts.clock, parts.hosts, profile);
    Ok(Arc::new(Meesho {
        client: Arc::new(client),
    }))
}

struct Meesho {
    client: Arc<Client>,
}

#[async_trait]
impl Marketplace for Meesho {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    async fn log_in(&self, credentials: &Credentials) -> Result<Session, MarketplaceError> {
        session::log_in(&self.client, credentials).await
    }

    async fn answer_otp(
        &self,
        credentials: &Credentials,
        challenge: &Challenge,
        otp: &Secret,
    ) -> Result<Session, MarketplaceError> {
        session::answer_otp(&self.client, credentials, challenge, otp).await
    }

    async fn sellers(&self, session: &Session) -> Result<Vec<MarketplaceSeller>, MarketplaceError> {
        session::sellers(&self.client, session).await
    }

    fn connect(
        &self,
        seller_key: &str,
        sessions: Arc<dyn Sessions>,
    ) -> Result<Box<dyn Connection>, MarketplaceError> {
        let supplier = seller_key.parse().map_err(|()| {
            let said = "the account's marketplace seller is not <supplier id>/<identifier>";
            MarketplaceError::new(ErrorKind::Malformed, "meesho connect", said)
        })?;
        let pause = Duration::from_millis(self.client.profile.milliseconds_between_calls);
        Ok(Box::new(Line {
            client: self.client.clone(),
            supplier,
            sessions,
            pace: Pace::new(pause),
        }))
    }
}

/// The open line of one supplier. Reading orders is in `orders`, shipping them in `shipping`.
struct Line {
    client: Arc<Client>,
    supplier: Supplier,
    sessions: Arc<dyn Sessions>,
    pace: Pace,
}

impl Connection for Line {
    fn orders(&self) -> &dyn Orders {
        self
    }

    fn shipping(&self) -> Option<Shipping<'_>> {
        Some(Shipping::ByJob(self))
    }
}

/// A supplier: a numeric id and a slug of five characters. Every call needs both. As text, and
/// so as the account's marketplace seller, `4100001/ab1cd`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Supplier {
    id: u64,
    identifier: String,
}

impl Supplier {
    fn new(id: u64, identifier: &str) -> Option<Self> {
        // The slug becomes a header, so nothing but what slugs are made of may be in it.
        let is_slug = (1..=32).contains(&identifier.len())
            && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (id > 0 && is_slug).then(|| Self {
            id,
            identifier: identifier.to_owned(),
        })
    }

    fn reference(&self) -> SupplierRef<'_> {
        SupplierRef {
            supplier_id: self.id,
            identifier: &self.identifier,
        }
    }

    fn details_ref(&self) -> SupplierDetailsRef<'_> {
        SupplierDetailsRef {
            id: self.id,
            identifier: &self.identifier,
        }
    }
}

impl FromStr for Supplier {
    type Err = ();

    fn from_str(key: &str) -> Result<Self, ()> {
        let (id, identifier) = key.split_once('/').ok_or(())?;
        Self::new(id.parse().map_err(|_| ())?, identifier).ok_or(())
    }
}

impl fmt::Display for Supplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.id, self.identifier)
    }
}
