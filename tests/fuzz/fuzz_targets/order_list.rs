#![no_main]

haat_fuzz::target!("order_list");
