//! Weight and size of one order's parcel, where they differ from what its products say.

use haat_domain::{InvalidParcel, Order, OrderId, Parcel, SellerId};
use haat_ports::{Store, StoreError};

use crate::write_order::{self, WriteError};

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ParcelRefusal {
    /// The seller has no such order.
    #[error("there is no order {0}")]
    NoSuchOrder(OrderId),
    /// The parcel cannot be.
    #[error(transparent)]
    Invalid(#[from] InvalidParcel),
    /// It has been told to the marketplace already.
    #[error("order {0} is packed already: its parcel was told to the marketplace")]
    PackedAlready(OrderId),
    /// The table failed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for ParcelRefusal {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Sets the parcel of an order; `None`: what its products say.
pub async fn set_parcel(
    store: &dyn Store,
    seller: &SellerId,
    id: &OrderId,
    parcel: Option<Parcel>,
) -> Result<Order, ParcelRefusal> {
    let parcel = parcel.map(Parcel::checked).transpose()?;
    let found = store.orders(seller, std::slice::from_ref(id)).await?.pop();
    let mut order = found.ok_or_else(|| ParcelRefusal::NoSuchOrder(id.clone()))?;
    let mut packed = false;
    write_order::change(store, &mut order, |order| {
        packed = !order.stage.is_unpacked();
        let changes = !packed && order.parcel != parcel;
        if changes {
            order.parcel = parcel;
        }
        changes
    })
    .await?;
    if packed {
        return Err(ParcelRefusal::PackedAlready(id.clone()));
    }
    Ok(order)
}
