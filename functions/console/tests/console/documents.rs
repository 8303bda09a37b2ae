//! Manifests, their papers, and handing over all that is ready.

use axum::http::StatusCode;
use haat_domain::{Action, Manifest, Stage, StoredPaper};
use haat_ports::ManifestStore as _;

use crate::pob::{POB, pob_order, two_lines};
use crate::shop::{ASHA, PACKER, READER, STRANGER, Shop, accepted, at, now};

const PAGE: &str = "/console/documents";
const PAPER: &str = "/console/documents/a_pob/20260912T062000Z-aa/paper";

pub(crate) fn manifest(id: &str, key: Option<&str>, paper: bool) -> Manifest {
    Manifest {
        id: id.parse().unwrap(),
        seller: ASHA.parse().unwrap(),
        account: POB.parse().unwrap(),
        courier: "Delhivery".to_owned(),
        key: key.map(str::to_owned),
        orders: vec!["S1".parse().unwrap(), "S2".parse().unwrap()],
        closed_at: at("2026-09-12T11:50:00+05:30"),
        paper: paper.then(|| StoredPaper {
            file: format!("labels/s_asha/a_pob/manifest-{id}.pdf"),
            sha256: "ab".repeat(32),
            stored_at: now(),
        }),
        version: 0,
    }
}

async fn shop() -> Shop {
    let shop = Shop::with_pob().await;
    for (id, key, paper) in [
        ("20260912T062000Z-aa", Some("M1"), true),
        ("20260912T061000Z-bb", Some("M2"), false),
        ("20260912T060000Z-cc", None, false),
    ] {
        let mut one = manifest(id, key, paper);
        shop.table.put_manifest(&mut one).await.unwrap();
    }
    shop
}

#[tokio::test]
async fn manifests_stand_with_their_papers_or_why_there_is_none() {
    let shop = shop().await;
    insta::assert_snapshot!(shop.get(PACKER, PAGE).await.text());
    let answer = shop.get(PACKER, PAPER).await;
    let file = "labels/s_asha/a_pob/manifest-20260912T062000Z-aa.pdf";
    let link = format!("https://files.example.test/{file}?for=300s");
    assert_eq!(answer.leads_to(), link);
}

#[tokio::test]
async fn a_full_manifest_has_a_page_of_its_own_and_the_list_stays_small() {
    let shop = Shop::with_pob().await;
    for hour in 10..18 {
        let mut one = manifest(&format!("20260912T{hour}0000Z-aa"), Some("M1"), true);
        one.orders = (0..250)
            .map(|number| format!("S9000{number:05}").parse().unwrap())
            .collect();
        shop.table.put_manifest(&mut one).await.unwrap();
    }
    let list = shop.get(PACKER, PAGE).await;
    assert_eq!(list.text().matches("250 orders").count(), 5);
    let earlier = list
        .body
        .split("href=\"")
        .find(|rest| rest.contains("Earlier manifests"));
    let earlier = earlier
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let rest = shop.get(PACKER, &earlier).await.text();
    assert_eq!(rest.matches("250 orders").count(), 3, "{rest}");
    let one = "/console/documents/a_pob/20260912T170000Z-aa";
    let page = shop.get(READER, one).await;
    assert!(page.text().contains("S900000249"));
    assert!(page.body.len() < 100_000, "{}", page.body.len());
    assert_eq!(shop.get(STRANGER, one).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_paper_that_is_not_there_says_why() {
    let shop = shop().await;
    let lost = PAPER.replace("062000Z-aa", "060000Z-cc");
    let answer = shop.get(PACKER, &lost).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let said = "print it from the marketplace's own panel.";
    assert!(
        answer.text().replace("&#39;", "'").contains(said),
        "{}",
        answer.text()
    );
    let reader = shop.get(READER, PAPER).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    let stranger = shop.get(STRANGER, PAPER).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_that_is_ready_is_handed_over_once() {
    let shop = shop().await;
    let report = two_lines("S1");
    let mut ready = pob_order(&report);
    ready.hear(&accepted(&report, "AJ0001"), now());
    ready.stage = Stage::ReadyToShip;
    shop.store(&mut ready).await;
    let all = "/console/documents/a_pob/hand_over";
    let answer = shop.post(PACKER, all, "").await;
    assert_eq!(
        answer.leads_to(),
        "/console/documents?notice=hand_over_all_asked"
    );
    assert!(shop.order("a_pob.S1").await.wants(Action::HandOver));
    let again = shop.post(PACKER, all, "").await;
    assert_eq!(
        again.leads_to(),
        "/console/documents?notice=nothing_to_hand_over"
    );
}

#[tokio::test]
async fn a_marketplace_without_manifests_says_so() {
    let shop = Shop::open().await;
    let page = shop.get(PACKER, PAGE).await.text();
    assert!(
        page.contains("No account hands over through Haat"),
        "{page}"
    );
    let answer = shop
        .post(PACKER, "/console/documents/a_surat/hand_over", "")
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let said = "The marketplace of account a_surat takes no manifests through Haat.";
    assert!(answer.text().contains(said), "{}", answer.text());
    let stranger = shop
        .post(STRANGER, "/console/documents/a_surat/hand_over", "")
        .await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}
