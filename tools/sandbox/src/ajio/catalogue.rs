//! The products of a POB; invented styles.

/// A style as it is listed, in several sizes.
#[derive(Debug)]
struct Style {
    code: &'static str,
    title: &'static str,
    color: &'static str,
    hsn: &'static str,
    gst_percent: u64,
    /// Rupees printed on the tag.
    mrp: u64,
    /// Rupees that the consumer pays.
    price: u64,
    /// Rupees that AJIO pays the seller, tax included.
    payable: u64,
    sizes: &'static [&'static str],
}

const CLOTHES: &[&str] = &["S", "M", "L", "XL"];
const ONE: &[&str] = &["FS"];
pub(crate) const BRAND: &str = "Testbrand";

#[rustfmt::skip]
const STYLES: &[Style] = &[
    Style { code: "KURTA-RED", title: "Straight kurta", color: "red", hsn: "62114290", gst_percent: 5, mrp: 1_299, price: 799, payable: 610, sizes: CLOTHES },
    Style { code: "KURTA-BLUE", title: "Anarkali kurta with dupatta", color: "blue", hsn: "62114290", gst_percent: 5, mrp: 2_499, price: 1_449, payable: 1_117, sizes: CLOTHES },
    Style { code: "SHIRT-WHITE", title: "Slim fit cotton shirt", color: "white", hsn: "62052000", gst_percent: 12, mrp: 1_999, price: 1_199, payable: 925, sizes: CLOTHES },
    Style { code: "JEANS-INDIGO", title: "Mid rise jeans", color: "indigo", hsn: "62034200", gst_percent: 12, mrp: 2_299, price: 1_379, payable: 1_063, sizes: CLOTHES },
    Style { code: "TOTE-TAN", title: "Tote bag with zip", color: "tan", hsn: "42022210", gst_percent: 18, mrp: 1_799, price: 989, payable: 749, sizes: ONE },
    Style { code: "BELT-BLACK", title: "Reversible belt", color: "black", hsn: "42033000", gst_percent: 18, mrp: 899, price: 449, payable: 341, sizes: ONE },
];

/// One size of a style, at one POB.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) product_id: String,
    /// `variantId` of the catalogue and `item_code` of orders (that they are equal is assumed).
    pub(crate) id: String,
    pub(crate) sku: String,
    pub(crate) ean: String,
    pub(crate) title: String,
    pub(crate) parent_title: &'static str,
    pub(crate) color: &'static str,
    pub(crate) size: &'static str,
    pub(crate) hsn: &'static str,
    pub(crate) gst_percent: u64,
    /// Paise, like the two below.
    pub(crate) mrp: u64,
    pub(crate) price: u64,
    pub(crate) payable: u64,
}

/// A variant and what is known of it at the POB.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) variant: Variant,
    pub(crate) live: bool,
    /// As the seller last said it.
    pub(crate) inventory: u64,
}

/// All listings of a POB, the same for each; the last style is not live.
pub(crate) fn listings() -> Vec<Listing> {
    let mut listings = Vec::new();
    for (number, style) in (1_u64..).zip(STYLES) {
        let product_id = 790_000_u64.saturating_add(number);
        for (turn, size) in (1_u64..).zip(style.sizes) {
            let ean = number.saturating_mul(10).saturating_add(turn);
            listings.push(Listing {
                variant: Variant {
                    product_id: product_id.to_string(),
                    id: format!("{product_id}{turn:03}"),
                    sku: match style.sizes.len() {
                        1 => style.code.to_owned(),
                        _ => format!("{}-{size}", style.code),
                    },
                    ean: ean_13(ean),
                    title: format!("{} {} {size}", style.title, style.color),
                    parent_title: style.title,
                    color: style.color,
                    size,
                    hsn: style.hsn,
                    gst_percent: style.gst_percent,
                    mrp: style.mrp.saturating_mul(100),
                    price: style.price.saturating_mul(100),
                    payable: style.payable.saturating_mul(100),
                },
                live: style.code != "BELT-BLACK",
                inventory: 10,
            });
        }
    }
    listings
}

/// `890` (India), the number, and the check digit of EAN-13.
fn ean_13(number: u64) -> String {
    let twelve = format!("890{number:09}");
    let sum = twelve
        .bytes()
        .map(|digit| u64::from(digit.saturating_sub(b'0')))
        .zip([1_u64, 3].into_iter().cycle())
        .fold(0_u64, |sum, (digit, weight)| {
            sum.saturating_add(digit.saturating_mul(weight))
        });
    let check = 10_u64
        .saturating_sub(sum.checked_rem(10).unwrap_or(0))
        .checked_rem(10)
        .unwrap_or(0);
    format!("{twelve}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_own_example_is_among_them() {
        let listings = listings();
        let red = listings
            .iter()
            .find(|listing| listing.variant.sku == "KURTA-RED-M")
            .map(|listing| &listing.variant)
            .unwrap();
        assert_eq!(
            (red.product_id.as_str(), red.id.as_str()),
            ("790001", "790001002")
        );
        assert_eq!((red.mrp, red.price, red.payable), (129_900, 79_900, 61_000));
    }

    #[test]
    fn check_digits_are_those_of_ean_13() {
        // 8+27+0+0+... of 890000000001: 8*1 + 9*3 + 0*1 + ... + 1*3 = 38, so 2.
        assert_eq!(ean_13(1), "8900000000012");
    }
}
