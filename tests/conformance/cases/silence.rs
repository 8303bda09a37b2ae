//! What must never be heard of.

use std::fmt::Write as _;

use haat_ports::Shipping;
use haat_tests::between::{Reply, Weather};

use crate::line::{Line, credentials};
use crate::silence::heard;
use crate::stage::{Stage, Standing};

pub(super) async fn nothing_told(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let mut shown = String::new();
    let typed = credentials(line.stage.as_ref());
    let session = line.sessions.current().await.unwrap();
    write!(shown, "{typed:?} {session:?}").unwrap();
    let secret = session.secret.expose().to_owned();
    line.stage.seed(Standing::Accepted, 1);
    let order = line.new_order().await;
    write!(shown, "{order:?} {:?}", line.rest(None).await).unwrap();
    write!(shown, "{:?}", line.report(&order.id.number).await).unwrap();

    // A marketplace that repeats what it was told.
    let message = format!("{secret} is odd");
    let echo = serde_json::json!({"code": "ODD", "message": message});
    for status in [200, 400, 403, 500] {
        let reply = Reply::json(status, &echo.to_string());
        line.turn(Weather::Answered(reply));
        let error = line.page(None).await.unwrap_err();
        write!(shown, "{error} {error:?}").unwrap();
        let error = line.accept(&order).await.unwrap_err();
        write!(shown, "{error:?}").unwrap();
    }
    // Also where everything else is right.
    let shipped = line.stage.seed(Standing::Shipped, 1).remove(0);
    for secret in drawn(&secret) {
        let (from, to) = (line.stage.shipped_word().to_owned(), secret.to_owned());
        line.turn(Weather::Reworded { from, to });
        let report = line.report(&shipped).await;
        assert_ne!(report.word, line.stage.shipped_word(), "it was repeated");
        write!(shown, "{report:?}").unwrap();
    }
    line.turn(Weather::Fine);
    line.accept(&order).await.unwrap();
    if let Some(Shipping::ByJob(jobs)) = line.connection.shipping() {
        jobs.request_labels().await.unwrap();
        line.pass(600);
        let made = jobs.label_jobs().await.unwrap();
        write!(shown, "{made:?}").unwrap();
        jobs.label_file(&made.jobs[0]).await.unwrap();
    }

    let log = heard();
    let id = line.stage.id();
    assert!(log.contains(&format!("{id} ")), "the log was listened to");
    let mut secrets = passwords(&line);
    assert!(!secrets.is_empty(), "there is a password");
    secrets.extend(drawn(&secret).map(str::to_owned));
    for secret in secrets.iter().chain(&line.stage.buyers()) {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
        assert!(!log.contains(secret), "{secret} is logged");
    }
}

/// The parts of a session's secret that were drawn by lot: what is short, or a word, is a name.
fn drawn(secret: &str) -> impl Iterator<Item = &str> {
    let parts = secret.split(|letter: char| " \",;={}[]:".contains(letter));
    parts.filter(|part| part.len() >= 12 && part.contains(|c: char| c.is_ascii_digit()))
}

/// What was typed into secret fields.
fn passwords(line: &Line) -> Vec<String> {
    let fields = line.marketplace.descriptor().fields;
    let is_secret = |name: &str| {
        fields
            .iter()
            .any(|field| field.secret && field.name == name)
    };
    let typed = line.stage.credentials().into_iter();
    let typed = typed.filter(|(name, _)| is_secret(name));
    typed.map(|(_, text)| text.to_owned()).collect()
}
