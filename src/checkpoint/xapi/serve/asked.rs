//! A request in one form: the usual one, or 1.0.3's alternate syntax, in which a form carries method, headers and content.

use super::super::version::Edition;
use super::refusal::Refusal;
use super::who;
use super::{MOST_BODY_BYTES, VERSION};
use crate::house::App;
use crate::identity::origin::is_secure;
use crate::serve::From;
use crate::store::statements::{Scope, SystemCredential};
use crate::store::{Act, NewAudit};
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// What the store speaks.
    About,
    /// Our profile.
    Profile,
    /// Statements.
    Statements,
    /// What is known of an activity.
    Activities,
    /// What is known of an agent.
    Agents,
    /// Documents about somebody at an activity.
    State,
    /// Documents about an activity.
    ActivityProfile,
    /// Documents about somebody.
    AgentProfile,
}

impl Resource {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::About,
        Self::Profile,
        Self::Statements,
        Self::Activities,
        Self::Agents,
        Self::State,
        Self::ActivityProfile,
        Self::AgentProfile,
    ];

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::About => "/xapi/about",
            Self::Profile => "/xapi/profile",
            Self::Statements => "/xapi/statements",
            Self::Activities => "/xapi/activities",
            Self::Agents => "/xapi/agents",
            Self::State => "/xapi/activities/state",
            Self::ActivityProfile => "/xapi/activities/profile",
            Self::AgentProfile => "/xapi/agents/profile",
        }
    }

    /// Whether it needs no credential.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::About | Self::Profile)
    }

    /// The methods that its address takes; POST carries the alternate syntax too.
    pub const fn methods(self) -> &'static [Method] {
        match self {
            Self::Profile => &[Method::GET],
            Self::About | Self::Activities | Self::Agents => &[Method::GET, Method::POST],
            Self::Statements => &[Method::GET, Method::PUT, Method::POST],
            _ => &[Method::GET, Method::PUT, Method::POST, Method::DELETE],
        }
    }
}

/// A request.
pub struct Asked {
    /// What is asked for.
    pub resource: Resource,
    /// By which method.
    pub method: Method,
    /// In which edition.
    pub edition: Edition,
    /// Parameters, each once.
    pub parameters: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
    /// What was sent.
    pub body: Bytes,
    /// Where the service is opened, as in `https://walk.example`.
    pub base: String,
    /// By whom; nobody where the resource is open to all.
    pub who: Option<SystemCredential>,
}

/// What a form may carry of the headers.
const FORM_HEADERS: [HeaderName; 6] = [
    AUTHORIZATION,
    VERSION,
    CONTENT_TYPE,
    axum::http::header::CONTENT_LENGTH,
    axum::http::header::IF_MATCH,
    axum::http::header::IF_NONE_MATCH,
];

impl Asked {
    /// Reads a request and finds out who asks.
    ///
    /// # Errors
    /// A [`Refusal`], to be answered in the edition named.
    pub async fn read(app: &App, from: From, request: Request) -> Result<Self, (Edition, Refusal)> {
        let (parts, body) = request.into_parts();
        let told = |headers: &HeaderMap| headers.get(VERSION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let in_header = told(&parts.headers).and_then(|version| Edition::of_header(&version));
        let assumed = in_header.unwrap_or(Edition::Two);
        let refused = |refusal| (assumed, refusal);
        let Some(resource) = Resource::ALL.into_iter().find(|resource| resource.path() == parts.uri.path()) else {
            return Err(refused(Refusal::missing()));
        };
        let body = to_bytes(body, MOST_BODY_BYTES).await.map_err(|_| refused(too_large()))?;
        let base = base(app, &parts.headers);
        let parameters =
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let plain = Self {
            resource,
            method: parts.method,
            edition: assumed,
            parameters,
            headers: parts.headers,
            body,
            base,
            who: None,
        };
        let mut asked = if plain.parameter("method").is_some() { plain.unfolded().map_err(refused)? } else { plain };
        if !resource.is_open() {
            asked.who = Some(who::of(app, &asked.headers, from.0).await.map_err(refused)?);
        }
        match told(&asked.headers) {
            Some(version) => match Edition::of_header(&version) {
                Some(edition) => asked.edition = edition,
                None => return Err(refused(unknown_version(&version))),
            },
            None if resource.is_open() => {}
            None => return Err(refused(no_version())),
        }
        asked.may().map_err(|refusal| (asked.edition, refusal))?;
        asked.told(app).await.map_err(|refusal| (asked.edition, refusal))?;
        Ok(asked)
    }

    /// Takes the alternate syntax apart.
    fn unfolded(mut self) -> Result<Self, Refusal> {
        let method = self.parameter("method").unwrap_or_default().to_owned();
        let (true, 1) = (self.method == Method::POST, self.parameters.len()) else {
            return Err(Refusal::bad(
                "替代请求语法须为 POST，且地址中只能有 method 一个参数。",
                "A request in the alternate syntax is a POST whose address has no parameter but method.",
            ));
        };
        let header =
            |name: &HeaderName| self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !header(&CONTENT_TYPE).starts_with("application/x-www-form-urlencoded") {
            return Err(Refusal::bad(
                "替代请求语法的内容须为 application/x-www-form-urlencoded。",
                "A request in the alternate syntax must be sent as application/x-www-form-urlencoded.",
            ));
        }
        self.method = match method.as_str() {
            "GET" => Method::GET,
            "HEAD" => Method::HEAD,
            "PUT" => Method::PUT,
            "POST" => Method::POST,
            "DELETE" => Method::DELETE,
            _ => {
                return Err(Refusal::bad(
                    "method 须为 GET、HEAD、PUT、POST 或 DELETE。",
                    "method must be GET, HEAD, PUT, POST or DELETE.",
                ));
            }
        };
        self.parameters.clear();
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let (form, mut content) = (std::mem::take(&mut self.body), None);
        for (name, value) in form_urlencoded::parse(&form) {
            if name == "content" {
                content = Some(Bytes::from(value.into_owned()));
            } else if let Some(header) = FORM_HEADERS.iter().find(|header| header.as_str().eq_ignore_ascii_case(&name))
            {
                let value = HeaderValue::from_str(&value).map_err(|_| {
                    Refusal::bad(format!("{name} 不能作为标头。"), format!("{name} cannot be a header."))
                })?;
                self.headers.insert(header.clone(), value);
            } else {
                self.parameters.push((name.into_owned(), value.into_owned()));
            }
        }
        if matches!(self.method, Method::PUT | Method::POST) && content.is_none() {
            return Err(Refusal::bad("表单中缺少 content。", "The form has no field content; add it."));
        }
        self.body = content.unwrap_or_default();
        let version = self.headers.get(VERSION).and_then(|value| value.to_str().ok());
        match version.and_then(Edition::of_header) {
            Some(Edition::Two) => Err(Refusal::bad(
                "xAPI 2.0 已无替代请求语法；请直接用相应的方法。",
                "xAPI 2.0 has no alternate request syntax; use the method itself.",
            )),
            _ => Ok(self),
        }
    }

    /// Whether the credential's scope covers it, and the method is one of the resource.
    fn may(&self) -> Result<(), Refusal> {
        let methods = self.resource.methods();
        let writes = !matches!(self.method, Method::GET | Method::HEAD);
        let is_for_form_alone = matches!(self.resource, Resource::About | Resource::Activities | Resource::Agents);
        if writes && (is_for_form_alone || !methods.contains(&self.method)) {
            return Err(Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "此资源不接受这种请求。",
                "This resource does not take that method.",
            ));
        }
        let Some(who) = &self.who else { return Ok(()) };
        let covers = match (who.scope, self.resource) {
            (Scope::All, _) => true,
            (Scope::Write, Resource::Statements) => writes,
            (Scope::Read, Resource::Statements | Resource::Activities | Resource::Agents) => !writes,
            _ => false,
        };
        if covers { Ok(()) } else { Err(Refusal::out_of_scope()) }
    }

    /// Writes down that another system reads, and by which parameters: not their values, which may name somebody. What
    /// cannot be written down is not read.
    async fn told(&self, app: &App) -> Result<(), Refusal> {
        let Some(who) = self.who.as_ref().filter(|_| matches!(self.method, Method::GET | Method::HEAD)) else {
            return Ok(());
        };
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| name.as_str()).collect();
        let (path, by) = (self.resource.path(), names.join(", "));
        let detail = format!("{} · {path}{}{by}", who.name, if by.is_empty() { "" } else { " · " });
        let (at_ms, unit, act) = (app.now_ms(), who.unit, Act::SystemRead);
        Ok(app.store.audit(NewAudit { at_ms, who: who.id(), unit, act, about: None, detail }).await?)
    }

    /// The credential of whoever asks.
    ///
    /// # Errors
    /// A [`Refusal`] where nobody is named.
    pub fn by(&self) -> Result<&SystemCredential, Refusal> {
        self.who.as_ref().ok_or_else(Refusal::unknown)
    }

    /// A parameter's value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter's value.
    ///
    /// # Errors
    /// A [`Refusal`] where it is missing.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.parameter(name).ok_or_else(|| {
            Refusal::bad(format!("缺少参数 {name}。"), format!("The parameter {name} is missing; add it."))
        })
    }

    /// Goes on only if there are no parameters but these, each once.
    ///
    /// # Errors
    /// A [`Refusal`] that names the one too many.
    pub fn only(&self, names: &[&str]) -> Result<(), Refusal> {
        for (at, (name, _)) in self.parameters.iter().enumerate() {
            let twice = self.parameters.iter().take(at).any(|(earlier, _)| earlier == name);
            if twice || !names.contains(&name.as_str()) {
                let known = names.join(", ");
                return Err(Refusal::bad(
                    format!("此处不能用参数 {name:?}，或重复使用；可用：{known}（区分大小写）。"),
                    format!(
                        "The parameter {name:?} cannot be used here, or stands twice; there are {known}, in just this spelling."
                    ),
                ));
            }
        }
        Ok(())
    }

    /// A header's value.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Where the service is opened: the public origin, or whatever host the request was sent to.
fn base(app: &App, headers: &HeaderMap) -> String {
    if let Some(origin) = &app.settings.origin {
        return origin.to_string();
    }
    let scheme = if is_secure(headers, &app.settings) { "https" } else { "http" };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

fn too_large() -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("一次最多 {} MiB，请分批发送。", MOST_BODY_BYTES >> 20),
        format!("A request has {} MiB at most; send it in parts.", MOST_BODY_BYTES >> 20),
    )
}

fn no_version() -> Refusal {
    Refusal::bad(
        "缺少标头 X-Experience-API-Version；请写 2.0.0 或 1.0.3。",
        "The header X-Experience-API-Version is missing; send 2.0.0 or 1.0.3.",
    )
}

fn unknown_version(version: &str) -> Refusal {
    let version: String = version.chars().take(40).collect();
    Refusal::bad(
        format!("不支持 xAPI {version:?}；请写 2.0.0 或 1.0.3。"),
        format!("xAPI {version:?} is not spoken here; send 2.0.0 or 1.0.3."),
    )
}
