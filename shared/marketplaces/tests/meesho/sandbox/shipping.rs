//! Accepting orders and fetching their labels.

use haat_ports::{ErrorKind, JobState};
use haat_sandbox::{Fault, FaultKind, State};

use super::shop::Shop;
use crate::scripted::by_job;

#[tokio::test]
async fn an_accept_whose_answer_is_lost_is_ambiguous_and_found_in_the_jobs() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Pending, 2);
    let shipping = by_job(&*shop.line);
    for kind in [FaultKind::LostResponse, FaultKind::TruncatedJson] {
        shop.fault(Fault::new("reqPendingOrders", kind));
        let error = shipping.accept(&numbers).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Ambiguous, "{kind:?}");
    }
    assert_eq!(shipping.accept_jobs().await.unwrap().len(), 2);
    assert_eq!(shop.calls("reqPendingOrders"), 2, "nothing was repeated");
}

#[tokio::test]
async fn an_order_is_accepted_and_its_label_fetched() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Pending, 3);
    let control = shop.sandbox.control();
    let shipping = by_job(&*shop.line);

    let accept = shipping.accept(&numbers).await.unwrap();
    assert_eq!(
        shipping.accept_jobs().await.unwrap()[0].state,
        JobState::Running
    );
    control.advance_seconds(5).unwrap();
    let job = shipping.accept_jobs().await.unwrap().remove(0);
    assert_eq!((job.id, job.state), (accept, JobState::Finished));
    let packed = shop.page("ready-to-ship", None).await.unwrap().reports;
    assert!(
        packed
            .iter()
            .all(|report| report.packet.as_ref().unwrap().awb.is_some())
    );

    let labels = shipping.request_labels().await.unwrap();
    control.advance_seconds(30).unwrap();
    let job = shipping.label_jobs().await.unwrap().jobs.remove(0);
    assert_eq!(
        (&job.job.id, &job.job.state, job.labels),
        (&labels, &JobState::Finished, Some(3))
    );
    let pdf = shipping.label_file(&job).await.unwrap();
    assert!(pdf.starts_with(b"%PDF-"));

    shipping.labels_stored(&labels).await.unwrap();
    assert!(control.orders().iter().all(|order| order.label_downloaded));
}

#[tokio::test]
async fn a_label_file_that_misbehaves_is_refused() {
    let shop = Shop::open().await;
    shop.seeded(State::ReadyToShip, 1);
    let shipping = by_job(&*shop.line);
    shipping.request_labels().await.unwrap();
    shop.sandbox.control().advance_seconds(30).unwrap();
    let job = shipping.label_jobs().await.unwrap().jobs.remove(0);
    let mut large = Fault::new("getLabelFile", FaultKind::TooLarge);
    large.megabytes = Some(64);
    for (fault, kind) in [
        (
            Fault::new("getLabelFile", FaultKind::Redirect),
            ErrorKind::Malformed,
        ),
        (
            Fault::new("getLabelFile", FaultKind::WrongContentType),
            ErrorKind::Malformed,
        ),
        (
            Fault::new("getLabelFile", FaultKind::HtmlInsteadOfJson),
            ErrorKind::Malformed,
        ),
        (large, ErrorKind::Malformed),
        (
            Fault::new("getLabelFile", FaultKind::DropBeforeCommit),
            ErrorKind::Unavailable,
        ),
    ] {
        let played = fault.kind;
        shop.fault(fault);
        let error = shipping.label_file(&job).await.unwrap_err();
        assert_eq!(error.kind, kind, "{played:?}: {error}");
    }
    shipping.label_file(&job).await.unwrap();
    shop.sandbox.control().advance_seconds(3_601).unwrap();
    assert_eq!(
        shipping.label_file(&job).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    let fresh = shipping.label_jobs().await.unwrap().jobs.remove(0);
    shipping.label_file(&fresh).await.unwrap();
}

#[tokio::test]
async fn labels_that_are_not_open_yet_are_a_failed_job_with_the_panels_text() {
    let shop = Shop::open().await;
    shop.sandbox.control().set_label_delay(3_600);
    let numbers = shop.seeded(State::Pending, 1);
    let shipping = by_job(&*shop.line);
    shipping.accept(&numbers).await.unwrap();
    shop.sandbox.control().advance_seconds(5).unwrap();
    shipping.request_labels().await.unwrap();
    shop.sandbox.control().advance_seconds(30).unwrap();

    let job = shipping.label_jobs().await.unwrap().jobs.remove(0);

    assert!(
        matches!(&job.job.state, JobState::Failed { said } if !said.is_empty()),
        "{job:?}"
    );
    let report = shop
        .line
        .orders()
        .look_up(&numbers)
        .await
        .unwrap()
        .reports
        .remove(0);
    let packet = report.packet.unwrap();
    assert_eq!(packet.label_open, Some(false));
    assert!(packet.label_opens_at.is_some());
}
