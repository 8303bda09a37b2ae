//! What comes back: from the courier (RTO) or from the consumer.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use haat_domain::{Condition, OrderNumber, ReturnNumber};
use haat_ports::{
    CheckedItem, CreditNote, ErrorKind, Feed, MarketplaceError, Pause, Reading, ReturnChecks,
    ReturnPage, ReturnSalesInvoice, Returns,
};
use jiff::{SignedDuration, Timestamp};

use super::client::Operation;
use super::pages::Place;
use super::wire::{self, QcCode, QcItem, QcRequest, RtoItem, RtoRequest, RtoResult, SimpleOutcome};
use super::{Line, translate};

const LIST_RETURNS: Operation =
    Operation::reads("ajio listReturns", |profile| &profile.paths.list_returns);
const PERFORM_QC: Operation =
    Operation::starts("ajio performQc", |profile| &profile.paths.perform_qc);
const CREATE_RTO: Operation =
    Operation::starts("ajio createRto", |profile| &profile.paths.create_rto);
const GET_RETURN_SALES_INVOICE: Operation =
    Operation::reads("ajio getReturnSalesInvoice", |profile| {
        &profile.paths.get_return_sales_invoice
    });
const POST_CREDIT_NOTE: Operation = Operation::starts("ajio postCreditNote", |profile| {
    &profile.paths.post_credit_note
});

/// There is no list of what changed, so what is young enough to change is read each time.
static FEEDS: [Feed; 1] = [Feed {
    name: "returns",
    reading: Reading::Whole,
    pause: Pause::Minutes {
        usual: 30,
        longest: 360,
    },
}];

#[async_trait]
impl Returns for Line {
    fn feeds(&self) -> &'static [Feed] {
        &FEEDS
    }

    async fn page(&self, feed: Feed, cursor: Option<&str>) -> Result<ReturnPage, MarketplaceError> {
        let operation = &LIST_RETURNS;
        let profile = &self.client.profile;
        if !FEEDS.iter().any(|known| known.name == feed.name) {
            let said = format!("there is no feed {:?} of returns", feed.name);
            return Err(operation.error(ErrorKind::NotFound, said));
        }
        let wrong = |why: String| operation.error(ErrorKind::Malformed, why);
        let place = Place::of(profile, cursor).map_err(|why| wrong(why.to_owned()))?;
        let (number, size) = (place.number.to_string(), profile.max_page_size.to_string());
        let since = since(self.client.now(), profile.returns_days);
        let mut query = vec![("pageNumber", number.as_str()), ("pageSize", &size)];
        if let (Some(name), Some(since)) = (&profile.returns_from, &since) {
            query.push((name, since));
        }
        let answer = self.client.get(self, operation, &query).await?;
        translate::returns(profile, place, &answer).map_err(wrong)
    }
}

#[async_trait]
impl ReturnChecks for Line {
    async fn check(
        &self,
        number: &ReturnNumber,
        items: &[CheckedItem],
    ) -> Result<(), MarketplaceError> {
        let operation = &PERFORM_QC;
        something(operation, items)?;
        let request = QcRequest {
            return_order_id: number.as_str(),
            return_items: items.iter().map(checked).collect(),
        };
        let answer: SimpleOutcome = self.client.post(self, operation, &request).await?;
        self.done(operation, &answer)
    }

    async fn announce(
        &self,
        order: &OrderNumber,
        items: &[CheckedItem],
    ) -> Result<ReturnNumber, MarketplaceError> {
        let operation = &CREATE_RTO;
        something(operation, items)?;
        let request = RtoRequest {
            order_id: order.as_str(),
            order_items: items.iter().map(unannounced).collect(),
        };
        let answer: RtoResult = self.client.post(self, operation, &request).await?;
        translate::announced(&self.client.profile, answer)
            .map_err(|trouble| operation.trouble(trouble))
    }

    async fn sales_invoice(
        &self,
        number: &ReturnNumber,
    ) -> Result<Option<ReturnSalesInvoice>, MarketplaceError> {
        let operation = &GET_RETURN_SALES_INVOICE;
        let query = [("returnOrderId", number.as_str())];
        let answer: Result<wire::ReturnSalesInvoice, _> =
            self.client.get(self, operation, &query).await;
        match answer {
            Ok(answer) => translate::sales_invoice(number, answer)
                .map_err(|why| operation.error(ErrorKind::Malformed, why)),
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::NotReady) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn credit(&self, note: &CreditNote) -> Result<(), MarketplaceError> {
        let operation = &POST_CREDIT_NOTE;
        let request = wire::CreditNote {
            return_order_id: note.number.as_str(),
            credit_note_number: &note.note,
            credit_note_date: note.at.as_second(),
            credit_note_pdf_base64: STANDARD.encode(&note.pdf),
        };
        let answer: SimpleOutcome = self.client.post(self, operation, &request).await?;
        self.done(operation, &answer)
    }
}

impl Line {
    fn done(&self, operation: &Operation, answer: &SimpleOutcome) -> Result<(), MarketplaceError> {
        let message = answer.error_message.as_deref();
        translate::done(&self.client.profile, &answer.status, message)
            .map_err(|trouble| operation.trouble(trouble))
    }
}

/// The day since which returns are listed, as AJIO writes instants: UTC, without an offset. A whole
/// day, so that all pages of a reading ask for the same list.
fn since(now: Timestamp, days: u16) -> Option<String> {
    let back = SignedDuration::from_hours(i64::from(days).checked_mul(24)?);
    let day = now.checked_sub(back).ok()?;
    Some(day.strftime("%Y-%m-%dT00:00:00").to_string())
}

fn code(condition: Condition) -> QcCode {
    match condition {
        Condition::Good => QcCode::Good,
        Condition::Bad => QcCode::Bad,
        Condition::Missing => QcCode::Missing,
    }
}

fn checked(item: &CheckedItem) -> QcItem<'_> {
    QcItem {
        return_item_id: &item.item,
        order_item_id: &item.order_line,
        quantity: item.pieces,
        qc_code: code(item.condition),
        reason: &item.remark,
    }
}

fn unannounced(item: &CheckedItem) -> RtoItem<'_> {
    RtoItem {
        item_id: &item.item,
        order_item_id: &item.order_line,
        quantity: item.pieces,
        qc_code: code(item.condition),
        reason: &item.remark,
    }
}

fn something(operation: &Operation, items: &[CheckedItem]) -> Result<(), MarketplaceError> {
    if items.is_empty() || items.iter().any(|item| item.pieces == 0) {
        let said = "every item needs a piece at least; nothing was sent";
        return Err(operation.error(ErrorKind::Rejected, said));
    }
    Ok(())
}
