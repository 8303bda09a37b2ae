//! Invented people, places and products, Indian in shape and belonging to nobody.

#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) id: u64,
    pub(crate) sku: &'static str,
    pub(crate) name: &'static str,
    pub(crate) color: &'static str,
    pub(crate) hsn: &'static str,
    pub(crate) gst_percent: u64,
    pub(crate) rupees: u64,
    pub(crate) sizes: &'static [&'static str],
    pub(crate) weight_grams: u32,
}

const CLOTHES: &[&str] = &["S", "M", "L", "XL", "XXL"];
const ONE: &[&str] = &["Free Size"];

#[rustfmt::skip]
pub(crate) const PRODUCTS: &[Product] = &[
    Product { id: 550_000_001, sku: "KURTA-RED", name: "Straight kurta", color: "Red", hsn: "62114290", gst_percent: 5, rupees: 349, sizes: CLOTHES, weight_grams: 280 },
    Product { id: 550_000_002, sku: "KURTA-BLUE", name: "Anarkali kurta with dupatta", color: "Blue", hsn: "62114290", gst_percent: 5, rupees: 529, sizes: CLOTHES, weight_grams: 420 },
    Product { id: 550_000_003, sku: "SAREE-GEORGETTE-GREEN", name: "Georgette printed saree", color: "Green", hsn: "54075490", gst_percent: 5, rupees: 412, sizes: ONE, weight_grams: 450 },
    Product { id: 550_000_004, sku: "TSHIRT-BLK", name: "Cotton round neck t-shirt", color: "Black", hsn: "61091000", gst_percent: 5, rupees: 219, sizes: CLOTHES, weight_grams: 180 },
    Product { id: 550_000_005, sku: "LEGGINGS-NAVY", name: "Ankle length leggings", color: "Navy Blue", hsn: "61046200", gst_percent: 5, rupees: 187, sizes: CLOTHES, weight_grams: 190 },
    Product { id: 550_000_006, sku: "BEDSHEET-KING-FLORAL", name: "Double bedsheet with two pillow covers", color: "Multicolor", hsn: "63041910", gst_percent: 5, rupees: 465, sizes: ONE, weight_grams: 900 },
    Product { id: 550_000_007, sku: "JHUMKA-GOLD", name: "Oxidised jhumka earrings", color: "Gold", hsn: "71179090", gst_percent: 3, rupees: 129, sizes: ONE, weight_grams: 40 },
    Product { id: 550_000_008, sku: "EARPHONE-WIRED", name: "Wired earphones with microphone", color: "White", hsn: "85183020", gst_percent: 18, rupees: 173, sizes: ONE, weight_grams: 60 },
    Product { id: 550_000_009, sku: "PHONE-STAND", name: "Foldable mobile stand", color: "Black", hsn: "39269099", gst_percent: 18, rupees: 141, sizes: ONE, weight_grams: 110 },
    Product { id: 550_000_010, sku: "NIGHTSUIT-PINK", name: "Cotton night suit set", color: "Pink", hsn: "61083100", gst_percent: 5, rupees: 389, sizes: CLOTHES, weight_grams: 350 },
];

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Carrier {
    pub(crate) id: u64,
    /// As the panel's JSON writes it.
    pub(crate) name: &'static str,
    /// As the label prints it.
    pub(crate) printed: &'static str,
    pub(crate) awb: AwbShape,
}

/// Shapes seen on labels.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AwbShape {
    /// `SF` + 10 digits + `FPL`
    Shadowfax,
    /// `VL` + 13 digits
    Valmo,
    /// This many digits beginning with the given ones.
    Digits(&'static str, usize),
}

pub(crate) const CARRIERS: &[Carrier] = &[
    Carrier {
        id: 1,
        name: "Delhivery",
        printed: "Delhivery",
        awb: AwbShape::Digits("149", 16),
    },
    Carrier {
        id: 2,
        name: "Shadowfax",
        printed: "Shadowfax",
        awb: AwbShape::Shadowfax,
    },
    Carrier {
        id: 4,
        name: "Xpressbees",
        printed: "Xpress Bees",
        awb: AwbShape::Digits("134", 15),
    },
    Carrier {
        id: 6,
        name: "Valmo",
        printed: "Valmo",
        awb: AwbShape::Valmo,
    },
];

impl Carrier {
    /// The AWB with this running number.
    pub(crate) fn awb(&self, number: u64) -> String {
        match self.awb {
            AwbShape::Shadowfax => format!("SF{number:010}FPL"),
            AwbShape::Valmo => format!("VL{number:013}"),
            AwbShape::Digits(prefix, length) => {
                let rest = length.saturating_sub(prefix.len());
                format!("{prefix}{number:0rest$}")
            }
        }
    }
}

/// A town with its State, the State's GST code and the first three digits of its PINs.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) gst_code: &'static str,
    pub(crate) pin_prefix: &'static str,
    pub(crate) hub: &'static str,
}

#[rustfmt::skip]
pub(crate) const PLACES: &[Place] = &[
    Place { city: "Pune", state: "Maharashtra", gst_code: "27", pin_prefix: "411", hub: "PNQ" },
    Place { city: "Nagpur", state: "Maharashtra", gst_code: "27", pin_prefix: "440", hub: "NAG" },
    Place { city: "Surat", state: "Gujarat", gst_code: "24", pin_prefix: "395", hub: "STV" },
    Place { city: "Jaipur", state: "Rajasthan", gst_code: "08", pin_prefix: "302", hub: "JAI" },
    Place { city: "Lucknow", state: "Uttar Pradesh", gst_code: "09", pin_prefix: "226", hub: "LKO" },
    Place { city: "Patna", state: "Bihar", gst_code: "10", pin_prefix: "800", hub: "PAT" },
    Place { city: "Kolkata", state: "West Bengal", gst_code: "19", pin_prefix: "700", hub: "CCU" },
    Place { city: "Bengaluru", state: "Karnataka", gst_code: "29", pin_prefix: "560", hub: "BLR" },
    Place { city: "Coimbatore", state: "Tamil Nadu", gst_code: "33", pin_prefix: "641", hub: "CJB" },
    Place { city: "Thiruvananthapuram", state: "Kerala", gst_code: "32", pin_prefix: "695", hub: "TRV" },
    Place { city: "Guwahati", state: "Assam", gst_code: "18", pin_prefix: "781", hub: "GAU" },
    Place { city: "Delhi", state: "Delhi", gst_code: "07", pin_prefix: "110", hub: "DEL" },
];

pub(crate) const FIRST_NAMES: &[&str] = &[
    "Asha", "Bhavna", "Chitra", "Deepak", "Farida", "Gurpreet", "Harish", "Ishita", "Jyoti",
    "Kavita", "Lakshmi", "Manoj", "Nasreen", "Omkar", "Pooja", "Rakesh", "Sunita", "Tenzin",
    "Usha", "Vikram", "Yamini", "Zubin",
];
pub(crate) const LAST_NAMES: &[&str] = &[
    "Agarwal",
    "Bora",
    "Chauhan",
    "Das",
    "Fernandes",
    "Gowda",
    "Iyer",
    "Joshi",
    "Khan",
    "Lepcha",
    "Mehta",
    "Nair",
    "Oraon",
    "Patil",
    "Qureshi",
    "Reddy",
    "Sharma",
    "Thakur",
    "Verma",
    "Yadav",
];
pub(crate) const STREETS: &[&str] = &[
    "Gandhi Nagar",
    "MG Road",
    "Shivaji Chowk",
    "Station Road",
    "Lajpat Colony",
    "Temple Street",
    "Nehru Marg",
    "Bazaar Lane",
    "Lake View Layout",
    "Sector 12",
    "Ashok Vihar",
    "College Road",
];
pub(crate) const LANDMARKS: &[&str] = &[
    "near post office",
    "opposite water tank",
    "behind bus stand",
    "near Hanuman temple",
    "above medical store",
    "next to primary school",
];
pub(crate) const SHOPS: &[&str] = &[
    "Meera Textiles",
    "Saanvi Creations",
    "Ganga Fashion",
    "Navrang Traders",
    "Kesar Handlooms",
    "Udaan Retail",
    "Tulsi Garments",
    "Sagar Enterprises",
];

/// Who ordered; all of it invented.
#[derive(Debug, Clone)]
pub(crate) struct Buyer {
    pub(crate) name: String,
    pub(crate) line_1: String,
    pub(crate) line_2: String,
    pub(crate) landmark: Option<String>,
    pub(crate) place: &'static Place,
    pub(crate) pin: String,
    pub(crate) mobile: Option<String>,
}

/// Who sells.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    pub(crate) name: String,
    pub(crate) legal_name: String,
    pub(crate) gstin: String,
    pub(crate) address: String,
    pub(crate) place: &'static Place,
    pub(crate) pin: String,
}

/// Appends the check character that the GST portal computes over the first fourteen.
pub(crate) fn gstin_of(fourteen: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let sum = fourteen
        .chars()
        .filter_map(|character| ALPHABET.find(character))
        .zip([1_usize, 2].into_iter().cycle())
        .fold(0_usize, |sum, (value, weight)| {
            let product = value.saturating_mul(weight);
            sum.saturating_add(product.checked_div(36).unwrap_or(0))
                .saturating_add(product.checked_rem(36).unwrap_or(0))
        });
    let check = 36_usize
        .saturating_sub(sum.checked_rem(36).unwrap_or(0))
        .checked_rem(36)
        .unwrap_or(0);
    format!("{fourteen}{}", ALPHABET.chars().nth(check).unwrap_or('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_is_the_portals() {
        // A published specimen number.
        assert_eq!(gstin_of("27AAPFU0939F1Z"), "27AAPFU0939F1ZV");
    }

    #[test]
    fn awbs_have_the_shapes_seen_on_labels() {
        let shapes: Vec<String> = CARRIERS.iter().map(|carrier| carrier.awb(42)).collect();
        assert_eq!(
            shapes,
            [
                "1490000000000042",
                "SF0000000042FPL",
                "134000000000042",
                "VL0000000000042"
            ]
        );
    }
}
