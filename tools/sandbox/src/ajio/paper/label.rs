//! The shipping label, 4 x 6 inches.

use crate::{
    ajio::order::{Order, PaymentMethod},
    pdf::{
        self, Page,
        canvas::{Area, BOLD, Canvas, REGULAR, points, wrap},
        codes,
    },
};

use super::amount;

const WIDTH: f32 = 288.0;
const HEIGHT: f32 = 432.0;
const LEFT: f32 = 14.0;

/// The label of a packed order.
pub(crate) fn label(order: &Order) -> Vec<u8> {
    pdf::draw("Shipping label", std::iter::once(page(order)))
}

fn page(order: &Order) -> Page {
    let parcel = order.parcel.as_ref();
    let awb = parcel.map_or("", |parcel| &parcel.awb);
    let bars = codes::code_128(awb);
    let mut canvas = Canvas::new(HEIGHT);
    canvas.frame(Area {
        left: 6.0,
        top: 6.0,
        right: WIDTH - 6.0,
        bottom: HEIGHT - 6.0,
    });
    canvas.text(BOLD, 14.0, (LEFT, 12.0), order.carrier.printed);
    canvas.text(BOLD, 12.0, (180.0, 13.0), banner(order.payment));
    let bars_area = Area {
        left: 24.0,
        top: 38.0,
        right: WIDTH - 24.0,
        bottom: 96.0,
    };
    canvas.form(
        codes::BARS,
        (points(bars.len()), codes::BARS_HEIGHT),
        bars_area,
    );
    canvas.text(BOLD, 12.0, (LEFT, 102.0), &format!("AWB: {awb}"));
    canvas.text(BOLD, 12.0, (LEFT, 120.0), &format!("Order: {}", order.id));
    if order.payment == PaymentMethod::Cod {
        let collect = format!("COD collect: {}", amount(order.total()));
        canvas.text(BOLD, 12.0, (LEFT, 138.0), &collect);
    }
    canvas.line((6.0, 158.0), (WIDTH - 6.0, 158.0));
    address(&mut canvas, order);
    canvas.line((6.0, 262.0), (WIDTH - 6.0, 262.0));
    items(&mut canvas, order);
    let weight = parcel.map_or(0, |parcel| parcel.weight_grams);
    let weight = format!("Weight: {weight} g");
    canvas.text(REGULAR, 9.0, (LEFT, HEIGHT - 24.0), &weight);
    Page {
        width: WIDTH,
        height: HEIGHT,
        content: canvas.finish(),
        bars: Some(bars),
    }
}

fn banner(payment: PaymentMethod) -> &'static str {
    match payment {
        PaymentMethod::Cod => "COD",
        PaymentMethod::Prepaid => "PREPAID",
    }
}

fn address(canvas: &mut Canvas, order: &Order) {
    let buyer = &order.buyer;
    canvas.text(REGULAR, 9.0, (LEFT, 164.0), "Deliver to");
    canvas.text(BOLD, 11.0, (LEFT, 177.0), &buyer.name);
    let place = buyer.place;
    let town = format!("{}, {} {}", place.city, place.state, buyer.pin);
    let street = [buyer.line_1.as_str(), &buyer.line_2, &town].join(", ");
    let lines = wrap(&street.replace(", ,", ","), 44);
    canvas.lines(
        (REGULAR, 10.0),
        (LEFT, 193.0),
        13.0,
        lines.iter().map(String::as_str),
    );
}

fn items(canvas: &mut Canvas, order: &Order) {
    canvas.text(BOLD, 9.0, (LEFT, 268.0), "Item code");
    canvas.text(BOLD, 9.0, (130.0, 268.0), "Item");
    canvas.text(BOLD, 9.0, (252.0, 268.0), "Qty");
    let mut top = 282.0;
    for line in order.lines.iter().filter(|line| line.open() > 0) {
        canvas.text(REGULAR, 9.0, (LEFT, top), &line.variant.id);
        canvas.text(REGULAR, 9.0, (130.0, top), &line.variant.sku);
        canvas.text(REGULAR, 9.0, (252.0, top), &line.open().to_string());
        top += 12.0;
    }
}
