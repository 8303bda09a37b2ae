//! Accounts that were applied for, and tests of accounts.

use haat_domain::{AccountTest, Check, CheckOutcome, Finding, Registration};
use haat_ports::{AccountTests, Registrations, StoreError};

use crate::sample::{NOON, at, empty_table, id, noon_plus, other_shop, shop};

pub(crate) fn registration(name: &str) -> Registration {
    Registration {
        id: id(name),
        seller: shop(),
        marketplace: id("ajio"),
        name: "AJIO, Mumbai".to_owned(),
        warehouse: None,
        contact: Some("Asha, category team".to_owned()),
        applied_on: jiff::civil::date(2026, 9, 1),
        remind_on: jiff::civil::date(2026, 9, 15),
        version: 0,
    }
}

pub(crate) fn test() -> AccountTest {
    AccountTest {
        seller: shop(),
        account: id("a_1"),
        asked_at: at(NOON),
        done_at: None,
        order: None,
        found: Vec::new(),
    }
}

#[tokio::test]
async fn a_registration_is_kept_changed_and_forgotten() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    for name in ["r_1", "r_2"] {
        table.put_registration(&registration(name)).await.unwrap();
    }
    let again = table.put_registration(&registration("r_1")).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    let read = table
        .registration(&shop(), &id("r_1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.remind_on, jiff::civil::date(2026, 9, 15));
    let mut later = read.clone();
    later.remind_on = jiff::civil::date(2026, 9, 22);
    table.put_registration(&later).await.unwrap();
    let late = table.put_registration(&read).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    assert_eq!(table.registrations(&shop()).await.unwrap().len(), 2);
    table.drop_registration(&shop(), &id("r_1")).await.unwrap();
    assert_eq!(table.registration(&shop(), &id("r_1")).await, Ok(None));
    assert_eq!(table.registrations(&other_shop()).await, Ok(vec![]));
}

#[tokio::test]
async fn a_test_takes_the_place_of_the_one_before() {
    let (local, _) = empty_table().await;
    let table = &local.table;
    table.put_test(&test()).await.unwrap();
    let done = AccountTest {
        done_at: Some(noon_plus(5)),
        found: vec![Finding {
            check: Check::LogIn,
            outcome: CheckOutcome::Passed,
            said: "the credentials open a session".to_owned(),
        }],
        ..test()
    };
    table.put_test(&done).await.unwrap();
    assert_eq!(table.test_of(&shop(), &id("a_1")).await, Ok(Some(done)));
    assert_eq!(table.test_of(&other_shop(), &id("a_1")).await, Ok(None));
}
