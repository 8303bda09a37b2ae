//! What is in an order, what the marketplace pays for it, and its parcel, as they lie in the order's
//! item. Short names, as there.

use haat_domain::{
    InvoiceNumber, OrderLine, Paise, Parcel, PurchaseOrder, Sku, StoredPaper, Supply,
    SupplyInvoice, SupplyPrice,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct StoredLine {
    #[serde(rename = "s")]
    sku: Sku,
    #[serde(rename = "t")]
    title: String,
    #[serde(rename = "v", skip_serializing_if = "Option::is_none")]
    variation: Option<String>,
    #[serde(rename = "q")]
    quantity: u32,
    #[serde(rename = "x", default, skip_serializing_if = "is_none")]
    cancelled: u32,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    price: Option<Paise>,
    #[serde(rename = "i", skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    supply_base: Option<Paise>,
    #[serde(rename = "bt", skip_serializing_if = "Option::is_none")]
    supply_tax: Option<Paise>,
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    hsn: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the serializer passes a reference"
)]
fn is_none(pieces: &u32) -> bool {
    *pieces == 0
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredSupply {
    #[serde(rename = "po", skip_serializing_if = "Option::is_none")]
    purchase_order: Option<StoredPurchaseOrder>,
    #[serde(rename = "inv", skip_serializing_if = "Option::is_none")]
    invoice: Option<StoredInvoice>,
}

#[derive(Serialize, Deserialize)]
struct StoredPurchaseOrder {
    #[serde(rename = "n")]
    number: String,
    #[serde(rename = "at", skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    amount: Option<Paise>,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    tax: Option<Paise>,
}

#[derive(Serialize, Deserialize)]
struct StoredInvoice {
    #[serde(rename = "n")]
    number: InvoiceNumber,
    #[serde(rename = "at")]
    at: Timestamp,
}

/// Grams, and three sides in millimetres.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredParcel(u32, u32, u32, u32);

#[derive(Serialize, Deserialize)]
pub(super) struct StoredFile {
    #[serde(rename = "f")]
    file: String,
    #[serde(rename = "h")]
    sha256: String,
    #[serde(rename = "at")]
    stored_at: Timestamp,
}

impl From<&OrderLine> for StoredLine {
    fn from(line: &OrderLine) -> Self {
        Self {
            sku: line.sku.clone(),
            title: line.title.clone(),
            variation: line.variation.clone(),
            quantity: line.quantity,
            cancelled: line.cancelled,
            price: line.price,
            item: line.item.clone(),
            supply_base: line.supply.map(|price| price.base),
            supply_tax: line.supply.and_then(|price| price.tax),
            hsn: line.hsn.clone(),
        }
    }
}

impl From<StoredLine> for OrderLine {
    fn from(line: StoredLine) -> Self {
        let tax = line.supply_tax;
        Self {
            sku: line.sku,
            title: line.title,
            variation: line.variation,
            quantity: line.quantity,
            cancelled: line.cancelled,
            price: line.price,
            item: line.item,
            supply: line.supply_base.map(|base| SupplyPrice { base, tax }),
            hsn: line.hsn,
        }
    }
}

impl StoredSupply {
    pub(super) fn of(supply: &Supply) -> Option<Self> {
        let purchase_order = supply.purchase_order.as_ref();
        let invoice = supply.invoice.as_ref();
        (purchase_order.is_some() || invoice.is_some()).then(|| Self {
            purchase_order: purchase_order.map(|order| StoredPurchaseOrder {
                number: order.number.clone(),
                at: order.at,
                amount: order.amount,
                tax: order.tax,
            }),
            invoice: invoice.map(|invoice| StoredInvoice {
                number: invoice.number.clone(),
                at: invoice.at,
            }),
        })
    }
}

impl From<StoredSupply> for Supply {
    fn from(supply: StoredSupply) -> Self {
        Self {
            purchase_order: supply.purchase_order.map(|order| PurchaseOrder {
                number: order.number,
                at: order.at,
                amount: order.amount,
                tax: order.tax,
            }),
            invoice: supply.invoice.map(|invoice| SupplyInvoice {
                number: invoice.number,
                at: invoice.at,
            }),
        }
    }
}

impl From<Parcel> for StoredParcel {
    fn from(parcel: Parcel) -> Self {
        Self(
            parcel.weight_grams,
            parcel.length_mm,
            parcel.breadth_mm,
            parcel.height_mm,
        )
    }
}

impl From<StoredParcel> for Parcel {
    fn from(StoredParcel(grams, length, breadth, height): StoredParcel) -> Self {
        Self {
            weight_grams: grams,
            length_mm: length,
            breadth_mm: breadth,
            height_mm: height,
        }
    }
}

impl From<&StoredPaper> for StoredFile {
    fn from(paper: &StoredPaper) -> Self {
        Self {
            file: paper.file.clone(),
            sha256: paper.sha256.clone(),
            stored_at: paper.stored_at,
        }
    }
}

impl From<StoredFile> for StoredPaper {
    fn from(paper: StoredFile) -> Self {
        Self {
            file: paper.file,
            sha256: paper.sha256,
            stored_at: paper.stored_at,
        }
    }
}
