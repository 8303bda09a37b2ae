//! Texts that name something: ids, amounts, times, and where a list goes on.

use std::fmt::Display;
use std::str::FromStr;

use haat_domain::{
    AccountId, Awb, DispatchBy, LoginId, MarketplaceId, OrderId, OrderNumber, PackId, Paise,
    ParkedKind, Scope, SellerId, Sku, TokenId, parse_marketplace_time,
};
use haat_ports::{Listing, OrderStore as _, ParkedStore as _};
use jiff::civil::Time;

use crate::shelf::{Shelf, at_once};

pub(crate) fn ids(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    comes_back::<SellerId>(text);
    comes_back::<AccountId>(text);
    comes_back::<LoginId>(text);
    comes_back::<MarketplaceId>(text);
    comes_back::<OrderNumber>(text);
    comes_back::<PackId>(text);
    comes_back::<TokenId>(text);
    comes_back::<Sku>(text);
    comes_back::<Awb>(text);
    comes_back::<OrderId>(text);
    if let Ok(id) = text.parse::<OrderId>() {
        let key = format!("S#s_1#O#{id}");
        let read = haat_aws::order_of_key(&key);
        assert_eq!(read, Some(("s_1".parse().unwrap(), id)), "{key}");
    }
    if let Some((seller, id)) = haat_aws::order_of_key(text) {
        assert_eq!(format!("S#{seller}#O#{id}"), text);
    }
    if let Ok(amount) = Paise::from_rupees(text) {
        assert_eq!(rupees(text), Some(i128::from(amount.get())), "{text}");
    }
    let _scope = Scope::of_word(text);
    let _kind = ParkedKind::of_word(text);
    let midnight = parse_marketplace_time(text, Time::midnight());
    let deadline = DispatchBy::named(text);
    assert_eq!(midnight.is_ok(), deadline.is_ok(), "{text}: a time or none");
    // A cursor of a stranger is as good as none; it never leads to another list.
    let table = Shelf::answering(Vec::new()).table();
    let seller = "s_1".parse().unwrap();
    at_once(async {
        let open = table
            .list_orders(&seller, Listing::Open, Some(text), 10)
            .await;
        assert!(open.unwrap().items.is_empty());
        assert!(
            table
                .parked(&seller, Some(text), 10)
                .await
                .unwrap()
                .items
                .is_empty()
        );
    });
}

fn comes_back<T: FromStr + Display + PartialEq + std::fmt::Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}

/// The paise of an amount written with at most two decimals, worked out by its digits alone.
fn rupees(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let zeros = part.get(2..).unwrap_or_default();
    let exact = zeros.bytes().all(|digit| digit == b'0');
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    let all = format!("{whole}{part}");
    let paise: i128 = exact.then(|| all.parse().ok())??;
    Some(sign * paise)
}
