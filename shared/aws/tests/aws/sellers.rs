use haat_ports::{Sellers, StoreError, Tokens};
use jiff::SignedDuration;

use crate::sample::{at, empty_table, id, noon_plus, other_shop, seller, shop, token};

#[tokio::test]
async fn a_seller_is_created_once() {
    let (local, _) = empty_table().await;
    local.table.create_seller(&seller()).await.unwrap();

    let again = local.table.create_seller(&seller()).await;

    assert_eq!(again, Err(StoreError::Conflict("seller shop".to_owned())));
    assert_eq!(local.table.seller(&shop()).await, Ok(Some(seller())));
    assert_eq!(local.table.seller(&other_shop()).await, Ok(None));
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_only() {
    let (local, _) = empty_table().await;
    let mine = token("t_1");
    local.table.put_token(&[7; 32], &mine).await.unwrap();

    assert_eq!(local.table.token(&[7; 32]).await, Ok(Some(mine)));
    assert_eq!(local.table.token(&[8; 32]).await, Ok(None));
}

#[tokio::test]
async fn a_token_never_replaces_another() {
    let (local, _) = empty_table().await;
    local
        .table
        .put_token(&[7; 32], &token("t_1"))
        .await
        .unwrap();

    let same_id = local.table.put_token(&[8; 32], &token("t_1")).await;
    let same_hash = local.table.put_token(&[7; 32], &token("t_2")).await;

    assert!(
        matches!(same_id, Err(StoreError::Conflict(_))),
        "{same_id:?}"
    );
    assert!(
        matches!(same_hash, Err(StoreError::Conflict(_))),
        "{same_hash:?}"
    );
    // All or nothing: neither half of a refused token is there.
    assert_eq!(local.table.token(&[8; 32]).await, Ok(None));
    assert_eq!(local.table.tokens(&shop()).await, Ok(vec![token("t_1")]));
}

#[tokio::test]
async fn tokens_are_listed_newest_first() {
    let (local, _) = empty_table().await;
    let mut older = token("t_a");
    older.created_at = noon_plus(-60);
    let newer = token("t_b");
    local.table.put_token(&[1; 32], &older).await.unwrap();
    local.table.put_token(&[2; 32], &newer).await.unwrap();

    assert_eq!(local.table.tokens(&shop()).await, Ok(vec![newer, older]));
    assert_eq!(local.table.tokens(&other_shop()).await, Ok(vec![]));
}

#[tokio::test]
async fn a_revoked_token_is_gone_at_once() {
    let (local, _) = empty_table().await;
    local
        .table
        .put_token(&[7; 32], &token("t_1"))
        .await
        .unwrap();

    assert_eq!(
        local.table.revoke(&other_shop(), &id("t_1")).await,
        Ok(false)
    );
    assert_eq!(local.table.revoke(&shop(), &id("t_1")).await, Ok(true));

    assert_eq!(local.table.token(&[7; 32]).await, Ok(None));
    assert_eq!(local.table.tokens(&shop()).await, Ok(vec![]));
    assert_eq!(local.table.revoke(&shop(), &id("t_1")).await, Ok(false));
}

#[tokio::test]
async fn a_token_past_its_end_is_invisible_before_it_is_deleted() {
    let (local, clock) = empty_table().await;
    let mut session = token("t_1");
    session.expires_at = Some(at("2026-09-12T20:00:00Z"));
    local.table.put_token(&[7; 32], &session).await.unwrap();

    clock.pass(SignedDuration::from_secs(8 * 60 * 60 - 1));
    assert_eq!(local.table.token(&[7; 32]).await, Ok(Some(session)));
    clock.pass(SignedDuration::from_secs(1));
    assert_eq!(local.table.token(&[7; 32]).await, Ok(None));
    assert_eq!(local.table.tokens(&shop()).await, Ok(vec![]));
    assert_eq!(local.table.revoke(&shop(), &id("t_1")).await, Ok(false));
}
