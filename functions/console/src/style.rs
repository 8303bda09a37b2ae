//! The stylesheet. Its address changes with its content, so browsers may keep it for good.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

const SHEET: &str = include_str!("style.css");

/// Where this very stylesheet is.
pub(crate) fn address() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| {
        let hash = hex::encode(Sha256::digest(SHEET.as_bytes()));
        let short: String = hash.chars().take(12).collect();
        format!("/console/style.css?v={short}")
    });
    &ADDRESS
}

/// The stylesheet itself.
pub(crate) async fn sheet() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, SHEET)
}
