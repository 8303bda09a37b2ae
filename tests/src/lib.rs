//! What the tests of the whole share.

pub mod between;
pub mod both;
pub mod clock;
pub mod cloud;
pub mod contract;
pub mod crash_proxy;
mod forward;
pub mod goods;
pub mod hub;
pub mod in_memory;
pub mod lambda;
pub mod local_cloud;
pub mod queues;
pub mod stream;
pub mod template;
mod told;
pub mod world;
