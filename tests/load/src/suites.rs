//! Test suites that are too long for `make test` in full. `infra/bench.sh` runs them and leaves a
//! line for each: its id, how many cases it ran, and whether all of them held.

use crate::callgrind;
use crate::row::Row;

/// A row for each suite that was run.
pub fn rows() -> Vec<Row> {
    let path = callgrind::folder().join("suites.txt");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut words = line.splitn(4, ' ');
    let (id, cases, held, name) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let row = Row::new(id, name, cases.parse().ok()?, "cases");
    Some(Row {
        ok: Some(held == "held"),
        ..row
    })
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_suite_is_a_row() {
        let held = row("HISTORIES 10000 held random histories").unwrap();
        assert_eq!((held.value, held.ok), (Some(10_000.0), Some(true)));
        assert_eq!(held.name, "random histories");
        assert_eq!(row("FUZZ 12 broken fuzzing").unwrap().ok, Some(false));
        assert!(row("nothing").is_none());
    }
}
