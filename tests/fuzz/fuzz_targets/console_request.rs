#![no_main]

haat_fuzz::target!("console_request");
