//! Who a caller is. Nobody gets in but with the one right token.

use haat_authorize::{AuthorizeRequest, authorize};
use jiff::Timestamp;
use serde_json::Value;

use crate::panel::NOW_MS;
use crate::shelf::at_once;
use crate::shop;

pub(crate) fn authorizer(bytes: &[u8]) {
    let Ok(request) = serde_json::from_slice::<AuthorizeRequest>(bytes) else {
        return;
    };
    let now = Timestamp::from_millisecond(NOW_MS).unwrap();
    at_once(async {
        let table = shop::shelf().await.table();
        let answer = authorize(table.as_ref(), &request, now).await.unwrap();
        let source = request.identity_source.first();
        let bearer = source.and_then(|header| header.split_once(' '));
        let right = bearer.is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer") && token.trim() == shop::TOKEN
        });
        assert_eq!(answer.is_authorized, right, "{source:?}");
        assert_eq!(answer.context.is_some(), right);
        let told: Value = serde_json::to_value(&answer).unwrap();
        assert!(
            !told.to_string().contains(shop::TOKEN),
            "the token is told on"
        );
    });
}
