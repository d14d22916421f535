//! Moving a record from one database to another, from the command line.

use crate::place;
use crate::upkeep::{NOT_SOUND, runtime, secrets_of, tell, unusable};
use checkpoint::courses::Courses;
use checkpoint::store::{Place, Store, StoreError, moving};
use checkpoint::walk;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Args)]
pub struct Move {
    /// The database to move from; it stays as it is.
    #[arg(long, value_name = "DATABASE")]
    from: String,
    /// The database to move to, empty: a file that is not there yet, or a new database on a server.
    #[arg(long, value_name = "DATABASE")]
    to: String,
    /// Folder of built content with answer keys, by which walks are compared before and after.
    #[arg(long, default_value = "target/private")]
    content: PathBuf,
}

/// Moves, then holds one against the other.
pub fn carry(asked: &Move) -> Result<ExitCode, String> {
    let (from, to) = (place(&asked.from)?, place(&asked.to)?);
    let courses = Courses::read(&asked.content).map_err(|error| error.to_string())?;
    let secrets = secrets_of(&from)?;
    runtime()?.block_on(async {
        let before = from.verify(&[]).await.map_err(|error| unusable(&from, &error))?;
        if !before.is_sound() {
            tell(&before);
            say!("nothing was moved: {from} is not as it was recorded");
            return Ok(ExitCode::from(NOT_SOUND));
        }
        let progress = |table: &str, rows: usize| say!("{table}: {rows} rows");
        moving::copy(&from, &to, progress).await.map_err(|error| format!("nothing was moved to {to}: {error}"))?;
        let after = to.verify(&[]).await.map_err(|error| unusable(&to, &error))?;
        let is_same = tell(&after) && (&before.found, before.erased) == (&after.found, after.erased);
        let opened =
            |place: Place| async move { place.open_unchanged().await.map_err(|error| unusable(&place, &error)) };
        let (old, new): (Arc<dyn Store>, Arc<dyn Store>) = (opened(from.clone()).await?, opened(to.clone()).await?);
        let failed = |error: StoreError| format!("the walks cannot be compared: {error}");
        let walks = walk::rebuild(&courses, &secrets, &*old).await.map_err(failed)?;
        let moved = walk::rebuild(&courses, &secrets, &*new).await.map_err(failed)?;
        say!(
            "{} walks of {} people from {} entries; digest {}",
            moved.walks,
            moved.people,
            moved.entries,
            moved.digest
        );
        if !is_same || walks.digest != moved.digest {
            say!("{to} is not the same as {from}: do not use it");
            return Ok(ExitCode::from(NOT_SOUND));
        }
        if old.head().await.map_err(failed)? != after.found {
            say!("{from} has grown meanwhile: stop its service, empty {to} and move again");
            return Ok(ExitCode::from(NOT_SOUND));
        }
        say!("all of it is moved; sessions are not: everyone signs in again");
        say!("the secret stays where it is: keep {} for the service of {to}", from.secret_file().display());
        Ok(ExitCode::SUCCESS)
    })
}
