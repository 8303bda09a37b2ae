use haat_domain::Action;
use haat_ports::{JobId, JobProgress, JobRecord, Jobs, StoreError};

use crate::sample::{NOON, at, empty_table, id, noon_plus, shop};

fn idle() -> JobRecord {
    JobRecord {
        seller: shop(),
        account: id("a_1"),
        action: Action::Ship,
        orders: vec![],
        asked: vec![],
        progress: JobProgress::Idle,
        filed: None,
        wake: None,
        version: 0,
    }
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
