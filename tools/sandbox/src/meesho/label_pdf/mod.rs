//! The PDF of a label job: one A4 page per sub-order, label above, tax invoice below.
//!
//! Geometry was measured on real exports and is given from the top left corner, in points; a
//! text's position is the top of its line box, 1.075 times its size above the base line.

mod invoice;
mod label;

use super::{order::Order, world::World};
use crate::{
    clock,
    gst::{self, Split},
    pdf::{
        self, Page,
        canvas::{Canvas, points},
        codes,
    },
};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;

/// What stands on one page.
#[derive(Debug, Clone)]
pub(crate) struct LabelPage {
    pub(crate) sub_order_num: String,
    order_num: String,
    sku: String,
    size: &'static str,
    color: &'static str,
    quantity: u64,
    banner: &'static str,
    courier: &'static str,
    awb: String,
    destination: String,
    return_code: String,
    buyer_name: String,
    buyer_lines: Vec<String>,
    buyer_state: &'static str,
    seller_name: String,
    seller_lines: Vec<String>,
    sold_by: String,
    sold_by_address: String,
    gstin: String,
    invoice_number: String,
    order_date: String,
    invoice_date: String,
    hsn: &'static str,
    gst_percent: u64,
    lines: [InvoiceLine; 2],
}

/// One row of the invoice; paise.
#[derive(Debug, Clone)]
struct InvoiceLine {
    description: &'static str,
    quantity: Option<u64>,
    gross: u64,
    discount: u64,
    total: u64,
    split: Split,
}

impl LabelPage {
    /// The page of an order that has a parcel and an invoice number.
    pub(crate) fn of(world: &World, index: usize) -> Option<Self> {
        let order = world.orders.get(index)?;
        let shop = &world.supplier(order.supplier_id)?.shop;
        let parcel = order.parcel.as_ref()?;
        let invoice = order.invoice.as_ref()?;
        let buyer = &order.buyer;
        let place = buyer.place;
        let mut buyer_lines = vec![buyer.line_1.clone(), buyer.line_2.clone()];
        buyer_lines.extend(buyer.landmark.clone());
        buyer_lines.push(format!("{}, {}, {}", place.city, place.state, buyer.pin));
        buyer_lines.retain(|line| !line.is_empty());
        let seller_town = format!("{}, {}, {}", shop.place.city, shop.place.state, shop.pin);
        Some(Self {
            sub_order_num: order.sub_order_num.clone(),
            order_num: order.order_num.clone(),
            sku: order.sku(),
            size: order.size,
            color: order.product.color,
            quantity: order.quantity,
            banner: order.payment.banner(),
            courier: order.carrier.printed,
            awb: parcel.awb.clone(),
            destination: format!("{}_{}_D1", place.hub, place.pin_prefix),
            return_code: format!("{},{}", shop.pin, order.supplier_id),
            buyer_name: buyer.name.clone(),
            buyer_lines,
            buyer_state: place.state,
            seller_name: shop.name.clone(),
            seller_lines: vec![shop.address.clone(), seller_town.clone()],
            sold_by: shop.legal_name.to_uppercase(),
            sold_by_address: format!("{}, {seller_town}", shop.address),
            gstin: shop.gstin.clone(),
            invoice_number: invoice.number.clone(),
            order_date: clock::dotted(clock::day(order.created)),
            invoice_date: clock::dotted(invoice.date),
            hsn: order.product.hsn,
            gst_percent: order.product.gst_percent,
            lines: invoice_lines(order, place.state == shop.place.state),
        })
    }

    /// Top of the grey bar; three heights were seen, the lower ones here go with longer addresses.
    fn bar_top(&self) -> f32 {
        match self.buyer_lines.len() {
            0..=2 => 333.7,
            3 => 342.1,
            _ => 345.9,
        }
    }
}

fn invoice_lines(order: &Order, same_state: bool) -> [InvoiceLine; 2] {
    let percent = order.product.gst_percent;
    let item = order.sub_total();
    [
        InvoiceLine {
            description: order.product.name,
            quantity: Some(order.quantity),
            gross: item.saturating_add(order.discount),
            discount: order.discount,
            total: item,
            split: gst::split(item, percent, same_state),
        },
        InvoiceLine {
            description: "Other Charges",
            quantity: None,
            gross: order.shipping,
            discount: 0,
            total: order.shipping,
            split: gst::split(order.shipping, percent, same_state),
        },
    ]
}

/// The whole document; the same pages give the same bytes.
pub(crate) fn draw(pages: &[LabelPage]) -> Vec<u8> {
    pdf::draw("Sub_Order_Labels", pages.iter().map(draw_page))
}

fn draw_page(page: &LabelPage) -> Page {
    let bars = codes::code_128(&page.awb);
    let mut canvas = Canvas::new(HEIGHT);
    label::draw(&mut canvas, page, points(bars.len()));
    invoice::draw(&mut canvas, page);
    Page {
        width: WIDTH,
        height: HEIGHT,
        content: canvas.finish(),
        bars: Some(bars),
    }
}
