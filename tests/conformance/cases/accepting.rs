//! Accepting and cancelling.

use haat_domain::{Stage as OrderStage, Step};
use haat_ports::{ErrorKind, Shipping};
use haat_tests::between::Weather;

use crate::line::Line;
use crate::stage::{Stage, Standing};

pub(super) async fn twice(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let order = line.new_order().await;
    line.accept(&order).await.unwrap();
    // The second time it is refused, or changes nothing.
    if let Err(error) = line.accept(&order).await {
        assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    }
    assert_eq!(line.stage.accepted(&order.id.number), 1);
    let report = line.report(&order.id.number).await;
    assert_eq!(report.step, Some(Step::Accept), "{}", report.word);
}

pub(super) async fn lost(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let order = line.new_order().await;
    line.turn(Weather::Cut);
    let error = line.accept(&order).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Ambiguous, "{error}");
    assert_eq!(line.between.calls(), 1, "it was not repeated");
    line.turn(Weather::Fine);
    line.pass(60);
    let report = line.report(&order.id.number).await;
    assert_eq!(report.step, Some(Step::Accept), "the order tells");
    assert_eq!(line.stage.accepted(&order.id.number), 1);
}

pub(super) async fn never_answered(stage: Box<dyn Stage>) {
    let line = Line::open_impatient(stage).await;
    let order = line.new_order().await;
    line.turn(Weather::Silent);
    let error = line.accept(&order).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Ambiguous, "{error}");
    assert_eq!(line.between.calls(), 1, "it was not repeated");
    line.turn(Weather::Fine);
    line.pass(60);
    let report = line.report(&order.id.number).await;
    assert_eq!(report.step, Some(Step::Accept), "the order tells");
    assert_eq!(line.stage.accepted(&order.id.number), 1);
}

pub(super) async fn session_gone(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let order = line.new_order().await;
    line.stage.end_sessions();
    line.accept(&order).await.unwrap();
    assert_eq!(line.stage.accepted(&order.id.number), 1);
    assert_eq!(line.stage.log_ins(), (2, 0));
}

pub(super) async fn too_many(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let order = line.new_order().await;
    let Some(Shipping::ByJob(jobs)) = line.connection.shipping() else {
        panic!("one order for one call is never too many");
    };
    let most = line.marketplace.descriptor().limits.accept;
    line.turn(Weather::Fine);
    for count in [0, most + 1] {
        let numbers = vec![order.id.number.clone(); count];
        let error = jobs.accept(&numbers).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected, "{count}: {error}");
    }
    assert_eq!(line.between.calls(), 0, "nothing was sent");
}

pub(super) async fn cancel_late(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let number = line.stage.seed(Standing::Shipped, 1).remove(0);
    let order = line.order(&number).await;
    assert_eq!(order.stage, OrderStage::Shipped);
    let Some(Shipping::ByOrder(shipping)) = line.connection.shipping() else {
        panic!("nothing can be cancelled there");
    };
    let error = shipping.cancel(&order).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    assert_eq!(line.report(&number).await.step, Some(Step::Ship));
}
