//! Lists over several pages, whatever number AJIO counts them from.

use haat_ports::{ErrorKind, MarketplaceError};
use serde_json::{Value, json};

use crate::pob::{Pob, fixture};
use crate::script::Reply;

/// A page with these orders, that calls itself so of so many.
fn page(orders: &[u32], number: u64, of: u64, elements: u64) -> Reply {
    let example: Value = serde_json::from_str(fixture!("listPendency.answer")).unwrap();
    let row = |order: &u32| {
        let mut row = example["orders"][0].clone();
        row["order_id"] = json!(format!("S{order}"));
        row
    };
    let rows: Vec<_> = orders.iter().map(row).collect();
    let page = json!({"number": number, "size": 50, "totalElements": elements, "totalPages": of});
    Reply::json(200, &json!({"orders": rows, "page": page}).to_string())
}

/// Reads the pendency to its end: the orders, and how it was asked for.
async fn read(
    profile: &str,
    replies: impl IntoIterator<Item = Reply>,
) -> Result<(Vec<String>, Vec<String>), MarketplaceError> {
    let pob = Pob::with(profile, replies).await;
    let (mut numbers, mut cursor) = (Vec::new(), None);
    loop {
        let orders = pob.line.orders();
        let page = orders.page(pob.feed("pendency"), cursor.as_deref()).await?;
        numbers.extend(page.reports.iter().map(|it| it.number.to_string()));
        match &page.next {
            Some(next) => cursor = Some(next.clone()),
            None => break,
        }
    }
    let pages = pob.ajio.asked().into_iter().map(|asked| {
        let query = asked.path.split_once("pageNumber=").unwrap().1.to_owned();
        query.split_once('&').unwrap().0.to_owned()
    });
    Ok((numbers, pages.collect()))
}

const ONE_BASED: &str = r#"{"milliseconds_between_calls": 0}"#;
const ZERO_BASED: &str = r#"{"milliseconds_between_calls": 0, "page_base": 0}"#;

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    let pages = [page(&[1, 2], 1, 2, 3), page(&[3], 2, 2, 3)];
    let (numbers, asked) = read(ONE_BASED, pages).await.unwrap();
    assert_eq!(numbers, ["S1", "S2", "S3"]);
    assert_eq!(asked, ["1", "2"]);
}

#[tokio::test]
async fn the_number_in_the_answer_may_be_counted_from_zero() {
    let pages = [page(&[1, 2], 0, 2, 3), page(&[3], 1, 2, 3)];
    let (numbers, _) = read(ONE_BASED, pages).await.unwrap();
    assert_eq!(numbers, ["S1", "S2", "S3"]);
}

#[tokio::test]
async fn the_profile_says_what_the_first_page_is() {
    let pages = [page(&[1, 2], 0, 2, 3), page(&[3], 1, 2, 3)];
    let (numbers, asked) = read(ZERO_BASED, pages).await.unwrap();
    assert_eq!(numbers, ["S1", "S2", "S3"]);
    assert_eq!(asked, ["0", "1"]);
}

#[tokio::test]
async fn an_empty_page_ends_a_list() {
    let (numbers, _) = read(ONE_BASED, [page(&[], 1, 0, 0)]).await.unwrap();
    assert!(numbers.is_empty());
    // What was acknowledged meanwhile has left the list.
    let pages = [page(&[1, 2], 1, 2, 3), page(&[], 2, 1, 2)];
    let (numbers, _) = read(ONE_BASED, pages).await.unwrap();
    assert_eq!(numbers, ["S1", "S2"]);
}

#[tokio::test]
async fn pages_that_are_counted_from_another_number_are_a_failed_read() {
    // Counted from zero, page 1 of one page is empty, and page 2 of two is.
    for pages in [
        vec![page(&[], 1, 1, 3)],
        vec![page(&[3], 1, 2, 3), page(&[], 2, 2, 3)],
    ] {
        let error = read(ONE_BASED, pages).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert!(error.said.contains("correct page_base"), "{error}");
    }
}

#[tokio::test]
async fn a_page_given_twice_is_a_failed_read_and_ends() {
    let pages = [page(&[1, 2], 1, 9, 18), page(&[1, 2], 2, 9, 18)];
    let error = read(ONE_BASED, pages).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
    assert!(error.said.contains("once more"), "{error}");
    let pages = [
        page(&[1], 1, 9, 9),
        page(&[2], 2, 9, 9),
        page(&[3], 1, 9, 9),
    ];
    let error = read(ONE_BASED, pages).await.unwrap_err();
    assert!(error.said.contains("an earlier page"), "{error}");
}

#[tokio::test]
async fn an_order_that_slips_to_the_next_page_is_no_repetition() {
    let pages = [page(&[1, 2], 1, 2, 3), page(&[2, 3], 2, 2, 4)];
    let (numbers, _) = read(ONE_BASED, pages).await.unwrap();
    assert_eq!(numbers, ["S1", "S2", "S2", "S3"]);
}

#[tokio::test]
async fn a_cursor_that_is_none_of_ours_is_refused_without_a_call() {
    let pob = Pob::answered([]).await;
    for cursor in ["", "two", "2-", "2-xyz", "-1"] {
        let orders = pob.line.orders();
        let page = orders.page(pob.feed("pendency"), Some(cursor)).await;
        assert_eq!(page.unwrap_err().kind, ErrorKind::Malformed, "{cursor}");
    }
    assert!(pob.ajio.asked().is_empty());
}
