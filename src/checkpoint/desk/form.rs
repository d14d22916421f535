//! Plain forms: fields by name, some of them several times.

use super::frame::form_token;
use crate::api::Fault;
use crate::house::House;
use crate::identity::SignedIn;
use crate::walk::MOST_NOTE;
use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::Request;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// The first value of a field in an address's query.
pub fn field(query: Option<&str>, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The fields of a form.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Of fields that were read elsewhere.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of a field, without blanks around it; empty if absent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// A field that must have 1 to `most` characters, none of them control characters.
    ///
    /// # Errors
    /// A [`Fault`] that says which field.
    pub fn required(&self, name: &str, most: usize, zh: &str, en: &str) -> Result<String, Fault> {
        let text = self.text(name);
        let fits = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if fits { Ok(text.to_owned()) } else { Err(Fault::incomplete(zh, en)) }
    }

    /// A text of 1 to [`MOST_NOTE`] characters for others to read, on several lines if need be.
    ///
    /// # Errors
    /// A [`Fault`] where it is too long.
    pub fn note(&self, name: &str) -> Result<String, Fault> {
        let note = self.lines(name);
        if note.chars().count() > MOST_NOTE {
            return Err(Fault::incomplete(
                "说明过长（500 字以内），没有改动任何内容。请返回缩短后再试。",
                "The text is too long (500 characters at most) and nothing was changed. Go back, shorten it and try again.",
            ));
        }
        Ok(note)
    }

    /// A text on several lines. A browser sends line ends as two characters; other control characters have no place in it.
    pub fn lines(&self, name: &str) -> String {
        let text = self.text(name).replace("\r\n", "\n");
        text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
    }

    /// A level for each of so many criteria, from the fields `level-0`, `level-1` and so on; `None` where one is missing.
    pub fn levels(&self, criteria: usize) -> Option<Vec<u8>> {
        (0..criteria).map(|at| self.text(&format!("level-{at}")).parse().ok()).collect()
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Goes on only if the form was made for this session, and counts it as one write of the account.
    ///
    /// # Errors
    /// A [`Fault`] if it was not, or after too many writes.
    pub fn made_for(&self, house: &House, who: &SignedIn) -> Result<(), Fault> {
        let same = self.text("token").as_bytes().ct_eq(form_token(house, who).as_bytes());
        if bool::from(same) { house.take_turn(&who.person) } else { Err(Fault::stale_form()) }
    }

    /// As [`Self::made_for`], with the id that the form gives to what it makes, so that sending it twice makes it once.
    ///
    /// # Errors
    /// As for [`Self::made_for`], and where the form has no id.
    pub fn id_made_for(&self, house: &House, who: &SignedIn) -> Result<Uuid, Fault> {
        self.made_for(house, who)?;
        Uuid::parse_str(self.text("id")).map_err(|_| Fault::malformed())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Fault;
    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let body = Bytes::from_request(request, state).await.map_err(|_| Fault::malformed())?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }
}
