//! AJIO's dropship API, as its contract has it. See the README beside this file.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{Action, Secret};
use haat_ports::{
    Challenge, Connection, Credentials, Descriptor, ErrorKind, Field, Limits, Manifests,
    Marketplace, MarketplaceError, MarketplaceSeller, Offers, Orders, ParcelSize, Registration,
    ReturnChecks, Returns, Session, Sessions, Shipping, Stock,
};

use crate::pace::Pace;
use crate::{Entry, Parts};

mod client;
mod errors;
mod lines;
mod manifests;
mod offers;
mod orders;
mod pages;
mod papers;
mod profile;
mod returns;
mod session;
mod shipping;
mod translate;
mod wire;

use client::Client;
use profile::Profile;

pub(crate) const ENTRY: Entry = Entry {
    descriptor: &DESCRIPTOR,
    open,
};

static DESCRIPTOR: Descriptor = Descriptor {
    id: "ajio",
    name: "AJIO",
    fields: &[
        Field {
            name: "username",
            label: "POB user name",
            secret: false,
            choices: &[],
        },
        Field {
            name: "password",
            label: "API password",
            secret: true,
            choices: &[],
        },
        Field {
            name: "model",
            label: "Business model",
            secret: false,
            choices: &["dropship", "jit", "b2b"],
        },
    ],
    decides: &[
        "courier and AWB of a parcel",
        "catalogue and prices: offers are read, and their stock is set",
        "the consumer's invoice and its number",
        "when the purchase order comes, without which nothing is packed",
        "how long the consumer may cancel: until the order is accepted",
    ],
    actions: &[
        Action::Accept,
        Action::Cancel,
        Action::Ship,
        Action::HandOver,
    ],
    parcel: ParcelSize::Seller,
    registration: Registration {
        needs: &[
            "an active AJIO seller account",
            "a POB user, added under Account > Modify Account Details > Add New POB User and \
             approved by AJIO",
            "the API password of the POB, which is not the portal's",
            "shipping API access, switched on by the AJIO account manager",
        ],
        is_approved: true,
        has_warehouse: true,
    },
    limits: Limits {
        look_up: 50,
        accept: 50,
        manifest: 250,
        stock: 50,
    },
};

fn open(parts: Parts) -> Result<Arc<dyn Marketplace>, String> {
    let profile = Profile::read(parts.profile.as_deref())?;
    let client = Client::new(parts.http, parts.clock, parts.hosts, profile);
    Ok(Arc::new(Ajio {
        client: Arc::new(client),
    }))
}

struct Ajio {
    client: Arc<Client>,
}

#[async_trait]
impl Marketplace for Ajio {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn doubts(&self, credentials: &Credentials) -> Vec<String> {
        session::doubts(credentials)
    }

    async fn log_in(&self, credentials: &Credentials) -> Result<Session, MarketplaceError> {
        session::log_in(&self.client, credentials).await
    }

    async fn answer_otp(
        &self,
        _credentials: &Credentials,
        _challenge: &Challenge,
        _otp: &Secret,
    ) -> Result<Session, MarketplaceError> {
        let said = "AJIO's API asks for no one-time password: log in again";
        let operation = session::GET_AUTH_TOKEN.name;
        Err(MarketplaceError::new(ErrorKind::Rejected, operation, said))
    }

    async fn sellers(&self, session: &Session) -> Result<Vec<MarketplaceSeller>, MarketplaceError> {
        session::sellers(session)
    }

    fn connect(
        &self,
        seller_key: &str,
        sessions: Arc<dyn Sessions>,
    ) -> Result<Box<dyn Connection>, MarketplaceError> {
        if seller_key.is_empty() {
            let said = "the account's marketplace seller names no POB";
            let error = MarketplaceError::new(ErrorKind::Malformed, "ajio connect", said);
            return Err(error);
        }
        let pause = Duration::from_millis(self.client.profile.milliseconds_between_calls);
        Ok(Box::new(Line {
            client: self.client.clone(),
            sessions,
            pace: Pace::new(pause),
        }))
    }
}

/// The open line of one POB. Who it is stands in the session: no call names it.
struct Line {
    client: Arc<Client>,
    sessions: Arc<dyn Sessions>,
    pace: Pace,
}

impl Connection for Line {
    fn orders(&self) -> &dyn Orders {
        self
    }

    fn shipping(&self) -> Option<Shipping<'_>> {
        Some(Shipping::ByOrder(self))
    }

    fn manifests(&self) -> Option<&dyn Manifests> {
        Some(self)
    }

    fn returns(&self) -> Option<&dyn Returns> {
        Some(self)
    }

    fn return_checks(&self) -> Option<&dyn ReturnChecks> {
        Some(self)
    }

    fn offers(&self) -> Option<&dyn Offers> {
        Some(self)
    }

    fn stock(&self) -> Option<&dyn Stock> {
        Some(self)
    }
}
