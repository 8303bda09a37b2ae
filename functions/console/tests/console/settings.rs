//! The settings of one account.

use axum::http::StatusCode;
use haat_domain::{Action, Settings};

use crate::pob::{BHIWANDI, POB, pob_order, two_lines};
use crate::shop::{ADMIN, JAIPUR, PACKER, STRANGER, SURAT, Shop, accepted, now};

const PAGE: &str = "/console/integrations/a_pob";

#[tokio::test]
async fn the_page_of_an_account_shows_what_it_is_set_to() {
    let shop = Shop::with_pob().await;
    insta::assert_snapshot!(shop.get(ADMIN, PAGE).await.text());
}

#[tokio::test]
async fn settings_are_taken_over() {
    let shop = Shop::with_pob().await;
    let form = "name=AJIO+West&orders_every_minutes=7&auto_accept=on&accept_after_minutes=240\
                &invoice_series=HUB&warehouse=w_bhiwandi";
    let answer = shop.post(ADMIN, &format!("{PAGE}/settings"), form).await;
    assert_eq!(
        answer.leads_to(),
        "/console/integrations/a_pob?notice=saved#settings"
    );
    let account = shop.account(POB).await;
    assert_eq!(account.name, "AJIO West");
    let settings = Settings {
        orders_every_minutes: 7,
        auto_accept: true,
        accept_after_minutes: 240,
    };
    assert_eq!(account.settings, settings);
    assert_eq!(account.warehouse, Some(BHIWANDI.parse().unwrap()));
    assert_eq!(account.invoice_series.unwrap().as_str(), "HUB");
    assert_eq!(account.pack.as_str(), "p7-0");
}

#[tokio::test]
async fn a_setting_that_cannot_be_is_refused_by_its_name_and_stays_typed() {
    let shop = Shop::with_pob().await;
    let before = shop.account(POB).await;
    let good = "name=West&orders_every_minutes=7&accept_after_minutes=0";
    for (form, said, typed) in [
        (
            "name=West&orders_every_minutes=often".to_owned(),
            "“Read orders every so many minutes” must be a whole number from 1 to 60.",
            "often",
        ),
        (
            "name=West&orders_every_minutes=61".to_owned(),
            "“Read orders every so many minutes” must be a whole number from 1 to 60.",
            "61",
        ),
        (
            "name=West&orders_every_minutes=7&accept_after_minutes=361".to_owned(),
            "“Accept after so many minutes” must be a whole number from 0 to 360.",
            "361",
        ),
        (
            "name=&orders_every_minutes=7".to_owned(),
            "“Name” must have 1 to 100 characters.",
            "7",
        ),
        (
            format!("{good}&invoice_series=TOO-LONG"),
            "“Own invoice series” must be 1 to 5 letters or digits.",
            "TOO-LONG",
        ),
        (
            format!("{good}&invoice_series=HUB"),
            "Invoice_series needs a warehouse",
            "HUB",
        ),
        (
            format!("{good}&warehouse=w_none"),
            "There is no warehouse w_none.",
            "West",
        ),
    ] {
        let answer = shop.post(ADMIN, &format!("{PAGE}/settings"), &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.text().contains(said), "{}", answer.text());
        let kept = format!(r#"value="{typed}""#);
        assert!(answer.body.contains(&kept), "{form}");
        assert!(answer.body.contains("aria-invalid"), "{form}");
        assert_eq!(shop.account(POB).await, before, "{form}");
    }
}

#[tokio::test]
async fn switches_without_machinery_are_not_shown_and_stay_as_they_are() {
    let shop = Shop::with_pob().await;
    let page = shop
        .get(ADMIN, "/console/integrations/a_surat")
        .await
        .text();
    assert!(
        page.contains("Ask for the label as soon as an order is accepted"),
        "{page}"
    );
    for hidden in [
        "Fetch the invoice",
        "Accept after so many",
        "Own invoice series",
    ] {
        assert!(!page.contains(hidden), "{page}");
    }
    shop.change_account(SURAT, |account| account.courier.auto_documents = true)
        .await;
    let courier = "/console/integrations/a_surat/courier";
    let answer = shop.post(ADMIN, courier, "auto_label=on").await;
    assert_eq!(
        answer.leads_to(),
        "/console/integrations/a_surat?notice=saved#courier"
    );
    let courier = shop.account(SURAT).await.courier;
    assert!(courier.auto_label && courier.auto_documents);
}

#[tokio::test]
async fn automatic_labels_are_asked_for_what_waits() {
    let shop = Shop::with_pob().await;
    let report = two_lines("S1");
    let mut waits = pob_order(&report);
    waits.hear(&accepted(&report, "AJ0001"), now());
    shop.store(&mut waits).await;
    let form = "auto_label=on&auto_documents=on";
    shop.post(ADMIN, &format!("{PAGE}/courier"), form).await;
    assert!(shop.order("a_pob.S1").await.wants(Action::Ship));
    assert!(shop.account(POB).await.courier.auto_documents);
}

#[tokio::test]
async fn only_an_admin_changes_settings_and_only_his_own() {
    let shop = Shop::with_pob().await;
    let before = shop.account(JAIPUR).await;
    let page = shop.get(PACKER, PAGE).await.text();
    assert!(
        page.contains("sign in with a token that has the scope “admin”"),
        "{page}"
    );
    assert!(!page.contains("Change the credentials"), "{page}");
    for form in ["settings", "courier"] {
        let address = format!("/console/integrations/a_jaipur/{form}");
        let typed = "name=Mine&orders_every_minutes=5&auto_label=on";
        let packer = shop.post(PACKER, &address, typed).await;
        assert_eq!(packer.status, StatusCode::FORBIDDEN, "{form}");
        let stranger = shop.post(STRANGER, &address, typed).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND, "{form}");
    }
    assert_eq!(shop.account(JAIPUR).await, before);
    let page = shop.get(STRANGER, PAGE).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}
