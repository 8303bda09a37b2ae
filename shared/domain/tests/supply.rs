//! What stands between seller and marketplace: GSTIN, invoice series, parcels.
#![allow(clippy::unwrap_used)]

use haat_domain::{Gstin, InvoiceNumber, InvoiceSeries, Parcel, PinCode, SeriesPrefix};
use proptest::prelude::*;

fn series(instant: &str) -> InvoiceSeries {
    let gstin = "27AABCR1718E1ZP".parse().unwrap();
    let prefix = "HUB".parse().unwrap();
    InvoiceSeries::at(gstin, prefix, instant.parse().unwrap())
}

#[test]
fn the_financial_year_turns_at_midnight_in_india() {
    // 31 March 2027, 23:59:59 in India is 18:29:59 UTC.
    assert_eq!(series("2027-03-31T18:29:59Z").financial_year(), "26-27");
    assert_eq!(series("2027-03-31T18:30:00Z").financial_year(), "27-28");
    assert_eq!(
        series("2026-04-01T00:00:00+05:30").financial_year(),
        "26-27"
    );
    assert_eq!(series("2100-01-01T00:00:00Z").financial_year(), "99-00");
}

#[test]
fn numbers_of_a_series_fit_into_sixteen_characters() {
    let series = series("2026-11-23T06:00:00Z");
    assert_eq!(series.number(123).unwrap().as_str(), "HUB26-27/00123");
    let longest: SeriesPrefix = "MUMBA".parse().unwrap();
    let long = InvoiceSeries {
        prefix: longest,
        ..series
    };
    assert_eq!(long.number(12_345).unwrap().as_str(), "MUMBA26-27/12345");
    let too_long = long.number(123_456).unwrap_err().to_string();
    assert!(too_long.contains("16"), "{too_long}");
}

#[test]
fn an_invoice_number_has_what_the_rules_allow() {
    for good in ["1", "HUB/26-27/00123", "A-9"] {
        assert!(good.parse::<InvoiceNumber>().is_ok(), "{good}");
    }
    for bad in ["", "HUB 1", "A_1", "12345678901234567", "रु१"] {
        assert!(bad.parse::<InvoiceNumber>().is_err(), "{bad}");
    }
    for bad in ["", "MUMBAI", "A-B"] {
        assert!(bad.parse::<SeriesPrefix>().is_err(), "{bad}");
    }
}

#[test]
fn a_gstin_is_taken_with_its_check_character_alone() {
    let reliance: Gstin = "27AABCR1718E1ZP".parse().unwrap();
    assert_eq!(reliance.state(), Some("Maharashtra"));
    let karnataka: Gstin = "29AAGCB7383J1Z4".parse().unwrap();
    assert_eq!(karnataka.state(), Some("Karnataka"));
    for bad in [
        "",
        "27AABCR1718E1ZQ",
        "27AABCR1718E1Z",
        "27aabcr1718e1zp",
        "2 AABCR1718E1ZP",
        "00AABCR1718E1ZP",
        "27AABCR1718E1YP",
    ] {
        assert!(bad.parse::<Gstin>().is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn a_gstin_with_two_characters_swapped_is_refused(place in 2_usize..13) {
        let mut letters: Vec<char> = "27AABCR1718E1ZP".chars().collect();
        letters.swap(place, place.saturating_add(1));
        let swapped: String = letters.into_iter().collect();
        let same = swapped == "27AABCR1718E1ZP";
        prop_assert!(same || swapped.parse::<Gstin>().is_err(), "{swapped}");
    }

    #[test]
    fn a_parcel_of_more_pieces_is_never_lighter_or_smaller(
        (grams, length, breadth, height) in (1_u32..5_000, 1_u32..500, 1_u32..500, 1_u32..100),
        pieces in 1_u32..9,
    ) {
        let one = Parcel {
            weight_grams: grams,
            length_mm: length,
            breadth_mm: breadth,
            height_mm: height,
        };
        let all = Parcel::of_pieces([(one, pieces)]).unwrap();
        prop_assert_eq!(all.weight_grams, grams.saturating_mul(pieces));
        prop_assert_eq!(all.height_mm, height.saturating_mul(pieces));
        prop_assert_eq!((all.length_mm, all.breadth_mm), (length, breadth));
    }
}

#[test]
fn pieces_lie_on_each_other() {
    let kurta = Parcel {
        weight_grams: 350,
        length_mm: 300,
        breadth_mm: 250,
        height_mm: 30,
    };
    let shoes = Parcel {
        weight_grams: 900,
        length_mm: 320,
        breadth_mm: 200,
        height_mm: 120,
    };
    let both = Parcel::of_pieces([(kurta, 2), (shoes, 1)]).unwrap();
    let expected = Parcel {
        weight_grams: 1_600,
        length_mm: 320,
        breadth_mm: 250,
        height_mm: 180,
    };
    assert_eq!(both, expected);
    assert_eq!(Parcel::of_pieces([(kurta, 0)]), None);
}

#[test]
fn a_parcel_in_the_wrong_unit_is_refused_by_the_field() {
    let parcel = Parcel {
        weight_grams: 350,
        length_mm: 0,
        breadth_mm: 250,
        height_mm: 30,
    };
    let why = parcel.checked().unwrap_err().to_string();
    assert_eq!(why, "length_mm must be from 1 to 3000, not 0");
    let parcel = Parcel {
        weight_grams: 350_000,
        length_mm: 300,
        ..parcel
    };
    let why = parcel.checked().unwrap_err().to_string();
    assert_eq!(why, "weight_grams must be from 1 to 100000, not 350000");
}

#[test]
fn a_pin_code_has_six_digits() {
    assert!("400001".parse::<PinCode>().is_ok());
    for bad in ["", "040001", "40001", "4000011", "40000a"] {
        assert!(bad.parse::<PinCode>().is_err(), "{bad}");
    }
}
