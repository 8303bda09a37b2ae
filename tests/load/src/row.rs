//! One measured figure, and all of them as a table.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A figure with what it is held to. `null` in the results where there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in the list of benchmarks, `B5-poll` say.
    pub id: String,
    /// What was measured.
    pub name: String,
    /// The figure.
    pub value: Option<f64>,
    /// What the figure counts.
    pub unit: String,
    /// The most it may be.
    pub target: Option<f64>,
    /// Whether it is.
    pub ok: Option<bool>,
    /// The same figure of a peer, measured in the same run unless the note says otherwise.
    pub peer: Option<f64>,
    /// How many times less than the peer's.
    pub ratio: Option<f64>,
    /// How it was measured and what was assumed.
    pub note: Option<String>,
    /// Why the target is missed, or why there is no figure; nothing where it is met.
    pub why: Option<String>,
}

impl Row {
    /// A figure.
    pub fn new(id: &str, name: &str, value: f64, unit: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            value: Some(value),
            unit: unit.to_owned(),
            target: None,
            ok: None,
            peer: None,
            ratio: None,
            note: None,
            why: None,
        }
    }

    /// A figure that could not be had, and why.
    pub fn missing(id: &str, name: &str, unit: &str, why: &str) -> Self {
        let row = Self::new(id, name, 0.0, unit);
        Self {
            value: None,
            ok: Some(false),
            why: Some(why.to_owned()),
            ..row
        }
    }

    /// Held to this at most.
    #[must_use]
    pub fn at_most(mut self, target: f64) -> Self {
        self.target = Some(target);
        self.ok = self.value.map(|value| value <= target);
        self
    }

    /// Beside the same figure of a peer.
    #[must_use]
    pub fn beside(mut self, peer: f64) -> Self {
        self.peer = Some(peer);
        let ratio = self.value.map(|value| peer / value);
        self.ratio = ratio.filter(|ratio| ratio.is_finite());
        self
    }

    /// Why its target is missed, where it is.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        if self.ok == Some(false) {
            self.why = Some(why.into());
        }
        self
    }

    /// With a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// The figures as a table in Markdown, readable as it is.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| | what | figure | target | peer | times less |\n|---|---|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let figure = |value: Option<f64>| value.map(short).unwrap_or_default();
        let missed = if row.ok == Some(false) {
            " **missed**"
        } else {
            ""
        };
        let ratio = row
            .ratio
            .map(|ratio| format!("{ratio:.1}"))
            .unwrap_or_default();
        let target = row.target.map(|target| format!("≤ {}", short(target)));
        let _ = writeln!(
            text,
            "| {} | {} | {} {}{missed} | {} | {} | {ratio} |",
            row.id,
            row.name,
            figure(row.value),
            row.unit,
            target.unwrap_or_default(),
            figure(row.peer),
        );
    }
    text
}

/// A figure as people read it: three digits and a word.
pub fn short(value: f64) -> String {
    let (scaled, word) = match value.abs() {
        large if large >= 1e9 => (value / 1e9, " G"),
        large if large >= 1e6 => (value / 1e6, " M"),
        large if large >= 1e4 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    let digits = match scaled.abs() {
        large if large >= 100.0 => 0,
        medium if medium >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{scaled:.digits$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    format!("{text}{word}")
}

const BEGIN: &str = "<!-- bench: written by `make bench` -->\n";
const END: &str = "<!-- end of bench -->\n";

/// The README with this table between its marks; nothing when it has no marks.
pub fn with_table(readme: &str, rows: &[Row]) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", table(rows)))
}
