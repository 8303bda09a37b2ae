//! Label jobs and the file host.

use haat_sandbox::{CancelledBy, Sandbox, Seed, State};
use serde_json::{Value, json};

use crate::client::{Panel, SUPPLIER, open_shop};

async fn accepted(sandbox: &Sandbox, count: u32) -> Vec<String> {
    let seed = Seed::new(SUPPLIER, State::ReadyToShip, count);
    sandbox.control().seed(&seed).unwrap()
}

async fn run_job(sandbox: &Sandbox, panel: &Panel) -> Value {
    panel.ask_for_labels(&panel.label_request()).await;
    sandbox.control().advance_seconds(30).unwrap();
    panel.label_job().await
}

#[tokio::test]
async fn a_job_runs_by_the_clock_and_ends_with_a_file() {
    let (sandbox, panel) = open_shop().await;
    let numbers = accepted(&sandbox, 12).await;

    let request_id = panel.ask_for_labels(&panel.label_request()).await;
    sandbox.control().advance_seconds(12).unwrap();
    assert_eq!(
        panel.label_history().await,
        json!({"data": [{"request_id": request_id, "status": "VALIDATED_AND_DATA_FETCHED",
            "status_message": "in progress", "requested_at_msg": "just now", "error_message": null,
            "success_suborder_count": 0, "total_suborder_count": 12, "progress_percent": 40,
            "label_url": null}], "is_polling": true, "polling_time_ms": 10000})
    );

    sandbox.control().advance_seconds(18).unwrap();
    let history = panel.label_history().await;
    assert_eq!(history["is_polling"], false);
    let job = &history["data"][0];
    assert_eq!(job["status"], "PROCESSED");
    assert_eq!(
        (&job["success_suborder_count"], &job["total_suborder_count"]),
        (&json!(12), &json!(12))
    );
    let url = job["label_url"].as_str().unwrap();
    let host = sandbox.file_host();
    assert!(
        url.starts_with(&format!(
            "http://{host}/label-files/4100001-1789108870000.pdf?expires="
        )),
        "{url}"
    );
    let file = panel.fetch(url).await;
    assert_eq!(file.status(), 200);
    assert_eq!(file.headers()["content-type"], "application/pdf");
    let document = lopdf::Document::load_mem(&file.bytes().await.unwrap()).unwrap();
    assert_eq!(document.get_pages().len(), 12);
    let counters = sandbox.control().counters();
    assert!(numbers.iter().all(|number| counters.labels_of(number) == 1));
    assert_eq!((counters.label_jobs, counters.label_files), (1, 1));
}

#[tokio::test]
async fn what_was_stored_is_left_out_of_the_next_job() {
    let (sandbox, panel) = open_shop().await;
    let numbers = accepted(&sandbox, 2).await;
    let first = run_job(&sandbox, &panel).await;
    let told = panel
        .mark_downloaded(first["request_id"].as_str().unwrap())
        .await;
    assert_eq!(told, json!({"success": true}));
    assert!(
        sandbox
            .control()
            .order(&numbers[0])
            .unwrap()
            .label_downloaded
    );
    assert_eq!(
        panel.page("ready-to-ship", None, 50).await["data"]["groups"][0]["label_downloaded"],
        true
    );

    let second = run_job(&sandbox, &panel).await;

    assert_eq!(second["status"], "PROCESSED");
    assert_eq!(
        (
            &second["success_suborder_count"],
            &second["total_suborder_count"]
        ),
        (&json!(0), &json!(0))
    );
    assert_eq!(second["label_url"], Value::Null);
    assert_eq!(sandbox.control().counters().labels_of(&numbers[0]), 1);
}

#[tokio::test]
async fn what_was_not_marked_is_labelled_again_with_the_same_invoice_number() {
    let (sandbox, panel) = open_shop().await;
    let numbers = accepted(&sandbox, 1).await;
    let mut texts = Vec::new();
    for _ in 0..2 {
        let job = run_job(&sandbox, &panel).await;
        let file = panel
            .fetch(job["label_url"].as_str().unwrap())
            .await
            .bytes()
            .await
            .unwrap();
        texts.push(
            lopdf::Document::load_mem(&file)
                .unwrap()
                .extract_text(&[1])
                .unwrap(),
        );
    }
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("ab1cd26000001"), "{}", texts[0]);
    assert_eq!(sandbox.control().counters().labels_of(&numbers[0]), 2);
}

#[tokio::test]
async fn a_window_that_is_not_open_fails_the_job_without_penalty() {
    let (sandbox, panel) = open_shop().await;
    sandbox.control().set_label_delay(6 * 3_600);
    let numbers = sandbox
        .control()
        .seed(&Seed::new(SUPPLIER, State::Pending, 1))
        .unwrap();
    panel.accept(&numbers).await;
    sandbox.control().advance_seconds(5).unwrap();
    let shipment = panel.detail(&numbers[0]).await["shipment"].clone();
    assert_eq!(shipment["eligible"], false);
    assert_eq!(
        shipment["label_available_at_iso"],
        "2026-09-11T18:11:15+0530"
    );

    let early = run_job(&sandbox, &panel).await;
    assert_eq!(early["status"], "FAILED");
    assert_eq!(
        early["error_message"],
        "labels are not open yet; no penalty, try again later"
    );
    assert_eq!(
        (
            &early["success_suborder_count"],
            &early["total_suborder_count"]
        ),
        (&json!(0), &json!(1))
    );
    assert_eq!(early["label_url"], Value::Null);

    sandbox.control().advance_seconds(6 * 3_600).unwrap();
    assert_eq!(run_job(&sandbox, &panel).await["success_suborder_count"], 1);
}

#[tokio::test]
async fn a_job_may_leave_some_orders_for_the_next() {
    let (sandbox, panel) = open_shop().await;
    accepted(&sandbox, 3).await;
    sandbox
        .control()
        .leave_out_of_next_label_job(SUPPLIER, 1)
        .unwrap();

    let partial = run_job(&sandbox, &panel).await;
    assert_eq!(partial["status"], "PROCESSED");
    assert_eq!(
        (
            &partial["success_suborder_count"],
            &partial["total_suborder_count"]
        ),
        (&json!(2), &json!(3))
    );
    panel
        .mark_downloaded(partial["request_id"].as_str().unwrap())
        .await;

    let rest = run_job(&sandbox, &panel).await;
    assert_eq!(
        (
            &rest["success_suborder_count"],
            &rest["total_suborder_count"]
        ),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn an_order_cancelled_during_the_job_gets_no_label() {
    let (sandbox, panel) = open_shop().await;
    let numbers = accepted(&sandbox, 2).await;
    panel.ask_for_labels(&panel.label_request()).await;
    sandbox
        .control()
        .cancel(&numbers[0], CancelledBy::Buyer)
        .unwrap();
    sandbox.control().advance_seconds(30).unwrap();
    let job = panel.label_job().await;
    assert_eq!(
        (&job["success_suborder_count"], &job["total_suborder_count"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(sandbox.control().counters().labels_of(&numbers[0]), 0);
}

#[tokio::test]
async fn a_filter_by_keys_is_honoured() {
    let (sandbox, panel) = open_shop().await;
    let numbers = accepted(&sandbox, 3).await;
    let mut request = panel.label_request();
    request["filter"]["grouping_keys"] = json!([format!("{}_FORWARD", numbers[1])]);
    panel.ask_for_labels(&request).await;
    sandbox.control().advance_seconds(30).unwrap();
    let labelled = sandbox.control().counters().labels;
    assert_eq!(
        labelled.into_keys().collect::<Vec<_>>(),
        [numbers[1].clone()]
    );
}

#[tokio::test]
async fn an_address_expires_and_the_history_gives_a_fresh_one() {
    let (sandbox, panel) = open_shop().await;
    accepted(&sandbox, 1).await;
    let old = run_job(&sandbox, &panel).await["label_url"].clone();

    sandbox.control().advance_seconds(3_600).unwrap();
    let expired = panel.fetch(old.as_str().unwrap()).await;
    assert_eq!(expired.status(), 403);
    assert_eq!(
        expired.text().await.unwrap(),
        "<Error><Code>ExpiredToken</Code></Error>"
    );
    let fresh = panel.label_job().await["label_url"].clone();
    assert_eq!(panel.fetch(fresh.as_str().unwrap()).await.status(), 200);

    let unsigned = fresh
        .as_str()
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(panel.fetch(&unsigned).await.status(), 403);
    let nobody = format!("http://{}/label-files/none.pdf", sandbox.file_host());
    assert_eq!(panel.fetch(&nobody).await.status(), 404);
}

#[tokio::test]
async fn nothing_is_marked_of_a_job_that_is_unknown_or_runs() {
    let (sandbox, panel) = open_shop().await;
    let numbers = accepted(&sandbox, 1).await;
    let running = panel.ask_for_labels(&panel.label_request()).await;
    assert_eq!(
        panel.mark_downloaded(&running).await,
        json!({"success": false})
    );
    assert_eq!(
        panel.mark_downloaded("nobody").await,
        json!({"success": false})
    );
    assert!(
        !sandbox
            .control()
            .order(&numbers[0])
            .unwrap()
            .label_downloaded
    );
}

#[tokio::test]
async fn a_failed_jobs_pop_up_can_be_closed() {
    let (_sandbox, panel) = open_shop().await;
    let request_id = panel.ask_for_labels(&panel.label_request()).await;
    let mut body = panel.supplier_ref();
    body["request_id"] = json!(request_id);
    body["status"] = json!("POPUP_CLOSED");
    let path = "/api/fulfillment/orders/updateLabelDownloadStatus";
    assert_eq!(
        panel.post(path, &body).await,
        (200, json!({"success": true}))
    );
}

#[tokio::test]
async fn a_job_takes_as_many_as_it_may() {
    let (sandbox, panel) = open_shop().await;
    accepted(&sandbox, 2_000).await;
    let job = run_job(&sandbox, &panel).await;
    assert_eq!(job["total_suborder_count"], 1_996);
    let file = panel
        .fetch(job["label_url"].as_str().unwrap())
        .await
        .bytes()
        .await
        .unwrap();
    assert!(
        file.len() < 1_996 * 10_000,
        "{} bytes for 1,996 pages",
        file.len()
    );
    assert_eq!(
        lopdf::Document::load_mem(&file).unwrap().get_pages().len(),
        1_996
    );
}
