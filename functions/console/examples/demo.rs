//! The console over a table in this process's memory, with a few orders, to look at its pages:
//! `cargo run -p haat-console --example demo`. Nothing here speaks to a marketplace.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    dead_code
)]

#[path = "../tests/console/shop.rs"]
mod shop;

use haat_domain::{Action, Actor, AttentionReason, Paise, ParkedKind, Payment, PaymentMode, Step};
use shop::{
    ASHA, JAIPUR, PACKER, SURAT, Shop, accepted, at, cancelled, due, label_page, now, order, said,
};

/// Product, SKU, size, rupees: what sells.
const SHELF: [(&str, &str, &str, i64); 4] = [
    ("Cotton kurti, red", "KURTI-RED-M", "M", 349),
    (
        "Georgette saree with blouse piece",
        "SAREE-GEO-TEAL",
        "Free size",
        749,
    ),
    (
        "Boys' T-shirt, pack of 3",
        "TS-BOY-3PK-8Y",
        "7-8 years",
        299,
    ),
    ("Steel water bottle 1 l", "BTL-STEEL-1000", "1 l", 425),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let shop = Shop::open().await;
    fill(&shop).await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    println!("http://localhost:{port}/console/sign-in   token: {PACKER}");
    axum::serve(listener, shop.app.clone()).await.unwrap();
}

async fn fill(shop: &Shop) {
    let packer = || Actor::Token("t_packer".parse().unwrap());
    for number in 0..24_u32 {
        let (title, sku, size, rupees) = SHELF[usize::try_from(number % 4).unwrap()];
        let hour = 9 + number % 8;
        let day = if number < 12 { 12 } else { 13 };
        let mut report = due(
            said(&format!("29900000000000{number:04}_1")),
            &format!("2026-09-{day}T{hour:02}:30:00+05:30"),
        );
        let line = &mut report.lines[0];
        line.title = title.to_owned();
        line.sku = sku.parse().unwrap();
        line.variation = Some(size.to_owned());
        line.quantity = if number % 7 == 3 { 2 } else { 1 };
        line.price = Some(Paise::new(rupees * 100));
        let value = Paise::new(rupees * 100).checked_mul(line.quantity);
        let detail = report.detail.as_mut().unwrap();
        detail.value = value;
        detail.payment = Some(match number % 3 {
            0 => Payment {
                mode: PaymentMode::Prepaid,
                collect: None,
            },
            _ => Payment {
                mode: PaymentMode::Cod,
                collect: value,
            },
        });
        let account = if number % 5 == 4 { JAIPUR } else { SURAT };
        let mut order = match number % 6 {
            5 => {
                (report.step, report.word) = (Some(Step::Hold), "on_hold".to_owned());
                report.reason = Some("payment is being checked".to_owned());
                order(ASHA, account, &report)
            }
            0 | 1 => order(ASHA, account, &report),
            _ => {
                let mut order = order(ASHA, account, &report);
                order
                    .ask(Action::Accept, packer(), at("2026-09-12T09:10:00+05:30"))
                    .unwrap();
                let awb = format!("VL00814{number:04}");
                order.hear(&accepted(&report, &awb), at("2026-09-12T09:14:00+05:30"));
                order
            }
        };
        let asked = at("2026-09-12T12:15:00+05:30");
        match number % 6 {
            1 => drop(order.ask(Action::Accept, packer(), now())),
            2 => {
                order.ask(Action::Ship, packer(), asked).unwrap();
                order.wait(
                    Action::Ship,
                    "Meesho makes labels for this order from 16:00 on",
                );
            }
            3 => drop(order.file_label(label_page(), now())),
            _ => {}
        }
        if number == 7 {
            order.fail(
                Action::Accept,
                "Meesho: this SKU is out of stock in your catalogue",
                now(),
            );
        }
        if number > 21 {
            order.hear(&cancelled(&report), now());
        }
        let id = order.id.to_string();
        shop.store(&mut order).await;
        shop.keep_buyer(&id).await;
    }
    let reason = "Meesho: this SKU is out of stock in your catalogue";
    shop.park(SURAT, ParkedKind::Accept, "299000000000000007_1", reason)
        .await;
    shop.trouble(
        JAIPUR,
        AttentionReason::LoginRefused,
        "Invalid e-mail or password",
    )
    .await;
}
