//! Accounts and their health in words.

use std::collections::BTreeMap;

use haat_domain::{Action, AttentionReason, Health};
use haat_ports::{Accounts, JobRecord, Jobs, Missed, Pace};

use crate::shop::{ASHA, JAIPUR, PACKER, READER, SURAT, Shop, at};

const INTEGRATIONS: &str = "/console/integrations";
const READ_AT: &str = "2026-09-12T13:57:30+05:30";

#[tokio::test]
async fn a_card_says_in_words_how_the_account_is() {
    let shop = Shop::open().await;
    shop.beat(at(READ_AT), BTreeMap::new()).await;
    shop.trouble(JAIPUR, AttentionReason::LoginRefused, "invalid credentials")
        .await;
    insta::assert_snapshot!(shop.get(PACKER, INTEGRATIONS).await.text());
}

/// The account in Surat was missed by the last look, and read whole at this time.
async fn missed(last_success: &str) -> Shop {
    let shop = Shop::open().await;
    let missed = Missed {
        last_success: Some(at(last_success)),
        reason: "meesho listOrders: too many requests (429)".to_owned(),
    };
    let missed = BTreeMap::from([(SURAT.parse().unwrap(), missed)]);
    shop.beat(at(READ_AT), missed).await;
    shop
}

#[tokio::test]
async fn an_account_that_was_not_read_last_time_says_why() {
    let shop = missed("2026-09-12T13:50:00+05:30").await;
    let page = shop.get(PACKER, INTEGRATIONS).await.text();
    assert!(
        page.contains("Connected, but the last look failed"),
        "{page}"
    );
    assert!(
        page.contains("too many requests (429). Haat tries again by itself."),
        "{page}"
    );
    assert!(page.contains("Last orders 10 min ago."), "{page}");
}

#[tokio::test]
async fn an_account_that_was_not_read_for_long_says_so_on_every_page() {
    let shop = missed("2026-09-12T12:00:00+05:30").await;
    let orders = shop.get(PACKER, "/console/orders").await.text();
    let said = "Meesho, Surat: Orders were not read since 12:00. See what to do";
    assert!(orders.contains(said), "{orders}");
    let page = shop.get(PACKER, INTEGRATIONS).await.text();
    assert!(page.contains("Orders not read since 12:00."), "{page}");
    assert!(page.contains("too many requests (429)"), "{page}");
    assert!(page.contains("[Sync now Meesho, Surat]"), "{page}");
}

#[tokio::test]
async fn when_nobody_looks_at_all_every_account_says_so() {
    let shop = Shop::open().await;
    shop.beat(at("2026-09-12T13:00:00+05:30"), BTreeMap::new())
        .await;
    let page = shop.get(PACKER, INTEGRATIONS).await.text();
    assert_eq!(
        page.matches("Orders not read since 13:00.").count(),
        2,
        "{page}"
    );
    assert!(page.contains("Nobody has looked for too long."), "{page}");
}

#[tokio::test]
async fn a_backlog_is_one_sentence_with_an_estimate() {
    let shop = Shop::open().await;
    let noon = at("2026-09-12T12:00:00+05:30");
    let id = |text: &str| text.parse().unwrap();
    let mut record = JobRecord::idle(ASHA.parse().unwrap(), SURAT.parse().unwrap(), Action::Ship);
    record.asked = vec![id("299000000000000001_1"), id("299000000000000002_1")];
    record.since = Some(noon);
    record.pace = Some(Pace {
        orders: 1,
        seconds: 600,
    });
    shop.table.put_job(&mut record).await.unwrap();

    let page = shop.get(PACKER, INTEGRATIONS).await.text();
    let said = "2 orders wait for their labels since 12:00; done about 14:20, an estimate.";
    assert!(page.contains(said), "{page}");

    record.trouble = Some("meesho: 429".to_owned());
    shop.table.put_job(&mut record).await.unwrap();
    let page = shop.get(PACKER, INTEGRATIONS).await.text();
    let said = "2 orders wait for their labels since 12:00. Held up: meesho: 429.";
    assert!(page.contains(said), "{page}");
}

#[tokio::test]
async fn trouble_stands_on_every_page_with_the_way_to_the_remedy() {
    let shop = Shop::open().await;
    for page in [
        "/console/orders",
        INTEGRATIONS,
        "/console/failed",
        "/console/search?q=x",
    ] {
        let calm = shop.get(PACKER, page).await.body;
        assert!(!calm.contains("class=\"banner\""), "{page}");
    }
    shop.trouble(SURAT, AttentionReason::OtpRequired, "").await;
    for page in [
        "/console/orders",
        INTEGRATIONS,
        "/console/failed",
        "/console/search?q=x",
    ] {
        let answer = shop.get(PACKER, page).await;
        let said = "Meesho, Surat: Needs the one-time password since 09:12. See what to do";
        assert!(answer.text().contains(said), "{page}: {}", answer.text());
        assert!(
            answer
                .body
                .contains("href=\"/console/integrations#a_surat\""),
            "{page}"
        );
    }
}

#[tokio::test]
async fn sync_now_asks_for_a_poll() {
    let shop = Shop::open().await;
    let answer = shop
        .post(PACKER, "/console/integrations/a_surat/sync", "")
        .await;
    assert_eq!(
        answer.leads_to(),
        "/console/integrations?notice=sync_asked#a_surat"
    );
    let polls = shop.sent.polls.lock().unwrap().clone();
    assert_eq!(polls.len(), 1);
    assert_eq!(polls[0].account, Some(SURAT.parse().unwrap()));
    let page = shop.get(READER, INTEGRATIONS).await.body;
    assert!(
        !page.contains("/sync"),
        "whoever may only look has no button"
    );
}

#[tokio::test]
async fn a_refused_login_is_not_tried_again_as_it_is() {
    let shop = Shop::open().await;
    shop.trouble(SURAT, AttentionReason::LoginRefused, "no")
        .await;
    let page = shop.get(PACKER, INTEGRATIONS).await.body;
    assert!(!page.contains("/console/integrations/a_surat/sync"));
    assert!(page.contains("/console/integrations/a_jaipur/sync"));

    let answer = shop
        .post(PACKER, "/console/integrations/a_surat/sync", "")
        .await;
    assert_eq!(
        answer.leads_to(),
        "/console/integrations?notice=account_stands#a_surat"
    );
    assert!(shop.sent.polls.lock().unwrap().is_empty());
}

#[tokio::test]
async fn sync_now_ends_a_standstill_that_trying_again_may_end() {
    let shop = Shop::open().await;
    shop.trouble(SURAT, AttentionReason::Blocked, "403").await;
    let page = shop.get(PACKER, INTEGRATIONS).await.body;
    assert!(page.contains("/console/integrations/a_surat/sync"));
    shop.post(PACKER, "/console/integrations/a_surat/sync", "")
        .await;
    let (seller, id) = (ASHA.parse().unwrap(), SURAT.parse().unwrap());
    let account = shop.table.account(&seller, &id).await.unwrap().unwrap();
    assert_eq!(account.health, Health::Connected);
}

#[tokio::test]
async fn without_an_account_the_page_says_how_to_connect_one() {
    let shop = Shop::bare().await;
    let page = shop.get(PACKER, INTEGRATIONS).await.text();
    assert!(page.contains("No marketplace is connected yet"), "{page}");
    assert!(page.contains("Connect another account") || page.contains("Connect an account"));
}
