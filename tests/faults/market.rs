//! The marketplace's double that a piece of work is done at, and what it says of its orders.

use haat_domain::Stage;
use haat_sandbox::ajio::{self, Ajio};
use haat_sandbox::{Options, Sandbox, State};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) enum Market {
    Meesho(Sandbox),
    Ajio(Ajio),
}

/// Which marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Meesho,
    Ajio,
}

/// A feed of the marketplace, and the stage that an order has of which it speaks.
pub(crate) struct Fed {
    pub(crate) feed: &'static str,
    pub(crate) number: String,
    pub(crate) stage: Stage,
}

impl Market {
    pub(crate) async fn open(which: Which) -> Self {
        match which {
            Which::Meesho => Self::Meesho(Sandbox::start(Options::default()).await.unwrap()),
            Which::Ajio => Self::Ajio(Ajio::start(ajio::Options::default()).await.unwrap()),
        }
    }

    pub(crate) fn id(&self) -> &'static str {
        match self {
            Self::Meesho(_) => "meesho",
            Self::Ajio(_) => "ajio",
        }
    }

    /// Few orders are several pages, and there are no pauses between calls.
    pub(crate) fn profile(&self) -> &'static str {
        r#"{"milliseconds_between_calls": 0, "max_page_size": 2}"#
    }

    pub(crate) fn credentials(&self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Meesho(_) => [
                ("email", "seller@example.test"),
                ("password", "sandbox-only"),
            ],
            Self::Ajio(_) => [("username", "DV900001"), ("password", "sandbox-only")],
        }
    }

    /// The feeds that are remembered once an account was read whole.
    pub(crate) fn feeds(&self) -> &'static [&'static str] {
        match self {
            Self::Meesho(_) => &[
                "on-hold",
                "pending",
                "ready-to-ship",
                "shipped",
                "cancelled",
            ],
            Self::Ajio(_) => &[
                "pendency",
                "recent",
                "open",
                "moving",
                "returns",
                "published",
                "unpublished",
            ],
        }
    }

    /// Where the API is: scheme, host and port.
    pub(crate) fn host(&self) -> String {
        match self {
            Self::Meesho(meesho) => meesho.api_url(),
            Self::Ajio(ajio) => format!("http://{}", ajio.file_host()),
        }
    }

    /// The address of the API where its host is this one.
    pub(crate) fn api(&self, host: &str) -> String {
        match self {
            Self::Meesho(_) => host.to_owned(),
            Self::Ajio(ajio) => ajio.api_url().replace(&self.host(), host),
        }
    }

    pub(crate) fn files(&self) -> String {
        match self {
            Self::Meesho(meesho) => meesho.file_host(),
            Self::Ajio(ajio) => ajio.file_host(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        match self {
            Self::Meesho(meesho) => meesho.control().now(),
            Self::Ajio(ajio) => ajio.control().now(),
        }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        let passed = match self {
            Self::Meesho(meesho) => meesho.control().advance_seconds(seconds),
            Self::Ajio(ajio) => ajio.control().advance_seconds(seconds),
        };
        passed.unwrap();
    }

    /// What the marketplace draws by lot or gives in the order in which it is asked, with the name
    /// it is shown by.
    pub(crate) fn lots(&self) -> Vec<(String, String)> {
        let mut lots = Vec::new();
        match self {
            Self::Meesho(meesho) => {
                for order in meesho.control().orders() {
                    let number = order.sub_order_num;
                    lots.extend(order.awb.map(|awb| (awb, format!("<awb of {number}>"))));
                    lots.extend(
                        order
                            .packet_id
                            .map(|id| (id, format!("<packet of {number}>"))),
                    );
                }
            }
            Self::Ajio(ajio) => {
                for order in ajio.control().orders() {
                    let number = order.order_id;
                    let drawn = [
                        (order.awb, "awb"),
                        (order.po_number, "purchase order"),
                        (order.b2c_invoice, "buyer's invoice"),
                        (order.manifest, "manifest"),
                        // Who comes first draws the first number of the seller's series.
                        (order.b2b_invoice, "invoice"),
                    ];
                    lots.extend(drawn.into_iter().filter_map(|(lot, what)| {
                        lot.map(|lot| (lot, format!("<{what} of {number}>")))
                    }));
                }
            }
        }
        lots.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        lots
    }

    /// Each order's number, and how the marketplace sees it.
    pub(crate) fn seen(&self) -> Vec<(String, Value)> {
        match self {
            Self::Meesho(meesho) => {
                let orders = meesho.control().orders().into_iter();
                let seen = |order: haat_sandbox::OrderView| {
                    let seen = json!({ "state": order.state, "labelled": order.label_downloaded });
                    (order.sub_order_num, seen)
                };
                orders.map(seen).collect()
            }
            Self::Ajio(ajio) => {
                let orders = ajio.control().orders().into_iter();
                let seen = |order: ajio::OrderView| {
                    let seen = json!({ "state": order.state, "invoice": order.b2b_invoice });
                    (order.order_id, seen)
                };
                orders.map(seen).collect()
            }
        }
    }

    /// Which orders stand in which list of the marketplace's.
    pub(crate) fn fed(&self) -> Vec<Fed> {
        match self {
            Self::Meesho(meesho) => {
                let orders = meesho.control().orders().into_iter();
                let fed = orders.filter_map(|order| {
                    let (feed, stage) = meesho_list(order.state)?;
                    let number = order.sub_order_num;
                    Some(Fed {
                        feed,
                        number,
                        stage,
                    })
                });
                fed.collect()
            }
            Self::Ajio(ajio) => {
                let orders = ajio.control().orders().into_iter();
                let pending = orders.filter(|order| order.state == ajio::State::Pendency);
                let fed = |order: ajio::OrderView| Fed {
                    feed: "pendency",
                    number: order.order_id,
                    stage: Stage::New,
                };
                pending.map(fed).collect()
            }
        }
    }
}

fn meesho_list(state: State) -> Option<(&'static str, Stage)> {
    match state {
        State::OnHold => Some(("on-hold", Stage::OnHold)),
        State::Pending => Some(("pending", Stage::New)),
        State::ReadyToShip => Some(("ready-to-ship", Stage::Accepted)),
        State::Shipped => Some(("shipped", Stage::Shipped)),
        State::Cancelled => Some(("cancelled", Stage::Cancelled)),
        State::Delivered
        | State::DoorStepExchanged
        | State::Lost
        | State::Returned
        | State::RtoLocked
        | State::RtoInitiated
        | State::RtoOfd
        | State::RtoDeliveryFailed
        | State::RtoComplete => None,
    }
}
