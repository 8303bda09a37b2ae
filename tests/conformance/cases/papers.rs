//! Labels.

use haat_ports::{JobState, Shipping};

use crate::line::Line;
use crate::stage::{Stage, Standing};

pub(super) async fn label(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let number = line.stage.seed(Standing::Accepted, 1).remove(0);
    let (once, again) = match line.connection.shipping().unwrap() {
        Shipping::ByJob(jobs) => {
            jobs.request_labels().await.unwrap();
            line.pass(600);
            let made = jobs.label_jobs().await.unwrap().jobs.remove(0);
            assert_eq!(made.job.state, JobState::Finished);
            let once = jobs.label_file(&made).await.unwrap();
            (once, jobs.label_file(&made).await.unwrap())
        }
        Shipping::ByOrder(shipping) => {
            line.pack(shipping, &number).await;
            let once = shipping.label(&number).await.unwrap();
            (once, shipping.label(&number).await.unwrap())
        }
    };
    assert!(once.starts_with(b"%PDF-"), "it is a PDF");
    assert!(haat_labels::pages(&once).is_ok(), "that can be opened");
    assert_eq!(once, again, "the same order has the same label");
}
