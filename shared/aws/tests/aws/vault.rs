use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haat_aws::SellerVault;
use haat_aws::testing::{Local, TABLE};
use haat_domain::Secret;
use haat_ports::{Sealed, Vault, VaultError};
use serde_json::{Value, json};

use crate::double::{self, Asked, Double};
use crate::sample::{empty_table, other_shop, shop};

const PLACE: &str = "login/l_1/credentials";

fn text() -> Secret {
    Secret::new("{\"password\":\"Diwali@2026\"}")
}

/// A key service in memory: wraps by remembering, unwraps only in the same context.
async fn key_service() -> Double {
    let wrapped: Mutex<HashMap<String, (Value, String)>> = Mutex::new(HashMap::new());
    Double::start(move |asked| {
        let mut wrapped = wrapped.lock().unwrap();
        let body = asked.json();
        assert_eq!(body["KeyId"], "key-1");
        let context = body["EncryptionContext"].clone();
        if asked.operation() == "GenerateDataKey" {
            assert_eq!(body["KeySpec"], "AES_256");
            let number = u8::try_from(wrapped.len()).unwrap();
            let plain = STANDARD.encode([number; 32]);
            let blob = STANDARD.encode(format!("wrapped {number}"));
            wrapped.insert(blob.clone(), (context, plain.clone()));
            return double::json(&json!({"CiphertextBlob": blob, "Plaintext": plain}));
        }
        match wrapped.get(body["CiphertextBlob"].as_str().unwrap()) {
            Some((bound, plain)) if *bound == context => double::json(&json!({"Plaintext": plain})),
            _ => double::refusal("InvalidCiphertextException", "not the context"),
        }
    })
    .await
}

fn operations(double: &Double) -> Vec<String> {
    let asked = double.asked();
    asked
        .iter()
        .map(Asked::operation)
        .map(str::to_owned)
        .collect()
}

fn vault(double: &Double, local: &Local) -> SellerVault {
    SellerVault::new(&double.config, Arc::clone(&local.table), "key-1")
}

#[tokio::test]
async fn what_is_sealed_opens_in_another_function_with_one_key_for_the_seller() {
    let (local, _) = empty_table().await;
    let kms = key_service().await;
    let one = vault(&kms, &local);
    let sealed = one.seal(&shop(), PLACE, &text()).await.unwrap();
    one.seal(&shop(), "order/299_1/buyer", &text())
        .await
        .unwrap();

    let other = vault(&kms, &local);
    assert_eq!(other.open(&shop(), PLACE, &sealed).await, Ok(text()));
    assert_eq!(other.open(&shop(), PLACE, &sealed).await, Ok(text()));

    // Unwrapped once per process, made once per seller.
    assert_eq!(operations(&kms), ["GenerateDataKey", "Decrypt", "Decrypt"]);
    let contexts = kms.asked();
    assert!(
        contexts
            .iter()
            .all(|asked| asked.json()["EncryptionContext"] == json!({"seller": "shop"}))
    );
}

#[tokio::test]
async fn the_same_text_sealed_twice_gives_different_bytes() {
    let vault = SellerVault::with_fixed_key_for_tests([9; 32]);
    let one = vault.seal(&shop(), PLACE, &text()).await.unwrap();
    let other = vault.seal(&shop(), PLACE, &text()).await.unwrap();

    assert_ne!(one, other);
    let hidden = String::from_utf8_lossy(&one.0).into_owned();
    assert!(!hidden.contains("Diwali"), "{hidden}");
}

#[tokio::test]
async fn sealed_text_opens_with_its_seller_and_place_only() {
    let vault = SellerVault::with_fixed_key_for_tests([9; 32]);
    let sealed = vault.seal(&shop(), PLACE, &text()).await.unwrap();
    let broken = |seller, place: &str| VaultError::Broken {
        seller,
        place: place.to_owned(),
    };

    assert_eq!(vault.open(&shop(), PLACE, &sealed).await, Ok(text()));
    let elsewhere = vault.open(&shop(), "login/l_2/credentials", &sealed).await;
    assert_eq!(elsewhere, Err(broken(shop(), "login/l_2/credentials")));
    let stranger = vault.open(&other_shop(), PLACE, &sealed).await;
    assert_eq!(stranger, Err(broken(other_shop(), PLACE)));
}

#[tokio::test]
async fn one_changed_bit_anywhere_keeps_it_shut() {
    let vault = SellerVault::with_fixed_key_for_tests([9; 32]);
    let sealed = vault.seal(&shop(), PLACE, &text()).await.unwrap();

    for position in 0..sealed.0.len() {
        let mut altered = sealed.clone();
        altered.0[position] ^= 1;
        let opened = vault.open(&shop(), PLACE, &altered).await;
        assert!(
            matches!(opened, Err(VaultError::Broken { .. })),
            "byte {position}"
        );
    }
    for length in 0..sealed.0.len() {
        let cut = Sealed(sealed.0[..length].to_vec());
        let opened = vault.open(&shop(), PLACE, &cut).await;
        assert!(
            matches!(opened, Err(VaultError::Broken { .. })),
            "{length} bytes"
        );
    }
}

#[tokio::test]
async fn two_who_seal_first_at_the_same_time_agree_on_one_key() {
    let (local, _) = empty_table().await;
    let kms = key_service().await;
    let (one, other) = (vault(&kms, &local), vault(&kms, &local));

    let (shop, text) = (shop(), text());
    let (by_one, by_other) = tokio::join!(
        one.seal(&shop, PLACE, &text),
        other.seal(&shop, PLACE, &text)
    );

    let third = vault(&kms, &local);
    assert_eq!(
        third.open(&shop, PLACE, &by_one.unwrap()).await,
        Ok(text.clone())
    );
    assert_eq!(third.open(&shop, PLACE, &by_other.unwrap()).await, Ok(text));
}

#[tokio::test]
async fn another_sellers_wrapped_key_is_of_no_use() {
    let (local, _) = empty_table().await;
    let kms = key_service().await;
    let sealed = vault(&kms, &local)
        .seal(&shop(), PLACE, &text())
        .await
        .unwrap();
    // Given: someone copies the wrapped key of one seller to another.
    let key = |seller: &str| AttributeValue::S(format!("S#{seller}"));
    let sk = || AttributeValue::S("KEY".to_owned());
    let get = local
        .client
        .get_item()
        .table_name(TABLE)
        .key("pk", key("shop"))
        .key("sk", sk());
    let mut item = get.send().await.unwrap().item.unwrap();
    item.insert("pk".to_owned(), key("other"));
    let put = local
        .client
        .put_item()
        .table_name(TABLE)
        .set_item(Some(item));
    put.send().await.unwrap();

    let opened = vault(&kms, &local)
        .open(&other_shop(), PLACE, &sealed)
        .await;

    let expected = VaultError::Unavailable {
        seller: other_shop(),
        reason: "InvalidCiphertextException: not the context".to_owned(),
    };
    assert_eq!(opened, Err(expected));
}

#[tokio::test]
async fn opening_never_makes_a_key() {
    let (local, _) = empty_table().await;
    let kms = key_service().await;

    let opened = vault(&kms, &local)
        .open(&shop(), PLACE, &Sealed(vec![1; 60]))
        .await;

    assert!(
        matches!(opened, Err(VaultError::Broken { .. })),
        "{opened:?}"
    );
    assert!(kms.asked().is_empty());
}

#[tokio::test]
async fn a_key_service_that_does_not_answer_is_unavailable() {
    let (local, _) = empty_table().await;
    let kms = Double::start(|_| (StatusCode::SERVICE_UNAVAILABLE, b"{}".to_vec())).await;

    let sealed = vault(&kms, &local).seal(&shop(), PLACE, &text()).await;

    assert!(
        matches!(sealed, Err(VaultError::Unavailable { .. })),
        "{sealed:?}"
    );
    assert_eq!(kms.asked().len(), 3, "three attempts, no more");
}
