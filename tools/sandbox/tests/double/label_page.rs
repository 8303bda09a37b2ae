//! What stands on a label page, where, and that its codes scan.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use haat_sandbox::{PaymentMode, Sandbox, Seed, State};
use hayro::{
    RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf,
    vello_cpu::color::palette::css::WHITE,
};
use lopdf::{Document, Object, content::Content};
use rxing::BarcodeFormat;

use crate::client::{Panel, SUPPLIER, open_shop};

/// From a text's base line up to the top of its line box, per point of size: the measured tops.
const ASCENT: f32 = 1.075;

#[derive(Debug, Clone)]
struct Text {
    x: f32,
    top: f32,
    size: f32,
    bold: bool,
    text: String,
}

async fn labels(seed: &Seed) -> (Sandbox, Panel, Vec<String>, Vec<u8>) {
    let (sandbox, panel) = open_shop().await;
    let numbers = sandbox.control().seed(seed).unwrap();
    panel.ask_for_labels(&panel.label_request()).await;
    sandbox.control().advance_seconds(30).unwrap();
    let url = panel.label_job().await["label_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = panel.fetch(&url).await.bytes().await.unwrap().to_vec();
    (sandbox, panel, numbers, file)
}

fn ready(count: u32) -> Seed {
    Seed::new(SUPPLIER, State::ReadyToShip, count)
}

/// Every text of a page with its place, read out of the content stream.
fn texts(document: &Document, page: u32) -> Vec<Text> {
    let id = document.get_pages()[&page];
    let content = Content::decode(&document.get_page_content(id)).unwrap();
    let mut found = Vec::new();
    let (mut at, mut size, mut bold) = ((0.0, 0.0), 0.0, false);
    for operation in content.operations {
        let number = |index: usize| operation.operands[index].as_float().unwrap();
        match operation.operator.as_str() {
            "BT" => at = (0.0, 0.0),
            "Td" => at = (at.0 + number(0), at.1 + number(1)),
            "Tf" => {
                bold = operation.operands[0].as_name().unwrap() == b"F2";
                size = number(1);
            }
            "Tj" => {
                let Object::String(bytes, _) = &operation.operands[0] else {
                    panic!("a text that is none");
                };
                found.push(Text {
                    x: at.0,
                    top: 842.0 - at.1 - size * ASCENT,
                    size,
                    bold,
                    text: String::from_utf8(bytes.clone()).unwrap(),
                });
            }
            _ => {}
        }
    }
    found
}

fn find<'a>(texts: &'a [Text], text: &str) -> &'a Text {
    texts
        .iter()
        .find(|found| found.text == text)
        .unwrap_or_else(|| panic!("no `{text}` among {texts:#?}"))
}

fn stands(texts: &[Text], text: &str, x: f32, top: f32, size: f32, bold: bool) {
    let found = find(texts, text);
    let right = (found.x - x).abs() < 0.1 && (found.top - top).abs() < 0.1;
    assert!(
        right && (found.size - size).abs() < 0.1,
        "`{text}` at {}, {} in {}",
        found.x,
        found.top,
        found.size
    );
    assert_eq!(found.bold, bold, "`{text}`");
}

/// Top of the grey bar, out of the rectangles of the page.
fn bar_top(document: &Document, page: u32) -> f32 {
    let id = document.get_pages()[&page];
    let content = Content::decode(&document.get_page_content(id)).unwrap();
    content
        .operations
        .iter()
        .filter(|operation| operation.operator == "re")
        .map(|operation| {
            let sides: Vec<f32> = operation
                .operands
                .iter()
                .map(|side| side.as_float().unwrap())
                .collect();
            (sides[0], sides[1], sides[2], sides[3])
        })
        .find(|(x, _, width, height)| (*x, *width, *height) == (14.0, 567.0, 21.0))
        .map(|(_, y, _, height)| 842.0 - y - height)
        .expect("a bar from 14 to 581, 21 high")
}

#[tokio::test]
async fn every_text_stands_where_it_was_measured() {
    let (_sandbox, _panel, numbers, file) = labels(&ready(1).payment(PaymentMode::Cod)).await;
    let document = Document::load_mem(&file).unwrap();
    let texts = texts(&document, 1);
    let bar = bar_top(&document, 1);
    assert!(
        [333.7, 342.1, 345.9]
            .iter()
            .any(|seen| (bar - seen).abs() < 0.1),
        "bar at {bar}"
    );

    stands(&texts, "Customer Address", 19.0, 18.9, 10.0, true);
    stands(
        &texts,
        "COD: Check the payable amount on the app",
        261.2,
        15.7,
        14.0,
        true,
    );
    stands(&texts, "Pickup", 269.2, 88.6, 10.0, false);
    stands(&texts, "Destination Code", 265.2, 118.0, 10.0, false);
    stands(&texts, "Return Code", 265.2, 151.9, 10.0, false);
    stands(&texts, "Product Details", 19.0, bar - 52.0, 11.0, true);
    for (x, head) in [
        (19.0, "SKU"),
        (203.0, "Size"),
        (344.8, "Color"),
        (439.2, "Order No."),
    ] {
        stands(&texts, head, x, bar - 33.0, 11.0, true);
    }
    stands(&texts, &numbers[0], 439.2, bar - 17.0, 11.0, false);
    stands(
        &texts,
        "Original For Recipient",
        495.4,
        bar + 6.0,
        8.0,
        true,
    );
    stands(&texts, "BILL TO / SHIP TO", 18.0, bar + 27.0, 8.0, false);
    for (x, head) in [
        (227.7, "Purchase Order No."),
        (361.8, "Invoice No."),
        (433.4, "Order Date"),
        (503.7, "Invoice Date"),
    ] {
        stands(&texts, head, x, bar + 68.0, 8.0, true);
    }
    let order_num = numbers[0].split('_').next().unwrap();
    stands(&texts, order_num, 227.7, bar + 80.0, 8.0, false);
    stands(&texts, "ab1cd26000001", 361.8, bar + 80.0, 8.0, false);
    stands(&texts, "Gross Amount", 199.2, bar + 103.0, 8.0, true);
    stands(&texts, "Taxable Value", 334.3, bar + 103.0, 8.0, true);
    let bar_text = find(&texts, "TAX INVOICE");
    assert!(bar_text.bold && bar_text.top > bar && bar_text.top < bar + 21.0);
}

#[tokio::test]
async fn both_codes_scan_and_say_the_awb() {
    let (sandbox, _panel, numbers, file) = labels(&ready(16)).await;
    // One page of every courier: AWBs differ in length and alphabet.
    let mut pages = BTreeMap::new();
    for (index, number) in numbers.iter().enumerate() {
        let order = sandbox.control().order(number).unwrap();
        pages.insert(order.carrier, (index, order.awb.unwrap()));
    }
    assert_eq!(pages.len(), 4, "{pages:?}");
    let pdf = Pdf::new(file).unwrap();
    for (carrier, (index, awb)) in pages {
        let image = Image::of(&pdf, index);
        assert_eq!(
            image.scan(BarcodeFormat::CODE_128, [261, 228, 582, 282]),
            awb,
            "{carrier}"
        );
        assert_eq!(
            image.scan(BarcodeFormat::DATA_MATRIX, [400, 56, 545, 196]),
            awb,
            "{carrier}"
        );
    }
}

#[tokio::test]
async fn taxes_and_taxable_value_add_up_to_the_paisa_on_every_page() {
    let (sandbox, _panel, numbers, file) = labels(&ready(40)).await;
    let document = Document::load_mem(&file).unwrap();
    let mut kinds = BTreeSet::new();
    for (page, number) in (1..).zip(&numbers) {
        let texts = texts(&document, page);
        let bar = bar_top(&document, page);
        let rows = |x: f32| -> Vec<&Text> {
            texts
                .iter()
                .filter(|text| (text.x - x).abs() < 0.1 && text.top > bar + 110.0)
                .collect()
        };
        let amounts = |x: f32| -> Vec<u64> {
            rows(x)
                .iter()
                .filter_map(|text| paise(&text.text))
                .collect()
        };
        let (taxable, taxes, totals) = (amounts(334.3), amounts(446.9), amounts(537.0));
        assert_eq!(totals.len(), 3, "item, other charges, total on {number}");
        let (lines_tax, total_tax) = taxes.split_at(taxes.len() - 1);
        assert_eq!(lines_tax.iter().sum::<u64>(), total_tax[0], "{number}");
        assert_eq!(
            taxable.iter().sum::<u64>() + total_tax[0],
            totals[2],
            "{number}"
        );
        assert_eq!(totals[0] + totals[1], totals[2], "{number}");
        assert_eq!(
            totals[2],
            sandbox.control().order(number).unwrap().total_paise,
            "{number}"
        );
        kinds.insert(rows(446.9)[0].text.split(' ').next().unwrap().to_owned());
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["CGST", "IGST"],
        "both kinds of tax were met"
    );
}

#[tokio::test]
async fn a_page_holds_one_order_and_says_neither_more_nor_less_than_the_real_one() {
    let (sandbox, _panel, numbers, file) = labels(&ready(3).payment(PaymentMode::Prepaid)).await;
    let document = Document::load_mem(&file).unwrap();
    assert_eq!(document.version, "1.7");
    for (page, number) in (1..).zip(&numbers) {
        let order = sandbox.control().order(number).unwrap();
        let all = texts(&document, page)
            .iter()
            .fold(String::new(), |mut all, text| {
                writeln!(all, "{}", text.text).unwrap();
                all
            });
        for present in [
            number.as_str(),
            &order.buyer_name,
            &order.buyer_pin,
            "Prepaid: Do not collect cash",
        ] {
            assert!(all.contains(present), "`{present}` on the page of {number}");
        }
        for other in numbers.iter().filter(|other| *other != number) {
            assert!(
                !all.contains(other.as_str()),
                "{other} on the page of {number}"
            );
        }
        if let Some(mobile) = &order.buyer_mobile {
            assert!(
                !all.contains(mobile.as_str()),
                "labels print no mobile number"
            );
        }
    }
    let fonts = document.objects.values().filter(|object| {
        object
            .as_dict()
            .is_ok_and(|dict| dict.has_type(b"Font") && !dict.has(b"FontDescriptor"))
    });
    assert_eq!(
        fonts.count(),
        2,
        "Helvetica and Helvetica-Bold, not embedded"
    );
    assert!(file.len() < 3 * 10_000, "{} bytes", file.len());
}

/// `Rs.12.34` in paise.
fn paise(text: &str) -> Option<u64> {
    text.strip_prefix("Rs.")?.replace('.', "").parse().ok()
}

/// A page at 203 dots per inch, as a thermal printer would see it.
struct Image {
    width: usize,
    luma: Vec<u8>,
}

const DOTS_PER_POINT: f32 = 203.0 / 72.0;

impl Image {
    fn of(pdf: &Pdf, index: usize) -> Self {
        let settings = hayro::PixmapSettings {
            x_scale: DOTS_PER_POINT,
            y_scale: DOTS_PER_POINT,
            bg_color: WHITE,
        };
        let pixmap = hayro::render(
            &pdf.pages()[index],
            &RenderCache::new(),
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &settings,
        );
        let bytes = pixmap.data_as_u8_slice();
        Self {
            width: usize::from(pixmap.width()),
            // One bit per dot: black or white.
            luma: bytes
                .chunks_exact(4)
                .map(|dot| if dot[1] < 128 { 0 } else { 255 })
                .collect(),
        }
    }

    /// What a scanner reads in this part of the page (left, top, right, bottom in points).
    fn scan(&self, format: BarcodeFormat, area: [u16; 4]) -> String {
        let [left, top, right, bottom] =
            area.map(|side| (f32::from(side) * DOTS_PER_POINT) as usize);
        let cut: Vec<u8> = (top..bottom)
            .flat_map(|row| &self.luma[row * self.width + left..row * self.width + right])
            .copied()
            .collect();
        let (width, height) = ((right - left) as u32, (bottom - top) as u32);
        rxing::helpers::detect_in_luma(cut, width, height, Some(format))
            .unwrap_or_else(|error| panic!("{format:?} does not scan: {error}"))
            .getText()
            .to_owned()
    }
}
