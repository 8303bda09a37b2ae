//! Label files: which page is for which order, and one page cut out.

use haat_labels::{MAX_PAGES, cut, pages};

/// Pages cut out of one file at most: each cut reads the file anew.
const CUTS: usize = 3;

pub(crate) fn labels(pdf: &[u8]) {
    let Ok(found) = pages(pdf) else {
        assert!(
            cut(pdf, 1).is_err(),
            "a page of a file that cannot be trusted"
        );
        return;
    };
    assert!((1..=MAX_PAGES).contains(&found.len()));
    for page in &found {
        let names_none = page.problem.is_none() || page.order_numbers.is_empty();
        assert!(names_none, "a page that is not understood names an order");
    }
    for page in found.iter().take(CUTS) {
        let Ok(alone) = cut(pdf, page.page) else {
            continue;
        };
        let read = pages(&alone).expect("what was cut out can be read");
        assert_eq!(read.len(), 1, "one page alone");
        assert_eq!(
            read[0].order_numbers, page.order_numbers,
            "another order's page"
        );
    }
    let behind = u32::try_from(found.len() + 1).unwrap();
    assert!(cut(pdf, behind).is_err() && cut(pdf, 0).is_err());
}
