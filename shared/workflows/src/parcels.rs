//! Weight and size of a parcel: said for the order, or added up from its products.

use haat_domain::{Order, Parcel, Sku};
use haat_ports::{Store, StoreError};

/// Weight and size of a parcel are not known. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "weight and size of SKU {0} are not known: set weight_grams, length_mm, breadth_mm and height_mm \
     for the SKU (PUT /parcels/{0}) or for this order (PUT /orders/…/parcel)"
)]
pub struct NoParcel(pub Sku);

/// The parcel of an order, as the marketplace is told it; or which product's is missing.
pub async fn parcel_of(
    store: &dyn Store,
    order: &Order,
) -> Result<Result<Parcel, NoParcel>, StoreError> {
    if let Some(parcel) = order.parcel {
        return Ok(Ok(parcel));
    }
    let skus: Vec<Sku> = order.lines.iter().map(|line| line.sku.clone()).collect();
    let known = store.parcels(&order.seller, &skus).await?;
    let mut pieces = Vec::new();
    for line in order.lines.iter().filter(|line| line.to_pack() > 0) {
        match known.get(&line.sku) {
            Some(parcel) => pieces.push((*parcel, line.to_pack())),
            None => return Ok(Err(NoParcel(line.sku.clone()))),
        }
    }
    let first = order.lines.first().map(|line| line.sku.clone());
    match (Parcel::of_pieces(pieces), first) {
        (Some(parcel), _) => Ok(Ok(parcel)),
        (None, Some(sku)) => Ok(Err(NoParcel(sku))),
        (None, None) => {
            let what = format!("order {}", order.id);
            let reason = "it has no lines".to_owned();
            Err(StoreError::Corrupt { what, reason })
        }
    }
}
