//! What every function does first.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// A variable that the function cannot do without.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the environment variable {0} is not set; template.yaml sets it for every function that needs it"
)]
pub struct MissingVariable(pub String);

/// The text of an environment variable; an empty one counts as not set.
pub fn env(name: &str) -> Result<String, MissingVariable> {
    std::env::var(name)
        .ok()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| MissingVariable(name.to_owned()))
}

/// Starts logging: one JSON object per line on standard output, without colours. `RUST_LOG` names
/// levels (`info`, `warn,haat_poll=debug`); `info` when it is absent or cannot be read. Calling it
/// twice changes nothing.
pub fn init_logging() {
    let wanted = env("RUST_LOG")
        .ok()
        .and_then(|text| text.parse::<Targets>().ok());
    let levels = wanted.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false);
    // A second subscriber is refused; the first one stays.
    let _ = tracing_subscriber::registry()
        .with(levels)
        .with(lines)
        .try_init();
}
