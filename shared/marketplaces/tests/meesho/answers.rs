//! Answers parsed: the contract's examples and their variations in Haat's words. Expected values
//! are worked out by hand from the contract.

use std::time::Duration;

use haat_domain::{
    DispatchBy, DispatchRule, OrderLine, OrderReport, Packet, Paise, Payment, PaymentMode, Step,
};
use haat_ports::{Asked, Job, JobId, JobState, LabelJob, LabelJobs, LookUp, OrderPage};
use jiff::Timestamp;

use crate::requests::{feed, fixture};
use crate::scripted::{Panel, Reply};

async fn page(tab: &str, answer: &str) -> OrderPage {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    line.orders()
        .page(feed(line.orders(), tab), None)
        .await
        .unwrap()
}

async fn look_up(numbers: &[&str], answer: &str) -> LookUp {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    let numbers: Vec<_> = numbers
        .iter()
        .map(|number| number.parse().unwrap())
        .collect();
    line.orders().look_up(&numbers).await.unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The row of the contract's example with some of its fields changed or, by null, left out.
async fn changed_row(changes: &str) -> OrderPage {
    let mut page_: serde_json::Value =
        serde_json::from_str(fixture!("listOrders.answer.pending")).unwrap();
    let row = page_["data"]["subOrders"][0].as_object_mut().unwrap();
    let changes: serde_json::Map<_, _> = serde_json::from_str(changes).unwrap();
    row.extend(changes);
    page("pending", &page_.to_string()).await
}

fn pending_report() -> OrderReport {
    OrderReport {
        number: "299000000000000001_1".parse().unwrap(),
        purchase: "299000000000000001".to_owned(),
        step: Some(Step::Release),
        word: "PENDING".to_owned(),
        reason: None,
        lines: vec![OrderLine {
            sku: "KURTA-RED-M".parse().unwrap(),
            title: "Straight kurta".to_owned(),
            variation: Some("M".to_owned()),
            quantity: 1,
            price: Some(Paise::new(34_900)),
        }],
        ordered_at: Some(at("2026-09-11T06:41:10Z")),
        dispatch_by: Some(DispatchBy {
            at: at("2026-09-12T12:00:00Z"),
            rule: DispatchRule::MarketplaceDay,
        }),
        packet: None,
        detail: None,
    }
}

#[tokio::test]
async fn a_pending_row_may_be_accepted() {
    let page = page("pending", fixture!("listOrders.answer.pending")).await;
    assert_eq!(page.reports, [pending_report()]);
    assert_eq!(
        (page.refused.len(), page.next.as_deref()),
        (0, Some("eyJwIjoxfQ"))
    );
}

#[tokio::test]
async fn a_held_row_keyed_by_its_id_tells_why() {
    let page = page("on-hold", fixture!("listOrders.answer.onHold")).await;
    let report = &page.reports[0];
    assert_eq!(report.number.as_str(), "299000000000000002_1");
    assert_eq!(
        (report.step, report.word.as_str()),
        (Some(Step::Hold), "ON_HOLD")
    );
    assert_eq!(report.reason.as_deref(), Some("EXCHANGE_RETURN_PENDING"));
    assert_eq!((report.dispatch_by, page.next), (None, None));
}

#[tokio::test]
async fn a_packet_gives_a_report_for_each_of_its_orders() {
    let one = fixture!("listOrders.answer.readyToShip");
    let mut two: serde_json::Value = serde_json::from_str(one).unwrap();
    let orders = &mut two["data"]["groups"][0]["orders"];
    let mut second = orders[0]["sub_orders"][0].clone();
    second["sub_order_num"] = "299000000000000003_2".into();
    orders[0]["sub_orders"].as_array_mut().unwrap().push(second);

    let page = page("ready-to-ship", &two.to_string()).await;

    let packet = Packet {
        awb: Some("134000000000001".parse().unwrap()),
        courier: Some("Xpressbees".to_owned()),
        packet: Some("TNL110000000001".to_owned()),
        label_open: None,
        label_opens_at: None,
    };
    let first = OrderReport {
        number: "299000000000000003_1".parse().unwrap(),
        purchase: "299000000000000003".to_owned(),
        step: Some(Step::Accept),
        word: "READY_TO_SHIP".to_owned(),
        lines: vec![OrderLine {
            sku: "KURTA-RED-L".parse().unwrap(),
            // This tab's example leaves out name, variation and price.
            title: "KURTA-RED-L".to_owned(),
            variation: None,
            quantity: 1,
            price: None,
        }],
        ordered_at: Some(at("2026-09-11T07:20:00Z")),
        packet: Some(packet),
        ..pending_report()
    };
    let number = "299000000000000003_2".parse().unwrap();
    let second = OrderReport {
        number,
        ..first.clone()
    };
    assert_eq!(page.reports, [first, second]);
}

#[tokio::test]
async fn shipped_and_cancelled_rows_have_left_the_seller() {
    let shipped = page("shipped", fixture!("listOrders.answer.pending")).await;
    assert_eq!(
        (shipped.reports[0].step, shipped.reports[0].word.as_str()),
        (Some(Step::Ship), "SHIPPED")
    );
    let answer = fixture!("listOrders.answer.pending").replace(
        r#""cancelled_message": null"#,
        r#""cancelled_message": "Cancelled by customer""#,
    );
    let cancelled = page("cancelled", &answer).await;
    assert_eq!(
        (
            cancelled.reports[0].step,
            cancelled.reports[0].word.as_str()
        ),
        (Some(Step::Cancel), "CANCELLED")
    );
    assert_eq!(
        cancelled.reports[0].reason.as_deref(),
        Some("Cancelled by customer")
    );
}

#[tokio::test]
async fn the_last_page_points_nowhere() {
    let last = page("pending", fixture!("listOrders.answer.lastPage")).await;
    assert_eq!((last.reports.len(), last.next), (0, None));
    let empty = page(
        "pending",
        r#"{"cursor": "more", "data": {"subOrders": []}}"#,
    )
    .await;
    assert_eq!(empty.next, None);
}

#[tokio::test]
async fn a_page_that_points_at_itself_is_a_failed_read() {
    let panel = Panel::answering([Reply::json(200, fixture!("listOrders.answer.pending"))]).await;
    let (line, _) = panel.line();
    let error = line
        .orders()
        .page(feed(line.orders(), "pending"), Some("eyJwIjoxfQ"))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "meesho listOrders: pending tab: cursor: the page points at itself"
    );
}

#[tokio::test]
async fn money_is_read_to_the_paisa() {
    for (amount, paise) in [
        ("349", 34_900),
        ("349.5", 34_950),
        ("349.50", 34_950),
        ("0.07", 7),
        (r#""349.00""#, 34_900),
        (r#"" 1299.99 ""#, 129_999),
        // A double would make 90071992547409.90 of this.
        ("90071992547409.91", 9_007_199_254_740_991),
    ] {
        let answer = fixture!("listOrders.answer.pending")
            .replace(r#""price": 349"#, &format!(r#""price": {amount}"#));
        let page = page("pending", &answer).await;
        assert_eq!(
            page.reports[0].lines[0].price,
            Some(Paise::new(paise)),
            "{amount}"
        );
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_refused_by_its_field_and_never_quoted() {
    for (changes, reason) in [
        (r#"{"price": "Asha Rao"}"#, "price: cannot be read"),
        (r#"{"price": 349.999}"#, "price: cannot be read"),
        (r#"{"price": {"Asha": 1}}"#, "price: cannot be read"),
        (r#"{"quantity": -1}"#, "quantity: cannot be read"),
        (r#"{"quantity": 1.5}"#, "quantity: cannot be read"),
        (r#"{"quantity": 0}"#, "quantity: is 0"),
        (r#"{"name": ["Asha Rao"]}"#, "name: cannot be read"),
        (
            r#"{"created_iso": "Asha Rao"}"#,
            "created_iso: neither an instant nor a day",
        ),
        (
            r#"{"expected_dispatch_date_iso": "12.09.2026"}"#,
            "expected_dispatch_date_iso: neither an instant nor a day",
        ),
        (
            r#"{"product_sku": "Asha\u0000Rao"}"#,
            "product_sku: not a SKU: 1 to 128 bytes without control characters or outer spaces",
        ),
    ] {
        let page = changed_row(changes).await;
        assert!(page.reports.is_empty(), "{changes}");
        let refused = &page.refused[0];
        assert_eq!(refused.reason, reason, "{changes}");
        assert_eq!(
            refused.number.as_ref().unwrap().as_str(),
            "299000000000000001_1"
        );
        assert!(refused.raw.expose().contains("299000000000000001_1"));
        assert!(!format!("{refused:?}").contains("Asha"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_row_without_a_usable_number_is_refused_without_one() {
    let page = changed_row(r#"{"sub_order_num": "Asha Rao"}"#).await;
    assert_eq!(page.refused[0].number, None);
    assert!(
        page.refused[0]
            .reason
            .starts_with("sub_order_num: not a order number")
    );
}

#[tokio::test]
async fn a_broken_row_spoils_no_other() {
    let mut answer: serde_json::Value =
        serde_json::from_str(fixture!("listOrders.answer.pending")).unwrap();
    let rows = answer["data"]["subOrders"].as_array_mut().unwrap();
    rows.insert(
        0,
        serde_json::json!({"sub_order_num": "299000000000000008_1"}),
    );
    rows.push(serde_json::json!(["not a row"]));
    let page = page("pending", &answer.to_string()).await;
    assert_eq!(page.reports, [pending_report()]);
    let reasons: Vec<_> = page.refused.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(reasons[0], ".: missing field `order_num`");
    assert_eq!(reasons.len(), 2);
}

#[tokio::test]
async fn a_list_may_leave_the_product_to_the_details() {
    for changes in [
        r#"{"product_sku": null}"#,
        r#"{"product_sku": "  "}"#,
        r#"{"quantity": null}"#,
    ] {
        let page = changed_row(changes).await;
        assert_eq!(page.reports[0].lines, [], "{changes}");
    }
    let trimmed = changed_row(r#"{"product_sku": " KURTA-RED-M "}"#).await;
    assert_eq!(trimmed.reports, [pending_report()]);
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

async fn accept_jobs(answer: &str) -> Vec<Job> {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    line.shipping().unwrap().accept_jobs().await.unwrap()
}

#[tokio::test]
async fn accept_jobs_run_finish_or_fail() {
    let states: Vec<_> = accept_jobs(
        r#"{"data": [
            {"request_id": "a", "progress_percent": 99.5, "error_message": "slow"},
            {"request_id": "b", "progress_percent": 100, "processed_orders_count": 0},
            {"request_id": "c", "progress_percent": 100, "processed_orders_count": 2, "error_message": "one was cancelled"},
            {"request_id": "d", "progress_percent": 100, "processed_orders_count": 0, "error_message": "none may be accepted"},
            {"request_id": "e", "progress_percent": "?"}
        ]}"#,
    )
    .await
    .into_iter()
    .map(|job| (job.id.0, job.state))
    .collect();
    let said = "none may be accepted".to_owned();
    let expected = [
        ("a", JobState::Running),
        ("b", JobState::Finished),
        ("c", JobState::Finished),
        ("d", JobState::Failed { said }),
        ("e", JobState::Running),
    ];
    assert_eq!(states, expected.map(|(id, state)| (id.to_owned(), state)));
    assert_eq!(
        accept_jobs(fixture!("fetchPendingOrdersHistory.answer")).await[0].state,
        JobState::Finished
    );
}

async fn label_jobs(answer: &str) -> LabelJobs {
    let panel = Panel::answering([Reply::json(200, answer)]).await;
    let (line, _) = panel.line();
    line.shipping().unwrap().label_jobs().await.unwrap()
}

#[tokio::test]
async fn label_jobs_run_finish_or_fail() {
    let id = JobId("4100001_ab1cd_1766400100000".to_owned());
    let job = |state| Job {
        id: id.clone(),
        state,
    };

    let running = label_jobs(fixture!("fetchLabelDownloadHistory.answer.running")).await;
    assert_eq!(
        running.jobs,
        [LabelJob {
            job: job(JobState::Running),
            labels: Some(0),
            file: None
        }]
    );
    assert_eq!(running.look_again, Duration::from_secs(10));

    let done = label_jobs(fixture!("fetchLabelDownloadHistory.answer.done")).await;
    assert_eq!(
        (&done.jobs[0].job, done.jobs[0].labels),
        (&job(JobState::Finished), Some(12))
    );
    assert!(
        done.jobs[0]
            .file
            .as_ref()
            .unwrap()
            .expose()
            .ends_with("signature=sandbox")
    );
    assert!(!format!("{done:?}").contains("signature"));

    let failed = label_jobs(fixture!("fetchLabelDownloadHistory.answer.failed")).await;
    let said = "labels are not open yet".to_owned();
    assert_eq!(
        failed.jobs,
        [LabelJob {
            job: job(JobState::Failed { said }),
            labels: Some(0),
            file: None
        }]
    );
}

#[tokio::test]
async fn a_label_job_in_an_unknown_word_runs_and_gives_no_file() {
    let jobs = label_jobs(
        r#"{"data": [{"request_id": "x", "status": "NEARLY", "label_url": "https://f.test/x"},
                     {"request_id": "y"}], "polling_time_ms": 99999999999}"#,
    )
    .await;
    for job in &jobs.jobs {
        assert_eq!((&job.job.state, &job.file), (&JobState::Running, &None));
    }
    assert_eq!(jobs.look_again, Duration::from_secs(600));
}

#[tokio::test]
async fn a_started_job_is_known_by_its_request() {
    let panel = Panel::answering([
        Reply::json(200, fixture!("reqPendingOrders.answer")),
        Reply::json(200, fixture!("reqDownloadLabelV2.answer")),
    ])
    .await;
    let (line, _) = panel.line();
    let shipping = line.shipping().unwrap();
    let accepted = shipping
        .accept(&["299000000000000001_1".parse().unwrap()])
        .await
        .unwrap();
    assert_eq!(
        accepted,
        Asked::Job(JobId("4100001_ab1cd_1766400000000".to_owned()))
    );
    let labels = shipping.request_labels().await.unwrap();
    assert_eq!(
        labels,
        Asked::Job(JobId("4100001_ab1cd_1766400100000".to_owned()))
    );
    assert_eq!(shipping.accept(&[]).await.unwrap(), Asked::Done);
    assert_eq!(shipping.accept_takes(), Duration::from_secs(5));
    assert_eq!(panel.asked().len(), 2);
}
