//! One order out of the dice: what is not wished for is drawn.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::{
    clock, life,
    names::{
        Buyer, CARRIERS, FIRST_NAMES, LANDMARKS, LAST_NAMES, PLACES, PRODUCTS, Place, SHOPS,
        STREETS, Shop, gstin_of,
    },
    order::{HoldReason, Order, PaymentMode, State},
    seed::Wish,
    world::World,
};

pub(crate) fn order(
    world: &mut World,
    supplier_id: u64,
    state: State,
    created: Timestamp,
    wish: &Wish,
) -> Order {
    let number = world.next_order();
    let order_num = format!("{}", number.saturating_add(299_000_000_000_000_000));
    let couriers = match wish.carriers {
        0 => CARRIERS,
        few => CARRIERS.get(..few).unwrap_or(CARRIERS),
    };
    let rng = &mut world.rng;
    let product = pick(rng, PRODUCTS);
    let size = *pick(rng, product.sizes);
    let prepaid = rng.u8(0..100) < 35;
    let drawn_payment = if prepaid {
        PaymentMode::Prepaid
    } else {
        PaymentMode::Cod
    };
    let two = rng.u8(0..20) == 0;
    let charged = rng.u8(0..4) == 0;
    let discounted = rng.u8(0..5) == 0;
    let reasons = [
        HoldReason::UnserviceableAddress,
        HoldReason::ExchangeReturnPending,
        HoldReason::FraudReview,
    ];
    let reason = *pick(rng, &reasons);
    let life = life::random_plan(rng.u8(0..100));
    Order {
        supplier_id,
        sub_order_num: format!("{order_num}_1"),
        order_num,
        sub_order_id: number.saturating_add(1_900_000_000),
        state,
        hold_reason: (state == State::OnHold).then(|| wish.hold_reason.unwrap_or(reason)),
        cancelled_by: None,
        payment: wish.payment.unwrap_or(drawn_payment),
        product,
        size,
        quantity: wish.quantity.unwrap_or(if two { 2 } else { 1 }),
        unit_price: product.rupees.saturating_mul(100),
        discount: if discounted { 2_500 } else { 0 },
        shipping: if charged { 3_500 } else { 0 },
        buyer: buyer(rng),
        from_advertisement: rng.u8(0..5) == 0,
        created,
        updated: created,
        dispatch_by: clock::day(
            created
                .saturating_add(SignedDuration::from_hours(24))
                .unwrap_or(created),
        ),
        carrier: pick(rng, couriers),
        parcel: None,
        label_delay_seconds: wish.label_delay_seconds,
        label_downloaded: false,
        invoice: None,
        plan: wish.plan.unwrap_or(life),
    }
}

fn buyer(rng: &mut Rng) -> Buyer {
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
fn pick<'a, T>(rng: &mut Rng, of: &'a [T]) -> &'a T {
    &of[rng.usize(..of.len())]
}
