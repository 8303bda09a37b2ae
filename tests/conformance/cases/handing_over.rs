//! Manifests: parcels that one courier takes along together.

use std::collections::BTreeMap;

use haat_domain::Step;
use haat_ports::{ErrorKind, ManifestParcel, MarketplaceError, Shipping};
use haat_tests::between::Weather;

use crate::line::Line;
use crate::stage::{Stage, Standing};

/// So many parcels of one courier that may be fetched, and the courier.
async fn parcels(line: &Line, count: usize) -> (String, Vec<ManifestParcel>) {
    let Some(Shipping::ByOrder(shipping)) = line.connection.shipping() else {
        panic!("manifests without packing order by order: this case does not know them");
    };
    let mut by_courier: BTreeMap<String, Vec<ManifestParcel>> = BTreeMap::new();
    let (courier, parcels) = loop {
        assert!(by_courier.len() < 10, "each parcel has another courier");
        let number = line.stage.seed(Standing::Accepted, 1).remove(0);
        let packed = line.pack(shipping, &number).await;
        let packet = packed.packet.unwrap();
        let courier = packet.courier.unwrap();
        let parcels = by_courier.entry(courier.clone()).or_default();
        parcels.push(ManifestParcel {
            order: number,
            awb: packet.awb.unwrap(),
            invoice: packed.supply.invoice.map(|own| own.number.to_string()),
        });
        if parcels.len() == count {
            break (courier, parcels.clone());
        }
    };
    let numbers: Vec<_> = parcels.iter().map(|parcel| parcel.order.clone()).collect();
    let refused = shipping.make_ready(&numbers).await.unwrap();
    assert!(refused.is_empty(), "{refused:?}");
    (courier, parcels)
}

async fn shipped(line: &Line, parcels: &[ManifestParcel]) {
    for parcel in parcels {
        let report = line.report(&parcel.order).await;
        assert_eq!(report.step, Some(Step::Ship), "{}", parcel.order);
    }
}

pub(super) async fn together(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let (courier, parcels) = parcels(&line, 3).await;
    let manifests = line.connection.manifests().unwrap();
    let closed = manifests.close(&courier, &parcels).await.unwrap();
    assert!(closed.refused.is_empty(), "{:?}", closed.refused);
    shipped(&line, &parcels).await;
    let paper = manifests.paper(&closed.id.unwrap()).await.unwrap();
    assert!(haat_labels::pages(&paper).is_ok(), "its paper opens");
}

/// Whether the parcels of a manifest are told to have left, or the one that cannot is told not to.
pub(super) async fn twice(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let (courier, parcels) = parcels(&line, 2).await;
    let manifests = line.connection.manifests().unwrap();
    manifests.close(&courier, &parcels[..1]).await.unwrap();
    // The first parcel has left already.
    let refused = match manifests.close(&courier, &parcels).await {
        Ok(closed) => closed.refused,
        Err(MarketplaceError {
            kind: ErrorKind::Rejected,
            ..
        }) => return,
        Err(error) => panic!("{error}"),
    };
    assert!(
        refused.iter().any(|one| one.number == parcels[0].order),
        "nobody is on two manifests: {refused:?}"
    );
    assert!(refused.iter().all(|one| !one.said.is_empty()), "and why");
    let told = |parcel: &&ManifestParcel| !refused.iter().any(|one| one.number == parcel.order);
    let taken: Vec<_> = parcels.iter().filter(told).cloned().collect();
    shipped(&line, &taken).await;
}

pub(super) async fn lost(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let (courier, parcels) = parcels(&line, 2).await;
    let manifests = line.connection.manifests().unwrap();
    line.turn(Weather::Cut);
    let error = manifests.close(&courier, &parcels).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Ambiguous, "{error}");
    assert_eq!(line.between.calls(), 1, "it was not repeated");
    line.turn(Weather::Fine);
    shipped(&line, &parcels).await;
}

pub(super) async fn too_many(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let (courier, parcels) = parcels(&line, 1).await;
    let most = line.marketplace.descriptor().limits.manifest;
    let parcels = vec![parcels[0].clone(); most + 1];
    line.turn(Weather::Fine);
    let manifests = line.connection.manifests().unwrap();
    let error = manifests.close(&courier, &parcels).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    assert_eq!(line.between.calls(), 0, "nothing was sent");
}
