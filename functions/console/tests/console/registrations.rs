//! Accounts that wait for a marketplace's approval, and how far the others' set-up is.

use axum::http::StatusCode;
use haat_domain::{MayShip, Registration, Tested};
use haat_ports::Registrations as _;

use crate::pob::{BHIWANDI, POB};
use crate::shop::{ADMIN, ASHA, PACKER, SURAT, Shop, at, now};

const INTEGRATIONS: &str = "/console/integrations";
const CARD: &str = "/console/registrations/r_delhi";

/// One whose reminder was for yesterday, in India, and one for the day after tomorrow.
async fn shop() -> Shop {
    let shop = Shop::with_pob().await;
    for (id, name, remind_on) in [
        ("r_delhi", "AJIO, Delhi", "2026-09-11"),
        ("r_pune", "AJIO, Pune", "2026-09-14"),
    ] {
        let waits = Registration {
            id: id.parse().unwrap(),
            seller: ASHA.parse().unwrap(),
            marketplace: "ajio".parse().unwrap(),
            name: name.to_owned(),
            warehouse: None,
            contact: Some("R. Iyer".to_owned()),
            applied_on: "2026-09-08".parse().unwrap(),
            remind_on: remind_on.parse().unwrap(),
            version: 0,
        };
        shop.table.put_registration(&waits).await.unwrap();
    }
    shop
}

async fn delhi(shop: &Shop) -> Option<Registration> {
    let (seller, id) = (ASHA.parse().unwrap(), "r_delhi".parse().unwrap());
    shop.table.registration(&seller, &id).await.unwrap()
}

#[tokio::test]
async fn cards_show_the_four_steps_and_whom_to_ask() {
    let shop = shop().await;
    shop.change_account(SURAT, |account| {
        account.may_ship = MayShip::Yes(now());
        account.tested = Some(Tested {
            at: now(),
            passed: true,
        });
    })
    .await;
    shop.change_account(POB, |account| {
        account.warehouse = Some(BHIWANDI.parse().unwrap());
        account.may_ship = MayShip::No {
            since: at("2026-09-12T09:12:00+05:30"),
            said: "ajio: no shipping API access (403)".to_owned(),
        };
    })
    .await;
    insta::assert_snapshot!(shop.get(ADMIN, INTEGRATIONS).await.text());
}

#[tokio::test]
async fn the_first_page_reminds_from_the_day_on_and_not_before() {
    let shop = shop().await;
    let page = shop.get(PACKER, "/console/orders").await.text();
    assert!(
        page.contains("“AJIO, Delhi” waits for approval at Ajio: ask R. Iyer now."),
        "{page}"
    );
    assert!(!page.contains("AJIO, Pune"), "{page}");
}

#[tokio::test]
async fn another_reminder_is_taken_over() {
    let shop = shop().await;
    let form = "contact=S.+Nair&remind_on=2026-09-20&warehouse=w_bhiwandi";
    let answer = shop.post(ADMIN, CARD, form).await;
    assert_eq!(
        answer.leads_to(),
        "/console/integrations?notice=saved#r_delhi"
    );
    let changed = delhi(&shop).await.unwrap();
    assert_eq!(changed.contact.as_deref(), Some("S. Nair"));
    assert_eq!(changed.remind_on, "2026-09-20".parse().unwrap());
    assert_eq!(changed.warehouse, Some(BHIWANDI.parse().unwrap()));
}

#[tokio::test]
async fn a_reminder_that_cannot_be_is_refused_and_stays_typed() {
    let shop = shop().await;
    let before = delhi(&shop).await;
    for (form, said) in [
        (
            "contact=S.+Nair&remind_on=soon",
            "“Remind on” must be a day, as 2026-11-25.",
        ),
        (
            "contact=S.+Nair&remind_on=2026-09-01",
            "“Remind on” must not lie before the day it was applied for.",
        ),
        (
            "contact=S.+Nair&remind_on=2026-09-20&warehouse=w_none",
            "There is no warehouse w_none.",
        ),
    ] {
        let answer = shop.post(ADMIN, CARD, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.text().contains(said), "{}", answer.text());
        assert!(answer.body.contains(r#"value="S. Nair""#), "{form}");
        assert_eq!(delhi(&shop).await, before, "{form}");
    }
}

#[tokio::test]
async fn what_came_to_nothing_is_forgotten_by_an_admin_alone() {
    let shop = shop().await;
    let refused = shop.post(PACKER, &format!("{CARD}/forget"), "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(delhi(&shop).await.is_some());
    let done = shop.post(ADMIN, &format!("{CARD}/forget"), "").await;
    assert_eq!(done.leads_to(), "/console/integrations?notice=forgotten");
    assert_eq!(delhi(&shop).await, None);
    let gone = shop.post(ADMIN, &format!("{CARD}/forget"), "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
