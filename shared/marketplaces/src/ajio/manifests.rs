//! Handing parcels over with AJIO's manifests.

use async_trait::async_trait;
use haat_ports::{ClosedManifest, ErrorKind, ManifestParcel, Manifests, MarketplaceError};

use super::client::Operation;
use super::papers::{GET_MANIFEST, Paper};
use super::wire::{ManifestItem, ManifestRequest, ManifestResult};
use super::{Line, translate};

const CREATE_MANIFEST: Operation = Operation::starts("ajio createManifest", |profile| {
    &profile.paths.create_manifest
});

#[async_trait]
impl Manifests for Line {
    async fn close(
        &self,
        courier: &str,
        parcels: &[ManifestParcel],
    ) -> Result<ClosedManifest, MarketplaceError> {
        let operation = &CREATE_MANIFEST;
        let most = self.client.profile.max_manifest_orders;
        if !(1..=most).contains(&parcels.len()) {
            let said = format!(
                "{} parcels on one manifest, 1 to {most} are allowed; nothing was sent",
                parcels.len()
            );
            return Err(operation.error(ErrorKind::Rejected, said));
        }
        let request = ManifestRequest {
            carrier: courier,
            manifest_items: parcels.iter().map(item).collect(),
        };
        let answer: ManifestResult = self.client.post(self, operation, &request).await?;
        let asked: Vec<_> = parcels.iter().map(|parcel| &parcel.order).collect();
        translate::closed(&self.client.profile, &asked, answer)
            .map_err(|trouble| operation.trouble(trouble))
    }

    async fn paper(&self, id: &str) -> Result<Vec<u8>, MarketplaceError> {
        let paper = Paper {
            operation: &GET_MANIFEST,
            document: &self.client.profile.documents.manifest,
            key: ("manifestId", id),
        };
        Line::paper(self, &paper).await
    }
}

fn item(parcel: &ManifestParcel) -> ManifestItem<'_> {
    ManifestItem {
        order_id: parcel.order.as_str(),
        tracking_number: parcel.awb.as_str(),
        invoice_number: parcel.invoice.as_deref(),
    }
}
