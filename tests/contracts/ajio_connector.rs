//! What the AJIO connector sends, and what the double answers it, judged by the contract.

use std::collections::{BTreeMap, BTreeSet};

use haat_domain::{Condition, Parcel};
use haat_ports::{CheckedItem, Clock, CreditNote, ManifestParcel, Packing, StockLevel};
use haat_sandbox::ajio::{ReturnKind, ReturnState, State};

use crate::judged::{Judged, StoppedClock};

impl Judged {
    /// An order from the pendency to the courier, one piece of it left out.
    async fn ship(&self) {
        let (orders, shipping) = (self.line.orders(), self.shipping());
        shipping.may_ship().await.unwrap();
        let number = self.seeded(State::Pendency);
        orders.page(orders.feeds()[0], None).await.unwrap();
        let order = self.order(&number).await;
        let left_out = order.lines[0].item.clone().unwrap();
        let without = BTreeMap::from([(left_out, 1)]);
        shipping.accept(&order, &without).await.unwrap();
        self.ajio.control().raise_po(number.as_str()).unwrap();
        let packing = Packing {
            parcel: Parcel {
                weight_grams: 350,
                length_mm: 305,
                breadth_mm: 250,
                height_mm: 30,
            },
            invoice: Some("HUB/26-27/00123".parse().unwrap()),
            invoiced_at: StoppedClock.now(),
        };
        let order = self.order(&number).await;
        let packed = shipping.pack(&order, &packing).await.unwrap();
        let packet = packed.packet.unwrap();
        shipping.label(&number).await.unwrap();
        shipping.invoice(&number).await.unwrap();
        shipping
            .make_ready(std::slice::from_ref(&number))
            .await
            .unwrap();
        let parcel = ManifestParcel {
            order: number,
            awb: packet.awb.unwrap(),
            invoice: Some("HUB/26-27/00123".to_owned()),
        };
        let manifests = self.line.manifests().unwrap();
        let closed = manifests.close(&packet.courier.unwrap(), &[parcel]).await;
        let id = closed.unwrap().id.unwrap();
        manifests.paper(&id).await.unwrap();
    }

    async fn cancel(&self) {
        for state in [State::Pendency, State::Confirmed] {
            let order = self.order(&self.seeded(state)).await;
            self.shipping().cancel(&order).await.unwrap();
        }
    }

    async fn take_back(&self) {
        let returns = self.line.returns().unwrap();
        let checks = self.line.return_checks().unwrap();
        let order = self.seeded(State::Dispatched);
        let control = self.ajio.control();
        let id = control
            .start_return(order.as_str(), ReturnKind::Rto)
            .unwrap();
        control.move_return(&id, ReturnState::Delivered).unwrap();
        let page = returns.page(returns.feeds()[0], None).await.unwrap();
        let back = &page.reports[0];
        let items: Vec<_> = back
            .lines
            .iter()
            .map(|line| CheckedItem {
                item: line.item.clone(),
                order_line: line.order_line.clone(),
                pieces: line.pieces,
                condition: Condition::Bad,
                remark: "torn".to_owned(),
            })
            .collect();
        checks.check(&back.number, &items).await.unwrap();
        checks.sales_invoice(&back.number).await.unwrap().unwrap();
        let note = CreditNote {
            number: back.number.clone(),
            note: "CN-1".to_owned(),
            at: StoppedClock.now(),
            pdf: b"%PDF-1.4\n".to_vec(),
        };
        // This POB is on the other model; what is sent is judged all the same.
        checks.credit(&note).await.unwrap_err();
        let lost = self.order(&self.seeded(State::Dispatched)).await;
        let items = lost.lines.iter().map(|line| CheckedItem {
            item: line.sku.to_string(),
            order_line: line.item.clone().unwrap(),
            pieces: 1,
            condition: Condition::Good,
            remark: "undelivered".to_owned(),
        });
        let items: Vec<_> = items.collect();
        checks.announce(&lost.id.number, &items).await.unwrap();
    }

    async fn stock(&self) {
        let offers = self.line.offers().unwrap();
        let mut levels = Vec::new();
        for feed in offers.feeds() {
            let page = offers.page(*feed, None).await.unwrap();
            levels.extend(page.reports.into_iter().map(|offer| StockLevel {
                offer: offer.key,
                pieces: 7,
            }));
        }
        self.line.stock().unwrap().set(&levels).await.unwrap();
    }
}

#[tokio::test]
async fn every_call_of_the_connector_keeps_the_contract() {
    let judged = Judged::open(r#"{"milliseconds_between_calls": 0}"#).await;
    judged.ship().await;
    judged.cancel().await;
    judged.take_back().await;
    judged.stock().await;

    assert_eq!(judged.proxy.violations(), []);
    let all = judged.contract.operations().iter();
    let all: BTreeSet<String> = all.map(|one| one.id.clone()).collect();
    let called = judged.called();
    let left_out: Vec<&str> = all.difference(&called).map(String::as_str).collect();
    assert_eq!(
        left_out,
        [
            "acknowledgeOrderAlias",
            "countProducts",
            "postAuthToken",
            "updateB2bInvoice"
        ],
        "what the connector's README leaves out, and what its profile turns on"
    );
}

#[tokio::test]
async fn what_the_profile_turns_on_keeps_the_contract_too() {
    let profile = r#"{"milliseconds_between_calls": 0, "auth_method": "POST",
                      "ack_path": "/orders/acknowledge", "returns_from": null}"#;
    let judged = Judged::open(profile).await;
    let order = judged.order(&judged.seeded(State::Pendency)).await;
    let accepted = judged.shipping().accept(&order, &BTreeMap::new()).await;
    accepted.unwrap();
    let returns = judged.line.returns().unwrap();
    returns.page(returns.feeds()[0], None).await.unwrap();

    assert_eq!(judged.proxy.violations(), []);
    let called = judged.called();
    for operation in ["postAuthToken", "acknowledgeOrderAlias", "listReturns"] {
        assert!(called.contains(operation), "{operation} was not called");
    }
}
