#![no_main]

haat_fuzz::target!("log_in");
