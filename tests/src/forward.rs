//! Passing a call on, as it is, and its answer back.

use axum::body::{Body, Bytes, to_bytes};
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// No call or answer is larger, label files included.
const MAX_BODY: usize = 64 << 20;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Answer = (StatusCode, HeaderMap, Bytes);

/// Serves calls until it is dropped, and their connections with it. A call that fails ends its
/// connection without an answer.
pub(crate) async fn serve<F, Answering>(listener: TcpListener, answer: F)
where
    F: Fn(Request<Body>) -> Answering + Clone + Send + 'static,
    Answering: Future<Output = Result<Response<Body>, Failure>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let answer = answer.clone();
        connections.spawn(async move {
            let service = service_fn(move |call: Request<Incoming>| answer(call.map(Body::new)));
            // There is nobody to tell that a connection ended.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// A call with its whole body.
pub(crate) async fn whole(call: Request<Body>) -> Result<(Parts, Bytes), Failure> {
    let (parts, body) = call.into_parts();
    Ok((parts, to_bytes(body, MAX_BODY).await?))
}

/// Calls `upstream` (`host:port`) with this method, path and body, on a connection of its own.
pub(crate) async fn ask(upstream: &str, parts: &Parts, body: Bytes) -> Result<Answer, Failure> {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let stream = TcpStream::connect(upstream).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let mut call = Request::builder().method(&parts.method).uri(path);
    if let Some(headers) = call.headers_mut() {
        *headers = parts.headers.clone();
        headers.insert(http::header::HOST, upstream.parse()?);
    }
    let answer = sender.send_request(call.body(Body::from(body))?).await?;
    let (answer, body) = answer.into_parts();
    let body = to_bytes(Body::new(body), MAX_BODY).await?;
    Ok((answer.status, answer.headers, body))
}

/// An answer to pass on.
pub(crate) fn passed_on((status, headers, body): Answer) -> Result<Response<Body>, Failure> {
    let mut response = Response::builder().status(status);
    if let Some(all) = response.headers_mut() {
        *all = headers;
    }
    Ok(response.body(Body::from(body))?)
}
