//! Calls within a session that may be gone.

use haat_domain::AttentionReason;
use haat_ports::{ErrorKind, MarketplaceError, Session, Sessions};

use crate::pace::Pace;

/// Calls with the session that is believed to be alive. When it is gone, the call was not done: it
/// is repeated once with a renewed session, and never again. Each call waits for its turn.
pub(crate) async fn within_session<T, Called>(
    sessions: &dyn Sessions,
    pace: &Pace,
    call: impl Fn(Session) -> Called,
) -> Result<T, MarketplaceError>
where
    Called: Future<Output = Result<T, MarketplaceError>>,
{
    let session = sessions.current().await?;
    pace.turn().await;
    let first = call(session.clone()).await;
    match first {
        Err(error) if error.kind == ErrorKind::Auth => {}
        Err(_) | Ok(_) => return first,
    }
    let renewed = sessions.renew(&session).await?;
    pace.turn().await;
    call(renewed).await.map_err(|mut error| {
        if error.kind == ErrorKind::Auth {
            error.kind = ErrorKind::Attention(AttentionReason::SessionRefused);
            error.said = format!("a fresh session was refused at once: {}", error.said);
        }
        error
    })
}
