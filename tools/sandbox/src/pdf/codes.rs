//! The two codes of a label, as vectors: Code 128 and Data Matrix, both saying the AWB.
//! (What the real square says is unknown.)

use barcoders::sym::code128::Code128;
use datamatrix::{DataMatrix, SymbolList};
use pdf_writer::{Content, Name};

use super::canvas::points;

pub(crate) const BARS: Name<'_> = Name(b"Fm1");
/// Natural height of the bars' form; its natural width is one per module.
pub(crate) const BARS_HEIGHT: f32 = 100.0;

/// Modules of the bar code, true is black.
pub(crate) fn code_128(awb: &str) -> Vec<bool> {
    Code128::new(with_character_sets(awb)).map_or_else(
        |_| Vec::new(),
        |code| code.encode().into_iter().map(|bit| bit == 1).collect(),
    )
}

/// Set C for pairs of digits, set B for the rest, in the notation of the encoder.
fn with_character_sets(awb: &str) -> String {
    if !awb.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("\u{0181}{awb}");
    }
    let even = awb.len().saturating_sub(awb.len() % 2);
    match awb.split_at(even) {
        (pairs, "") => format!("\u{0106}{pairs}"),
        (pairs, last) => format!("\u{0106}{pairs}\u{0181}{last}"),
    }
}

/// The bars, one rectangle per run of black modules.
pub(crate) fn bars_content(modules: &[bool]) -> Vec<u8> {
    let mut content = Content::new();
    let mut start = 0_usize;
    for run in modules.chunk_by(|left, right| left == right) {
        if run.first() == Some(&true) {
            content.rect(points(start), 0.0, points(run.len()), BARS_HEIGHT);
        }
        start = start.saturating_add(run.len());
    }
    content.fill_nonzero();
    content.finish().into_vec()
}

/// Side in modules, and the black modules by column and row.
pub(crate) fn data_matrix(awb: &str) -> (usize, Vec<(usize, usize)>) {
    DataMatrix::encode(awb.as_bytes(), SymbolList::default().enforce_square()).map_or_else(
        |_| (1, Vec::new()),
        |code| {
            let bitmap = code.bitmap();
            (bitmap.width(), bitmap.pixels().collect())
        },
    )
}
