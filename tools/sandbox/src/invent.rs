//! People, shops and places out of the dice.

use fastrand::Rng;

use crate::names::{
    Buyer, FIRST_NAMES, LANDMARKS, LAST_NAMES, PLACES, Place, SHOPS, STREETS, Shop, gstin_of,
};

pub(crate) fn buyer(rng: &mut Rng) -> Buyer {
    let place = pick(rng, PLACES);
    let house = rng.u32(1..400);
    let landmark = (rng.u8(0..3) > 0).then(|| (*pick(rng, LANDMARKS)).to_owned());
    let mobile = (rng.u8(0..10) > 0).then(|| format!("90000{:05}", rng.u32(0..100_000)));
    Buyer {
        name: format!("{} {}", pick(rng, FIRST_NAMES), pick(rng, LAST_NAMES)),
        line_1: format!("House no {house}, {}", pick(rng, STREETS)),
        line_2: if rng.bool() {
            format!("Ward {}", rng.u8(1..60))
        } else {
            String::new()
        },
        landmark,
        place,
        pin: pin(rng, place),
        mobile,
    }
}

pub(crate) fn shop(rng: &mut Rng, name: Option<&str>) -> Shop {
    let place = pick(rng, PLACES);
    let name = name.map_or_else(|| (*pick(rng, SHOPS)).to_owned(), str::to_owned);
    let gstin = gstin_of(&format!(
        "{}ZZZPZ{:04}Z1Z",
        place.gst_code,
        rng.u16(0..10_000)
    ));
    Shop {
        legal_name: format!("{name} LLP"),
        name,
        gstin,
        address: format!("Shop {}, {}", rng.u8(1..90), pick(rng, STREETS)),
        place,
        pin: pin(rng, place),
    }
}

fn pin(rng: &mut Rng, place: &Place) -> String {
    format!("{}{:03}", place.pin_prefix, rng.u16(1..100))
}

#[expect(
    clippy::indexing_slicing,
    reason = "the index is drawn from the list's own length"
)]
pub(crate) fn pick<'a, T>(rng: &mut Rng, of: &'a [T]) -> &'a T {
    &of[rng.usize(..of.len())]
}
