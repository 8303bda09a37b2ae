//! An order's life, told through what it hears and what is asked of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use haat_domain::{
    Action, Actor, DispatchBy, DispatchRule, Event, Heard, IntentState, Label, LabelPage,
    LabelState, Order, OrderDetail, OrderLine, OrderReport, Packet, Paise, Payment, PaymentMode,
    Refusal, Stage, Step, parse_marketplace_time,
};
use jiff::Timestamp;
use proptest::prelude::*;

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-09-11T06:41:10Z".parse().unwrap();
    start
        .saturating_add(jiff::SignedDuration::from_mins(minute))
        .unwrap()
}

fn report(step: Option<Step>, word: &str) -> OrderReport {
    OrderReport {
        number: "299000000000000001_1".parse().unwrap(),
        purchase: "299000000000000001".to_owned(),
        step,
        word: word.to_owned(),
        reason: None,
        lines: vec![OrderLine {
            sku: "KURTA-RED-M".parse().unwrap(),
            title: "Straight kurta".to_owned(),
            variation: Some("M".to_owned()),
            quantity: 1,
            price: Some(Paise::new(34_900)),
            cancelled: 0,
            item: None,
            supply: None,
            hsn: None,
        }],
        ordered_at: Some(at(0)),
        dispatch_by: DispatchBy::named("2026-09-12").ok(),
        supply: haat_domain::Supply::default(),
        packet: None,
        detail: None,
    }
}

fn with_awb(awb: &str) -> OrderReport {
    OrderReport {
        supply: haat_domain::Supply::default(),
        packet: Some(Packet {
            awb: awb.parse().ok(),
            courier: Some("Delhivery".to_owned()),
            ..Packet::default()
        }),
        ..report(Some(Step::Accept), "READY_TO_SHIP")
    }
}

fn order(first: &OrderReport) -> Order {
    Order::first_heard(
        "a_1.299000000000000001_1".parse().unwrap(),
        "s_1".parse().unwrap(),
        "meesho".parse().unwrap(),
        first,
        at(0),
    )
}

fn new_order() -> Order {
    order(&report(Some(Step::Release), "PENDING"))
}

fn page(file: &str) -> LabelPage {
    LabelPage {
        file: file.to_owned(),
        page: Some(1),
        sha256: "00".repeat(32),
        stored_at: at(9),
    }
}

fn seller() -> Actor {
    Actor::Token("t_1".parse().unwrap())
}

fn events(order: &Order) -> Vec<Event> {
    order
        .history
        .iter()
        .map(|entry| entry.event.clone())
        .collect()
}

#[test]
fn a_pending_order_is_new_with_its_deadline_at_the_cut_off() {
    let order = new_order();
    assert_eq!(order.stage, Stage::New);
    assert_eq!(order.dispatch_by.rule, DispatchRule::MarketplaceDay);
    // 17:30 in India is noon in UTC.
    assert_eq!(order.dispatch_by.at.to_string(), "2026-09-12T12:00:00Z");
}

#[test]
fn an_order_first_seen_shipped_is_closed_from_the_start() {
    let order = order(&report(Some(Step::Ship), "SHIPPED"));
    assert_eq!(
        (order.stage, order.closed_at),
        (Stage::Shipped, Some(at(0)))
    );
}

#[test]
fn a_word_nobody_knows_is_kept_and_nothing_is_done() {
    let order = order(&report(None, "TELEPORTED"));
    assert_eq!(order.stage, Stage::OnHold);
    assert!(events(&order).contains(&Event::UnknownWord("TELEPORTED".to_owned())));
    assert!(order.allows(Action::Accept).is_err());
}

#[test]
fn accepting_is_asked_once_and_done_by_the_marketplaces_word() {
    let mut order = new_order();
    assert_eq!(order.ask(Action::Accept, seller(), at(1)), Ok(true));
    assert_eq!(order.ask(Action::Accept, seller(), at(2)), Ok(false));
    assert_eq!(
        order.hear(&with_awb("SF1234567890FPL"), at(3)),
        Heard::Changed
    );
    assert_eq!(order.stage, Stage::Accepted);
    assert!(order.accept.is_none());
    assert_eq!(
        events(&order),
        [
            Event::Moved(Stage::New),
            Event::Asked(Action::Accept),
            Event::Moved(Stage::Accepted),
            Event::Done(Action::Accept),
            Event::Shipment("SF1234567890FPL".parse().unwrap()),
        ]
    );
}

#[test]
fn a_cancelled_order_refuses_and_drops_what_was_asked() {
    let mut order = new_order();
    order.ask(Action::Accept, seller(), at(1)).unwrap();
    order.hear(&report(Some(Step::Cancel), "CANCELLED"), at(2));
    assert_eq!(order.stage, Stage::Cancelled);
    assert!(order.accept.is_none());
    assert_eq!(
        order.ask(Action::Accept, seller(), at(3)),
        Err(Refusal::Cancelled)
    );
    assert_eq!(
        order.ask(Action::Ship, seller(), at(3)),
        Err(Refusal::Cancelled)
    );
    let withdrawn = Event::Withdrawn(Action::Accept, "cancelled".to_owned());
    assert!(events(&order).contains(&withdrawn));
}

#[test]
fn a_label_page_fulfils_the_wish_to_ship() {
    let mut order = order(&with_awb("VL0000000000001"));
    order.ask(Action::Ship, seller(), at(1)).unwrap();
    assert!(matches!(order.label_state(), LabelState::Waiting { .. }));
    assert!(order.wait(Action::Ship, "the label opens at 18:00"));
    assert!(
        !order.wait(Action::Ship, "the label opens at 18:00"),
        "said twice"
    );
    assert!(order.file_label(page("labels/1.pdf"), at(9)));
    assert!(
        !order.file_label(page("labels/1.pdf"), at(10)),
        "filed twice"
    );
    assert_eq!(order.label_state(), LabelState::Ready);
    assert!(order.ship.is_none());
    assert_eq!(
        order.ask(Action::Ship, seller(), at(11)),
        Err(Refusal::LabelReady)
    );
}

#[test]
fn a_label_made_in_the_panel_is_taken_over() {
    let mut order = order(&with_awb("VL0000000000001"));
    assert!(order.file_label(page("labels/1.pdf"), at(9)));
    assert!(events(&order).contains(&Event::LabelTakenOver));
}

#[test]
fn another_awb_makes_the_stored_label_stale() {
    let mut order = order(&with_awb("VL0000000000001"));
    order.file_label(page("labels/1.pdf"), at(9));
    order.hear(&with_awb("VL0000000000002"), at(10));
    assert!(matches!(order.label, Label::Stale(_)));
    assert_eq!(
        order.ask(Action::Ship, seller(), at(11)),
        Ok(true),
        "it may be asked anew"
    );
}

#[test]
fn failed_work_waits_for_a_person_and_is_resumed_by_asking() {
    let mut order = new_order();
    order.ask(Action::Accept, seller(), at(1)).unwrap();
    assert!(order.fail(Action::Accept, "the marketplace said no", at(2)));
    assert!(order.has_failed(Action::Accept) && !order.wants(Action::Accept));
    assert!(!order.wait(Action::Accept, "not sent yet"), "a late word");
    let reason = order.accept.as_ref().unwrap().reason.as_deref();
    assert_eq!(reason, Some("the marketplace said no"));
    assert_eq!(order.ask(Action::Accept, seller(), at(3)), Ok(true));
    assert_eq!(
        order.accept.as_ref().map(|i| i.state),
        Some(IntentState::Open)
    );
}

#[test]
fn what_cannot_follow_is_told_once_and_changes_no_stage() {
    let mut order = order(&report(Some(Step::Deliver), "DELIVERED"));
    assert_eq!(
        order.hear(&report(Some(Step::Cancel), "CANCELLED"), at(1)),
        Heard::Changed
    );
    assert_eq!(
        order.hear(&report(Some(Step::Cancel), "CANCELLED"), at(2)),
        Heard::Nothing
    );
    assert_eq!(order.stage, Stage::Delivered);
    assert_eq!(order.word, "CANCELLED");
    let told = Event::Contradicted("CANCELLED".to_owned());
    assert_eq!(
        events(&order)
            .iter()
            .filter(|event| **event == told)
            .count(),
        1
    );
}

#[test]
fn details_fill_in_payment_and_are_not_lost_by_a_report_without_them() {
    let mut order = new_order();
    let cod = Payment {
        mode: PaymentMode::Cod,
        collect: Some(Paise::new(34_900)),
    };
    let detailed = OrderReport {
        detail: Some(OrderDetail {
            payment: Some(cod),
            value: Some(Paise::new(34_900)),
            buyer: None,
        }),
        ..report(Some(Step::Release), "PENDING")
    };
    assert_eq!(order.hear(&detailed, at(1)), Heard::Changed);
    assert_eq!(
        order.hear(&report(Some(Step::Release), "PENDING"), at(2)),
        Heard::Nothing
    );
    assert_eq!(order.payment, Some(cod));
}

#[test]
fn what_is_collected_is_not_lost_by_a_word_that_names_the_mode_alone() {
    let paid = |mode, collect| OrderReport {
        detail: Some(OrderDetail {
            payment: Some(Payment { mode, collect }),
            value: None,
            buyer: None,
        }),
        ..report(Some(Step::Release), "PENDING")
    };
    let collect = Some(Paise::new(34_900));
    let mut order = order(&paid(PaymentMode::Cod, collect));

    let again = order.hear(&paid(PaymentMode::Cod, None), at(1));

    assert_eq!(again, Heard::Nothing);
    assert_eq!(order.payment.unwrap().collect, collect);
    order.hear(&paid(PaymentMode::Prepaid, None), at(2));
    assert_eq!(order.payment.unwrap().collect, None);
}

#[test]
fn marketplace_times_are_read_with_and_without_the_colon() {
    let noon = jiff::civil::time(12, 0, 0, 0);
    for text in [
        "2026-09-11T12:11:10+0530",
        "2026-09-11T12:11:10+05:30",
        "2026-09-11T06:41:10Z",
        "2026-09-11T12:11:10",
    ] {
        let read = parse_marketplace_time(text, noon);
        assert_eq!(
            read.map(|t| t.to_string()).as_deref(),
            Ok("2026-09-11T06:41:10Z"),
            "{text}"
        );
    }
    // Noon in India.
    let day = parse_marketplace_time("2028-02-29", noon).unwrap();
    assert_eq!(day.to_string(), "2028-02-29T06:30:00Z");
    for text in [
        "",
        "tomorrow",
        "2026-02-30",
        "11-09-2026",
        "2026-09-11T25:00:00+0530",
    ] {
        assert!(
            parse_marketplace_time(text, noon).is_err(),
            "{text:?} was taken"
        );
    }
}

#[test]
fn an_order_without_a_deadline_gets_the_next_days_cut_off() {
    // 23:50 in India on 31 March: the next day is 1 April.
    let late: Timestamp = "2027-03-31T18:20:00Z".parse().unwrap();
    let deadline = DispatchBy::fallback(late);
    assert_eq!(deadline.at.to_string(), "2027-04-01T12:00:00Z");
    assert_eq!(deadline.rule, DispatchRule::Fallback);
}

fn any_report() -> impl Strategy<Value = OrderReport> {
    let step = prop::option::of(prop::sample::select(Step::ALL.to_vec()));
    let awb = prop::option::of(0_u8..3);
    (step, awb).prop_map(|(step, awb)| OrderReport {
        supply: haat_domain::Supply::default(),
        packet: awb.map(|n| Packet {
            awb: format!("AWB{n}").parse().ok(),
            ..Packet::default()
        }),
        ..report(step, step.map_or("STRANGE", Step::word))
    })
}

proptest! {
    #[test]
    fn hearing_a_report_again_changes_nothing(reports in prop::collection::vec(any_report(), 1..10)) {
        let mut order = order(&reports[0]);
        for (minute, heard) in reports.iter().enumerate() {
            let minute = i64::try_from(minute).unwrap();
            order.hear(heard, at(minute));
            prop_assert_eq!(order.hear(heard, at(minute + 1)), Heard::Nothing);
        }
    }

    #[test]
    fn nothing_is_ever_asked_of_a_closed_order(reports in prop::collection::vec(any_report(), 1..10)) {
        let mut order = order(&reports[0]);
        for heard in &reports {
            let _refused_or_not = order.ask(Action::Accept, seller(), at(1));
            let _refused_or_not = order.ask(Action::Ship, seller(), at(1));
            order.hear(heard, at(2));
            prop_assert_eq!(order.closed_at.is_some(), !order.stage.is_open());
            if !order.stage.is_open() {
                prop_assert!(order.accept.is_none() && order.ship.is_none());
            }
        }
    }
}
