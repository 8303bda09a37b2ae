//! Log-ins: as few as there can be.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use haat_domain::{AttentionReason, Secret};
use haat_ports::{ErrorKind, MarketplaceError, Session, Sessions};
use haat_tests::between::{Reply, Weather};

use crate::hub::Hub;
use crate::line::{Line, credentials};
use crate::stage::{Stage, Standing};

pub(super) async fn wrong(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let mut typed = credentials(line.stage.as_ref());
    let password = line.marketplace.descriptor().fields.iter();
    let password = password
        .filter(|field| field.secret)
        .map(|field| field.name);
    for field in password {
        typed.0.insert(field.to_owned(), Secret::new("not-it"));
    }
    let error = line.marketplace.log_in(&typed).await.unwrap_err();
    let refused = ErrorKind::Attention(AttentionReason::LoginRefused);
    assert_eq!(error.kind, refused, "{error}");
    assert_eq!(line.stage.log_ins(), (0, 1));
    assert_eq!(line.between.calls(), 1, "it was not repeated");
}

pub(super) async fn ended(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    line.stage.seed(Standing::New, 3);
    let first = line.page(None).await.unwrap();
    line.stage.end_sessions();
    let rest = line.rest(first.next.clone()).await;
    assert_eq!(rest.len(), 1, "the list goes on where it was");
    assert_eq!(line.stage.log_ins(), (2, 0));
}

/// A session that nobody can make better.
struct Always(Session);

#[async_trait]
impl Sessions for Always {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Session) -> Result<Session, MarketplaceError> {
        Ok(self.0.clone())
    }
}

pub(super) async fn fresh_and_refused(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let session = line.sessions.current().await.unwrap();
    let sessions = Arc::new(Always(session));
    let connection = line.marketplace.connect(line.stage.seller(), sessions);
    line.turn(Weather::Answered(Reply::json(401, "{}")));
    let page = connection.unwrap().orders().page(line.feed(), None).await;
    let refused = ErrorKind::Attention(AttentionReason::SessionRefused);
    assert_eq!(page.unwrap_err().kind, refused);
    assert_eq!(line.between.calls(), 2, "once with it, once with a new one");
}

pub(super) async fn twenty(stage: Box<dyn Stage>) {
    stage.seed(Standing::New, 3);
    let hub = Hub::connected(stage.as_ref()).await;
    let (before, _) = stage.log_ins();
    stage.end_sessions();
    join_all((0..20).map(|_| hub.poll())).await;
    assert_eq!(stage.log_ins(), (before + 1, 0));
    assert!(hub.poll().await.missed.is_empty());
    assert_eq!(stage.log_ins(), (before + 1, 0));
}

pub(super) async fn refused(stage: Box<dyn Stage>) {
    let hub = Hub::connected(stage.as_ref()).await;
    let (before, _) = stage.log_ins();
    stage.change_password();
    for _ in 0..5 {
        let summary = hub.poll().await;
        assert_eq!(summary.missed.len(), 1, "somebody is told");
        stage.pass(300);
        hub.clock.set(stage.now());
    }
    assert_eq!(stage.log_ins(), (before, 1), "it is tried once");
}
