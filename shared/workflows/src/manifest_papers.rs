//! Fetching and storing the papers of closed manifests.

use haat_domain::{Manifest, StoredPaper};
use haat_ports::{ErrorKind, Manifests};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::account_work::Work;
use crate::work_on_jobs::{LATER, WorkError};

/// Manifests whose papers are looked after: what is older and has none will not get one.
const LATEST: u32 = 20;
const AWAITED: SignedDuration = SignedDuration::from_hours(24);

/// Stores the papers that are missing. `Some`: one is not there yet, look again then.
pub(crate) async fn fetch(
    work: &Work<'_>,
    manifests: &dyn Manifests,
) -> Result<Option<SignedDuration>, WorkError> {
    let (seller, account) = (&work.account.seller, &work.account.id);
    let store = &work.desk.hub.store;
    let latest = store.manifests(seller, account, None, LATEST).await?.items;
    let now = work.now();
    let is_awaited = |manifest: &Manifest| {
        let young = now.duration_since(manifest.closed_at) < AWAITED;
        manifest.paper.is_none() && young
    };
    let mut again = None;
    for mut manifest in latest.into_iter().filter(is_awaited) {
        let Some(key) = manifest.key.clone() else {
            continue;
        };
        match manifests.paper(&key).await {
            Ok(pdf) => {
                manifest.paper = Some(store_paper(work, &manifest, pdf).await?);
                store.put_manifest(&mut manifest).await?;
            }
            Err(error) => match error.kind {
                ErrorKind::NotReady
                | ErrorKind::NotFound
                | ErrorKind::Malformed
                | ErrorKind::Rejected => {
                    tracing::warn!(%account, manifest = %manifest.id, %error, "no paper yet");
                    again = Some(LATER);
                }
                ErrorKind::Auth
                | ErrorKind::Attention(_)
                | ErrorKind::RateLimited
                | ErrorKind::Unavailable
                | ErrorKind::Ambiguous => return Err(error.into()),
            },
        }
    }
    Ok(again)
}

async fn store_paper(
    work: &Work<'_>,
    manifest: &Manifest,
    pdf: Vec<u8>,
) -> Result<StoredPaper, WorkError> {
    let sha256 = hex::encode(Sha256::digest(&pdf));
    let content: String = sha256.chars().take(16).collect();
    let (seller, account, id) = (&manifest.seller, &manifest.account, &manifest.id);
    let file = format!("labels/{seller}/{account}/manifest-{id}-{content}.pdf");
    work.desk.files.put(&file, pdf, "application/pdf").await?;
    Ok(StoredPaper {
        file,
        sha256,
        stored_at: work.now(),
    })
}
