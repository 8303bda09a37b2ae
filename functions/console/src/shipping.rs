//! What shipping needs to know: warehouses, and weight and size of products.

use maud::{Markup, html};

const TABS: [(&str, &str); 2] = [
    ("/console/warehouses", "Warehouses"),
    ("/console/parcels", "Weight and size"),
];

/// Both lists, and on which one the page is.
pub(crate) fn tabs(here: &str) -> Markup {
    html! {
        nav.tabs aria-label="Shipping" {
            @for (address, name) in TABS {
                a href=(address) aria-current=[(here == address).then_some("true")] { (name) }
            }
        }
    }
}
