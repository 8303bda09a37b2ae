#![no_main]

haat_fuzz::target!("tick");
