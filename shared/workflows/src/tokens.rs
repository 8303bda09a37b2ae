//! Tokens: 256 random bits, of which only the SHA-256 is kept.

use haat_domain::{Scope, Secret, SellerId, Token, TokenId};
use haat_ports::{Seller, Sellers, StoreError, Tokens};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// What marks a text as a token of Haat, for people and for secret scanners.
const PREFIX: &str = "haat_";

/// A token was not made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The machine gave no random bytes.
    #[error("the machine gave no random bytes: {0}")]
    Random(String),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The seller does not exist.
    #[error("there is no seller {0}")]
    NoSuchSeller(SellerId),
}

/// A new token: the one moment its text is known.
#[derive(Debug)]
pub struct NewToken {
    /// The text to hand to the holder.
    pub text: Secret,
    /// What is stored of it.
    pub token: Token,
}

/// Creates a seller with a fresh id.
pub async fn create_seller(
    store: &dyn Sellers,
    name: &str,
    now: Timestamp,
) -> Result<Seller, TokenError> {
    let seller = Seller {
        id: fresh_id("s")?.parse().map_err(unlikely)?,
        name: name.to_owned(),
        created_at: now,
    };
    store.create_seller(&seller).await?;
    Ok(seller)
}

/// Creates a token for an existing seller.
pub async fn create_token<S: Sellers + Tokens + ?Sized>(
    store: &S,
    seller: &SellerId,
    name: &str,
    scopes: Vec<Scope>,
    now: Timestamp,
) -> Result<NewToken, TokenError> {
    if store.seller(seller).await?.is_none() {
        return Err(TokenError::NoSuchSeller(seller.clone()));
    }
    let text = Secret::new(format!("{PREFIX}{}", hex::encode(random::<32>()?)));
    let token = Token {
        id: fresh_id("t")?.parse::<TokenId>().map_err(unlikely)?,
        seller: seller.clone(),
        name: name.to_owned(),
        scopes,
        created_at: now,
        expires_at: None,
    };
    store.put_token(&hash(&text), &token).await?;
    Ok(NewToken { text, token })
}

/// The token behind a text, if it is one and has not ended.
pub async fn authenticate(
    store: &dyn Tokens,
    text: &Secret,
    now: Timestamp,
) -> Result<Option<Token>, StoreError> {
    if !text.expose().starts_with(PREFIX) || text.expose().len() > 128 {
        return Ok(None);
    }
    let token = store.token(&hash(text)).await?;
    Ok(token.filter(|token| token.expires_at.is_none_or(|end| now < end)))
}

fn hash(text: &Secret) -> [u8; 32] {
    Sha256::digest(text.expose().as_bytes()).into()
}

fn random<const N: usize>() -> Result<[u8; N], TokenError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| TokenError::Random(error.to_string()))?;
    Ok(bytes)
}

fn fresh_id(kind: &str) -> Result<String, TokenError> {
    Ok(format!("{kind}_{}", hex::encode(random::<8>()?)))
}

fn unlikely(error: haat_domain::InvalidId) -> TokenError {
    TokenError::Random(error.to_string())
}
