//! The order numbers of a Meesho label: the column under the head "Order No.".
//!
//! The product table stands between the shipping label and the tax invoice; its heads are
//! SKU, Size, Qty, Color, Order No., and its values stand below, one row per order of the
//! packet. A value may be wrapped or drawn in pieces. Everything here is measured from
//! the head, so scaled and moved pages read the same.

use crate::Fault;
use crate::text::Run;

/// Pieces closer than this (in font sizes) belong to one cell of the head line.
const CELL_GAP: f64 = 0.9;
/// Base lines closer than this (in font sizes) are one line.
const LINE_GAP: f64 = 0.35;
/// A value may start this far left of its head (in font sizes).
const COLUMN_SLACK: f64 = 0.6;
/// Lines that one wrapped order number may take.
const MAX_WRAP: usize = 4;

/// A line of the page, its pieces from left to right.
type Line<'a> = Vec<&'a Run>;

struct Cell {
    x: f64,
    end: f64,
    y: f64,
    size: f64,
    text: String,
}

/// Order numbers from top to bottom, each once.
///
/// # Errors
/// When the column holds anything that is not part of an order number: half understood
/// is not understood.
pub(crate) fn under_head(runs: &[Run]) -> Result<Vec<String>, Fault> {
    let lines = lines(runs.iter());
    let rows: Vec<Vec<Cell>> = lines.iter().map(|line| cells(line)).collect();
    let heads = order_heads(&rows);
    let ends = ends_of_tables(&rows, &heads);
    let mut numbers = Vec::new();
    for (head, right) in &heads {
        let bottom = ends
            .iter()
            .copied()
            .filter(|end| *end < head.y - head.size)
            .fold(f64::NEG_INFINITY, f64::max);
        let left = head.x - COLUMN_SLACK * head.size;
        let top = head.y - LINE_GAP * head.size;
        let column = runs.iter().filter(|run| {
            run.x >= left && run.x < *right && run.y < top && run.y > bottom + LINE_GAP * head.size
        });
        for number in read_column(column)? {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
    }
    Ok(numbers)
}

/// Every "Order No." that ends a product table's head line, with its column's right edge.
/// The whole line is asked for: a buyer's address may well contain the words alone.
fn order_heads(rows: &[Vec<Cell>]) -> Vec<(&Cell, f64)> {
    let mut heads = Vec::new();
    for row in rows {
        let (mut sku, mut quantity) = (false, false);
        for (index, cell) in row.iter().enumerate() {
            match cell.text.as_str() {
                "SKU" => (sku, quantity) = (true, false),
                "Qty" => quantity = sku,
                "OrderNo." if sku && quantity => {
                    let next = row.get(index.saturating_add(1));
                    let right =
                        next.map_or(f64::INFINITY, |next| next.x - COLUMN_SLACK * next.size);
                    heads.push((cell, right));
                    (sku, quantity) = (false, false);
                }
                _ => {}
            }
        }
    }
    heads
}

/// Base lines below which a table's column cannot go on: the invoice's bar, another head.
fn ends_of_tables(rows: &[Vec<Cell>], heads: &[(&Cell, f64)]) -> Vec<f64> {
    rows.iter()
        .flatten()
        .filter(|cell| cell.text.eq_ignore_ascii_case("TAXINVOICE"))
        .map(|cell| cell.y)
        .chain(heads.iter().map(|(head, _)| head.y))
        .collect()
}

fn read_column<'a>(column: impl Iterator<Item = &'a Run>) -> Result<Vec<String>, Fault> {
    let texts: Vec<String> = lines(column).iter().map(|line| squeezed(line)).collect();
    let is_value = |text: &&String| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let values: Vec<&str> = texts
        .iter()
        .take_while(is_value)
        .map(String::as_str)
        .collect();
    if texts
        .iter()
        .skip(values.len())
        .any(|text| is_order_number(text))
    {
        return Err(Fault::new(
            "order numbers stand below other text under \"Order No.\"",
        ));
    }
    join_wrapped(&values)
}

/// Puts wrapped numbers together again. Each has exactly one underscore, so a number can
/// neither swallow the next nor end before its own.
fn join_wrapped(mut lines: &[&str]) -> Result<Vec<String>, Fault> {
    let mut numbers = Vec::new();
    while !lines.is_empty() {
        let found = (1..=MAX_WRAP).find_map(|length| {
            let (number, rest) = lines.split_at_checked(length)?;
            let number = number.concat();
            is_order_number(&number).then_some((number, rest))
        });
        let Some((number, rest)) = found else {
            return Err(Fault::new(
                "what stands under \"Order No.\" is not an order number",
            ));
        };
        numbers.push(number);
        lines = rest;
    }
    Ok(numbers)
}

/// The shape of a sub-order number (contract, schema `SubOrderNum`).
fn is_order_number(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('_').is_some_and(|(order, part)| {
        (15..=20).contains(&order.len()) && digits(order) && !part.is_empty() && digits(part)
    })
}

fn lines<'a>(runs: impl Iterator<Item = &'a Run>) -> Vec<Line<'a>> {
    let mut sorted: Vec<&Run> = runs.collect();
    sorted.sort_by(|one, other| other.y.total_cmp(&one.y));
    let mut lines: Vec<Line<'a>> = Vec::new();
    for run in sorted {
        match lines.last_mut() {
            Some(line) if line.first().is_some_and(|first| on_one_line(first, run)) => {
                line.push(run)
            }
            _ => lines.push(vec![run]),
        }
    }
    for line in &mut lines {
        line.sort_by(|one, other| one.x.total_cmp(&other.x));
    }
    lines
}

fn on_one_line(one: &Run, other: &Run) -> bool {
    (one.y - other.y).abs() <= LINE_GAP * one.size.min(other.size)
}

fn cells(line: &Line<'_>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for run in line {
        match cells.last_mut() {
            Some(cell) if run.x - cell.end < CELL_GAP * run.size => {
                cell.text.push_str(&squeeze(&run.text));
                cell.end = cell.end.max(run.end);
            }
            _ => cells.push(Cell {
                x: run.x,
                end: run.end,
                y: run.y,
                size: run.size,
                text: squeeze(&run.text),
            }),
        }
    }
    cells
}

fn squeezed(line: &Line<'_>) -> String {
    line.iter().map(|run| squeeze(&run.text)).collect()
}

fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}
