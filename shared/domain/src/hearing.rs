//! Hearing the marketplace: how its word changes an order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::order::{Actor, Event};
use crate::{
    Action, Awb, Buyer, DispatchBy, Label, MarketplaceId, Order, OrderId, OrderLine, OrderNumber,
    Paise, Payment, PurchaseOrder, SellerId, Shipment, Stage, Step, Supply, SupplyInvoice,
};

/// What a marketplace says of one order at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReport {
    /// The order.
    pub number: OrderNumber,
    /// The number buyers see.
    pub purchase: String,
    /// What its word means in Haat; `None` for a word we do not know.
    pub step: Option<Step>,
    /// Its word, raw.
    pub word: String,
    /// Why it is held, or who cancelled it.
    pub reason: Option<String>,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// When it was ordered, where the marketplace says.
    pub ordered_at: Option<Timestamp>,
    /// When it must leave, where the marketplace says.
    pub dispatch_by: Option<DispatchBy>,
    /// What stands between seller and marketplace, where the marketplace buys before it sells.
    pub supply: Supply,
    /// The parcel, once there is one.
    pub packet: Option<Packet>,
    /// What only a look at the single order tells.
    pub detail: Option<OrderDetail>,
}

/// A parcel in the making.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Packet {
    /// The courier's number, once given.
    pub awb: Option<Awb>,
    /// Courier.
    pub courier: Option<String>,
    /// The marketplace's key of the parcel.
    pub packet: Option<String>,
    /// Whether the label may be asked for; `None` where the marketplace does not say.
    pub label_open: Option<bool>,
    /// From when on the label may be asked for, where the marketplace says.
    pub label_opens_at: Option<Timestamp>,
}

/// What only a look at the single order tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDetail {
    /// How it is paid.
    pub payment: Option<Payment>,
    /// What the buyer pays in all.
    pub value: Option<Paise>,
    /// Who bought it.
    pub buyer: Option<Buyer>,
}

/// What a report did to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Nothing new: nothing needs to be written.
    Nothing,
    /// The order changed.
    Changed,
}

impl Order {
    /// A new order from the first report of it.
    pub fn first_heard(
        id: OrderId,
        seller: SellerId,
        marketplace: MarketplaceId,
        report: &OrderReport,
        now: Timestamp,
    ) -> Self {
        let ordered_at = report.ordered_at.unwrap_or(now);
        // A word we do not know is no licence to act: the order waits as if it were on hold.
        let stage = report
            .step
            .and_then(|step| Stage::OnHold.after(step).or(Stage::Shipped.after(step)))
            .unwrap_or(Stage::OnHold);
        let mut order = Self {
            id,
            seller,
            marketplace,
            purchase: report.purchase.clone(),
            lines: report.lines.clone(),
            stage,
            word: report.word.clone(),
            reason: report.reason.clone(),
            payment: None,
            value: None,
            ordered_at,
            dispatch_by: report
                .dispatch_by
                .unwrap_or_else(|| DispatchBy::fallback(ordered_at)),
            supply: Supply::default(),
            parcel: None,
            shipment: None,
            label: Label::None,
            buyer_invoice: None,
            accept: None,
            cancel: None,
            ship: None,
            hand_over: None,
            is_test: false,
            closed_at: (!stage.is_open()).then_some(now),
            history: Vec::new(),
            version: 0,
        };
        order.note(now, Actor::Marketplace, Event::Moved(stage));
        if report.step.is_none() {
            let unknown = Event::UnknownWord(report.word.clone());
            order.note(now, Actor::Marketplace, unknown);
        }
        order.hear_facts(report, now);
        order
    }

    /// Takes in what the marketplace says now. Its later word wins; what cannot follow the
    /// stage leaves the stage alone and is written into the history once.
    pub fn hear(&mut self, report: &OrderReport, now: Timestamp) -> Heard {
        let before = self.clone();
        match report.step {
            Some(step) => match self.stage.after(step) {
                Some(stage) if stage != self.stage => {
                    self.move_to(stage, now);
                    self.take_word(report);
                }
                // What is old news says nothing about the stage the order is in.
                Some(stage) if Stage::reached_by(step) == Some(stage) => {
                    self.word.clone_from(&report.word);
                    // Lists and single looks word the reason of a cancellation differently.
                    let better = stage.is_open() || report.detail.is_some();
                    if report.reason.is_some() && (better || self.reason.is_none()) {
                        self.reason.clone_from(&report.reason);
                    }
                }
                Some(_) => {}
                None => {
                    self.tell_once(now, Event::Contradicted(report.word.clone()));
                    self.take_word(report);
                }
            },
            None => {
                self.tell_once(now, Event::UnknownWord(report.word.clone()));
                self.take_word(report);
            }
        }
        self.hear_facts(report, now);
        if *self == before {
            Heard::Nothing
        } else {
            Heard::Changed
        }
    }

    fn take_word(&mut self, report: &OrderReport) {
        self.word.clone_from(&report.word);
        self.reason.clone_from(&report.reason);
    }

    /// Notes what nobody acts upon once: it may be heard again with every poll.
    fn tell_once(&mut self, now: Timestamp, event: Event) {
        if !self.history.iter().any(|entry| entry.event == event) {
            self.note(now, Actor::Marketplace, event);
        }
    }

    fn move_to(&mut self, stage: Stage, now: Timestamp) {
        self.stage = stage;
        self.closed_at = match (stage.is_open(), self.closed_at) {
            (true, _) => None,
            (false, Some(earlier)) => Some(earlier),
            (false, None) => Some(now),
        };
        self.note(now, Actor::Marketplace, Event::Moved(stage));
        if stage != Stage::New && stage != Stage::OnHold && self.accept.take().is_some() {
            let event = if stage == Stage::Cancelled {
                Event::Withdrawn(Action::Accept, stage.word().to_owned())
            } else {
                Event::Done(Action::Accept)
            };
            self.note(now, Actor::Marketplace, event);
        }
        if stage == Stage::Cancelled {
            self.finish(Action::Cancel, now);
            self.withdraw(Action::HandOver, stage.word(), now);
        } else if !stage.is_unpacked() {
            self.withdraw(Action::Cancel, stage.word(), now);
        }
        if !stage.is_open() {
            self.withdraw(Action::Ship, stage.word(), now);
            self.finish(Action::HandOver, now);
        }
    }

    /// Takes in that the marketplace no longer knows the order.
    pub fn hear_nothing(&mut self, now: Timestamp) -> Heard {
        let before = self.history.len();
        self.tell_once(now, Event::Unlisted);
        if self.history.len() == before {
            Heard::Nothing
        } else {
            Heard::Changed
        }
    }

    fn hear_facts(&mut self, report: &OrderReport, now: Timestamp) {
        // A look at the single order knows titles and prices that lists leave out.
        let better = report.detail.is_some() && !report.lines.is_empty();
        if self.lines.is_empty() || better {
            let earlier = std::mem::replace(&mut self.lines, report.lines.clone());
            self.lines
                .iter_mut()
                .for_each(|line| line.complete_from(&earlier));
        }
        if let Some(said) = report.dispatch_by
            && said.rule.weight() >= self.dispatch_by.rule.weight()
        {
            self.dispatch_by = said;
        }
        if let Some(detail) = &report.detail {
            self.payment = match (detail.payment, self.payment) {
                // Some answers say how an order is paid and leave out what is collected.
                (Some(now), Some(then)) if now.mode == then.mode => Some(Payment {
                    collect: now.collect.or(then.collect),
                    ..now
                }),
                (now, then) => now.or(then),
            };
            self.value = detail.value.or(self.value);
        }
        self.hear_supply(&report.supply, now);
        if let Some(packet) = &report.packet {
            self.hear_packet(packet, now);
        }
    }

    fn hear_supply(&mut self, said: &Supply, now: Timestamp) {
        if let Some(order) = &said.purchase_order {
            let number = |order: &PurchaseOrder| order.number.clone();
            if self.supply.purchase_order.as_ref().map(number).as_ref() != Some(&order.number) {
                let raised = Event::PurchaseOrder(order.number.clone());
                self.note(now, Actor::Marketplace, raised);
            }
            self.supply.purchase_order = Some(order.clone());
        }
        if let Some(invoice) = &said.invoice {
            self.invoice_as(invoice.clone(), Actor::Marketplace, now);
        }
    }

    /// Gives the seller's invoice to the marketplace its number. Returns whether it is new.
    pub fn invoice_as(&mut self, invoice: SupplyInvoice, by: Actor, now: Timestamp) -> bool {
        if self.supply.invoice.as_ref() == Some(&invoice) {
            return false;
        }
        self.note(now, by, Event::Invoiced(invoice.number.to_string()));
        self.supply.invoice = Some(invoice);
        true
    }

    fn hear_packet(&mut self, packet: &Packet, now: Timestamp) {
        let Some(awb) = &packet.awb else { return };
        let known = self.shipment.as_ref().map(|shipment| &shipment.awb);
        if known != Some(awb) {
            if let (Label::Ready(page), Some(_)) = (&self.label, known) {
                self.label = Label::Stale(page.clone());
                self.note(now, Actor::Marketplace, Event::LabelStale);
            }
            self.note(now, Actor::Marketplace, Event::Shipment(awb.clone()));
        }
        let earlier = self.shipment.take();
        let (courier, packet_key) = earlier
            .map(|shipment| (shipment.courier, shipment.packet))
            .unwrap_or_default();
        self.shipment = Some(Shipment {
            awb: awb.clone(),
            courier: packet.courier.clone().or(courier),
            packet: packet.packet.clone().or(packet_key),
        });
    }
}
