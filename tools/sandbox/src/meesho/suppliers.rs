//! Who the session belongs to.

use serde_json::{Value, json};

use super::{
    session::{Caller, caller},
    wire::{Call, IdentifierOnly, SupplierRef},
    world::{Account, Supplier, World},
};
use crate::{host::Answer, reply::Reply};

pub(crate) fn prefetch_supply_data(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: IdentifierOnly = call.read()?;
    caller.must_be(caller.supplier_id, &request.identifier)?;
    let number = world
        .accounts
        .iter()
        .position(|account| owns(account, &caller));
    let user_id = number.unwrap_or(0).saturating_add(1);
    let Some(account) = world.account_of_supplier(caller.supplier_id) else {
        return Err(Reply::server_error());
    };
    let user = json!({
        "id": user_id,
        "email": account.email,
        "mobile_number": account.mobile,
    });
    let supplier = world.supplier(caller.supplier_id).map(|supplier| {
        json!({
            "supplier_id": supplier.id,
            "name": supplier.shop.name,
            "identifier": supplier.identifier,
        })
    });
    Ok(Reply::json(json!({"user": user, "supplier": supplier})))
}

pub(crate) fn fetch_registration_status(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    call.read::<serde_json::Map<String, Value>>()?;
    let Some(account) = world.account_of_supplier(caller.supplier_id) else {
        return Err(Reply::server_error());
    };
    let identifiers: Vec<&str> = account.suppliers.iter().map(identifier_of).collect();
    let ids: serde_json::Map<String, Value> = account
        .suppliers
        .iter()
        .map(|supplier| (supplier.identifier.clone(), json!(supplier.id)))
        .collect();
    Ok(Reply::json(json!({"decodedToken": {
        "supplier_identifiers": identifiers,
        "supplier_identifier_to_id_mapping": ids,
    }})))
}

pub(crate) fn get_supplier_details(world: &mut World, call: &Call) -> Answer {
    let caller = caller(world, call)?;
    let request: SupplierRef = call.read()?;
    caller.must_be(request.supplier_id, &request.identifier)?;
    let Some(supplier) = world.supplier(caller.supplier_id) else {
        return Err(Reply::server_error());
    };
    Ok(Reply::json(json!({"supplier": {
        "name": supplier.shop.name,
        "store_name": supplier.shop.name,
        "legal_name": supplier.shop.legal_name,
        "gstin": supplier.shop.gstin,
        "pickup_state": supplier.shop.place.state,
        "acceptance_preference": "MANUAL",
    }})))
}

fn identifier_of(supplier: &Supplier) -> &str {
    &supplier.identifier
}

fn owns(account: &Account, caller: &Caller) -> bool {
    let mut suppliers = account.suppliers.iter();
    suppliers.any(|supplier| supplier.id == caller.supplier_id)
}
