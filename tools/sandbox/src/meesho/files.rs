//! The file host: label files behind signed addresses, no cookies.

use http::StatusCode;
use sha2::{Digest, Sha256};
use std::sync::Arc;

use super::{labels::LabelJob, wire::Call, world::World};
use crate::{
    clock,
    fault::{Fault, FaultKind},
    host::Answer,
    reply::{Content, Drawing, Reply},
};

const FOLDER: &str = "/label-files/";

pub(crate) fn object_of(path: &str) -> Option<&str> {
    path.strip_prefix(FOLDER)
}

/// An address that is good from now for as long as the sandbox's timing says.
pub(crate) fn signed_address(world: &World, object: &str) -> String {
    let life = i64::from(world.timings.label_url_seconds);
    let expires = clock::later(world.now, life).as_second().to_string();
    let signature = signature(world.secret, object, &expires);
    let host = &world.file_host;
    format!("http://{host}{FOLDER}{object}?expires={expires}&signature={signature}")
}

fn signature(secret: u64, object: &str, expires: &str) -> String {
    let digest = Sha256::digest(format!("{secret} {object} {expires}"));
    hex::encode(digest)
}

pub(crate) fn get_label_file(world: &mut World, call: &Call, fault: Option<&Fault>) -> Answer {
    let object = object_of(&call.path).unwrap_or_default();
    let file = world
        .label_jobs
        .iter()
        .find(|job| job.object() == object)
        .and_then(LabelJob::file)
        .map(Arc::clone);
    let Some(file) = file else {
        return Err(nothing_here());
    };
    if !is_good(world, call, object) {
        let error = Content::Xml("<Error><Code>ExpiredToken</Code></Error>");
        return Err(Reply::of(StatusCode::FORBIDDEN, error));
    }
    world.counters.label_files = world.counters.label_files.saturating_add(1);
    for number in file.sub_order_nums() {
        world.after_label_fetched(number);
    }
    let content_type = match fault.map(|fault| fault.kind) {
        Some(FaultKind::WrongContentType) => "application/octet-stream",
        _ => "application/pdf",
    };
    Ok(Reply::of(
        StatusCode::OK,
        Content::Drawn(content_type, Drawing(Box::new(move || file.bytes()))),
    ))
}

pub(crate) fn nothing_here() -> Reply {
    let error = Content::Xml("<Error><Code>NoSuchKey</Code></Error>");
    Reply::of(StatusCode::NOT_FOUND, error)
}

fn is_good(world: &World, call: &Call, object: &str) -> bool {
    let (Some(expires), Some(given)) = (call.query("expires"), call.query("signature")) else {
        return false;
    };
    let in_time = expires
        .parse::<i64>()
        .is_ok_and(|expires| expires > world.now.as_second());
    in_time && signature(world.secret, object, expires) == given
}
