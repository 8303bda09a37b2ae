//! PDF documents of the doubles: Helvetica in two weights, and Code 128.

pub(crate) mod canvas;
pub(crate) mod codes;

use std::io::{self, Read};

use flate2::{Compression, read::ZlibEncoder};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, TextStr};

const CATALOGUE: i32 = 1;
const TREE: i32 = 2;
const REGULAR: i32 = 3;
const BOLD: i32 = 4;
const ABOUT: i32 = 5;

/// One page; lengths in points.
pub(crate) struct Page {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// What a canvas drew.
    pub(crate) content: Vec<u8>,
    /// Modules of the bar code that the canvas placed as a form.
    pub(crate) bars: Option<Vec<bool>>,
}

/// The whole document; the same pages give the same bytes.
pub(crate) fn draw(title: &str, pages: impl Iterator<Item = Page>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.catalog(Ref::new(CATALOGUE)).pages(Ref::new(TREE));
    for (id, name) in [(REGULAR, "Helvetica"), (BOLD, "Helvetica-Bold")] {
        pdf.type1_font(Ref::new(id))
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.document_info(Ref::new(ABOUT))
        .title(TextStr(title))
        .producer(TextStr("haat-sandbox"));
    let mut next = Ref::new(ABOUT + 1);
    let mut kids = Vec::new();
    for page in pages {
        let id = next.bump();
        kids.push(id);
        draw_page(&mut pdf, &page, id, [next.bump(), next.bump()]);
    }
    let count = i32::try_from(kids.len()).unwrap_or(i32::MAX);
    pdf.pages(Ref::new(TREE)).kids(kids).count(count);
    pdf.finish()
}

fn draw_page(pdf: &mut Pdf, page: &Page, id: Ref, [content_id, bars_id]: [Ref; 2]) {
    let mut dictionary = pdf.page(id);
    dictionary
        .parent(Ref::new(TREE))
        .media_box(Rect::new(0.0, 0.0, page.width, page.height))
        .contents(content_id);
    let mut resources = dictionary.resources();
    let mut fonts = resources.fonts();
    fonts.pair(canvas::REGULAR, Ref::new(REGULAR));
    fonts.pair(canvas::BOLD, Ref::new(BOLD));
    fonts.finish();
    if page.bars.is_some() {
        resources.x_objects().pair(codes::BARS, bars_id);
    }
    resources.finish();
    dictionary.finish();

    if let Some(bars) = &page.bars {
        let width = canvas::points(bars.len());
        let drawn = deflate(&codes::bars_content(bars)).unwrap_or_default();
        pdf.form_xobject(bars_id, &drawn)
            .bbox(Rect::new(0.0, 0.0, width, codes::BARS_HEIGHT))
            .filter(Filter::FlateDecode);
    }
    let drawn = deflate(&page.content).unwrap_or_default();
    pdf.stream(content_id, &drawn).filter(Filter::FlateDecode);
}

/// Fails never: both ends are memory.
fn deflate(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut small = Vec::new();
    ZlibEncoder::new(bytes, Compression::default()).read_to_end(&mut small)?;
    Ok(small)
}
