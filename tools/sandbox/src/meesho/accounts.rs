//! New log-ins and suppliers.

use super::{
    options::NewAccount,
    world::{Account, Supplier, World},
};
use crate::{control::ControlError, invent, throttle::Minute};

pub(crate) fn add(world: &mut World, new: &NewAccount) -> Result<(), ControlError> {
    check_account(world, new)?;
    let mut suppliers = Vec::new();
    for supplier in &new.suppliers {
        suppliers.push(Supplier {
            id: supplier.supplier_id,
            identifier: supplier.identifier.clone(),
            shop: invent::shop(&mut world.rng, supplier.name.as_deref()),
            invoices: 0,
            leave_out_of_next_label_job: 0,
        });
    }
    let ids: Vec<u64> = suppliers.iter().map(|supplier| supplier.id).collect();
    let minute = Minute::new(world.now);
    let existing = world
        .accounts
        .iter_mut()
        .find(|account| account.email == new.email);
    match existing {
        Some(account) => account.suppliers.extend(suppliers),
        None => world.accounts.push(Account {
            email: new.email.clone(),
            mobile: new.mobile.clone(),
            password: new.password.clone(),
            suppliers,
            bad_logins: 0,
            locked_until: None,
            demanded_otp: None,
            minute,
        }),
    }
    for id in ids {
        world.plan_arrivals(id);
    }
    Ok(())
}

/// A log-in may be named again to own more suppliers; a supplier has one owner.
fn check_account(world: &World, new: &NewAccount) -> Result<(), ControlError> {
    if new.suppliers.is_empty() {
        return Err(ControlError::NoSupplier);
    }
    let existing = world
        .accounts
        .iter()
        .find(|account| account.email == new.email);
    if existing.is_some_and(|account| account.password != new.password) {
        return Err(ControlError::AccountTaken(new.email.clone()));
    }
    for supplier in &new.suppliers {
        let identifier = &supplier.identifier;
        let shaped = identifier.len() == 5
            && identifier
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !shaped || supplier.supplier_id == 0 {
            return Err(ControlError::Identifier(identifier.clone()));
        }
        let taken = world
            .accounts
            .iter()
            .flat_map(|account| &account.suppliers)
            .any(|known| known.id == supplier.supplier_id || known.identifier == *identifier);
        if taken {
            return Err(ControlError::SupplierTaken(supplier.supplier_id));
        }
    }
    Ok(())
}
