//! Money is exact, checked, and shown the Indian way.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use haat_domain::Paise;
use proptest::prelude::*;

#[test]
fn rupees_are_read_exactly() {
    for (text, paise) in [
        ("349", 34_900),
        ("349.5", 34_950),
        ("349.05", 34_905),
        ("349.00", 34_900),
        ("349.5000", 34_950),
        ("0.1", 10),
        ("-12.05", -1_205),
        ("-0.01", -1),
    ] {
        assert_eq!(Paise::from_rupees(text), Ok(Paise::new(paise)), "{text}");
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for text in [
        "",
        "-",
        ".",
        "1.",
        ".5",
        "1.005",
        "1,000",
        "1e3",
        "₹5",
        " 5",
        "5 ",
        "--5",
        "NaN",
        "92233720368547758.08",
        "99999999999999999999",
    ] {
        assert!(Paise::from_rupees(text).is_err(), "{text:?} was taken");
    }
}

#[test]
fn amounts_read_as_indians_write_them() {
    for (paise, text) in [
        (0, "₹0.00"),
        (5, "₹0.05"),
        (99_900, "₹999.00"),
        (100_000, "₹1,000.00"),
        (12_345_600, "₹1,23,456.00"),
        (1_234_567_890, "₹1,23,45,678.90"),
        (-10_000_000, "-₹1,00,000.00"),
        (i64::MIN, "-₹92,23,37,20,36,85,47,758.08"),
    ] {
        assert_eq!(Paise::new(paise).to_string(), text);
    }
}

#[test]
fn sums_that_do_not_fit_are_nothing() {
    assert_eq!(Paise::new(i64::MAX).checked_add(Paise::new(1)), None);
    assert_eq!(Paise::new(i64::MAX).checked_mul(2), None);
    assert_eq!(Paise::new(250).checked_mul(3), Some(Paise::new(750)));
}

proptest! {
    #[test]
    fn what_is_written_as_rupees_reads_back(paise in -9_000_000_000_000_i64..9_000_000_000_000) {
        let sign = if paise < 0 { "-" } else { "" };
        let text = format!("{sign}{}.{:02}", paise.abs() / 100, paise.abs() % 100);
        prop_assert_eq!(Paise::from_rupees(&text), Ok(Paise::new(paise)));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        let _read_or_refused = Paise::from_rupees(&text);
    }
}
