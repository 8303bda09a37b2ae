//! Documents in S3.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_types::SdkConfig;
use haat_ports::{FileError, Files};

use crate::failure::reason;

/// A private bucket.
pub struct S3Files {
    client: LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>,
    bucket: String,
}

impl S3Files {
    /// The bucket of this name.
    pub fn new(config: &SdkConfig, bucket: impl Into<String>) -> Self {
        let config = Builder::from(config)
            // A local cloud has no name per bucket.
            .force_path_style(config.endpoint_url().is_some())
            // TLS guards the bytes on their way, and labels carry their SHA-256.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .build();
        Self {
            client: LazyLock::new(Box::new(move || Client::from_conf(config))),
            bucket: bucket.into(),
        }
    }
}

fn unavailable(key: &str, reason: impl ToString) -> FileError {
    FileError::Unavailable {
        key: key.to_owned(),
        reason: reason.to_string(),
    }
}

/// What a browser may call the file: the last part of its key, plain letters only.
fn file_name(key: &str) -> String {
    let last = key.rsplit('/').next().unwrap_or_default();
    let plain = |c: char| match c {
        '.' | '_' | '-' => c,
        c if c.is_ascii_alphanumeric() => c,
        _ => '_',
    };
    last.chars().map(plain).collect()
}

#[async_trait]
impl Files for S3Files {
    async fn put(&self, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), FileError> {
        let request = self.client.put_object().bucket(&self.bucket).key(key);
        let request = request.content_type(content_type).body(bytes.into());
        let answer = request.send().await;
        answer.map_err(|error| unavailable(key, reason(&error)))?;
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, FileError> {
        let request = self.client.get_object().bucket(&self.bucket).key(key);
        let answer = request.send().await.map_err(|error| {
            if error
                .as_service_error()
                .is_some_and(|error| error.is_no_such_key())
            {
                FileError::Missing(key.to_owned())
            } else {
                unavailable(key, reason(&error))
            }
        })?;
        let bytes = answer.body.collect().await;
        let bytes = bytes.map_err(|error| unavailable(key, error))?;
        Ok(bytes.to_vec())
    }

    async fn link(&self, key: &str, lifetime: Duration) -> Result<String, FileError> {
        let terms = PresigningConfig::expires_in(lifetime);
        let terms = terms.map_err(|error| unavailable(key, error))?;
        let request = self.client.get_object().bucket(&self.bucket).key(key);
        let shown = format!("inline; filename=\"{}\"", file_name(key));
        let request = request.response_content_disposition(shown);
        let link = request.presigned(terms).await;
        let link = link.map_err(|error| unavailable(key, reason(&error)))?;
        Ok(link.uri().to_owned())
    }
}
