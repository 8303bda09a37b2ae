//! What a test's seller ships, and from where.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops when its own words are not taken"
)]

use haat_domain::{Address, Parcel, SellerId, Warehouse};

/// What a kurta weighs and measures, packed.
pub const KURTA: Parcel = Parcel {
    weight_grams: 350,
    length_mm: 300,
    breadth_mm: 250,
    height_mm: 30,
};

/// A warehouse that is not stored yet.
#[must_use]
pub fn bhiwandi(seller: &SellerId) -> Warehouse {
    Warehouse {
        id: "w_0000000000000001".parse().unwrap(),
        seller: seller.clone(),
        name: "Bhiwandi".to_owned(),
        address: Address {
            lines: vec!["Gala 4, Rahnal".to_owned()],
            city: "Bhiwandi".to_owned(),
            pin: "421302".parse().unwrap(),
        },
        gstin: "27AABCR1718E1ZP".parse().unwrap(),
        invoice_format: None,
        version: 0,
    }
}
