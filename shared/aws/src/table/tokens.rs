use std::cmp::Reverse;

use async_trait::async_trait;
use haat_domain::{Scope, SellerId, Token, TokenId};
use haat_ports::{StoreError, Tokens};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::{Table, keys};

/// The same in both places: as one of its seller's tokens, and under its hash.
#[derive(Serialize, Deserialize)]
struct StoredToken {
    id: TokenId,
    seller: SellerId,
    /// SHA-256 of the token's text, in hexadecimal.
    hash: String,
    name: String,
    scopes: Vec<Scope>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

impl StoredToken {
    fn into_token(self) -> Token {
        Token {
            id: self.id,
            seller: self.seller,
            name: self.name,
            scopes: self.scopes,
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

#[async_trait]
impl Tokens for Table {
    async fn put_token(&self, hash: &[u8; 32], token: &Token) -> Result<(), StoreError> {
        let what = format!("token {} of seller {}", token.id, token.seller);
        let hash = hex::encode(hash);
        let places = [
            keys::token(&token.seller, &token.id),
            keys::token_lookup(&hash),
        ];
        let body = StoredToken {
            id: token.id.clone(),
            seller: token.seller.clone(),
            hash,
            name: token.name.clone(),
            scopes: token.scopes.clone(),
            created_at: token.created_at,
            expires_at: token.expires_at,
        };
        let mut writes = Vec::with_capacity(places.len());
        for key in places {
            let mut item = Item::new(&what, key, &body)?.if_absent();
            if let Some(end) = token.expires_at {
                item = item.until(end.as_second());
            }
            writes.push(self.put_in_transaction(item)?);
        }
        self.transact(&what, writes).await
    }

    async fn token(&self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        let key = keys::token_lookup(&hex::encode(hash));
        let stored = self.get::<StoredToken>("a token", key).await?;
        Ok(stored.map(|stored| stored.body.into_token()))
    }

    async fn tokens(&self, seller: &SellerId) -> Result<Vec<Token>, StoreError> {
        let what = format!("the tokens of seller {seller}");
        let pk = keys::tenant(seller);
        let stored = self.query::<StoredToken>(&what, pk, keys::TOKENS).await?;
        let mut tokens: Vec<Token> = stored
            .into_iter()
            .map(|stored| stored.body.into_token())
            .collect();
        tokens.sort_by_key(|token| Reverse(token.created_at));
        Ok(tokens)
    }

    async fn revoke(&self, seller: &SellerId, id: &TokenId) -> Result<bool, StoreError> {
        let what = format!("token {id} of seller {seller}");
        let key = keys::token(seller, id);
        let Some(stored) = self.get::<StoredToken>(&what, key.clone()).await? else {
            return Ok(false);
        };
        let lookup = keys::token_lookup(&stored.body.hash);
        let writes = vec![
            self.delete_in_transaction(&what, key, None)?,
            self.delete_in_transaction(&what, lookup, None)?,
        ];
        self.transact(&what, writes).await?;
        Ok(true)
    }
}
