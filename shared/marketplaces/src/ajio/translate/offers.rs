//! Products with their variants, and levels of stock that were not taken.

use haat_domain::{Offer, OfferKey, Sku};
use haat_ports::{OfferPage, RefusedLevel};
use serde_json::value::RawValue;

use super::outcomes::{Trouble, refused};
use super::variation;
use crate::ajio::pages::Place;
use crate::ajio::profile::Profile;
use crate::ajio::wire::{InventoryResult, Pieces, Product, ProductRows, Variant};
use crate::fields::{Amount, filled, id};
use crate::known_pages::marked;
use crate::rows::{self, row, row_within};

/// Largest product that is read, with all its variants and their descriptions.
const MAX_PRODUCT_BYTES: usize = 1 << 20;

/// A page of products, as one offer for each variant; or why it cannot be used as a whole.
/// `published` is whether buyers see what the list holds, where a variant does not say.
pub(in crate::ajio) fn offers(
    profile: &Profile,
    place: Place,
    published: bool,
    answer: &ProductRows,
) -> Result<OfferPage, String> {
    let products = answer.products.iter();
    let products: Vec<_> = products
        .map(|raw| (&**raw, row_within::<Product>(MAX_PRODUCT_BYTES, raw)))
        .collect();
    let id = |(_, product): &(&RawValue, Result<Product, String>)| {
        product.as_ref().ok().map(|product| product.id.clone())
    };
    let ids: Vec<_> = products.iter().map(id).collect();
    let next = place.next(profile, &ids, None)?;
    let mut page = OfferPage {
        next: next.map(Place::cursor),
        ..OfferPage::default()
    };
    for (raw, product) in products {
        match product {
            Ok(product) => variants(published, &product, &mut page),
            Err(reason) => page.refused.push(rows::refused(raw, None, reason)),
        }
    }
    Ok(marked(page))
}

fn variants(published: bool, product: &Product, page: &mut OfferPage) {
    for raw in &product.variants {
        match offer(published, product, raw) {
            Ok(offer) => page.reports.push(offer),
            Err(reason) => page.refused.push(rows::refused(raw, None, reason)),
        }
    }
}

fn offer(published: bool, product: &Product, raw: &RawValue) -> Result<Offer, String> {
    let variant: Variant = row(raw)?;
    let sku: Sku = id("sku", variant.sku.trim())?;
    let (price, mrp) = variant
        .item_price
        .map_or((None, None), |price| (price.listing_price, price.mrp));
    let title = filled(variant.title).or(filled(product.parent_title.clone()));
    Ok(Offer {
        key: OfferKey {
            product: product.id.clone(),
            variant: variant.variant_id,
        },
        title: title.unwrap_or_else(|| sku.to_string()),
        sku,
        variation: variation(variant.color, variant.size),
        live: variant.live.unwrap_or(published),
        price: price.map(|Amount(price)| price),
        mrp: mrp.map(|Amount(mrp)| mrp),
        pieces: variant.inventory.and_then(|Pieces(pieces)| pieces),
    })
}

/// The levels that were not taken.
pub(in crate::ajio) fn refused_levels(
    profile: &Profile,
    asked: &[OfferKey],
    answer: &InventoryResult,
) -> Result<Vec<RefusedLevel>, Trouble> {
    let failed = answer.failed_product_list.iter().map(|failed| {
        let key = OfferKey {
            product: failed.product_id.clone(),
            variant: failed.variant_id.clone(),
        };
        (Some(key), failed.message.as_str())
    });
    let refused = refused(profile, asked, &answer.status, failed)?;
    let refused = refused
        .into_iter()
        .map(|(offer, said)| RefusedLevel { offer, said });
    Ok(refused.collect())
}
