//! What the seller offers and how much of it; what comes back.

use haat_domain::{Condition, Offer, ReturnKind, ReturnStage};
use haat_ports::{CheckedItem, CreditNote, ErrorKind, ReturnPage, StockLevel};
use haat_sandbox::ajio::{self, NewPob, Options, ReturnModel, ReturnState, State};

use super::shop::Shop;
use crate::pob::{USER, at};

async fn offers(shop: &Shop) -> Vec<Offer> {
    let (offers, mut all) = (shop.line.offers().unwrap(), Vec::new());
    for feed in offers.feeds() {
        let mut cursor = None;
        loop {
            let page = offers.page(*feed, cursor.as_deref()).await.unwrap();
            assert!(page.refused.is_empty(), "{:?}", page.refused);
            all.extend(page.reports);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
    }
    all
}

async fn returns(shop: &Shop) -> ReturnPage {
    let returns = shop.line.returns().unwrap();
    returns.page(returns.feeds()[0], None).await.unwrap()
}

#[tokio::test]
async fn every_variant_is_offered_once_and_its_stock_can_be_set() {
    let shop = Shop::open().await;
    let offers = offers(&shop).await;
    // Four styles in four sizes, one bag, and one belt that buyers do not see.
    assert_eq!(offers.len(), 18);
    let hidden: Vec<_> = offers.iter().filter(|offer| !offer.live).collect();
    assert_eq!(hidden.len(), 1);
    assert_eq!(hidden[0].sku.as_str(), "BELT-BLACK");
    let level = |pieces, offer: &Offer| StockLevel {
        offer: offer.key.clone(),
        pieces,
    };
    let mut levels = vec![level(7, &offers[0]), level(0, &offers[1])];
    levels.push(StockLevel {
        offer: haat_domain::OfferKey {
            product: "1".to_owned(),
            variant: "2".to_owned(),
        },
        pieces: 1,
    });

    let refused = shop.line.stock().unwrap().set(&levels).await.unwrap();

    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].offer, levels[2].offer);
    let stock = |offer: &Offer| shop.control().stock(USER, &offer.key.variant).unwrap();
    assert_eq!((stock(&offers[0]), stock(&offers[1])), (7, 0));
}

#[tokio::test]
async fn an_rto_is_seen_checked_and_billed_back() {
    let shop = Shop::open().await;
    let order = shop.seeded(State::Dispatched, 1).remove(0);
    let control = shop.control();
    let kind = ajio::ReturnKind::Rto;
    let id = control.start_return(order.as_str(), kind).unwrap();
    control.move_return(&id, ReturnState::Delivered).unwrap();

    let page = returns(&shop).await;
    let report = &page.reports[0];
    assert_eq!(
        (report.number.as_str(), &report.order),
        (id.as_str(), &order)
    );
    assert_eq!(report.kind, Some(ReturnKind::Rto));
    assert_eq!(report.stage, Some(ReturnStage::Received));
    let items: Vec<_> = report
        .lines
        .iter()
        .map(|line| CheckedItem {
            item: line.item.clone(),
            order_line: line.order_line.clone(),
            pieces: line.pieces,
            condition: Condition::Good,
            remark: String::new(),
        })
        .collect();
    let seam = shop.line.return_checks().unwrap();
    assert_eq!(seam.sales_invoice(&report.number).await.unwrap(), None);
    seam.check(&report.number, &items).await.unwrap();
    let page = returns(&shop).await;
    assert_eq!(page.reports[0].stage, Some(ReturnStage::Settled));
    let invoice = seam.sales_invoice(&report.number).await.unwrap().unwrap();
    assert!(!invoice.number.is_empty());
}

#[tokio::test]
async fn a_parcel_that_nobody_announced_is_announced_once() {
    let shop = Shop::open().await;
    let number = shop.seeded(State::Dispatched, 1).remove(0);
    let order = shop.order(&number).await;
    let items: Vec<_> = order
        .lines
        .iter()
        .map(|line| CheckedItem {
            item: line.sku.to_string(),
            order_line: line.item.clone().unwrap(),
            pieces: line.quantity,
            condition: Condition::Good,
            remark: "undelivered".to_owned(),
        })
        .collect();
    let seam = shop.line.return_checks().unwrap();
    let made = seam.announce(&number, &items).await.unwrap();
    assert_eq!(returns(&shop).await.reports[0].number, made);
    let again = seam.announce(&number, &items).await.unwrap_err();
    assert_eq!(again.kind, ErrorKind::Rejected);
}

#[tokio::test]
async fn a_credit_note_is_handed_in_where_it_is_the_model() {
    let pob = NewPob {
        returns: ReturnModel::CreditNote,
        ..NewPob::default()
    };
    let options = Options {
        pobs: vec![pob],
        ..Options::default()
    };
    let shop = Shop::with(options, "{}").await;
    let order = shop.seeded(State::Delivered, 1).remove(0);
    let kind = ajio::ReturnKind::CustomerReturn;
    let id = shop.control().start_return(order.as_str(), kind).unwrap();
    shop.control()
        .move_return(&id, ReturnState::Processed)
        .unwrap();
    let report = returns(&shop).await.reports.remove(0);
    assert_eq!(report.kind, Some(ReturnKind::Buyer));
    let note = CreditNote {
        number: report.number,
        note: "CN-1".to_owned(),
        at: at("2026-01-13T10:26:40Z"),
        pdf: b"%PDF-1.4\n".to_vec(),
    };
    let seam = shop.line.return_checks().unwrap();
    seam.credit(&note).await.unwrap();
    let seen = shop.control().returns().remove(0);
    assert_eq!(seen.credit_note.as_deref(), Some("CN-1"));
}
