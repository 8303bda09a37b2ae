//! Sellers and their tokens.

use anyhow::{Result, bail};
use haat_domain::{Scope, SellerId, TokenId, ist};
use haat_ports::Tokens as _;
use jiff::Timestamp;

use haat_aws::Table;

/// Creates a seller; the id.
pub(crate) async fn create_seller(table: &Table, name: &str, now: Timestamp) -> Result<String> {
    let seller = haat_workflows::create_seller(table, name, now).await?;
    Ok(seller.id.to_string())
}

/// Creates a token; its text, this once.
pub(crate) async fn create(
    table: &Table,
    seller: &SellerId,
    name: &str,
    scopes: Vec<Scope>,
    now: Timestamp,
) -> Result<String> {
    let token = haat_workflows::create_token(table, seller, name, scopes, now).await?;
    Ok(token.text.expose().to_owned())
}

/// A seller's tokens, a line each.
pub(crate) async fn list(table: &Table, seller: &SellerId) -> Result<String> {
    let tokens = table.tokens(seller).await?;
    if tokens.is_empty() {
        return Ok(format!("seller {seller} has no token"));
    }
    let lines: Vec<String> = tokens
        .iter()
        .map(|token| {
            let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
            let since = ist(token.created_at).strftime("%Y-%m-%d %H:%M IST");
            format!(
                "{}  {since}  {}  {}",
                token.id,
                scopes.join(","),
                token.name
            )
        })
        .collect();
    Ok(lines.join("\n"))
}

/// Ends a token.
pub(crate) async fn revoke(table: &Table, seller: &SellerId, id: &TokenId) -> Result<String> {
    if !table.revoke(seller, id).await? {
        bail!("seller {seller} has no token {id}; `haat token list` shows those it has");
    }
    Ok(format!("token {id} is revoked"))
}
