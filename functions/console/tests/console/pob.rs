//! An account of a marketplace whose orders are asked for one by one: it buys before it sells, and
//! wants to know weight, size and warehouse.

use haat_domain::{
    Account, Action, Address, Order, OrderReport, Parcel, Terms, Warehouse, WarehouseId,
};
use haat_ports::{Accounts, Parcels, Warehouses};

use crate::shop::{ASHA, Shop, order, said};

pub(crate) const POB: &str = "a_pob";
pub(crate) const BHIWANDI: &str = "w_bhiwandi";
pub(crate) const SMALL: Parcel = Parcel {
    weight_grams: 350,
    length_mm: 300,
    breadth_mm: 250,
    height_mm: 30,
};

impl Shop {
    /// A shop with such an account beside the usual ones, and a warehouse that it is not bound to.
    pub(crate) async fn with_pob() -> Self {
        let shop = Self::open().await;
        shop.connect(ASHA, POB, "AJIO, Mumbai").await;
        shop.change_account(POB, |account| {
            account.marketplace = "ajio".parse().unwrap();
            account.terms = Terms {
                actions: Action::ALL.to_vec(),
                wants_parcel: true,
                has_warehouse: true,
            };
        })
        .await;
        shop.table
            .put_warehouse(&warehouse("Bhiwandi"))
            .await
            .unwrap();
        shop
    }

    pub(crate) async fn account(&self, id: &str) -> Account {
        let (seller, id) = (ASHA.parse().unwrap(), id.parse().unwrap());
        self.table.account(&seller, &id).await.unwrap().unwrap()
    }

    pub(crate) async fn change_account(&self, id: &str, change: impl FnOnce(&mut Account)) {
        let mut account = self.account(id).await;
        change(&mut account);
        self.table.put_account(&account).await.unwrap();
    }

    pub(crate) async fn warehouses(&self) -> Vec<Warehouse> {
        self.table.warehouses(&ASHA.parse().unwrap()).await.unwrap()
    }

    pub(crate) async fn set_parcel(&self, sku: &str, parcel: Parcel) {
        let (seller, sku) = (ASHA.parse().unwrap(), sku.parse().unwrap());
        self.table.put_parcel(&seller, &sku, &parcel).await.unwrap();
    }
}

pub(crate) fn warehouse(name: &str) -> Warehouse {
    Warehouse {
        id: BHIWANDI.parse::<WarehouseId>().unwrap(),
        seller: ASHA.parse().unwrap(),
        name: name.to_owned(),
        address: Address {
            lines: vec!["Gala 4".to_owned()],
            city: "Bhiwandi".to_owned(),
            pin: "421302".parse().unwrap(),
        },
        gstin: "27AABCR1718E1ZP".parse().unwrap(),
        invoice_format: None,
        version: 0,
    }
}

/// What the marketplace says of a new order of three red kurtis and a blue one.
pub(crate) fn two_lines(number: &str) -> OrderReport {
    let mut report = said(number);
    report.lines[0].quantity = 3;
    report.lines[0].item = Some("S1-1".to_owned());
    let mut blue = report.lines[0].clone();
    blue.sku = "KURTI-BLUE-M".parse().unwrap();
    blue.title = "Cotton kurti, blue".to_owned();
    blue.quantity = 1;
    blue.item = Some("S1-2".to_owned());
    report.lines.push(blue);
    report
}

pub(crate) fn pob_order(report: &OrderReport) -> Order {
    let mut order = order(ASHA, POB, report);
    order.marketplace = "ajio".parse().unwrap();
    order
}
