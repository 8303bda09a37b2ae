//! Products, and the stock that the seller pushes.

use serde_json::{Value, json};

use super::{
    catalogue::{BRAND, Listing},
    order::{Order, State},
    pages::{Asked, break_first},
    refusal,
    rows::{money, outcome},
    token::caller,
    wire::{Call, InventoryLine, InventoryUpdate},
    world::{Pob, World},
};
use crate::{fault::Fault, host::Answer, log::count, reply::Reply};

const MOST_LINES: usize = 50;

pub(crate) fn count_products(world: &mut World, call: &Call) -> Answer {
    let pob = caller(world, call)?;
    let published = published(call)?;
    let pob = world.pobs.get(&pob);
    let products = pob.map_or_else(Vec::new, |pob| products(pob, published, None));
    Ok(Reply::json(json!({"count": products.len()})))
}

pub(crate) fn list_products(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let name = caller(world, call)?;
    let asked = Asked::of(world.profile, call)?;
    let published = published(call)?;
    let skus = call.text("skus");
    let skus: Option<Vec<&str>> = skus.as_ref().map(|text| text.split(',').collect());
    let Some(pob) = world.pobs.get(&name) else {
        return Err(refusal::token_invalid());
    };
    let all = products(pob, published, skus.as_deref());
    let (shown, _) = asked.cut(world.profile, &all, fault);
    let mut rows: Vec<Value> = shown
        .into_iter()
        .map(|variants| product(world, &name, &variants))
        .collect();
    break_first(&mut rows, ("variants", "inventory", ""), fault);
    Ok(Reply::json(json!({"products": rows})))
}

fn published(call: &Call) -> Result<bool, Reply> {
    match call.needed("publishedStatus")?.as_str() {
        "PUBLISHED" => Ok(true),
        "UNPUBLISHED" => Ok(false),
        _ => Err(refusal::bad_request("publishedStatus", "is no such status")),
    }
}

/// The listings of each product that has one with these SKUs, in the order of the catalogue.
fn products<'a>(pob: &'a Pob, published: bool, skus: Option<&[&str]>) -> Vec<Vec<&'a Listing>> {
    let listed: Vec<&Listing> = pob
        .listings
        .iter()
        .filter(|listing| listing.live == published)
        .filter(|listing| skus.is_none_or(|skus| skus.contains(&listing.variant.sku.as_str())))
        .collect();
    listed
        .chunk_by(|left, right| left.variant.product_id == right.variant.product_id)
        .map(<[&Listing]>::to_vec)
        .collect()
}

fn product(world: &World, pob: &str, listings: &[&Listing]) -> Value {
    let first = listings.first().map(|listing| &listing.variant);
    let variants = listings.iter().map(|listing| variant(world, pob, listing));
    json!({
        "id": first.map_or("", |variant| &variant.product_id),
        "parentTitle": first.map_or("", |variant| variant.parent_title),
        "brand": BRAND,
        "created": "2026-01-02T08:12:53",
        "variants": variants.collect::<Vec<_>>(),
    })
}

fn variant(world: &World, pob: &str, listing: &Listing) -> Value {
    let variant = &listing.variant;
    let units = |wanted: fn(&Order) -> bool| -> u64 {
        let orders = world.orders.iter();
        orders
            .filter(|order| order.pob == pob && wanted(order))
            .flat_map(|order| &order.lines)
            .filter(|line| line.variant.id == variant.id)
            .map(|line| line.open())
            .sum()
    };
    json!({
        "variantId": variant.id,
        "sku": variant.sku,
        "title": variant.title,
        "size": variant.size,
        "color": variant.color,
        "live": listing.live,
        "itemPrice": {
            "currency": "INR",
            "listingPrice": money(variant.price),
            "mrp": money(variant.mrp),
            "netSellerPayable": money(variant.payable),
        },
        "inventory": listing.inventory,
        "blockedInventory": units(|order| {
            order.state > State::Pendency && order.state < State::Dispatched
        }),
        "pendency": units(|order| order.state == State::Pendency),
    })
}

pub(crate) fn update_inventory(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let name = caller(world, call)?;
    let request: InventoryUpdate = call.read()?;
    let lines = &request.inventory_list;
    if lines.len() > MOST_LINES {
        let message = "holds more than 50 entries";
        return Err(refusal::bad_request("inventoryList", message));
    }
    let mut counted = Vec::new();
    for line in lines {
        let units = line.inventory.count();
        counted.push(units.ok_or_else(|| refusal::bad_request("inventory", "is no count"))?);
    }
    let mut unlucky = fault.and_then(Fault::failed_item);
    let mut failed = Vec::new();
    for (line, units) in lines.iter().zip(counted) {
        let listing = world.pobs.get_mut(&name).and_then(|pob| listing(pob, line));
        match (unlucky.take(), listing) {
            (Some(message), _) => failed.push(failure(line, &message)),
            (None, None) => failed.push(failure(line, "unknown variant")),
            (None, Some(listing)) => {
                listing.inventory = units;
                let key = format!("{name}/{}", line.variant_id);
                count(&mut world.counters.stock_writes, &key);
            }
        }
    }
    let status = outcome(failed.len(), lines.len());
    Ok(Reply::json(
        json!({"status": status, "failedProductList": failed}),
    ))
}

fn listing<'a>(pob: &'a mut Pob, line: &InventoryLine) -> Option<&'a mut Listing> {
    pob.listings.iter_mut().find(|listing| {
        listing.variant.product_id == line.product_id && listing.variant.id == line.variant_id
    })
}

fn failure(line: &InventoryLine, message: &str) -> Value {
    json!({
        "productId": line.product_id,
        "variantId": line.variant_id,
        "message": message,
    })
}
