//! Listening, and stopping without cutting anyone off.

use crate::house::App;
use crate::routes;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpListener;

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
/// # Errors
/// Where the socket fails.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
