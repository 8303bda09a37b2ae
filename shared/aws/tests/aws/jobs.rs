use haat_domain::Action;
use haat_ports::{EndedJob, JobId, JobProgress, JobRecord, Jobs, Pace, StoreError, WaitingOrders};

use crate::sample::{NOON, at, empty_table, id, noon_plus, shop};

fn idle() -> JobRecord {
    JobRecord::idle(shop(), id("a_1"), Action::Ship)
}

#[tokio::test]
async fn an_account_without_a_job_has_an_idle_one() {
    let (local, _) = empty_table().await;

    let none = local.table.job(&shop(), &id("a_1"), Action::Ship).await;

    assert_eq!(none, Ok(idle()));
}

#[tokio::test]
async fn every_progress_comes_back_as_it_was() {
    let (local, _) = empty_table().await;
    let since = at("2026-09-12T12:00:00.123456789Z");
    let before = Some(JobId("job-7".to_owned()));
    let job = JobId("job-8".to_owned());
    let states = [
        JobProgress::Idle,
        JobProgress::Asking {
            since,
            before: None,
        },
        JobProgress::Unknown { since, before },
        JobProgress::Running { since, job },
    ];
    let mut record = idle();
    record.orders = vec![id("299_1"), id("299_2")];
    record.asked = vec![id("299_3")];
    record.filed = Some(JobId("job-6".to_owned()));
    record.since = Some(at(NOON));
    record.trouble = Some("the marketplace answered 503".to_owned());
    record.pace = Some(Pace {
        orders: 1996,
        seconds: 46,
    });
    record.ended = Some(EndedJob {
        asked_at: at(NOON),
        reason: "the job failed".to_owned(),
    });
    record.unfiled = Some("page 7 is smudged".to_owned());
    record.brought = true;
    // A reminder is told from others by its very time, nanoseconds included.
    record.wake = Some(at("2026-09-12T12:05:00.987654321Z"));
    for (count, progress) in (1..).zip(states) {
        record.progress = progress;
        local.table.put_job(&mut record).await.unwrap();

        assert_eq!(record.version, count);
        let stored = local.table.job(&shop(), &id("a_1"), Action::Ship).await;
        assert_eq!(stored.as_ref(), Ok(&record));
    }
    let other = local.table.job(&shop(), &id("a_1"), Action::Accept).await;
    assert_eq!(other.unwrap().version, 0);
}

#[tokio::test]
async fn of_two_who_want_to_ask_one_loses() {
    let (local, _) = empty_table().await;
    let (mut one, mut other) = (idle(), idle());
    one.progress = JobProgress::Asking {
        since: at(NOON),
        before: None,
    };
    other.progress = JobProgress::Asking {
        since: noon_plus(1),
        before: None,
    };

    local.table.put_job(&mut one).await.unwrap();
    let late = local.table.put_job(&mut other).await;

    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    assert_eq!(other.version, 0);
    let stored = local.table.job(&shop(), &id("a_1"), Action::Ship).await;
    assert_eq!(stored, Ok(one));
}

fn note(due: i64, name: &str, orders: &[&str]) -> WaitingOrders {
    WaitingOrders {
        due: noon_plus(due),
        name: name.to_owned(),
        since: at(NOON),
        orders: orders.iter().map(|number| id(number)).collect(),
    }
}

#[tokio::test]
async fn waiting_orders_come_when_they_are_due_the_earliest_first() {
    let (local, _) = empty_table().await;
    let (shop, account) = (shop(), id("a_1"));
    let work = (&shop, &account, Action::Ship);
    let late = note(600, "c", &["299_5"]);
    let soon = note(60, "b", &["299_3", "299_4"]);
    let now = note(0, "a", &["299_1", "299_2"]);
    for note in [&late, &soon, &now, &now] {
        local.table.put_waiting(work, note).await.unwrap();
    }
    let other = (&shop, &account, Action::Accept);
    local.table.put_waiting(other, &now).await.unwrap();

    let due = local.table.waiting(work, noon_plus(60), 10).await;
    assert_eq!(due, Ok(vec![now.clone(), soon.clone()]));
    let first = local.table.waiting(work, noon_plus(60), 1).await;
    assert_eq!(first, Ok(vec![now.clone()]));
    let all = local.table.waiting(work, jiff::Timestamp::MAX, 10).await;
    assert_eq!(all, Ok(vec![now.clone(), soon.clone(), late.clone()]));

    local.table.drop_waiting(work, &now).await.unwrap();
    local.table.drop_waiting(work, &now).await.unwrap();
    let left = local.table.waiting(work, jiff::Timestamp::MAX, 10).await;
    assert_eq!(left, Ok(vec![soon, late]));
    let others = local.table.waiting(other, noon_plus(0), 10).await;
    assert_eq!(others, Ok(vec![now]));
}

#[tokio::test]
async fn a_sellers_work_is_seen_at_once_and_nobody_elses() {
    let (local, _) = empty_table().await;
    let (shop, account) = (shop(), id("a_1"));
    let mut record = idle();
    record.asked = vec![id("299_1")];
    local.table.put_job(&mut record).await.unwrap();
    let note = note(0, "a", &["299_2"]);
    let accept = (&shop, &account, Action::Accept);
    local.table.put_waiting(accept, &note).await.unwrap();

    let work = local.table.work_of(&shop).await.unwrap();
    assert_eq!(work.records, [record]);
    assert_eq!(work.waiting, [(account, Action::Accept, note)]);
    let none = local.table.work_of(&id("other")).await.unwrap();
    assert_eq!(none, haat_ports::SellerWork::default());
}
