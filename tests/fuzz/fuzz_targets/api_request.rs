#![no_main]

haat_fuzz::target!("api_request");
