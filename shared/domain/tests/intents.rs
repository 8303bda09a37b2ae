//! Whatever is heard, asked, failed and filed, in whatever order: what stays true of an order.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use haat_domain::{
    Action, Actor, Heard, IntentState, Label, LabelPage, Order, OrderReport, Packet, Stage, Step,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// One thing that happens to an order.
#[derive(Debug, Clone)]
enum Deed {
    Hear(Box<OrderReport>),
    Ask(Action),
    Wait(Action),
    Fail(Action),
    File(LabelPage),
}

fn at(minute: usize) -> Timestamp {
    let start: Timestamp = "2026-09-11T06:41:10Z".parse().unwrap();
    start + SignedDuration::from_mins(minute.try_into().unwrap())
}

fn report(step: Option<Step>, awb: Option<&str>) -> OrderReport {
    OrderReport {
        number: "299000000000000001_1".parse().unwrap(),
        purchase: "299000000000000001".to_owned(),
        step,
        word: step.map_or("TELEPORTED", Step::word).to_owned(),
        reason: None,
        lines: Vec::new(),
        ordered_at: Some(at(0)),
        dispatch_by: None,
        supply: haat_domain::Supply::default(),
        packet: awb.map(|awb| Packet {
            awb: awb.parse().ok(),
            ..Packet::default()
        }),
        detail: None,
    }
}

fn order() -> Order {
    Order::first_heard(
        "a_1.299000000000000001_1".parse().unwrap(),
        "s_1".parse().unwrap(),
        "meesho".parse().unwrap(),
        &report(Some(Step::Release), None),
        at(0),
    )
}

fn page(file: u8) -> LabelPage {
    LabelPage {
        file: format!("labels/{file}.pdf"),
        page: Some(1),
        sha256: "00".repeat(32),
        stored_at: at(0),
    }
}

fn seller() -> Actor {
    Actor::Token("t_1".parse().unwrap())
}

fn happen(order: &mut Order, deed: &Deed, now: Timestamp) {
    match deed {
        Deed::Hear(report) => {
            order.hear(report, now);
        }
        Deed::Ask(action) => drop(order.ask(*action, seller(), now)),
        Deed::Wait(action) => {
            order.wait(*action, "for the marketplace");
        }
        Deed::Fail(action) => {
            order.fail(*action, "the marketplace said no", now);
        }
        Deed::File(page) => {
            order.file_label(page.clone(), now);
        }
    }
}

fn any_action() -> impl Strategy<Value = Action> {
    prop::sample::select(Action::ALL.to_vec())
}

fn any_report() -> impl Strategy<Value = OrderReport> {
    let step = prop::option::weighted(0.9, prop::sample::select(Step::ALL.to_vec()));
    let awb = prop::option::of(prop::sample::select(vec!["1490000000001", "1490000000002"]));
    (step, awb).prop_map(|(step, awb)| report(step, awb))
}

fn any_deed() -> impl Strategy<Value = Deed> {
    // Words that leave the order open come more often: most deeds happen to open orders.
    let early = prop::sample::select(vec![Step::Release, Step::Accept, Step::Hold]);
    prop_oneof![
        2 => any_report().prop_map(|said| Deed::Hear(Box::new(said))),
        3 => early.prop_map(|step| Deed::Hear(Box::new(report(Some(step), None)))),
        4 => any_action().prop_map(Deed::Ask),
        1 => any_action().prop_map(Deed::Wait),
        1 => any_action().prop_map(Deed::Fail),
        2 => (0_u8..3).prop_map(|file| Deed::File(page(file))),
    ]
}

fn any_life() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec(any_deed(), 1..24)
}

proptest! {
    #[test]
    fn a_stored_label_is_never_lost(life in any_life()) {
        let mut order = order();
        for (minute, deed) in life.iter().enumerate() {
            let before = order.clone();
            happen(&mut order, deed, at(minute));
            match (&before.label, &order.label) {
                (Label::None, _) => {}
                (Label::Ready(old), Label::Ready(new)) | (Label::Stale(old), Label::Ready(new)) => {
                    prop_assert!(old == new || matches!(deed, Deed::File(page) if page == new));
                }
                (Label::Ready(old), Label::Stale(new)) => {
                    prop_assert_eq!(old, new);
                    let awb = |order: &Order| order.shipment.as_ref().map(|s| s.awb.clone());
                    prop_assert!(awb(&before) != awb(&order), "stale without another AWB");
                }
                (Label::Stale(old), Label::Stale(new)) => prop_assert_eq!(old, new),
                (Label::Ready(_) | Label::Stale(_), Label::None) => {
                    prop_assert!(false, "the label is gone: {:?}", deed);
                }
            }
        }
    }

    #[test]
    fn no_wish_outlives_the_stage_it_belongs_to(life in any_life()) {
        let mut order = order();
        for (minute, deed) in life.iter().enumerate() {
            happen(&mut order, deed, at(minute));
            let early = matches!(order.stage, Stage::New | Stage::OnHold);
            prop_assert!(order.accept.is_none() || early, "{:?}", order);
            prop_assert!(order.ship.is_none() || (order.stage.is_open() && !early), "{:?}", order);
            let ready = matches!(order.label, Label::Ready(_));
            prop_assert!(order.ship.is_none() || !ready, "asked for what is there: {:?}", order);
            prop_assert_eq!(order.closed_at.is_none(), order.stage.is_open());
        }
    }

    #[test]
    fn what_is_asked_is_asked_once_and_ends_with_a_line_in_the_history(life in any_life()) {
        let mut order = order();
        for (minute, deed) in life.iter().enumerate() {
            let before = order.clone();
            happen(&mut order, deed, at(minute));
            prop_assert!(order.history.starts_with(&before.history), "history is append-only");
            for action in Action::ALL {
                let ended = before.intent(action).is_some() && order.intent(action).is_none();
                prop_assert!(!ended || order.history.len() > before.history.len());
                if order.wants(action) {
                    let asked = order.clone();
                    let again = order.ask(action, seller(), at(minute));
                    prop_assert!(again != Ok(true), "asked twice");
                    prop_assert_eq!(&order, &asked);
                }
            }
        }
    }

    #[test]
    fn what_failed_says_why_and_goes_on_when_asked_for_if_it_still_can(life in any_life()) {
        let mut order = order();
        for (minute, deed) in life.iter().enumerate() {
            happen(&mut order, deed, at(minute));
            for action in Action::ALL {
                let failed = order.intent(action).filter(|i| i.state == IntentState::Failed);
                let Some(intent) = failed else { continue };
                prop_assert!(intent.reason.is_some());
                let mut resumed = order.clone();
                match resumed.ask(action, seller(), at(minute)) {
                    Ok(new) => prop_assert!(new && resumed.wants(action)),
                    Err(_) => prop_assert_eq!(&resumed, &order),
                }
            }
        }
    }

    #[test]
    fn the_same_word_heard_again_changes_nothing(life in any_life(), report in any_report()) {
        let mut order = order();
        for (minute, deed) in life.iter().enumerate() {
            happen(&mut order, deed, at(minute));
        }
        order.hear(&report, at(30));
        let heard = order.clone();
        prop_assert_eq!(order.hear(&report, at(31)), Heard::Nothing);
        prop_assert_eq!(order, heard);
    }

    /// Feeds are read one after the other, and messages overtake each other: the words of an
    /// undisturbed life lead to the same stage in whatever order they are heard.
    #[test]
    fn the_words_of_a_good_life_may_come_in_any_order(
        steps in Just(vec![
            Step::Release,
            Step::Accept,
            Step::Ship,
            Step::GoOutForDelivery,
            Step::Deliver,
        ]).prop_shuffle(),
        heard in 1_usize..=5,
    ) {
        let mut order = order();
        let steps = steps.iter().take(heard);
        for (minute, step) in steps.clone().enumerate() {
            order.hear(&report(Some(*step), None), at(minute));
        }
        let furthest = steps.filter_map(|step| Stage::reached_by(*step)).max();
        prop_assert_eq!(Some(order.stage), furthest);
    }
}
