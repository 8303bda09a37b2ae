#![no_main]

haat_fuzz::target!("table_stream");
