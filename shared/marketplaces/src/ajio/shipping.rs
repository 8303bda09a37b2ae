//! Shipping order by order: acknowledged, packed against AJIO's purchase order, labelled, ready.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use haat_domain::{Order, OrderNumber, OrderReport, Stage};
use haat_ports::{ErrorKind, MarketplaceError, Pace, Packing, RefusedOrder, ShippingByOrder};
use jiff::SignedDuration;

use super::client::Operation;
use super::papers::{GET_B2C_INVOICE, GET_LABEL, Paper};
use super::wire::{
    AckLine, AckRequest, AckResult, AckWord, B2bInvoiceRequest, B2bInvoiceResult, CancelRequest,
    Centimetres, ItemOutcome, ReadyRequest,
};
use super::{Line, lines, translate};

const ACKNOWLEDGE_ORDER: Operation =
    Operation::starts("ajio acknowledgeOrder", |profile| &profile.ack_path);
const CANCEL_ORDER: Operation =
    Operation::starts("ajio cancelOrder", |profile| &profile.paths.cancel_order);
const GENERATE_B2B_INVOICE: Operation = Operation::starts("ajio generateB2bInvoice", |profile| {
    &profile.paths.generate_b2b_invoice
});
/// Harmless to repeat, so its lost answer is no ambiguity.
const MARK_READY_TO_DISPATCH: Operation = Operation::reads("ajio markReadyToDispatch", |profile| {
    &profile.paths.mark_ready_to_dispatch
});

/// Orders per call, by the contract.
const MOST_READY: usize = 50;
/// Packing, the label, AJIO's invoice, and a look at what became of it.
const CALLS_PER_ORDER: u64 = 4;

#[async_trait]
impl ShippingByOrder for Line {
    async fn accept(
        &self,
        order: &Order,
        without: &BTreeMap<String, u32>,
    ) -> Result<(), MarketplaceError> {
        let operation = &ACKNOWLEDGE_ORDER;
        let lines = lines::acknowledged(operation, order, without)?;
        if lines.iter().all(|line| line.confirmed_quantity == 0) {
            let said = "nothing would be accepted: cancel the order instead; nothing was sent";
            return Err(operation.error(ErrorKind::Rejected, said));
        }
        self.acknowledge(order, AckWord::Acknowledge, lines).await
    }

    async fn cancel(&self, order: &Order) -> Result<(), MarketplaceError> {
        if order.stage == Stage::New {
            let lines = lines::refused(&ACKNOWLEDGE_ORDER, order)?;
            return self.acknowledge(order, AckWord::Cancel, lines).await;
        }
        let operation = &CANCEL_ORDER;
        let request = CancelRequest {
            order_id: order.id.number.as_str(),
            reason: &self.client.profile.cancel_reason,
            order_lines: lines::cancelled(operation, order)?,
        };
        if request.order_lines.is_empty() {
            let said = "there is nothing left to cancel; nothing was sent";
            return Err(operation.error(ErrorKind::Rejected, said));
        }
        let answer: ItemOutcome = self.client.post(self, operation, &request).await?;
        let asked = [&order.id.number];
        let refused = translate::not_taken(
            &self.client.profile,
            &asked,
            &answer.status,
            &answer.failed_items,
        )
        .map_err(|trouble| operation.trouble(trouble))?;
        match refused.into_iter().next() {
            Some(refused) => Err(operation.error(ErrorKind::Rejected, refused.said)),
            None => Ok(()),
        }
    }

    fn purchase_order_within(&self) -> Option<SignedDuration> {
        let hours = self.client.profile.purchase_order_hours;
        Some(SignedDuration::from_hours(hours.into()))
    }

    async fn pack(
        &self,
        order: &Order,
        packing: &Packing,
    ) -> Result<OrderReport, MarketplaceError> {
        let operation = &GENERATE_B2B_INVOICE;
        let Some(purchase_order) = &order.supply.purchase_order else {
            let said = "AJIO has not raised its purchase order yet; nothing was sent";
            return Err(operation.error(ErrorKind::NotReady, said));
        };
        let parcel = packing.parcel;
        let request = B2bInvoiceRequest {
            order_id: order.id.number.as_str(),
            po_number: &purchase_order.number,
            invoice_number: packing.invoice.as_ref().map(|number| number.as_str()),
            invoice_date: packing.invoiced_at.as_second(),
            weight_grams: parcel.weight_grams,
            length_cm: Centimetres(parcel.length_mm),
            breadth_cm: Centimetres(parcel.breadth_mm),
            height_cm: Centimetres(parcel.height_mm),
            order_lines: lines::invoiced(operation, order)?,
        };
        if request
            .order_lines
            .iter()
            .all(|line| line.invoiced_quantity == 0)
        {
            let said = "there is nothing left to pack; nothing was sent";
            return Err(operation.error(ErrorKind::Rejected, said));
        }
        let answer: B2bInvoiceResult = self.client.post(self, operation, &request).await?;
        translate::packed(&self.client.profile, order, packing, answer)
            .map_err(|trouble| operation.trouble(trouble))
    }

    async fn label(&self, number: &OrderNumber) -> Result<Vec<u8>, MarketplaceError> {
        self.paper(&Paper {
            operation: &GET_LABEL,
            document: &self.client.profile.documents.label,
            key: ("orderId", number.as_str()),
        })
        .await
    }

    async fn invoice(&self, number: &OrderNumber) -> Result<Option<Vec<u8>>, MarketplaceError> {
        let paper = Paper {
            operation: &GET_B2C_INVOICE,
            document: &self.client.profile.documents.buyer_invoice,
            key: ("orderId", number.as_str()),
        };
        self.paper(&paper).await.map(Some)
    }

    async fn make_ready(
        &self,
        numbers: &[OrderNumber],
    ) -> Result<Vec<RefusedOrder>, MarketplaceError> {
        let operation = &MARK_READY_TO_DISPATCH;
        let mut refused = Vec::new();
        for numbers in numbers.chunks(MOST_READY) {
            let asked: Vec<_> = numbers.iter().collect();
            let request = ReadyRequest {
                order_ids: numbers.iter().map(OrderNumber::as_str).collect(),
            };
            let answer: ItemOutcome = self.client.post(self, operation, &request).await?;
            let (status, failed) = (&answer.status, &answer.failed_items);
            let taken = translate::not_taken(&self.client.profile, &asked, status, failed);
            refused.extend(taken.map_err(|trouble| operation.trouble(trouble))?);
        }
        Ok(refused)
    }

    async fn may_ship(&self) -> Result<(), MarketplaceError> {
        self.probe().await
    }

    fn paper_takes(&self) -> Duration {
        let minutes = u64::from(self.client.profile.paper_minutes);
        Duration::from_secs(minutes.saturating_mul(60))
    }

    fn pace(&self) -> Pace {
        let pause = self.client.profile.milliseconds_between_calls;
        Pace {
            orders: 1,
            seconds: CALLS_PER_ORDER.saturating_mul(pause).div_ceil(1000),
        }
    }
}

impl Line {
    async fn acknowledge(
        &self,
        order: &Order,
        word: AckWord,
        order_lines: Vec<AckLine<'_>>,
    ) -> Result<(), MarketplaceError> {
        let operation = &ACKNOWLEDGE_ORDER;
        let request = AckRequest {
            order_id: order.id.number.as_str(),
            status: word,
            order_lines,
        };
        let answer: AckResult = self.client.post(self, operation, &request).await?;
        translate::acknowledged(&order.id.number, word, &answer)
            .map_err(|trouble| operation.trouble(trouble))
    }
}
