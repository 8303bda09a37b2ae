//! One page cut out: everything of this page, nothing of any other.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod producer;

use haat_labels::{LabelError, cut, pages};
use lopdf::{Document, Object, dictionary};
use producer::{SHAPES, Shape, file, label};

const ORDERS: [&str; 3] = [
    "299000000000000001_1",
    "299000000000000002_1",
    "299000000000000003_1",
];
const BUYERS: [&str; 3] = ["Asha-Lane-One", "Binod-Lane-Two", "Chitra-Lane-Three"];

fn three_labels(shape: Shape) -> Vec<u8> {
    let labels: Vec<_> = (0..3).map(|n| label(&[ORDERS[n]], BUYERS[n])).collect();
    file(shape, &labels)
}

/// All bytes of a file, with every stream also decompressed.
fn everything(pdf: &[u8]) -> String {
    let mut all = String::from_utf8_lossy(pdf).into_owned();
    for object in Document::load_mem(pdf).unwrap().objects.values() {
        if let Object::Stream(stream) = object {
            all += &String::from_utf8_lossy(&stream.get_plain_content().unwrap());
        }
    }
    all
}

/// How many streams hold the words; every bar code is a drawing within a drawing.
fn streams_with(pdf: &[u8], words: &str) -> usize {
    let document = Document::load_mem(pdf).unwrap();
    let streams = document
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok());
    streams
        .filter(|stream| {
            String::from_utf8_lossy(&stream.get_plain_content().unwrap()).contains(words)
        })
        .count()
}

#[test]
fn a_cut_page_holds_its_own_label_and_no_other() {
    for shape in SHAPES {
        let pdf = three_labels(shape);
        for (index, number) in (1..=3).enumerate() {
            let one = cut(&pdf, number).unwrap();
            let found = pages(&one).unwrap();
            assert_eq!(found.len(), 1, "{shape:?}");
            assert_eq!(found[0].order_numbers, [ORDERS[index]], "{shape:?}");
            let all = everything(&one);
            for other in 0..3 {
                let own = other == index;
                assert_eq!(
                    all.contains(BUYERS[other]),
                    own,
                    "{shape:?}: {}",
                    BUYERS[other]
                );
                assert_eq!(
                    all.contains(ORDERS[other]),
                    own,
                    "{shape:?}: {}",
                    ORDERS[other]
                );
            }
            assert_eq!(
                streams_with(&one, &format!("% {}", BUYERS[index])),
                2,
                "{shape:?}"
            );
        }
    }
}

#[test]
fn the_check_for_other_buyers_can_fail() {
    for shape in SHAPES {
        let all = everything(&three_labels(shape));
        assert!(BUYERS.iter().all(|buyer| all.contains(buyer)), "{shape:?}");
    }
}

#[test]
fn what_a_page_inherits_comes_along() {
    let one = Document::load_mem(&cut(&three_labels(Shape::Inherited), 2).unwrap()).unwrap();
    let id = one.page_iter().next().unwrap();
    let page = one.get_dictionary(id).unwrap();
    let paper = page.get(b"MediaBox").unwrap().as_array().unwrap();
    assert_eq!(paper[3].as_i64().unwrap(), 842);
    let fonts = one.get_page_fonts(id).unwrap();
    let named = |name: &[u8]| {
        fonts[name]
            .get(b"BaseFont")
            .unwrap()
            .as_name()
            .unwrap()
            .to_vec()
    };
    assert_eq!(named(b"F1"), b"Helvetica");
    assert_eq!(named(b"F2"), b"Helvetica-Bold");
}

#[test]
fn the_content_is_the_same_to_the_byte() {
    let source = three_labels(Shape::ManyStreams);
    let content = |pdf: &[u8], number: usize| {
        let document = Document::load_mem(pdf).unwrap();
        let page = document.page_iter().nth(number).unwrap();
        document.get_page_content(page)
    };
    assert_eq!(content(&cut(&source, 3).unwrap(), 0), content(&source, 2));
}

#[test]
fn a_turned_page_stays_turned() {
    let mut document = producer::document(Shape::Inherited, &[label(&[ORDERS[0]], BUYERS[0])]);
    let tree = document
        .catalog()
        .unwrap()
        .get(b"Pages")
        .unwrap()
        .as_reference()
        .unwrap();
    document.get_dictionary_mut(tree).unwrap().set("Rotate", 90);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    let one = Document::load_mem(&cut(&pdf, 1).unwrap()).unwrap();
    let page = one.get_dictionary(one.page_iter().next().unwrap()).unwrap();
    assert_eq!(page.get(b"Rotate").unwrap().as_i64().unwrap(), 90);
}

#[test]
fn a_form_that_draws_with_the_pages_resources_keeps_them() {
    let mut document = producer::document(
        Shape::Inherited,
        &[
            label(&[ORDERS[0]], BUYERS[0]),
            label(&[ORDERS[1]], BUYERS[1]),
        ],
    );
    let words = format!("BT /Hand 9 Tf ({}) Tj ET", BUYERS[0]);
    let bare = producer::add_stream(&mut document, producer::form(), &words);
    let hand = document.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" },
    );
    let tree = document
        .catalog()
        .unwrap()
        .get(b"Pages")
        .unwrap()
        .as_reference()
        .unwrap();
    let resources = document
        .get_dictionary_mut(tree)
        .unwrap()
        .get_mut(b"Resources")
        .unwrap();
    let resources = resources.as_dict_mut().unwrap();
    resources
        .get_mut(b"XObject")
        .unwrap()
        .as_dict_mut()
        .unwrap()
        .set("Barcode0", bare);
    resources
        .get_mut(b"Font")
        .unwrap()
        .as_dict_mut()
        .unwrap()
        .set("Hand", hand);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    assert!(everything(&cut(&pdf, 1).unwrap()).contains("Courier"));
    assert!(!everything(&cut(&pdf, 2).unwrap()).contains("Courier"));
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    let pdf = three_labels(Shape::ObjectStreams);
    assert_eq!(cut(&pdf, 2), cut(&pdf, 2));
}

#[test]
fn a_page_that_does_not_exist_is_refused() {
    let pdf = three_labels(Shape::OneStream);
    for page in [0, 4, u32::MAX] {
        assert_eq!(
            cut(&pdf, page),
            Err(LabelError::NoSuchPage { page, pages: 3 })
        );
    }
}

#[test]
fn a_page_that_cannot_be_parsed_is_not_cut() {
    let pdf = file(
        Shape::Inherited,
        &[producer::page("BT (never closed", BUYERS[0])],
    );
    assert!(matches!(cut(&pdf, 1), Err(LabelError::Malformed(_))));
}
