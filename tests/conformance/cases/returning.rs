//! What comes back.

use std::collections::BTreeMap;

use haat_domain::{ReturnReport, ReturnStage};
use haat_tests::between::Weather;

use super::reading::vocabulary;
use crate::line::Line;
use crate::stage::Stage;

async fn first(line: &Line) -> ReturnReport {
    let returns = line.connection.returns().unwrap();
    let mut page = returns.page(returns.feeds()[0], None).await.unwrap();
    assert!(page.refused.is_empty(), "{:?}", page.refused);
    assert_eq!(page.reports.len(), 1);
    page.reports.remove(0)
}

fn reworded(from: &str, to: &str) -> Weather {
    let quoted = |word: &str| format!("\"{word}\"");
    let (from, to) = (quoted(from), quoted(to));
    Weather::Reworded { from, to }
}

pub(super) async fn words(stage: Box<dyn Stage>) {
    let line = Line::open(stage).await;
    let returned = line.stage.give_back().unwrap();
    let meanings: BTreeMap<&str, ReturnStage> = returned.words.into_iter().collect();
    for word in vocabulary(returned.vocabulary) {
        line.turn(reworded(returned.word, &word));
        let report = first(&line).await;
        assert_eq!(report.number.as_str(), returned.number);
        let meaning = meanings.get(word.as_str()).copied();
        assert!(meaning.is_some(), "nobody said what {word} means");
        assert_eq!((report.stage, report.word), (meaning, word));
    }
    line.turn(reworded(returned.word, "LEFT_WITH_A_NEIGHBOUR"));
    let report = first(&line).await;
    let kept = (report.stage, report.word.as_str());
    assert_eq!(kept, (None, "LEFT_WITH_A_NEIGHBOUR"));
}
