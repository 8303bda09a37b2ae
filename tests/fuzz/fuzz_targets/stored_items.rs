#![no_main]

haat_fuzz::target!("stored_items");
