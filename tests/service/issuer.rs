//! An identity provider that tests hold in their hands: it names whom they say, and lies as they say.

use super::client::Answer;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

pub const CLIENT: &str = "retrace";
pub const SECRET: &str = "a:secret/of both";

/// How a provider lies about a token, or keeps from answering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    #[default]
    None,
    Nonce,
    NoNonce,
    Audience,
    SecondAudience,
    Party,
    Issuer,
    Expired,
    FromTomorrow,
    Unsigned,
    /// Signed as if the key that all know were a secret.
    PublicKeyAsSecret,
    /// By the secret that both hold.
    SharedSecret,
    /// By a key that is not published.
    OtherKey,
    /// By such a key, under the name of one that is.
    OtherKeyUnderThisName,
    Nobody,
    LongName,
    NoToken,
    Garbage,
    Refuses,
}

struct Key {
    pair: EcdsaKeyPair,
    name: String,
}

impl Key {
    fn new(name: &str) -> Self {
        let random = SystemRandom::new();
        let bytes = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes.as_ref(), &random);
        Self { pair: pair.expect("a key"), name: name.to_owned() }
    }

    fn public(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|half| URL_SAFE_NO_PAD.encode(half));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.name, "x": x, "y": y })
    }

    fn signature(&self, text: &str) -> Vec<u8> {
        let signed = self.pair.sign(&SystemRandom::new(), text.as_bytes());
        signed.expect("signed").as_ref().to_vec()
    }
}

/// What was agreed to: by which code it is asked for, who it is, and what the service had asked with.
struct Granted {
    subject: String,
    nonce: String,
    challenge: String,
    back: String,
}

struct Mind {
    url: String,
    now_ms: i64,
    lie: Lie,
    key: Key,
    is_down: bool,
    granted: BTreeMap<String, Granted>,
    /// How often each address was asked.
    asked: BTreeMap<&'static str, usize>,
    /// What its description says in place of the truth.
    says: BTreeMap<String, Value>,
}

/// The provider; it stops when dropped.
pub struct Issuer {
    pub url: String,
    mind: Arc<Mutex<Mind>>,
    _runtime: Runtime,
}

/// Where the service sends a browser, taken apart.
pub struct Sent {
    pub fields: BTreeMap<String, String>,
    /// What the browser carries, as it sends it.
    pub carried: String,
}

impl Sent {
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 303, "{}", answer.text());
        let (_, query) = answer.header("location").expect("an address").split_once('?').expect("a query");
        let carried = answer.header("set-cookie").expect("a cookie").split(';').next().expect("a pair").to_owned();
        Self { fields: fields(query.as_bytes()), carried }
    }
}

pub fn fields(text: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(text).into_owned().collect()
}

impl Issuer {
    pub fn new(now_ms: i64) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
        let address: SocketAddr = listener.local_addr().expect("an address");
        let url = format!("http://{address}");
        let mind = Mind {
            url: url.clone(),
            now_ms,
            lie: Lie::None,
            key: Key::new("one"),
            is_down: false,
            granted: BTreeMap::new(),
            asked: BTreeMap::new(),
            says: BTreeMap::new(),
        };
        let mind = Arc::new(Mutex::new(mind));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&mind));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { url, mind, _runtime: runtime }
    }

    fn mind<T>(&self, work: impl FnOnce(&mut Mind) -> T) -> T {
        work(&mut self.mind.lock().expect("no test has failed here"))
    }

    pub fn lies(&self, lie: Lie) {
        self.mind(|mind| mind.lie = lie);
    }

    pub fn is_down(&self, is_down: bool) {
        self.mind(|mind| mind.is_down = is_down);
    }

    pub fn says(&self, name: &str, value: Value) {
        self.mind(|mind| mind.says.insert(name.to_owned(), value));
    }

    /// Signs by a new key from now on, and publishes it alone.
    pub fn turns_its_key(&self, name: &str) {
        self.mind(|mind| mind.key = Key::new(name));
    }

    pub fn asked(&self, address: &str) -> usize {
        self.mind(|mind| mind.asked.get(address).copied().unwrap_or_default())
    }

    /// Somebody signs in there and agrees; the code with which the browser is sent back.
    pub fn grants(&self, sent: &Sent, subject: &str) -> String {
        let get = |name: &str| sent.fields.get(name).cloned().unwrap_or_default();
        assert_eq!((&*get("client_id"), &*get("response_type")), (CLIENT, "code"));
        assert_eq!((&*get("scope"), &*get("code_challenge_method")), ("openid", "S256"), "no more than is needed");
        self.mind(|mind| {
            let code = format!("code-{}", mind.granted.len());
            let (nonce, challenge, back) = (get("nonce"), get("code_challenge"), get("redirect_uri"));
            mind.granted.insert(code.clone(), Granted { subject: subject.to_owned(), nonce, challenge, back });
            code
        })
    }
}

type Shared = State<Arc<Mutex<Mind>>>;

fn answer(mind: &Shared, address: &'static str, say: impl FnOnce(&mut Mind) -> Value) -> Response {
    let mut mind = mind.lock().expect("no test has failed here");
    *mind.asked.entry(address).or_default() += 1;
    if mind.is_down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    if mind.lie == Lie::Garbage {
        return ([(CONTENT_TYPE, "application/json")], "<html>\0{").into_response();
    }
    let said = say(&mut mind);
    let status = if said.get("error").is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    (status, [(CONTENT_TYPE, "application/json")], said.to_string()).into_response()
}

async fn configuration(mind: Shared) -> Response {
    answer(&mind, "configuration", |mind| {
        let url = &mind.url;
        let mut said = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        for (name, value) in &mind.says {
            said[name] = value.clone();
        }
        said
    })
}

async fn keys(mind: Shared) -> Response {
    answer(&mind, "keys", |mind| json!({ "keys": [mind.key.public()] }))
}

async fn token(mind: Shared, headers: HeaderMap, body: Bytes) -> Response {
    answer(&mind, "token", |mind| {
        let sent = fields(&body);
        let get = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let known = STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)));
        let is_known = headers.get(AUTHORIZATION).is_some_and(|said| *said == format!("Basic {known}"));
        let Some(granted) = mind.granted.remove(get("code")).filter(|_| mind.lie != Lie::Refuses) else {
            return json!({ "error": "invalid_grant", "error_description": "of 李一, 13800000000" });
        };
        let proven = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier")));
        if !is_known || proven != granted.challenge || get("redirect_uri") != granted.back {
            return json!({ "error": "invalid_request" });
        }
        let mut said = json!({ "access_token": "opens nothing", "token_type": "Bearer" });
        if mind.lie != Lie::NoToken {
            said["id_token"] = made(mind, &granted).into();
        }
        said
    })
}

fn made(mind: &Mind, granted: &Granted) -> String {
    let (secs, lie) = (mind.now_ms / 1000, mind.lie);
    let mut claims = json!({
        "iss": mind.url, "aud": CLIENT, "sub": granted.subject, "nonce": granted.nonce,
        "iat": secs, "exp": secs + 300,
    });
    let mut header = json!({ "alg": "ES256", "typ": "JWT", "kid": mind.key.name });
    match lie {
        Lie::Nonce => claims["nonce"] = "another".into(),
        Lie::NoNonce => claims["nonce"] = Value::Null,
        Lie::Audience => claims["aud"] = "another".into(),
        Lie::SecondAudience => claims["aud"] = json!([CLIENT, "another"]),
        Lie::Party => claims["azp"] = "another".into(),
        Lie::Issuer => claims["iss"] = "https://another.example".into(),
        Lie::Expired => claims["exp"] = (secs - 61).into(),
        Lie::FromTomorrow => claims["iat"] = (secs + 86_400).into(),
        Lie::Unsigned => header = json!({ "alg": "none" }),
        Lie::PublicKeyAsSecret | Lie::SharedSecret => header["alg"] = "HS256".into(),
        Lie::OtherKey => header["kid"] = "unpublished".into(),
        Lie::Nobody => claims["sub"] = "".into(),
        Lie::LongName => claims["sub"] = "9".repeat(256).into(),
        _ => {}
    }
    let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let by_secret = |secret: &[u8]| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
        ring::hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
    };
    let signature = match lie {
        Lie::Unsigned => Vec::new(),
        Lie::PublicKeyAsSecret => by_secret(mind.key.pair.public_key().as_ref()),
        Lie::SharedSecret => by_secret(SECRET.as_bytes()),
        Lie::OtherKey | Lie::OtherKeyUnderThisName => Key::new("other").signature(&signed),
        _ => mind.key.signature(&signed),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
