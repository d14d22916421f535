//! Identity providers of units (`OpenID` Connect): which there are, and what is known of them. A provider that is away stops
//! nothing but signing in by it: it is asked when somebody comes, and what it said is remembered.

mod file;
mod way;

pub use file::{BadProviders, Listing};
pub use way::{Asked, Came, LASTS_MS, Named, begin, come_back};

use crate::api::Fault;
use crate::clock::{DAY_MS, MINUTE_MS};
use crate::house::House;
use crate::outside::{Outside, Unanswered};
use heritage::Bilingual;
use openidconnect::core::{CoreJsonWebKeySet, CoreProviderMetadata};
use openidconnect::{AsyncHttpClient, ClientId, ClientSecret, HttpRequest, HttpResponse, IssuerUrl};
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::Mutex;
use uuid::Uuid;

/// How long what a provider says of itself is believed before it is asked again.
const KNOWN_MS: i64 = DAY_MS;
/// How long a provider that was away is not asked again: many may stand before the same door.
const AWAY_MS: i64 = 10_000;
/// How often a provider's keys are fetched anew at most, however many tokens name unknown ones.
const KEYS_MS: i64 = MINUTE_MS;

/// All there are, as the operator named them.
#[derive(Clone, Debug, Default)]
pub struct Providers(Arc<[Provider]>);

/// An identity provider of a unit.
#[derive(Debug)]
pub struct Provider {
    /// Its name in addresses: small letters, digits and hyphens.
    pub id: String,
    /// What people call it.
    pub title: Bilingual,
    /// Whose people, with those of the units below it, may sign in by it.
    pub unit: Uuid,
    issuer: IssuerUrl,
    client: ClientId,
    /// A public client has none.
    secret: Option<ClientSecret>,
    known: Mutex<Known>,
}

/// What a provider has said, and when.
#[derive(Debug, Default)]
struct Known {
    said: Option<CoreProviderMetadata>,
    keys: CoreJsonWebKeySet,
    said_ms: Option<i64>,
    keys_ms: Option<i64>,
    away_ms: Option<i64>,
}

impl Providers {
    /// In the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one of this name.
    pub fn named(&self, id: &str) -> Option<&Provider> {
        self.iter().find(|provider| provider.id == id)
    }

    /// The one with this issuer.
    pub fn of_issuer(&self, issuer: &str) -> Option<&Provider> {
        self.iter().find(|provider| provider.issuer() == issuer)
    }
}

impl Provider {
    /// As its tokens say it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the provider says of itself, and the keys it signs with.
    async fn said(&self, house: &House) -> Result<(CoreProviderMetadata, CoreJsonWebKeySet), Fault> {
        let (now_ms, mut known) = (house.now_ms(), self.known.lock().await);
        let is_due = !lately(known.said_ms, now_ms, KNOWN_MS) && !lately(known.away_ms, now_ms, AWAY_MS);
        if is_due {
            match CoreProviderMetadata::discover_async(self.issuer.clone(), &Asking(&house.outside)).await {
                Ok(said) => {
                    let keys = said.jwks().clone();
                    *known =
                        Known { said: Some(said), keys, said_ms: Some(now_ms), keys_ms: Some(now_ms), away_ms: None };
                }
                Err(error) => {
                    known.away_ms = Some(now_ms);
                    tracing::warn!(provider = self.id, why = told(&error), "an identity provider is away");
                }
            }
        }
        // What it said earlier may still hold.
        let said = known.said.clone().ok_or_else(Fault::provider_away)?;
        Ok((said, known.keys.clone()))
    }

    /// Its keys as they are now; `None` where they were fetched a moment ago, or cannot be.
    async fn fresh_keys(&self, house: &House, said: &CoreProviderMetadata) -> Option<CoreJsonWebKeySet> {
        let (now_ms, mut known) = (house.now_ms(), self.known.lock().await);
        if lately(known.keys_ms, now_ms, KEYS_MS) {
            return None;
        }
        known.keys_ms = Some(now_ms);
        match CoreJsonWebKeySet::fetch_async(said.jwks_uri(), &Asking(&house.outside)).await {
            Ok(keys) => {
                known.keys = keys.clone();
                Some(keys)
            }
            Err(error) => {
                tracing::warn!(provider = self.id, why = told(&error), "an identity provider's keys cannot be fetched");
                None
            }
        }
    }
}

fn lately(since_ms: Option<i64>, now_ms: i64, lasts_ms: i64) -> bool {
    since_ms.is_some_and(|since_ms| (0..lasts_ms).contains(&(now_ms - since_ms)))
}

/// An error with all that lies behind it, for the operator.
fn told(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        said = format!("{said}: {error}");
        inner = error.source();
    }
    said
}

/// Asks a provider by the one way in which other servers are asked.
struct Asking<'h>(&'h Outside);

impl<'c> AsyncHttpClient<'c> for Asking<'_> {
    type Error = Unanswered;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Unanswered>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.ask(request))
    }
}
