//! What a message on the polls queue leads to.

use std::time::Duration;

use haat_ports::{PollMessage, StoreError};
use haat_workflows::{Hub, poll_pack, test_account};
use jiff::SignedDuration;

/// Of the function's 300 seconds; the rest is for the last call and writes.
const BUDGET: SignedDuration = SignedDuration::from_secs(240);
/// When those who are through are told of, whoever is still being read.
const LATE: Duration = Duration::from_secs(20);

/// Polls a pack or one account of it, or tests an account.
///
/// # Errors
/// The table failed: the message must come again.
pub async fn work_on(hub: &Hub, message: PollMessage) -> Result<(), StoreError> {
    if let (Some(seller), Some(account)) = (&message.test_of, &message.account) {
        test_account(hub, seller, account).await?;
        tracing::info!(event = "account.tested", %seller, %account);
        return Ok(());
    }
    let late = tokio::time::sleep(LATE);
    let summary = poll_pack(hub, &message, BUDGET, late).await?;
    tracing::info!(event = "pack.polled", pack = %message.pack, summary = %summary.line());
    Ok(())
}
