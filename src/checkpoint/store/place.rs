//! Where a record is kept, as an operator names it: a file, or a database on a server.

use super::erased::Erased;
use super::postgres::{self, Address, Postgres, Use};
use super::sqlite::{self, Sqlite};
use super::verified::{Older, Report};
use super::{Store, StoreError};
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Where the secret lies of a service whose record is on a server.
const FOLDER: &str = "data";

/// A place for a record.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of `SQLite`.
    File(PathBuf),
    /// A database on a server.
    Server(Box<Address>),
}

impl Place {
    /// Reads `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// In words, where it is neither.
    pub fn read(text: &str) -> Result<Self, String> {
        if let Some(file) = text.strip_prefix("sqlite:").filter(|file| !file.is_empty()) {
            return Ok(Self::File(file.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Address::read(text).map(|address| Self::Server(Box::new(address)));
        }
        // Its first word alone: there may be a password further on.
        let shown = text.split([':', '/', '@']).next().unwrap_or_default();
        Err(format!("{shown}… is no database this service knows; write sqlite:PATH or postgres://user@host/database"))
    }

    /// The folder that belongs to the service beside its database.
    pub fn folder(&self) -> &Path {
        match self {
            Self::File(file) => file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")),
            Self::Server(_) => Path::new(FOLDER),
        }
    }

    /// Where the secret of the service with this database lies, unless the environment gives it.
    pub fn secret_file(&self) -> PathBuf {
        self.folder().join("retrace.key")
    }

    /// Opens it for serving. Tells, too, whether it is so new that nobody can have a secret for it yet.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be opened or was made by a later version.
    pub async fn open(&self) -> Result<(Arc<dyn Store>, bool), StoreError> {
        match self {
            // A file's secret lies beside it, and is made where it is missing.
            Self::File(file) => Ok((Arc::new(Sqlite::open(file)?), true)),
            Self::Server(address) => {
                let store = Postgres::open(address).await?;
                let is_new = store.is_new();
                Ok((Arc::new(store), is_new))
            }
        }
    }

    /// Opens it as it is: nothing in it changes.
    ///
    /// # Errors
    /// [`StoreError`] where it is not there or was made by another version.
    pub async fn open_unchanged(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::File(file) => Arc::new(Sqlite::open_unchanged(file)?),
            Self::Server(address) => Arc::new(Postgres::look_after(address, Use::Inspect).await?),
        })
    }

    /// Opens what is there to look after it; a service may be using it meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] where it is not there or was made by a later version.
    pub async fn attend(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::File(file) => Arc::new(Sqlite::attend(file)?),
            Self::Server(address) => Arc::new(Postgres::look_after(address, Use::Attend).await?),
        })
    }

    /// Which log it holds.
    ///
    /// # Errors
    /// [`StoreError`] as for [`Self::open_unchanged`].
    pub async fn origin(&self) -> Result<String, StoreError> {
        match self {
            Self::File(file) => sqlite::origin(&sqlite::inspect(file)?),
            Self::Server(address) => Postgres::look_after(address, Use::Inspect).await?.origin().await,
        }
    }

    /// Works the history out again.
    ///
    /// # Errors
    /// [`StoreError`] as for [`Self::open_unchanged`].
    pub async fn verify(&self, older: &[Older]) -> Result<Report, StoreError> {
        match self {
            Self::File(file) => sqlite::verify::verify(&sqlite::inspect(file)?, older),
            Self::Server(address) => {
                postgres::verify::verify(&Postgres::look_after(address, Use::Inspect).await?, older).await
            }
        }
    }

    /// Erases a person.
    ///
    /// # Errors
    /// [`StoreError`] where nobody has the id or nothing is left of them, and where the database cannot be used.
    pub async fn erase(&self, person: Uuid, words: (&str, &str), now_ms: i64) -> Result<Erased, StoreError> {
        match self {
            Self::File(file) => sqlite::erase::erase(&mut sqlite::attend(file)?, person, words, now_ms),
            Self::Server(address) => {
                let store = Postgres::look_after(address, Use::Attend).await?;
                postgres::erase::erase(&store, person, words, now_ms).await
            }
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => file.display().fmt(f),
            Self::Server(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_place_is_said_without_what_may_be_a_password() {
        for bad in ["", "sqlite:", "mysql://me:hidden@host/db", "me:hidden@host", "data/retrace.db"] {
            let said = Place::read(bad).expect_err(bad);
            assert!(said.contains("write sqlite:PATH or postgres://") && !said.contains("hidden"), "{said}");
        }
        assert!(matches!(Place::read("sqlite:data/x.db"), Ok(Place::File(_))));
        assert!(matches!(Place::read("postgresql://me@host/db"), Ok(Place::Server(_))));
    }
}
