use haat_domain::{Attention, AttentionReason, Health, SellerId};
use haat_ports::{Accounts, Logins, Polls, StoreError};

use crate::sample::{
    NOON, account, at, empty_table, id, login, noon_plus, poll_state, sealed, shop,
};

#[tokio::test]
async fn connecting_stores_account_login_poll_state_and_pack_together() {
    let (local, _) = empty_table().await;
    let (new, state) = (account("a_1", "p5-7"), poll_state("a_1", "p5-7"));

    local
        .table
        .connect_account(&new, &login(), &state)
        .await
        .unwrap();

    let mut stored = new.clone();
    stored.version = 1;
    assert_eq!(
        local.table.account(&shop(), &id("a_1")).await,
        Ok(Some(stored))
    );
    let (login, session) = local
        .table
        .login(&shop(), &id("l_1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((login.version, session), (1, None));
    assert_eq!(local.table.poll_states(&id("p5-7")).await, Ok(vec![state]));
    let packs = local.table.packs().await.unwrap();
    let pack = &packs[0];
    // The eighth pack of five-minute accounts is due in the third minute of five.
    assert_eq!((pack.every_minutes, pack.phase, pack.accounts), (5, 2, 1));
    assert_eq!((packs.len(), pack.id.as_str()), (1, "p5-7"));
}

#[tokio::test]
async fn a_second_account_of_the_same_login_replaces_the_login_it_has_read() {
    let (local, _) = empty_table().await;
    let first = (account("a_1", "p5-0"), poll_state("a_1", "p5-0"));
    local
        .table
        .connect_account(&first.0, &login(), &first.1)
        .await
        .unwrap();

    let mut renewed = login();
    renewed.version = 1;
    renewed.credentials = sealed("newer credentials");
    let second = (account("a_2", "p5-0"), poll_state("a_2", "p5-0"));
    local
        .table
        .connect_account(&second.0, &renewed, &second.1)
        .await
        .unwrap();

    let (stored, _) = local
        .table
        .login(&shop(), &id("l_1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (stored.credentials, stored.version),
        (sealed("newer credentials"), 2)
    );
    assert_eq!(local.table.packs().await.unwrap()[0].accounts, 2);
}

#[tokio::test]
async fn connecting_fails_whole_when_anything_changed_meanwhile() {
    let (local, _) = empty_table().await;
    let (new, state) = (account("a_1", "p5-0"), poll_state("a_1", "p5-0"));
    local
        .table
        .connect_account(&new, &login(), &state)
        .await
        .unwrap();

    let mut fresh_login = login();
    fresh_login.version = 1;
    let account_exists = local
        .table
        .connect_account(&new, &fresh_login, &state)
        .await;
    let second = (account("a_2", "p5-1"), poll_state("a_2", "p5-1"));
    let stale_login = local
        .table
        .connect_account(&second.0, &login(), &second.1)
        .await;

    assert!(
        matches!(account_exists, Err(StoreError::Conflict(_))),
        "{account_exists:?}"
    );
    assert!(
        matches!(stale_login, Err(StoreError::Conflict(_))),
        "{stale_login:?}"
    );
    assert_eq!(local.table.account(&shop(), &id("a_2")).await, Ok(None));
    assert_eq!(local.table.poll_states(&id("p5-1")).await, Ok(vec![]));
    let packs = local.table.packs().await.unwrap();
    assert_eq!(
        packs.iter().map(|pack| pack.accounts).collect::<Vec<_>>(),
        [1]
    );
}

#[tokio::test]
async fn accounts_are_listed_in_the_order_they_were_connected() {
    let (local, _) = empty_table().await;
    for (name, seconds, version) in [("a_z", 0, 0), ("a_m", 10, 1), ("a_a", 20, 2)] {
        let mut new = account(name, "p5-0");
        new.connected_at = noon_plus(seconds);
        let mut login = login();
        login.version = version;
        let state = poll_state(name, "p5-0");
        local
            .table
            .connect_account(&new, &login, &state)
            .await
            .unwrap();
    }

    let names = local.table.accounts(&shop()).await.unwrap();
    let names: Vec<String> = names.iter().map(|account| account.id.to_string()).collect();
    assert_eq!(names, ["a_z", "a_m", "a_a"]);
    let nobody: SellerId = id("sho");
    assert_eq!(local.table.accounts(&nobody).await, Ok(vec![]));
}

#[tokio::test]
async fn an_account_is_written_over_the_version_it_was_read_with() {
    let (local, _) = empty_table().await;
    let (new, state) = (account("a_1", "p5-0"), poll_state("a_1", "p5-0"));
    local
        .table
        .connect_account(&new, &login(), &state)
        .await
        .unwrap();
    let read = local
        .table
        .account(&shop(), &id("a_1"))
        .await
        .unwrap()
        .unwrap();

    let mut stopped = read.clone();
    stopped.health = Health::NeedsAttention(Attention {
        reason: AttentionReason::LoginRefused,
        since: at(NOON),
        said: "wrong password".to_owned(),
    });
    local.table.put_account(&stopped).await.unwrap();
    let late = local.table.put_account(&read).await;

    assert_eq!(
        late,
        Err(StoreError::Conflict(
            "account a_1 of seller shop".to_owned()
        ))
    );
    let stored = local
        .table
        .account(&shop(), &id("a_1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((stored.health, stored.version), (stopped.health, 2));
}
