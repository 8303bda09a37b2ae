//! From the pendency to the courier, and what may go wrong between.

use std::collections::BTreeMap;

use haat_domain::{OrderNumber, Stage, Step};
use haat_ports::{ErrorKind, ManifestParcel};
use haat_sandbox::ajio::{CancelledBy, Options, PaymentMethod, Seed, State};
use haat_sandbox::{Fault, FaultKind};

use super::shop::{Shop, packing};
use crate::pob::USER;

#[tokio::test]
async fn an_order_goes_to_the_courier() {
    let shop = Shop::open().await;
    let seed = Seed::new(USER, State::Pendency, 1).payment(PaymentMethod::Cod);
    let number = shop.load(&seed).remove(0);
    assert_eq!(shop.pending().await.unwrap(), std::slice::from_ref(&number));

    let order = shop.bought(&number).await;
    assert_eq!(order.stage, Stage::Accepted);
    assert!(shop.pending().await.unwrap().is_empty());
    let packed = shop.shipping().pack(&order, &packing()).await.unwrap();
    assert_eq!(packed.step, Some(Step::Pack));
    let packet = packed.packet.unwrap();
    let (awb, courier) = (packet.awb.unwrap(), packet.courier.unwrap());
    let seen = shop.control().order(number.as_str()).unwrap();
    assert_eq!(seen.awb.as_deref(), Some(awb.as_str()));
    assert_eq!(seen.b2b_invoice.as_deref(), Some("HUB/26-27/00123"));

    for paper in [
        shop.shipping().label(&number).await.unwrap(),
        shop.shipping().invoice(&number).await.unwrap().unwrap(),
    ] {
        assert!(paper.starts_with(b"%PDF-"));
    }
    let ready = shop
        .shipping()
        .make_ready(std::slice::from_ref(&number))
        .await;
    assert!(ready.unwrap().is_empty());
    let parcel = ManifestParcel {
        order: number.clone(),
        awb,
        invoice: Some("HUB/26-27/00123".to_owned()),
    };
    let manifests = shop.line.manifests().unwrap();
    let closed = manifests.close(&courier, &[parcel]).await.unwrap();
    assert!(closed.refused.is_empty());
    let paper = manifests.paper(&closed.id.unwrap()).await.unwrap();
    assert!(paper.starts_with(b"%PDF-"));

    let report = shop.report(&number).await;
    assert_eq!(
        (report.step, report.word.as_str()),
        (Some(Step::Ship), "DISPATCHED")
    );
    let counters = shop.control().counters();
    assert_eq!(counters.logins_of(USER), 1);
    assert_eq!(counters.manifests_of(number.as_str()).done, 1);
}

#[tokio::test]
async fn pieces_that_are_not_accepted_are_not_packed() {
    let shop = Shop::open().await;
    let seed = Seed::new(USER, State::Pendency, 1).lines(2).quantity(3);
    let number = shop.load(&seed).remove(0);
    let order = shop.order(&number).await;
    let first = order.lines[0].item.clone().unwrap();
    let without = BTreeMap::from([(first, 2)]);

    shop.shipping().accept(&order, &without).await.unwrap();

    shop.control().raise_po(number.as_str()).unwrap();
    let order = shop.order(&number).await;
    let left: Vec<u32> = order.lines.iter().map(|line| line.to_pack()).collect();
    assert_eq!(left, [1, 3]);
    let packed = shop.shipping().pack(&order, &packing()).await.unwrap();
    assert_eq!(packed.word, "PACKED");
    let seen = shop.control().order(number.as_str()).unwrap();
    assert!(seen.lines.iter().all(|line| line.short_picked == 0));
}

#[tokio::test]
async fn a_lost_answer_is_ambiguous_and_the_order_tells() {
    let shop = Shop::open().await;
    let number = shop.seeded(State::Pendency, 1).remove(0);
    let order = shop.order(&number).await;
    shop.fault(Fault::new("acknowledgeOrder", FaultKind::LostResponse));
    let lost = shop.shipping().accept(&order, &BTreeMap::new()).await;
    assert_eq!(lost.unwrap_err().kind, ErrorKind::Ambiguous);
    assert_eq!(shop.report(&number).await.step, Some(Step::Accept));

    shop.control().raise_po(number.as_str()).unwrap();
    let order = shop.order(&number).await;
    shop.fault(Fault::new("generateB2bInvoice", FaultKind::TruncatedJson));
    let lost = shop.shipping().pack(&order, &packing()).await;
    assert_eq!(lost.unwrap_err().kind, ErrorKind::Ambiguous);
    let report = shop.report(&number).await;
    assert_eq!(report.step, Some(Step::Pack));
    assert!(report.packet.unwrap().awb.is_some());
    assert_eq!(shop.calls("generateB2bInvoice"), 1, "nothing was repeated");
}

#[tokio::test]
async fn a_call_that_never_arrived_may_be_made_again() {
    let shop = Shop::open().await;
    let number = shop.seeded(State::Pendency, 1).remove(0);
    let order = shop.order(&number).await;
    shop.fault(Fault::new("acknowledgeOrder", FaultKind::FailedItem));
    let refused = shop.shipping().accept(&order, &BTreeMap::new()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Rejected);
    assert!(refused.said.contains("please try again later"), "{refused}");
    shop.fault(Fault::status("acknowledgeOrder", 429).retry_after(30));
    let throttled = shop.shipping().accept(&order, &BTreeMap::new()).await;
    let throttled = throttled.unwrap_err();
    assert_eq!(throttled.kind, ErrorKind::RateLimited);
    assert_eq!(throttled.retry_after.unwrap().as_secs(), 30);
    shop.shipping()
        .accept(&order, &BTreeMap::new())
        .await
        .unwrap();
}

#[tokio::test]
async fn an_order_that_the_consumer_cancelled_cannot_be_accepted() {
    let shop = Shop::open().await;
    let number = shop.seeded(State::Pendency, 1).remove(0);
    let order = shop.order(&number).await;
    let control = shop.control();
    control
        .cancel(number.as_str(), CancelledBy::Consumer)
        .unwrap();
    let refused = shop.shipping().accept(&order, &BTreeMap::new()).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Rejected);
    let report = shop.report(&number).await;
    assert_eq!(report.step, Some(Step::Cancel));
    assert_eq!(report.reason.as_deref(), Some("cancelled by buyer"));
}

#[tokio::test]
async fn the_seller_cancels_before_and_after_accepting_and_not_after_packing() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Pendency, 3);
    let [pending, accepted, packed] = numbers.as_slice() else {
        panic!("three orders");
    };
    let order = shop.order(pending).await;
    shop.shipping().cancel(&order).await.unwrap();
    let order = shop.bought(accepted).await;
    shop.shipping().cancel(&order).await.unwrap();
    let order = shop.bought(packed).await;
    shop.shipping().pack(&order, &packing()).await.unwrap();
    let late = shop.shipping().cancel(&order).await.unwrap_err();
    assert_eq!(late.kind, ErrorKind::Rejected);
    for number in [pending, accepted] {
        let report = shop.report(number).await;
        assert_eq!(report.reason.as_deref(), Some("cancelled by seller"));
    }
}

#[tokio::test]
async fn packing_waits_for_the_purchase_order() {
    let shop = Shop::open().await;
    let number = shop.seeded(State::Pendency, 1).remove(0);
    let order = shop.order(&number).await;
    shop.shipping()
        .accept(&order, &BTreeMap::new())
        .await
        .unwrap();
    let waiting = shop.order(&number).await;
    let early = shop.shipping().pack(&waiting, &packing()).await;
    assert_eq!(early.unwrap_err().kind, ErrorKind::NotReady);
    assert_eq!(shop.calls("generateB2bInvoice"), 0);
    shop.control().advance_seconds(900).unwrap();
    let order = shop.order(&number).await;
    shop.shipping().pack(&order, &packing()).await.unwrap();
}

#[tokio::test]
async fn a_second_manifest_names_the_parcels_that_have_gone() {
    let shop = Shop::open().await;
    let gone = shop.seeded(State::Dispatched, 1).remove(0);
    let seen = shop.control().order(gone.as_str()).unwrap();
    let parcel = ManifestParcel {
        order: gone.clone(),
        awb: seen.awb.unwrap().parse().unwrap(),
        invoice: None,
    };
    let manifests = shop.line.manifests().unwrap();
    let closed = manifests.close(&seen.carrier, &[parcel]).await.unwrap();
    let refused: Vec<&OrderNumber> = closed.refused.iter().map(|it| &it.number).collect();
    assert_eq!(refused, [&gone]);
    assert_eq!(closed.id, None);
}

#[tokio::test]
async fn whether_a_pob_may_ship_is_asked_without_an_order() {
    let shop = Shop::with(Options::default(), "{}").await;
    shop.shipping().may_ship().await.unwrap();
    shop.control().set_shipping_access(USER, false).unwrap();
    let refused = shop.shipping().may_ship().await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Rejected);
    assert!(refused.said.contains("AJIO account manager"), "{refused}");
}
