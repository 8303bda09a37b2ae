//! One order out of the dice: what is not wished for is drawn.

use jiff::{SignedDuration, Timestamp};

use super::{
    life,
    order::{HoldReason, Order, PaymentMode, State},
    seed::Wish,
    world::World,
};
use crate::{
    clock,
    invent::{buyer, pick},
    names::{CARRIERS, PRODUCTS},
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
