//! Warehouses: added, changed, refused.

use axum::http::StatusCode;

use crate::pob::{BHIWANDI, POB};
use crate::shop::{ADMIN, PACKER, STRANGER, Shop};

const PAGE: &str = "/console/warehouses";
const GOOD: &str = "line1=Plot+7&city=Pune&pin=411001&gstin=27AABCR1718E1ZP";

#[tokio::test]
async fn a_warehouse_says_where_it_is_and_who_leaves_from_it() {
    let shop = Shop::with_pob().await;
    shop.change_account(POB, |account| {
        account.warehouse = Some(BHIWANDI.parse().unwrap());
    })
    .await;
    insta::assert_snapshot!(shop.get(PACKER, PAGE).await.text());
}

#[tokio::test]
async fn one_is_added_and_changed_by_an_admin() {
    let shop = Shop::with_pob().await;
    let added = shop.post(ADMIN, PAGE, &format!("name=Pune&{GOOD}")).await;
    let place = added.leads_to().to_owned();
    let (_, id) = place.split_once('#').unwrap();
    let change = format!("name=Pune+West&invoice_format=HUB%2F26-27&{GOOD}");
    let changed = shop.post(ADMIN, &format!("{PAGE}/{id}"), &change).await;
    assert_eq!(changed.leads_to(), place);
    let pune = shop.warehouses().await;
    let pune = pune.iter().find(|one| one.id.as_str() == id).unwrap();
    assert_eq!(pune.name, "Pune West");
    assert_eq!(pune.invoice_format.as_deref(), Some("HUB/26-27"));
    assert_eq!(pune.gstin.state(), Some("Maharashtra"));

    let packer = shop.post(PACKER, PAGE, &format!("name=X&{GOOD}")).await;
    assert_eq!(packer.status, StatusCode::FORBIDDEN);
    let stranger = shop.post(STRANGER, &format!("{PAGE}/{id}"), &change).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn bad_input_is_refused_by_its_name_stays_typed_and_changes_nothing() {
    let shop = Shop::with_pob().await;
    let before = shop.warehouses().await;
    for (form, said, typed) in [
        (
            format!("name=&{GOOD}"),
            "“Name” must have 1 to 100 characters.",
            "Plot 7",
        ),
        (
            "name=Pune&city=Pune&pin=011001&gstin=27AABCR1718E1ZP".to_owned(),
            "“PIN code” must be six digits, the first not 0.",
            "011001",
        ),
        (
            "name=Pune&city=Pune&pin=411001&gstin=27AABCR1718E1ZQ".to_owned(),
            "“GSTIN” must be fifteen characters as on the GST certificate, with a right last one.",
            "27AABCR1718E1ZQ",
        ),
    ] {
        for address in [PAGE.to_owned(), format!("{PAGE}/{BHIWANDI}")] {
            let answer = shop.post(ADMIN, &address, &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(answer.text().contains(said), "{}", answer.text());
            assert!(answer.body.contains(&format!("value=\"{typed}\"")));
        }
        assert_eq!(shop.warehouses().await, before, "{form}");
    }
}

#[tokio::test]
async fn a_second_one_of_the_same_name_is_refused_in_the_workflows_words() {
    let shop = Shop::with_pob().await;
    shop.post(ADMIN, PAGE, &format!("name=Pune&{GOOD}")).await;
    let other = "name=Pune&city=Pimpri&pin=411018&gstin=27AABCR1718E1ZP";
    let answer = shop.post(ADMIN, PAGE, other).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "There is another warehouse of that name already";
    assert!(answer.text().contains(said), "{}", answer.text());
    assert!(answer.body.contains("value=\"Pimpri\""));
}

#[tokio::test]
async fn a_name_is_text_and_never_markup() {
    let shop = Shop::with_pob().await;
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let form = format!("name={hostile}&{GOOD}&line2=%22%3E%3Cimg+src%3Dx%3E");
    shop.post(ADMIN, PAGE, &form).await;
    let refused = shop
        .post(ADMIN, PAGE, &format!("name={hostile}&pin={hostile}"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.body.contains("<script") && !refused.body.contains("<img"));
    for page in [PAGE, "/console/integrations/a_pob"] {
        let body = shop.get(ADMIN, page).await.body;
        assert!(
            body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{page}"
        );
        assert!(
            !body.contains("<script") && !body.contains("<img"),
            "{page}"
        );
    }
}
