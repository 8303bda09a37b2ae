#![no_main]

haat_fuzz::target!("queue_batch");
