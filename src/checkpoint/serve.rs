//! Listening, and stopping without cutting anyone off.

use crate::house::App;
use crate::routes;
use axum::Extension;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_io_timeout::TimeoutStream;

/// Where a request comes from: the other end, or what a trusted proxy says it was.
pub struct From(pub Option<IpAddr>);

impl FromRequestParts<App> for From {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        if !app.settings.behind_proxy {
            return Ok(Self(peer));
        }
        // The last entry is the one our own proxy wrote; those before it are anybody's word.
        let said = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        Ok(Self(said.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()).or(peer)))
    }
}

/// Answers requests until `stop` is done, then lets those under way finish.
///
/// A connection that does not send its request's head within the patience of the settings is closed, and so is one that
/// takes nothing of its answer for so long.
///
/// # Errors
/// Where the socket fails.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()> + Send) -> io::Result<()> {
    let patience = app.settings.patience;
    let connections = app.metrics.connections.clone();
    let router = routes::router(app);
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // A visitor who left while being let in is no reason to stop; neither is a moment without free handles.
            Err(error) => {
                eprintln!("a connection was lost: {error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone().layer(Extension(ConnectInfo(peer))));
        let mut connection = http1::Builder::new();
        connection.timer(TokioTimer::new()).header_read_timeout(patience);
        let mut stream = Box::pin(TimeoutStream::new(stream));
        stream.as_mut().set_write_timeout_pinned(Some(patience));
        let serving = graceful.watch(connection.serve_connection(TokioIo::new(stream), service));
        let presence = connections.enter();
        tokio::spawn(async move {
            let _presence = presence;
            // What breaks off is the visitor's to retry; each event says by its receipt whether it arrived.
            let _ = serving.await;
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(patience) => {}
    }
    Ok(())
}
