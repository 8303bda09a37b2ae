//! Which page belongs to which order.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod producer;

use haat_labels::{LabelPage, pages};
use producer::{SHAPES, Shape, file, heads, label, page, text};

const FIRST: &str = "299000000000000001_1";
const SECOND: &str = "299000000000000002_1";

fn read_one(rows: &str) -> LabelPage {
    let pdf = file(Shape::OneStream, &[page(rows, "Asha")]);
    pages(&pdf).unwrap().remove(0)
}

fn orders(rows: &str) -> Vec<String> {
    let page = read_one(rows);
    assert_eq!(page.problem, None);
    page.order_numbers
}

/// The page names no order and says why.
fn is_refused(rows: &str) {
    let page = read_one(rows);
    assert_eq!(page.order_numbers, Vec::<String>::new());
    assert!(
        page.problem.is_some(),
        "the page was not read well and says nothing"
    );
}

#[test]
fn every_page_is_filed_under_its_order_whatever_the_producer() {
    for shape in SHAPES {
        let pdf = file(shape, &[label(&[FIRST], "Asha"), label(&[SECOND], "Binod")]);
        let expected = [(1, FIRST), (2, SECOND)].map(|(page, order)| LabelPage {
            page,
            order_numbers: vec![order.to_owned()],
            problem: None,
        });
        assert_eq!(pages(&pdf).unwrap(), expected, "{shape:?}");
    }
}

#[test]
fn a_packet_page_lists_all_its_orders_in_their_order() {
    let pdf = file(Shape::OneStream, &[label(&[SECOND, FIRST, SECOND], "Asha")]);
    assert_eq!(pages(&pdf).unwrap()[0].order_numbers, [SECOND, FIRST]);
}

#[test]
fn a_wrapped_number_is_put_together_again() {
    let rows = text(439.3, 500.9, "F1", "299000000000")
        + &text(439.3, 488.0, "F1", "000001_1")
        + &text(439.3, 470.0, "F1", "299000000000000002")
        + &text(439.3, 457.0, "F1", "_1");
    assert_eq!(orders(&rows), [FIRST, SECOND]);
}

#[test]
fn a_number_drawn_in_pieces_is_put_together_again() {
    // Kerned, as separate operators, placed glyph group by glyph group, by next-line operators.
    let kerned = "BT /F1 11 Tf 439.3 500.9 Td [(29900) -20 (0000000) 15 (000001_1)] TJ ET\n";
    let successive = "BT /F1 11 Tf 439.3 500.9 Td (299000000) Tj (000000001) Tj (_1) Tj ET\n";
    let placed = "BT /F1 11 Tf 500.47 500.9 Td (000000001_1) Tj -61.17 0 Td (2990000000) Tj ET\n"
        .replace("(000000001_1)", "(00000001_1)");
    let lines = "BT /F1 11 Tf 14 TL 439.3 514.9 Td (299000000000) ' 0 0 (000001_1) \" ET\n";
    for rows in [kerned, successive, &placed, lines] {
        assert_eq!(orders(rows), [FIRST], "{rows}");
    }
}

#[test]
fn one_array_may_draw_a_whole_row() {
    // Steps in thousandths of 11 points: from the end of "Red" (19.57 wide) to x 439.3.
    let rows = "BT /F1 11 Tf 344.8 500.9 Td [(Red) -6811 (299000000000000001_1)] TJ ET\n";
    assert_eq!(orders(rows), [FIRST]);
}

#[test]
fn a_page_that_counts_downwards_reads_the_same() {
    let down = |x: f32, y: f32, words: &str| {
        format!(
            "BT /F1 11 Tf 1 0 0 -1 {x} {} Tm ({words}) Tj ET\n",
            842.0 - y
        )
    };
    let rows = format!("q 1 0 0 -1 0 842 cm {} Q\n", down(439.3, 500.9, FIRST));
    assert_eq!(orders(&rows), [FIRST]);
}

#[test]
fn a_label_drawn_small_as_a_form_reads_the_same() {
    let small = label(&[FIRST], "Asha");
    let mut document = producer::document(
        Shape::OneStream,
        &[producer::Page {
            content: "q 0.5 0 0 0.5 10 20 cm /Barcode Do Q".to_owned(),
            mark: "Asha".to_owned(),
        }],
    );
    let page = document.page_iter().next().unwrap();
    let mut form = producer::form();
    form.set(
        "Matrix",
        vec![1.into(), 0.into(), 0.into(), 1.into(), 7.into(), 0.into()],
    );
    let content = small.content.replace("/Barcode Do", "");
    let form = producer::add_stream(&mut document, form, &content);
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
    drawings.as_dict_mut().unwrap().set("Barcode", form);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    assert_eq!(pages(&pdf).unwrap()[0].order_numbers, [FIRST]);
}

#[test]
fn two_labels_on_one_sheet_keep_their_columns() {
    let right = heads() + &text(19.0, 500.9, "F1", "SKU-1") + &text(439.3, 500.9, "F1", SECOND);
    let rows = text(439.3, 500.9, "F1", FIRST) + &format!("q 1 0 0 1 600 0 cm {right} Q\n");
    assert_eq!(orders(&rows), [FIRST, SECOND]);
    let lower = format!("q 1 0 0 1 0 -80 cm {right} Q\n");
    assert_eq!(
        orders(&(text(439.3, 500.9, "F1", FIRST) + &lower)),
        [FIRST, SECOND]
    );
}

#[test]
fn a_number_elsewhere_on_the_page_is_not_an_order() {
    // A SKU of that shape, and a buyer who writes the head into the address.
    let rows = text(19.0, 500.9, "F1", SECOND)
        + &text(439.3, 500.9, "F1", FIRST)
        + &text(19.0, 780.0, "F1", "Order No.")
        + &text(19.0, 765.0, "F1", SECOND)
        + &text(19.0, 750.0, "F1", "SKU Qty Order No.")
        + &text(19.0, 735.0, "F1", SECOND);
    assert_eq!(orders(&rows), [FIRST]);
}

#[test]
fn a_column_that_is_half_understood_names_no_order() {
    is_refused(&text(439.3, 500.9, "F1", "29900000000000"));
    is_refused(
        &(text(439.3, 500.9, "F1", FIRST) + &text(439.3, 470.9, "F1", "299000000000000002")),
    );
    is_refused(&(text(439.3, 500.9, "F1", FIRST) + &text(439.3, 488.0, "F1", "2")));
    let after_words = text(439.3, 500.9, "F1", FIRST)
        + &text(439.3, 485.0, "F1", "Free gift")
        + &text(439.3, 470.9, "F1", SECOND);
    is_refused(&after_words);
}

#[test]
fn a_page_without_words_names_no_order() {
    let empty = producer::Page {
        content: "0 0 595 842 re f".to_owned(),
        mark: "Asha".to_owned(),
    };
    let found = pages(&file(Shape::OneStream, &[empty, label(&[FIRST], "Binod")])).unwrap();
    assert_eq!(
        (found[0].order_numbers.len(), &found[0].problem),
        (0, &None)
    );
    assert_eq!(found[1].order_numbers, [FIRST]);
}

#[test]
fn a_damaged_page_says_so_and_the_others_are_read() {
    let damaged = page("BT (never closed", "Asha");
    let found = pages(&file(
        Shape::OneStream,
        &[damaged, label(&[FIRST], "Binod")],
    ))
    .unwrap();
    assert_eq!(found[0].order_numbers, Vec::<String>::new());
    assert_eq!(
        found[0].problem.as_deref(),
        Some("a content stream cannot be parsed to its end")
    );
    assert_eq!(found[1].order_numbers, [FIRST]);
}

#[test]
fn a_sale_day_file_of_a_thousand_pages_is_read_whole() {
    let numbers: Vec<String> = (0..1000)
        .map(|n| format!("2990000000000{n:05}_1"))
        .collect();
    let labels: Vec<_> = numbers
        .iter()
        .map(|number| label(&[number], "Asha"))
        .collect();
    let found = pages(&file(Shape::Inherited, &labels)).unwrap();
    let read: Vec<&String> = found.iter().flat_map(|page| &page.order_numbers).collect();
    assert_eq!(read, numbers.iter().collect::<Vec<_>>());
}
