//! Test suites that are too long for `make test` in full. `infra/bench.sh` runs them and leaves a
//! line for each: id, how many cases, what became of them, name and unit, and a word about it.

use crate::callgrind;
use crate::row::Row;

/// A row for each suite that was run.
pub fn rows() -> Vec<Row> {
    let path = callgrind::folder().join("suites.txt");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut fields = line.split('|');
    let mut field = || fields.next().map(str::trim);
    let (id, cases, became) = (field()?, field()?, field()?);
    let (unit, name, told) = (field()?, field()?, field()?);
    let row = Row::new(id, name, cases.parse().ok()?, unit);
    match became {
        "held" => Some(Row {
            ok: Some(true),
            ..row.note(told)
        }),
        "broken" => {
            let broken = Row {
                ok: Some(false),
                ..row
            };
            Some(broken.because(told))
        }
        _ => Some(Row::missing(id, name, unit, told)),
    }
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_suite_is_a_row() {
        let held = row("HISTORIES|10000|held|cases|random histories|by seed").unwrap();
        assert_eq!((held.value, held.ok), (Some(10_000.0), Some(true)));
        assert_eq!(
            (held.name.as_str(), held.unit.as_str()),
            ("random histories", "cases")
        );
        assert!(row("nothing").is_none());
    }

    #[test]
    fn a_broken_promise_says_where() {
        let broken = row("FUZZ|12|broken|targets|fuzzing|labels: see x").unwrap();
        assert_eq!((broken.value, broken.ok), (Some(12.0), Some(false)));
        assert_eq!(broken.why.as_deref(), Some("labels: see x"));
    }

    #[test]
    fn what_could_not_run_has_no_figure() {
        let missing = row("FUZZ|12|missing|targets|fuzzing|no C++ compiler").unwrap();
        assert_eq!((missing.value, missing.ok), (None, Some(false)));
        assert_eq!(missing.why.as_deref(), Some("no C++ compiler"));
    }
}
