//! What must never be heard of: passwords, cookies, one-time passwords, addresses of files, and
//! buyers; not even at the most talkative log level.

use haat_domain::Secret;
use haat_ports::{Challenge, Job, JobId, JobState, LabelJob};

use crate::requests::{feed, fixture};
use crate::script::Log;
use crate::scripted::{PASSWORD, Panel, Reply, by_job, credentials};

#[tokio::test]
async fn nothing_secret_is_logged() {
    let log = Log::of_everything();
    let panel = Panel::answering([
        Reply::json(200, fixture!("login.answer.ok")).with("set-cookie", "connect.sid=s%3Acookie"),
        Reply::json(401, r#"{"error": "wrong"}"#),
        Reply::json(463, "{}"),
        Reply::json(
            200,
            r#"{"data": {"subOrders": [{"sub_order_num": "1_1", "name": "Asha"}]}}"#,
        ),
        Reply::json(
            200,
            &fixture!("fetchOrderDetails.answer").replace("\"cod\"", "\"barter\""),
        ),
        Reply::json(
            200,
            r#"{"data": [{"request_id": "job-1", "status": 7, "label_url": "secret-url"}]}"#,
        ),
        Reply::of(200, "application/pdf", "%PDF-1.7"),
    ])
    .await;
    let marketplace = panel.marketplace();
    let typed = credentials("seller@example.test", PASSWORD);
    let challenge = Challenge {
        id: Secret::new(r#"{"challenge_id": "ch_0001", "instance": "inst_1"}"#),
        sent_to: None,
    };
    let (line, _) = panel.line();
    let (orders, shipping) = (line.orders(), by_job(&*line));
    marketplace.log_in(&typed).await.unwrap_err();
    marketplace
        .answer_otp(&typed, &challenge, &Secret::new("473829"))
        .await
        .unwrap_err();
    orders.page(feed(orders, "pending"), None).await.unwrap();
    orders
        .look_up(&["299000000000000001_1".parse().unwrap()])
        .await
        .unwrap();
    shipping.label_jobs().await.unwrap();
    let job = LabelJob {
        job: Job {
            id: JobId("job-1".to_owned()),
            state: JobState::Finished,
        },
        labels: None,
        file: Some(Secret::new(format!(
            "http://{}/label-files/1.pdf?signature=secret",
            panel.address
        ))),
    };
    shipping.label_file(&job).await.unwrap();

    let log = log.text();
    for told in [
        "meesho listOrders",
        "unknown payment mode",
        "unreadable job",
    ] {
        assert!(log.contains(told), "the log was listened to: {told}\n{log}");
    }
    for secret in [
        PASSWORD,
        "wörd",
        "seller@example.test",
        "473829",
        "ch_0001",
        "s%3A",
        "signature",
        "label-files",
        "secret-url",
        "Asha",
        "Test Buyer",
        "Test Road",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}
