//! Files that mean harm, or came to harm on the way.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod producer;

use haat_labels::{LabelError, MAX_BYTES, MAX_PAGES, cut, pages};
use lopdf::{EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};
use producer::{SHAPES, Shape, document, file, label};
use proptest::prelude::*;

const ORDER: &str = "299000000000000001_1";

fn two_labels(shape: Shape) -> Vec<u8> {
    file(
        shape,
        &[
            label(&[ORDER], "Asha"),
            label(&["299000000000000002_1"], "Binod"),
        ],
    )
}

/// Reads whatever it is given; only a panic fails.
fn read_all(pdf: &[u8]) {
    let _ = pages(pdf);
    let _ = cut(pdf, 1);
    let _ = cut(pdf, 2);
}

/// One page whose bar code drawing has this content, with a name for itself.
fn with_drawing(content: Vec<u8>) -> Vec<u8> {
    let mut document = document(Shape::OneStream, &[label(&[ORDER], "Asha")]);
    let page = document.page_iter().next().unwrap();
    let id = document.new_object_id();
    let mut form = producer::form();
    form.set(
        "Resources",
        dictionary! { "XObject" => dictionary! { "Self" => id } },
    );
    let mut stream = Stream::new(form, content);
    stream.compress().unwrap();
    document.set_object(id, stream);
    let resources = document
        .get_dictionary_mut(page)
        .unwrap()
        .get_mut(b"Resources")
        .unwrap();
    let drawings = resources
        .as_dict_mut()
        .unwrap()
        .get_mut(b"XObject")
        .unwrap();
    drawings.as_dict_mut().unwrap().set("Barcode", id);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    pdf
}

fn problem(pdf: &[u8]) -> String {
    pages(pdf).unwrap().remove(0).problem.unwrap()
}

#[test]
fn what_is_not_a_pdf_is_refused() {
    assert_eq!(pages(b""), Err(LabelError::NotPdf));
    let expired = b"<Error><Code>ExpiredToken</Code></Error>";
    assert_eq!(pages(expired), Err(LabelError::NotPdf));
    assert_eq!(cut(expired, 1), Err(LabelError::NotPdf));
}

#[test]
fn a_file_cut_short_is_refused_and_never_read_in_part() {
    for shape in SHAPES {
        let pdf = two_labels(shape);
        for length in (1100..pdf.len() - 20).step_by(97) {
            assert!(
                pages(&pdf[..length]).is_err(),
                "{shape:?} cut to {length} bytes"
            );
        }
    }
}

#[test]
fn a_file_that_lost_a_page_is_refused() {
    let mut document = document(
        Shape::OneStream,
        &[label(&[ORDER], "Asha"), label(&[ORDER], "Binod")],
    );
    let tree = document
        .catalog()
        .unwrap()
        .get(b"Pages")
        .unwrap()
        .as_reference()
        .unwrap();
    let kids = document
        .get_dictionary_mut(tree)
        .unwrap()
        .get_mut(b"Kids")
        .unwrap();
    kids.as_array_mut().unwrap().pop();
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    assert!(matches!(pages(&pdf), Err(LabelError::Malformed(_))));
}

#[test]
fn an_encrypted_file_is_refused() {
    for password in ["", "secret"] {
        let mut document = document(Shape::OneStream, &[label(&[ORDER], "Asha")]);
        let id = Object::string_literal("0123456789abcdef");
        document.trailer.set("ID", vec![id.clone(), id]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: password,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let mut pdf = Vec::new();
        document.save_to(&mut pdf).unwrap();
        assert_eq!(
            pages(&pdf),
            Err(LabelError::Encrypted),
            "password {password:?}"
        );
    }
}

#[test]
fn too_many_bytes_or_pages_are_refused() {
    let mut pdf = two_labels(Shape::OneStream);
    pdf.resize(MAX_BYTES + 1, b' ');
    assert!(matches!(pages(&pdf), Err(LabelError::TooLarge(_))));

    let mut document = document(Shape::OneStream, &[label(&[ORDER], "Asha")]);
    let page = document.page_iter().next().unwrap();
    let tree = document
        .catalog()
        .unwrap()
        .get(b"Pages")
        .unwrap()
        .as_reference()
        .unwrap();
    let copies: Vec<Object> = (0..=MAX_PAGES)
        .map(|_| {
            let copy = document.get_object(page).unwrap().clone();
            document.add_object(copy).into()
        })
        .collect();
    let tree = document.get_dictionary_mut(tree).unwrap();
    tree.set("Count", copies.len() as i64);
    tree.set("Kids", copies);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    assert!(matches!(pages(&pdf), Err(LabelError::TooLarge(_))));
}

#[test]
fn a_page_that_inflates_without_end_is_not_read() {
    let bomb = with_drawing(vec![b' '; 32 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert!(problem(&bomb).contains("limit"), "{}", problem(&bomb));
    assert!(matches!(cut(&bomb, 1), Err(LabelError::Malformed(_))));
}

#[test]
fn a_drawing_that_draws_itself_is_not_followed() {
    assert!(problem(&with_drawing(b"/Self Do".to_vec())).contains("nested"));
    // Eight levels of ten calls each would be a hundred million drawings.
    assert!(
        pages(&with_drawing(b"/Self Do\n".repeat(10))).unwrap()[0]
            .problem
            .is_some()
    );
    assert!(cut(&with_drawing(b"/Self Do\n".repeat(10)), 1).is_ok());
}

#[test]
fn an_object_stream_that_inflates_without_end_is_refused() {
    let mut document = document(Shape::OneStream, &[label(&[ORDER], "Asha")]);
    let entries = dictionary! { "Type" => "ObjStX", "N" => 1, "First" => 4 };
    let mut stream = Stream::new(entries, [b"9 0 ".to_vec(), vec![b' '; 16 << 20]].concat());
    stream.compress().unwrap();
    document.add_object(stream);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    // The writer leaves object streams out, so it becomes one afterwards.
    let kind = pdf
        .windows(7)
        .position(|window| window == b"/ObjStX")
        .unwrap();
    pdf[kind..kind + 7].copy_from_slice(b"/ObjStm");
    let refused = pages(&pdf);
    assert!(
        matches!(refused, Err(LabelError::TooLarge(_))),
        "{refused:?}"
    );
}

#[test]
fn a_page_tree_that_bites_its_tail_ends() {
    let mut document = document(Shape::OneStream, &[label(&[ORDER], "Asha")]);
    let tree = document
        .catalog()
        .unwrap()
        .get(b"Pages")
        .unwrap()
        .as_reference()
        .unwrap();
    let node = document.get_dictionary_mut(tree).unwrap();
    node.set("Kids", vec![tree.into(), tree.into()]);
    node.set("Parent", tree);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    assert!(matches!(pages(&pdf), Err(LabelError::Malformed(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        read_all(&bytes);
        read_all(&[b"%PDF-1.7\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn no_damage_makes_it_panic(
        shape in prop::sample::select(SHAPES.to_vec()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..12),
        end in any::<prop::sample::Index>(),
        truncate in any::<bool>(),
    ) {
        let mut pdf = two_labels(shape);
        for (place, byte, kind) in edits {
            let place = place.index(pdf.len());
            match kind {
                0 => pdf[place] = byte,
                1 => pdf.insert(place, byte),
                _ => { pdf.remove(place); }
            }
        }
        if truncate {
            pdf.truncate(end.index(pdf.len()));
        }
        read_all(&pdf);
    }

    #[test]
    fn no_content_makes_it_panic(content in "[-0-9. ()<>\\[\\]/\\\\'\"A-Za-z*%\n]{0,200}") {
        read_all(&with_drawing(content.into_bytes()));
    }
}
