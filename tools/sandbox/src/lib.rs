//! The marketplaces' doubles: HTTP servers that speak the contracts and misbehave on request.
//!
//! They share no code with the connectors: both are written from the contracts, so that they cannot
//! be wrong together. What they do where a contract is silent is said in the README.
//!
//! What stands here is the Meesho double ([`Sandbox`]) and what both doubles share (faults, storms,
//! clock, log); the AJIO double is [`ajio::Ajio`].

pub mod ajio;
mod call;
mod clock;
mod control;
mod control_api;
mod fault;
mod gst;
mod host;
mod invent;
mod log;
mod meesho;
mod names;
mod pdf;
mod reply;
mod server;
mod storm;
mod throttle;
mod weather;

pub use clock::ClockMode;
pub use control::ControlError;
pub use fault::{Fault, FaultKind};
pub use log::{LogEntry, Outcome};
pub use meesho::{
    AcceptCount, CancelledBy, Control, Counters, HoldReason, NewAccount, NewSupplier, Options,
    OrderView, PaymentMode, Sandbox, Scenario, ScenarioRequest, Seed, State, Timings,
};
pub use server::StartError;
pub use storm::{Chance, Storm};
pub use throttle::Throttle;
