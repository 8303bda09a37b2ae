//! Details of single orders parsed. Expected values are worked out by hand from the contract.

use haat_domain::{
    DispatchBy, DispatchRule, OrderReport, Packet, Paise, Payment, PaymentMode, Step,
};
use haat_ports::LookUp;

use crate::lists::{at, pending_report};
use crate::requests::fixture;
use crate::scripted::{Panel, Reply};

async fn look_up(numbers: &[&str], answer: &str) -> LookUp {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    let numbers: Vec<_> = numbers
        .iter()
        .map(|number| number.parse().unwrap())
        .collect();
    line.orders().look_up(&numbers).await.unwrap()
}

#[tokio::test]
async fn details_tell_payment_money_and_buyer() {
    let numbers = ["299000000000000001_1", "299000000000000009_1"];
    let found = look_up(&numbers, fixture!("fetchOrderDetails.answer")).await;

    assert_eq!(found.unknown, ["299000000000000009_1".parse().unwrap()]);
    assert!(found.refused.is_empty());
    let report = &found.reports[0];
    let same = OrderReport {
        dispatch_by: Some(DispatchBy {
            at: at("2026-09-12T12:00:00Z"),
            rule: DispatchRule::Marketplace,
        }),
        packet: Some(Packet {
            label_open: Some(false),
            ..Packet::default()
        }),
        detail: report.detail.clone(),
        ..pending_report()
    };
    assert_eq!(
        *report, same,
        "the list and the details tell the same order"
    );
    let detail = report.detail.as_ref().unwrap();
    assert_eq!(
        detail.payment,
        Some(Payment {
            mode: PaymentMode::Cod,
            collect: Some(Paise::new(34_900))
        })
    );
    assert_eq!(detail.value, Some(Paise::new(34_900)));
    let buyer = detail.buyer.as_ref().unwrap();
    assert_eq!(
        (buyer.name.as_deref(), buyer.city.as_deref()),
        (Some("Test Buyer"), Some("Pune"))
    );
    assert_eq!(
        (buyer.state.as_str(), buyer.pin.as_deref()),
        ("Maharashtra", Some("411001"))
    );
    assert_eq!(
        (buyer.lines.as_slice(), &buyer.phone),
        (&["1 Test Road".to_owned()][..], &None)
    );
    assert!(!format!("{report:?}").contains("Test Buyer"));
}

async fn detail_with(pointer: &str, value: serde_json::Value) -> LookUp {
    let mut answer: serde_json::Value =
        serde_json::from_str(fixture!("fetchOrderDetails.answer")).unwrap();
    *answer["data"][0].pointer_mut(pointer).unwrap() = value;
    look_up(&["299000000000000001_1"], &answer.to_string()).await
}

#[tokio::test]
async fn every_status_word_of_the_contract_has_a_step_and_no_other_word_has_one() {
    for (word, step) in [
        ("ON_HOLD", Some(Step::Hold)),
        ("PENDING", Some(Step::Release)),
        ("READY_TO_SHIP", Some(Step::Accept)),
        ("SHIPPED", Some(Step::Ship)),
        ("DELIVERED", Some(Step::Deliver)),
        ("DOOR_STEP_EXCHANGED", Some(Step::Deliver)),
        ("CANCELLED", Some(Step::Cancel)),
        ("RTO_LOCKED", Some(Step::ReturnToOrigin)),
        ("RTO_INITIATED", Some(Step::ReturnToOrigin)),
        ("RTO_OFD", Some(Step::ReturnToOrigin)),
        ("RTO_DELIVERY_FAILED", Some(Step::ReturnToOrigin)),
        ("RTO_COMPLETE", Some(Step::Return)),
        ("RETURNED", Some(Step::Return)),
        ("LOST", Some(Step::Lose)),
        ("TELEPORTED", None),
        ("shipped", None),
    ] {
        let found = detail_with("/supplier_order_status", word.into()).await;
        assert_eq!(
            (found.reports[0].step, found.reports[0].word.as_str()),
            (step, word)
        );
    }
}

#[tokio::test]
async fn payment_words_count_without_their_case_and_unknown_ones_not_at_all() {
    for (word, mode) in [
        ("COD", Some(PaymentMode::Cod)),
        ("Prepaid", Some(PaymentMode::Prepaid)),
        ("barter", None),
    ] {
        let found = detail_with("/payment_mode", word.into()).await;
        let payment = found.reports[0].detail.as_ref().unwrap().payment;
        assert_eq!(payment.map(|payment| payment.mode), mode, "{word}");
    }
}

#[tokio::test]
async fn a_cancelled_or_held_order_says_why() {
    let cancelled = detail_with("/cancelled_by", "BUYER".into()).await;
    assert_eq!(
        cancelled.reports[0].reason.as_deref(),
        Some("cancelled by buyer")
    );
    let held = detail_with("/hold_reason", "FRAUD_REVIEW".into()).await;
    assert_eq!(held.reports[0].reason.as_deref(), Some("FRAUD_REVIEW"));
}

#[tokio::test]
async fn a_parcel_tells_when_its_label_opens() {
    let shipment = serde_json::json!({
        "eligible": true, "packet_id": "TNL1", "awb": "134000000000001", "carrier_id": 4,
        "carrier_name": "Xpressbees", "label_available_at_iso": "2026-09-11T18:00:00+0530"
    });
    let found = detail_with("/shipment", shipment).await;
    let packet = Packet {
        awb: Some("134000000000001".parse().unwrap()),
        courier: Some("Xpressbees".to_owned()),
        packet: Some("TNL1".to_owned()),
        label_open: Some(true),
        label_opens_at: Some(at("2026-09-11T12:30:00Z")),
    };
    assert_eq!(found.reports[0].packet, Some(packet));
}

#[tokio::test]
async fn an_order_that_the_answer_leaves_out_is_not_forgotten() {
    let asked = ["299000000000000001_1", "299000000000000005_1"];
    let found = look_up(&asked, fixture!("fetchOrderDetails.answer")).await;
    assert_eq!(found.reports.len(), 1);
    assert_eq!(found.refused[0].number.as_ref().unwrap().as_str(), asked[1]);
    assert_eq!(found.refused[0].reason, "the answer leaves this order out");
}

#[tokio::test]
async fn an_order_that_was_not_asked_for_is_not_believed() {
    let found = look_up(
        &["299000000000000009_1"],
        fixture!("fetchOrderDetails.answer"),
    )
    .await;
    assert!(found.reports.is_empty());
    assert_eq!(found.refused[0].reason, "sub_order_num: was not asked for");
}

#[tokio::test]
async fn a_detail_that_cannot_be_read_names_its_path() {
    let found = detail_with("/address/state", 7.into()).await;
    assert_eq!(found.refused[0].reason, "address.state: cannot be read");
    let found = detail_with("/products/0/price", "Asha".into()).await;
    assert_eq!(found.refused[0].reason, "products[0].price: cannot be read");
    assert_eq!(found.refused.len(), 1, "told once, not also as left out");
}
