use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use haat_aws::testing::{Local, TABLE};
use haat_ports::{Accounts, Heartbeat, Missed, PollState, Polls, StoreError};

use crate::sample::{NOON, account, at, empty_table, id, login, noon_plus, poll_state, shop};

async fn connect(local: &Local, name: &str, pack: &str, login_version: u64) {
    let mut login = login();
    login.version = login_version;
    let state = poll_state(name, pack);
    let account = account(name, pack);
    local
        .table
        .connect_account(&account, &login, &state)
        .await
        .unwrap();
}

fn seen(state: &PollState) -> PollState {
    let feeds = [
        "pending",
        "on_hold",
        "ready_to_ship",
        "shipped",
        "cancelled",
    ];
    let seen = feeds.map(|feed| (feed.to_owned(), u64::MAX)).into();
    let heard = ["shipped", "cancelled"].map(|feed| (feed.to_owned(), u64::MAX));
    PollState {
        seen,
        heard: heard.into(),
        ..state.clone()
    }
}

#[tokio::test]
async fn what_feeds_held_is_remembered_and_the_last_write_wins() {
    let (local, _) = empty_table().await;
    connect(&local, "a_1", "p5-0", 0).await;
    connect(&local, "a_2", "p5-0", 1).await;
    let mut state = seen(&poll_state("a_1", "p5-0"));
    local.table.put_seen(&state).await.unwrap();
    state.seen.insert("pending".to_owned(), 7);
    local.table.put_seen(&state).await.unwrap();

    let states = local.table.poll_states(&id("p5-0")).await;

    assert_eq!(states, Ok(vec![state, poll_state("a_2", "p5-0")]));
}

#[tokio::test]
async fn what_a_poll_read_is_remembered_over_what_it_knew_and_over_nothing_else() {
    let (local, _) = empty_table().await;
    connect(&local, "a_1", "p5-0", 0).await;
    let mut state = seen(&poll_state("a_1", "p5-0"));
    let nothing = std::collections::BTreeMap::new();
    local.table.put_read(&state, &nothing).await.unwrap();
    let over = state.seen.clone();
    state.seen.insert("pending".to_owned(), 7);
    let refused = local.table.put_read(&state, &nothing).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    local.table.put_read(&state, &over).await.unwrap();
    let states = local.table.poll_states(&id("p5-0")).await.unwrap();
    assert_eq!(states, [state]);

    let gone = poll_state("a_9", "p5-0");
    let refused = local.table.put_read(&gone, &gone.seen).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_poll_state_is_at_most_300_bytes() {
    let (local, _) = empty_table().await;
    connect(&local, "a_5f0c3b9e", "p5-0", 0).await;
    let state = seen(&poll_state("a_5f0c3b9e", "p5-0"));
    local.table.put_seen(&state).await.unwrap();

    let item = stored(&local).await;
    let size = crate::units::size_of(&item);
    assert!(size <= 300, "{size} bytes: {item:?}");
}

/// The poll state of the account, as it is stored.
async fn stored(local: &Local) -> HashMap<String, AttributeValue> {
    let request = local.client.get_item().table_name(TABLE);
    let request = request.key("pk", AttributeValue::S("PACK#p5-0".to_owned()));
    let request = request.key("sk", AttributeValue::S("ACCT#shop#a_5f0c3b9e".to_owned()));
    request.send().await.unwrap().item.expect("the poll state")
}

/// AJIO's feeds, five of which have a pause.
#[tokio::test]
async fn a_poll_state_of_many_feeds_is_at_most_400_bytes() {
    let (local, _) = empty_table().await;
    connect(&local, "a_5f0c3b9e", "p5-0", 0).await;
    let mut state = poll_state("a_5f0c3b9e", "p5-0");
    let paused = ["recent", "moving", "returns", "published", "unpublished"];
    for feed in ["pendency", "open"].into_iter().chain(paused) {
        state.seen.insert(feed.to_owned(), u64::MAX);
    }
    for feed in paused {
        state.changed.insert(feed.to_owned(), at(NOON));
    }
    local.table.put_seen(&state).await.unwrap();
    let size = crate::units::size_of(&stored(&local).await);
    assert!(size <= 400, "{size} bytes");
}

#[tokio::test]
async fn an_account_moves_to_another_pack_whole() {
    let (local, _) = empty_table().await;
    connect(&local, "a_1", "p5-0", 0).await;
    let state = seen(&poll_state("a_1", "p5-0"));
    local.table.put_seen(&state).await.unwrap();

    let mut account = local
        .table
        .account(&shop(), &id("a_1"))
        .await
        .unwrap()
        .unwrap();
    account.settings.orders_every_minutes = 1;
    account.pack = id("p1-0");

    local.table.move_to_pack(&state, &account).await.unwrap();

    assert_eq!(local.table.poll_states(&id("p5-0")).await, Ok(vec![]));
    let moved = PollState {
        pack: id("p1-0"),
        ..state.clone()
    };
    assert_eq!(local.table.poll_states(&id("p1-0")).await, Ok(vec![moved]));
    let packs = local.table.packs().await.unwrap();
    let counts = packs
        .iter()
        .map(|pack| (pack.id.as_str(), pack.every_minutes, pack.accounts));
    assert_eq!(counts.collect::<Vec<_>>(), [("p1-0", 1, 1), ("p5-0", 5, 0)]);
    account.version = 2;
    let stored = local.table.account(&shop(), &id("a_1")).await;
    assert_eq!(stored, Ok(Some(account.clone())));

    // Whoever still believes the old place cannot move it again, nor bring it back.
    account.pack = id("p1-1");
    let again = local.table.move_to_pack(&state, &account).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    local.table.put_seen(&state).await.unwrap();
    assert_eq!(local.table.poll_states(&id("p5-0")).await, Ok(vec![]));
    assert_eq!(local.table.poll_states(&id("p1-1")).await, Ok(vec![]));
}

#[tokio::test]
async fn an_account_that_changed_meanwhile_does_not_move() {
    let (local, _) = empty_table().await;
    connect(&local, "a_1", "p5-0", 0).await;
    let read = local
        .table
        .account(&shop(), &id("a_1"))
        .await
        .unwrap()
        .unwrap();
    local.table.put_account(&read).await.unwrap();

    let mut late = read;
    late.pack = id("p1-0");
    let state = poll_state("a_1", "p5-0");
    let moved = local.table.move_to_pack(&state, &late).await;

    assert!(matches!(moved, Err(StoreError::Conflict(_))), "{moved:?}");
    assert_eq!(local.table.poll_states(&id("p5-0")).await, Ok(vec![state]));
    assert_eq!(local.table.packs().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_account_that_is_in_the_pack_already_is_written_and_stays() {
    let (local, _) = empty_table().await;
    connect(&local, "a_1", "p5-0", 0).await;
    let mut account = local
        .table
        .account(&shop(), &id("a_1"))
        .await
        .unwrap()
        .unwrap();
    account.name = "Meesho second".to_owned();

    let state = poll_state("a_1", "p5-0");
    local.table.move_to_pack(&state, &account).await.unwrap();

    account.version = 2;
    let stored = local.table.account(&shop(), &id("a_1")).await;
    assert_eq!(stored, Ok(Some(account)));
    assert_eq!(local.table.packs().await.unwrap()[0].accounts, 1);
    assert_eq!(local.table.poll_states(&id("p5-0")).await, Ok(vec![state]));
}

/// A one-time password stands between connecting and knowing who the account is.
#[tokio::test]
async fn who_the_account_is_may_be_filled_in_later() {
    let (local, _) = empty_table().await;
    let mut state = poll_state("a_1", "p5-0");
    state.marketplace_seller = String::new();
    let new = account("a_1", "p5-0");
    local
        .table
        .connect_account(&new, &login(), &state)
        .await
        .unwrap();

    state.marketplace_seller = "4100001/ab1cd".to_owned();
    local.table.put_seen(&state).await.unwrap();

    assert_eq!(local.table.poll_states(&id("p5-0")).await, Ok(vec![state]));
}

#[tokio::test]
async fn a_pack_whose_id_is_no_interval_and_number_is_refused() {
    let (local, _) = empty_table().await;
    for odd in ["pack", "p0-1", "p5", "p-1", "p300-0"] {
        let connected = local
            .table
            .connect_account(&account("a_1", odd), &login(), &poll_state("a_1", odd))
            .await;
        assert!(
            matches!(connected, Err(StoreError::Corrupt { .. })),
            "{odd}: {connected:?}"
        );
    }
    assert_eq!(local.table.packs().await, Ok(vec![]));
}

#[tokio::test]
async fn a_heartbeat_tells_the_time_and_the_exceptions() {
    let (local, _) = empty_table().await;
    let pack = id("p5-0");
    assert_eq!(local.table.heartbeat(&pack).await, Ok(Heartbeat::default()));

    let missed = |last_success| Missed {
        last_success,
        reason: "the marketplace answered 503".to_owned(),
    };
    let beat = Heartbeat {
        at: Some(at("2026-09-12T12:00:00.123456789Z")),
        missed: BTreeMap::from([
            (id("a_1"), missed(None)),
            (id("a_2"), missed(Some(noon_plus(-300)))),
        ]),
        alone: BTreeMap::from([(id("a_3"), noon_plus(30))]),
        reading: BTreeMap::from([(id("a_2"), at(NOON))]),
    };
    local.table.put_heartbeat(&pack, &beat).await.unwrap();
    assert_eq!(local.table.heartbeat(&pack).await, Ok(beat));

    let well = Heartbeat {
        at: Some(at(NOON)),
        ..Heartbeat::default()
    };
    local.table.put_heartbeat(&pack, &well).await.unwrap();
    assert_eq!(local.table.heartbeat(&pack).await, Ok(well));
    // A heartbeat is no account of the pack.
    assert_eq!(local.table.poll_states(&pack).await, Ok(vec![]));
}
