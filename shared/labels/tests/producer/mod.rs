//! A small producer of label files in the shapes that real producers choose.
#![allow(dead_code, reason = "every test file uses its own part")]

use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream, dictionary};

/// Where a file keeps what its pages draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One compressed content stream and own resources per page, as Meesho's iText does.
    OneStream,
    /// Content cut into three streams, in the middle of a text object.
    ManyStreams,
    /// Resources and paper size on the parent node; all bar codes in one shared dictionary.
    Inherited,
    /// Inherited, and everything that may go there in compressed object streams.
    ObjectStreams,
}

pub(crate) const SHAPES: [Shape; 4] = [
    Shape::OneStream,
    Shape::ManyStreams,
    Shape::Inherited,
    Shape::ObjectStreams,
];

/// One page: what is drawn, and words that stand nowhere but on this page.
pub(crate) struct Page {
    pub(crate) content: String,
    pub(crate) mark: String,
}

/// A page with the geometry of Meesho's label for the given sub-orders.
pub(crate) fn label(sub_orders: &[&str], mark: &str) -> Page {
    let mut rows = String::new();
    for (row, sub_order) in sub_orders.iter().enumerate() {
        let y = 500.9 - 30.0 * row as f32;
        rows += &text(19.0, y, "F1", "KURTA-RED-M");
        rows += &text(203.0, y, "F1", "M");
        rows += &text(297.5, y, "F1", "1");
        rows += &text(344.8, y, "F1", "Red");
        rows += &text(439.3, y, "F1", sub_order);
    }
    page(&rows, mark)
}

/// A page whose product rows are drawn by the given operators.
pub(crate) fn page(rows: &str, mark: &str) -> Page {
    let mut content = String::from("q 0.5 w 12 244 571 585 re S Q\n");
    for (x, y, font, words) in [
        (19.0, 812.0, "F2", "Customer Address"),
        (19.0, 795.0, "F2", mark),
        (265.0, 811.0, "F1", "Prepaid: Do not collect cash"),
        (353.0, 617.0, "F1", "134000000000001"),
        (19.0, 536.0, "F2", "Product Details"),
    ] {
        content += &text(x, y, font, words);
    }
    content += "q 1 0 0 1 285 560 cm /Barcode Do Q\n";
    content += &heads();
    content += rows;
    content += &text(265.5, 346.5, "F2", "TAX INVOICE");
    content += &text(227.7, 284.7, "F2", "Purchase Order No.");
    content += &text(227.7, 272.7, "F1", "299000000000000777");
    content += &text(440.5, 284.7, "F2", "Order Date");
    content += &text(440.5, 272.7, "F1", "11.09.2026");
    Page {
        content,
        mark: mark.to_owned(),
    }
}

pub(crate) fn heads() -> String {
    [
        (19.0, "SKU"),
        (203.0, "Size"),
        (297.5, "Qty"),
        (344.8, "Color"),
        (439.3, "Order No."),
    ]
    .map(|(x, head)| text(x, 517.4, "F2", head))
    .concat()
}

/// One word or line with its base line at `x`, `y`, 11 points high.
pub(crate) fn text(x: f32, y: f32, font: &str, words: &str) -> String {
    format!("BT /{font} 11 Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET\n")
}

pub(crate) fn file(shape: Shape, pages: &[Page]) -> Vec<u8> {
    let mut document = document(shape, pages);
    let mut bytes = Vec::new();
    if shape == Shape::ObjectStreams {
        let options = SaveOptions::builder()
            .use_object_streams(true)
            .use_xref_streams(true)
            .build();
        document.save_with_options(&mut bytes, options).unwrap();
    } else {
        document.save_to(&mut bytes).unwrap();
    }
    bytes
}

pub(crate) fn document(shape: Shape, pages: &[Page]) -> Document {
    let mut document = Document::with_version("1.7");
    let root = document.new_object_id();
    let fonts = fonts(&mut document);
    let shared = matches!(shape, Shape::Inherited | Shape::ObjectStreams);
    let mut drawings = Dictionary::new();
    let mut kids: Vec<Object> = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let drawing = barcode(&mut document, &page.mark);
        let name = if shared {
            format!("Barcode{number}")
        } else {
            "Barcode".to_owned()
        };
        let content = page.content.replace("/Barcode", &format!("/{name}"));
        let mut entries = dictionary! {
            "Type" => "Page",
            "Parent" => root,
            "Contents" => contents(&mut document, shape, &content),
            "Annots" => vec![link(&mut document, &page.mark, kids.first())],
        };
        if shared {
            drawings.set(name, drawing);
        } else {
            entries.set("MediaBox", paper());
            entries.set(
                "Resources",
                dictionary! { "Font" => fonts.clone(), "XObject" => dictionary! { name => drawing } },
            );
        }
        kids.push(document.add_object(entries).into());
    }
    let mut tree = dictionary! { "Type" => "Pages", "Count" => kids.len() as i64, "Kids" => kids };
    if shared {
        tree.set("MediaBox", paper());
        tree.set(
            "Resources",
            dictionary! { "Font" => fonts, "XObject" => drawings },
        );
    }
    document.set_object(root, tree);
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let marks = pages
        .iter()
        .map(|page| page.mark.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let title = document.add_object(dictionary! { "Title" => Object::string_literal(marks) });
    document.trailer.set("Info", title);
    document
}

fn paper() -> Object {
    vec![0.into(), 0.into(), 595.into(), 842.into()].into()
}

fn fonts(document: &mut Document) -> Dictionary {
    let mut font = |base: &str| {
        document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => base, "Encoding" => "WinAnsiEncoding",
        })
    };
    dictionary! { "F1" => font("Helvetica"), "F2" => font("Helvetica-Bold") }
}

fn contents(document: &mut Document, shape: Shape, content: &str) -> Object {
    if shape != Shape::ManyStreams {
        return add_stream(document, dictionary! {}, content).into();
    }
    // Between two tokens, but in the middle of whatever is being drawn.
    let third = content.len() / 3;
    let cut = |from: usize| from + content[from..].find(" Tf").unwrap();
    let (first, second) = (cut(third), cut(2 * third));
    [
        &content[..first],
        &content[first..second],
        &content[second..],
    ]
    .map(|part| add_stream(document, dictionary! {}, part).into())
    .to_vec()
    .into()
}

/// A drawing that shows the page's mark, with a drawing inside it.
fn barcode(document: &mut Document, mark: &str) -> ObjectId {
    let inner = add_stream(document, form(), &format!("0 0 1 20 re f % {mark}\n"));
    let mut outer = form();
    outer.set(
        "Resources",
        dictionary! { "XObject" => dictionary! { "Bars" => inner } },
    );
    add_stream(document, outer, &format!("q /Bars Do Q % {mark}\n"))
}

pub(crate) fn form() -> Dictionary {
    dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 280.into(), 46.into()] }
}

/// A note with the page's mark and a link to the first page, as tables of contents have.
fn link(document: &mut Document, mark: &str, first: Option<&Object>) -> Object {
    let mut link = dictionary! {
        "Type" => "Annot", "Subtype" => "Link", "Contents" => Object::string_literal(mark),
        "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
    };
    if let Some(first) = first {
        link.set("Dest", vec![first.clone(), "Fit".into()]);
    }
    document.add_object(link).into()
}

pub(crate) fn add_stream(document: &mut Document, dict: Dictionary, content: &str) -> ObjectId {
    let mut stream = Stream::new(dict, content.as_bytes().to_vec());
    stream.compress().unwrap();
    document.add_object(stream)
}
