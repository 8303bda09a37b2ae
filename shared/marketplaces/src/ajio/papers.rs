//! Papers: label, AJIO's invoice to the consumer, manifest. AJIO may send one as PDF, within JSON or
//! as an address; what counts is that it is the paper that was asked for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haat_ports::{ErrorKind, MarketplaceError};

use super::Line;
use super::client::{self, Operation};
use super::wire::Document;
use crate::fields::filled;
use crate::http::Kind;
use crate::pdf::{self, Wanted};

pub(super) const GET_LABEL: Operation =
    Operation::paper("ajio getLabel", |profile| &profile.paths.get_label);
pub(super) const GET_B2C_INVOICE: Operation = Operation::paper("ajio getB2cInvoice", |profile| {
    &profile.paths.get_b2c_invoice
});
pub(super) const GET_MANIFEST: Operation =
    Operation::paper("ajio getManifest", |profile| &profile.paths.get_manifest);

/// A paper to be fetched.
pub(super) struct Paper<'a> {
    pub(super) operation: &'a Operation,
    /// What AJIO calls this kind.
    pub(super) document: &'a str,
    /// The parameter that names it, and its value.
    pub(super) key: (&'static str, &'a str),
}

impl Line {
    /// A paper: bytes that begin like a PDF, and no more than the profile allows.
    pub(super) async fn paper(&self, paper: &Paper<'_>) -> Result<Vec<u8>, MarketplaceError> {
        let operation = paper.operation;
        let answer = self.client.ask(self, operation, &[paper.key]).await?;
        let wanted = Wanted {
            operation: operation.name,
            limit: self.client.profile.max_document_bytes,
            limit_name: "max_document_bytes",
            fresh: "ask for it again",
        };
        if answer.kind == Kind::Pdf {
            return pdf::checked(&wanted, answer.body);
        }
        match source(paper, client::read(operation, &answer.body)?) {
            Ok(Source::Content(text)) => pdf::checked(&wanted, decoded(operation, &text)?),
            Ok(Source::Address(address)) => self.client.pdf(&wanted, &address).await,
            Err(why) => Err(operation.error(ErrorKind::Malformed, why)),
        }
    }

    /// Asks whether this account may ship, by the label of an order that cannot exist: whoever may
    /// not is turned away before AJIO looks for the order. Assumed.
    pub(super) async fn probe(&self) -> Result<(), MarketplaceError> {
        let probe = &self.client.profile.probe_order_id;
        let query = [("orderId", probe.as_str())];
        let asked = self.client.ask(self, &GET_LABEL, &query).await;
        let Err(mut error) = asked else {
            return Ok(());
        };
        match (error.kind, error.code.as_deref()) {
            (ErrorKind::Rejected, Some("403")) => {
                let ours = "shipping API access is not switched on for this POB: ask your AJIO \
                            account manager";
                error.said = format!("{ours} ({})", error.said);
                Err(error)
            }
            (ErrorKind::NotFound | ErrorKind::NotReady, _) | (ErrorKind::Rejected, Some("400")) => {
                Ok(())
            }
            (
                ErrorKind::Auth
                | ErrorKind::Attention(_)
                | ErrorKind::Rejected
                | ErrorKind::RateLimited
                | ErrorKind::Unavailable
                | ErrorKind::Malformed
                | ErrorKind::Ambiguous,
                _,
            ) => Err(error),
        }
    }
}

enum Source {
    Content(String),
    Address(String),
}

/// Where the paper is; or why it is not the one that was asked for.
fn source(paper: &Paper<'_>, document: Document) -> Result<Source, &'static str> {
    let (_, reference) = paper.key;
    if document.reference != reference {
        return Err("reference: the paper of something else than was asked for");
    }
    if document.document_type != paper.document {
        return Err("document_type: another kind of paper than was asked for");
    }
    match (filled(document.content_base64), filled(document.url)) {
        (Some(content), None) => Ok(Source::Content(content)),
        (None, Some(address)) => Ok(Source::Address(address)),
        (Some(_), Some(_)) => Err("both content_base64 and url: one of them is expected"),
        (None, None) => Err("neither content_base64 nor url"),
    }
}

fn decoded(operation: &Operation, text: &str) -> Result<Vec<u8>, MarketplaceError> {
    // Some encoders break the text into lines.
    let text: String = text.split_ascii_whitespace().collect();
    STANDARD
        .decode(text)
        .map_err(|_| operation.error(ErrorKind::Malformed, "content_base64: is not base64"))
}
