//! One manifest: its orders and its paper.

use axum::extract::{Path, State};
use axum::response::Redirect;
use haat_domain::{AccountId, Manifest, ManifestId, Scope};
use haat_ports::FileError;
use haat_workflows::{PaperRefusal, manifest_link};
use maud::{Markup, html};

use crate::answer::Failure;
use crate::layout::{self, Frame, Place};
use crate::notice::Message;
use crate::session::Visitor;
use crate::words::{account_name, sentence};
use crate::{Console, when};

/// The page of one manifest.
pub(crate) async fn page(
    State(console): State<Console>,
    visitor: Visitor,
    Path((account, id)): Path<(String, String)>,
) -> Result<Markup, Failure> {
    let account: AccountId = account.parse().map_err(|_| Failure::NotFound)?;
    let id: ManifestId = id.parse().map_err(|_| Failure::NotFound)?;
    let store = console.store.as_ref();
    let (frame, manifest) = tokio::try_join!(
        Frame::load(store, &visitor),
        store.manifest(visitor.seller(), &account, &id),
    )?;
    let manifest = manifest.ok_or(Failure::NotFound)?;
    let content = html! {
        header.head {
            div {
                h1 { "Manifest " @if let Some(key) = &manifest.key { span.sku { (key) } } }
                p.quiet {
                    (account_name(&frame.accounts, &account)) " · " (courier(&manifest)) " · closed "
                    (when::moment(manifest.closed_at, visitor.now))
                }
            }
            (paper(&manifest, &visitor))
        }
        p { (manifest.orders.len()) " orders:" }
        ul {
            @for number in &manifest.orders {
                li { a.sku href={ "/console/orders/" (account) "." (number) } { (number) } }
            }
        }
    };
    let place = Some(Place::Documents);
    Ok(layout::page(
        "Manifest",
        place,
        &visitor,
        &frame,
        Message::None,
        content,
    ))
}

/// Who took the parcels.
pub(crate) fn courier(one: &Manifest) -> &str {
    Some(one.courier.as_str())
        .filter(|name| !name.is_empty())
        .unwrap_or("courier not named")
}

/// The link to a manifest's paper, or why there is none.
pub(crate) fn paper(one: &Manifest, visitor: &Visitor) -> Markup {
    html! {
        @if one.paper.is_none() {
            span.quiet {
                @if one.key.is_some() { "not given yet; Haat asks again" }
                @else { "print it from the marketplace's own panel" }
            }
        } @else if visitor.may(Scope::Pack) {
            a.button target="_blank" rel="noopener"
                href={ "/console/documents/" (one.account) "/" (one.id) "/paper" } {
                "Paper" span.unseen { " of " (one.id) }
            }
        } @else { "stored" }
    }
}

/// Leads to a manifest's paper, by a link that works for five minutes.
pub(crate) async fn open_paper(
    State(console): State<Console>,
    visitor: Visitor,
    Path((account, id)): Path<(String, String)>,
) -> Result<Redirect, Failure> {
    visitor.needs(Scope::Pack)?;
    let account: AccountId = account.parse().map_err(|_| Failure::NotFound)?;
    let id: ManifestId = id.parse().map_err(|_| Failure::NotFound)?;
    let (store, files) = (console.store.as_ref(), console.files.as_ref());
    let place = (&account, &id);
    let link = manifest_link(store, files, visitor.seller(), place, visitor.now).await?;
    Ok(Redirect::to(&link.url))
}

impl From<PaperRefusal> for Failure {
    fn from(refusal: PaperRefusal) -> Self {
        let said = sentence(&refusal.to_string());
        match refusal {
            PaperRefusal::NoSuchOrder(_) | PaperRefusal::NoSuchManifest { .. } => Self::NotFound,
            PaperRefusal::Cancelled(_)
            | PaperRefusal::NoInvoice(_)
            | PaperRefusal::NoPaper { .. } => Self::Refused(said),
            PaperRefusal::File(FileError::Missing(_)) => Self::Refused(
                "The paper is no longer kept: papers are kept 180 days. The marketplace's own \
                 panel may still have it."
                    .to_owned(),
            ),
            PaperRefusal::File(error) => Self::Unavailable(error.to_string()),
            PaperRefusal::Store(error) => error.into(),
        }
    }
}
