//! Envelope encryption: AES-256-GCM with one data key per seller, wrapped by KMS.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aes_gcm::aead::{Aead, Generate, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use async_trait::async_trait;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use aws_types::SdkConfig;
use haat_domain::{Secret, SellerId};
use haat_ports::{Sealed, StoreError, Vault, VaultError};
use zeroize::Zeroizing;

use crate::Table;
use crate::failure::reason;

type DataKey = Arc<Zeroizing<[u8; 32]>>;

/// Seals for one seller at a time. A data key is unwrapped once per process and kept in memory.
pub struct SellerVault {
    source: KeySource,
    keys: Mutex<HashMap<SellerId, DataKey>>,
}

enum KeySource {
    Kms(Box<WrappedKeys>),
    #[cfg(feature = "testing")]
    Fixed(DataKey),
}

struct WrappedKeys {
    client: LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>,
    key_id: String,
    table: Arc<Table>,
}

/// Stands before every sealed text, so that a later form can be told from this one.
const FORM: u8 = 1;
const NONCE_LENGTH: usize = 12;

impl SellerVault {
    /// Keys wrapped by the KMS key `key_id` (id or ARN) and kept in the table.
    ///
    /// Sealing for a seller that has no data key yet makes one, which needs
    /// `kms:GenerateDataKey`; everything else needs `kms:Decrypt` only.
    pub fn new(config: &SdkConfig, table: Arc<Table>, key_id: impl Into<String>) -> Self {
        let config = config.clone();
        Self::of(KeySource::Kms(Box::new(WrappedKeys {
            client: LazyLock::new(Box::new(move || Client::new(&config))),
            key_id: key_id.into(),
            table,
        })))
    }

    /// One key of the test's own for all sellers, without KMS.
    #[cfg(feature = "testing")]
    pub fn with_fixed_key_for_tests(key: [u8; 32]) -> Self {
        Self::of(KeySource::Fixed(Arc::new(Zeroizing::new(key))))
    }

    fn of(source: KeySource) -> Self {
        Self {
            source,
            keys: Mutex::new(HashMap::new()),
        }
    }

    fn remembered(&self, seller: &SellerId) -> Option<DataKey> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(seller).cloned()
    }

    /// The seller's key; `None` when nothing has ever been sealed for the seller.
    async fn key(&self, seller: &SellerId) -> Result<Option<DataKey>, VaultError> {
        if let Some(key) = self.remembered(seller) {
            return Ok(Some(key));
        }
        let key = match &self.source {
            KeySource::Kms(wrapped) => wrapped.key(seller).await?,
            #[cfg(feature = "testing")]
            KeySource::Fixed(key) => Some(Arc::clone(key)),
        };
        if let Some(key) = &key {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            keys.insert(seller.clone(), Arc::clone(key));
        }
        Ok(key)
    }

    async fn key_for_sealing(&self, seller: &SellerId) -> Result<DataKey, VaultError> {
        if let Some(key) = self.key(seller).await? {
            return Ok(key);
        }
        match &self.source {
            KeySource::Kms(wrapped) => wrapped.generate(seller).await?,
            #[cfg(feature = "testing")]
            KeySource::Fixed(_) => {}
        }
        // Read back what is stored: someone else's key may have been there first, and nothing is
        // sealed with a key that could not be unwrapped again.
        let key = self.key(seller).await?;
        key.ok_or_else(|| unavailable(seller, "its new data key is not in the table"))
    }
}

impl WrappedKeys {
    async fn key(&self, seller: &SellerId) -> Result<Option<DataKey>, VaultError> {
        let wrapped = self.table.wrapped_key(seller).await;
        let Some(wrapped) = wrapped.map_err(|error| unavailable(seller, error))? else {
            return Ok(None);
        };
        let request = self.client.decrypt().key_id(&self.key_id);
        let request = request.encryption_context("seller", seller.as_str());
        let answer = request.ciphertext_blob(Blob::new(wrapped)).send().await;
        let answer = answer.map_err(|error| unavailable(seller, reason(&error)))?;
        let plain = answer.plaintext.map(Blob::into_inner).map(Zeroizing::new);
        let key = plain.and_then(|plain| <[u8; 32]>::try_from(plain.as_slice()).ok());
        match key {
            Some(key) => Ok(Some(Arc::new(Zeroizing::new(key)))),
            None => Err(unavailable(
                seller,
                "the key service gave no key of 32 bytes",
            )),
        }
    }

    /// Makes a data key and stores it wrapped, unless there is one by now.
    async fn generate(&self, seller: &SellerId) -> Result<(), VaultError> {
        let request = self.client.generate_data_key();
        let request = request.key_id(&self.key_id).key_spec(DataKeySpec::Aes256);
        let request = request.encryption_context("seller", seller.as_str());
        let answer = request.send().await;
        let answer = answer.map_err(|error| unavailable(seller, reason(&error)))?;
        let wrapped = answer.ciphertext_blob.map(Blob::into_inner);
        let wrapped = wrapped.ok_or_else(|| unavailable(seller, "the key service gave no key"))?;
        match self.table.put_wrapped_key(seller, wrapped).await {
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(unavailable(seller, error)),
        }
    }
}

fn unavailable(seller: &SellerId, reason: impl ToString) -> VaultError {
    VaultError::Unavailable {
        seller: seller.clone(),
        reason: reason.to_string(),
    }
}

/// What binds a sealed text to its seller and place. A seller id has no `|`.
fn bound_to(seller: &SellerId, place: &str) -> String {
    format!("{seller}|{place}")
}

#[async_trait]
impl Vault for SellerVault {
    async fn seal(
        &self,
        seller: &SellerId,
        place: &str,
        text: &Secret,
    ) -> Result<Sealed, VaultError> {
        let key = self.key_for_sealing(seller).await?;
        let cipher = Aes256Gcm::new((&**key).into());
        let nonce = Nonce::generate();
        let bound_to = bound_to(seller, place);
        let payload = Payload {
            msg: text.expose().as_bytes(),
            aad: bound_to.as_bytes(),
        };
        let hidden = cipher.encrypt(&nonce, payload);
        let hidden = hidden.map_err(|_| unavailable(seller, "the text is too long to seal"))?;
        let mut sealed = vec![FORM];
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&hidden);
        Ok(Sealed(sealed))
    }

    async fn open(
        &self,
        seller: &SellerId,
        place: &str,
        sealed: &Sealed,
    ) -> Result<Secret, VaultError> {
        let broken = || VaultError::Broken {
            seller: seller.clone(),
            place: place.to_owned(),
        };
        let rest = match sealed.0.split_first() {
            Some((&FORM, rest)) => rest,
            Some(_) | None => return Err(broken()),
        };
        let (nonce, hidden) = rest.split_at_checked(NONCE_LENGTH).ok_or_else(broken)?;
        let nonce = <[u8; NONCE_LENGTH]>::try_from(nonce).map_err(|_| broken())?;
        let key = self.key(seller).await?.ok_or_else(broken)?;
        let cipher = Aes256Gcm::new((&**key).into());
        let bound_to = bound_to(seller, place);
        let payload = Payload {
            msg: hidden,
            aad: bound_to.as_bytes(),
        };
        let opened = cipher
            .decrypt(&nonce.into(), payload)
            .map_err(|_| broken())?;
        match String::from_utf8(opened) {
            Ok(text) => Ok(Secret::new(text)),
            Err(_) => Err(broken()),
        }
    }
}
