//! A form that carries a file.

use super::form::Form;
use crate::api::Fault;
use axum::extract::{FromRequest, Multipart, Request};

/// Fields of such a form.
const MOST_FIELDS: usize = 8;

/// The form's texts, and its file.
pub struct Upload {
    /// The fields that are text.
    pub form: Form,
    /// The bytes of the field `file`; empty if none was chosen.
    pub file: Vec<u8>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Fault;
    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| Fault::malformed())?;
        let (mut fields, mut file) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(|_| Fault::malformed())? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                file = part.bytes().await.map_err(|_| Fault::malformed())?.into();
            } else if fields.len() < MOST_FIELDS {
                fields.push((name, part.text().await.map_err(|_| Fault::malformed())?));
            } else {
                return Err(Fault::malformed());
            }
        }
        Ok(Self { form: Form::of(fields), file })
    }
}
