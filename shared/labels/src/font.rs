//! Fonts as far as reading needs them: bytes to characters, and how far they reach.

use lopdf::{Dictionary, Document, Encoding, Object};

use crate::matrix::number;

/// What a font's CMap may decompress to, in bytes.
const MAX_CMAP: usize = 256 << 10;

/// Widths of Helvetica's characters 32 to 126 in thousandths of the font size (Adobe font
/// metrics). Helvetica-Bold is a little wider; columns are told apart all the same.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A font of the page.
pub(crate) struct Font<'a> {
    encoding: Encoding<'a>,
    widths: Option<Widths>,
    bytes_per_code: usize,
}

struct Widths {
    first: usize,
    widths: Vec<f64>,
}

impl<'a> Font<'a> {
    pub(crate) fn read(document: &'a Document, font: &'a Dictionary) -> Font<'a> {
        let composite = font.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Type0");
        Font {
            encoding: font
                .get_font_encoding_with_limit(document, MAX_CMAP)
                .unwrap_or(Encoding::SimpleEncoding(b"WinAnsiEncoding")),
            widths: own_widths(document, font),
            bytes_per_code: if composite { 2 } else { 1 },
        }
    }

    /// The characters that the bytes stand for; what has none is left out.
    pub(crate) fn text(&self, bytes: &[u8]) -> String {
        self.encoding.bytes_to_string(bytes).unwrap_or_default()
    }

    /// How many characters are shown, and their width in units of the font size.
    pub(crate) fn extent(&self, bytes: &[u8]) -> (f64, f64) {
        bytes
            .chunks(self.bytes_per_code)
            .fold((0.0, 0.0), |(count, width), code| {
                (count + 1.0, width + self.width(code) / 1000.0)
            })
    }

    fn width(&self, code: &[u8]) -> f64 {
        let [byte] = code else {
            return 556.0;
        };
        let code = usize::from(*byte);
        match &self.widths {
            Some(own) => code
                .checked_sub(own.first)
                .and_then(|index| own.widths.get(index))
                .copied()
                .unwrap_or(0.0),
            None => code
                .checked_sub(32)
                .and_then(|index| HELVETICA.get(index))
                .map_or(556.0, |width| f64::from(*width)),
        }
    }
}

fn own_widths(document: &Document, font: &Dictionary) -> Option<Widths> {
    let first = font.get_deref(b"FirstChar", document).ok()?.as_i64().ok()?;
    let widths = font.get_deref(b"Widths", document).ok()?.as_array().ok()?;
    Some(Widths {
        first: usize::try_from(first).ok()?,
        widths: widths
            .iter()
            .take(256)
            .map(|width| number(width).unwrap_or(0.0))
            .collect(),
    })
}
