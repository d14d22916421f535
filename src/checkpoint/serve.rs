//! Listening, and stopping without cutting anyone off.

use crate::house::App;
use crate::led::hub;
use crate::routes;
use crate::tls::Tls;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::time::timeout;
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
    serve_with(listener, app, None, stop).await
}

/// As [`serve`], encrypted where there is something to encrypt with.
///
/// # Errors
/// Where the socket fails.
pub async fn serve_with(
    listener: TcpListener,
    app: App,
    tls: Option<Arc<Tls>>,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let patience = app.settings.patience;
    let connections = app.metrics.connections.clone();
    let router = routes::router(Arc::clone(&app));
    let keeping = {
        let app = Arc::clone(&app);
        tokio::spawn(async move { hub::keep(&app).await })
    };
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
                tracing::warn!(%error, "a connection was lost");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let presence = connections.enter();
        let router = router.clone().layer(Extension(ConnectInfo(peer)));
        let (watcher, acceptor) = (graceful.watcher(), tls.as_ref().map(|tls| tls.acceptor()));
        tokio::spawn(async move {
            let _presence = presence;
            let mut stream = Box::pin(TimeoutStream::new(stream));
            stream.as_mut().set_write_timeout_pinned(Some(patience));
            let Some(acceptor) = acceptor else { return answer(stream, router, patience, watcher).await };
            // Whoever speaks no TLS, or too slowly, is let go without a word.
            if let Ok(Ok(stream)) = timeout(patience, acceptor.accept(stream)).await {
                answer(stream, router, patience, watcher).await;
            }
        });
    }
    keeping.abort();
    // They would go on for as long as their visits do.
    app.led.close();
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(patience) => {}
    }
    Ok(())
}

/// Answers one connection until it ends, or the service does.
async fn answer<S>(stream: S, router: Router, patience: Duration, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut connection = http1::Builder::new();
    connection.timer(TokioTimer::new()).header_read_timeout(patience);
    let serving = connection.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // What breaks off is the visitor's to retry; each event says by its receipt whether it arrived.
    let _ = watcher.watch(serving).await;
}
