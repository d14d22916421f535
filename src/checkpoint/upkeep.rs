//! What an operator does to the database from the command line: verifying, erasing, backing up, rebuilding.

use crate::{Database, Kept};
use checkpoint::checkpoints;
use checkpoint::courses::Courses;
use checkpoint::history::{PublicKey, Signer};
use checkpoint::secrets::{self, Secrets};
use checkpoint::store::sqlite::{self, backup as copy};
use checkpoint::store::verified::{Older, Report};
use checkpoint::store::{Place, StoreError};
use checkpoint::{clock, walk};
use clap::Args;
use heritage::credit::PRESENCE_RULE;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Exit code for a history that is not sound; 1 says that the command could not be carried out, 2 that it was not understood.
pub const NOT_SOUND: u8 = 3;

/// Who makes backups of a server.
const SERVERS_OWN: &str = "a server's database is backed up by the server's own tools, also while the service runs: pg_dump \
    --format=custom for one copy, pg_basebackup with an archive of the write-ahead log for every moment; then restore it into \
    an empty database and hold `checkpoint verify` and `checkpoint rebuild` to it";

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    database: Database,
    /// A checkpoint kept from an earlier day, as `/v1/log/checkpoint` served it, or a folder of them, as
    /// `serve --checkpoints` lays them down. May be given several times.
    ///
    /// Whoever holds the machine can make a history that is consistent in itself. Only a checkpoint kept elsewhere shows
    /// that the database was rolled back or rewritten.
    #[arg(long, value_name = "FILE|FOLDER")]
    against: Vec<PathBuf>,
    /// The public key that signed those checkpoints, as `/v1/log/key` served it; else it is derived from the service's secret.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Args)]
pub struct Erase {
    #[command(flatten)]
    database: Database,
    /// Whose record: the id in the addresses of that person's walks at the desk.
    #[arg(long, value_name = "ID")]
    person: Uuid,
    /// Who has it erased: name and office. Stands in the log for good.
    #[arg(long, value_name = "WHO")]
    by: String,
    /// Why. Stands in the log for good, so name nobody.
    #[arg(long, value_name = "WHY")]
    reason: String,
}

#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    database: Database,
    /// The file to make; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Prints the key by which checkpoints are checked.
pub fn key(asked: &Database) -> Result<ExitCode, String> {
    let place = asked.place()?;
    say!("{}", runtime()?.block_on(derived(&place))?);
    Ok(ExitCode::SUCCESS)
}

/// Works the history out again; one line for each finding.
pub fn verify(asked: &Verify) -> Result<ExitCode, String> {
    let (place, runtime) = (asked.database.place()?, runtime()?);
    let mut older = Vec::new();
    let mut unbelieved = Vec::new();
    if !asked.against.is_empty() {
        let key = match &asked.key {
            Some(key) => PublicKey::read(key).ok_or("--key is no public key; write it as /v1/log/key serves it")?,
            None => runtime
                .block_on(derived(&place))
                .map_err(|error| format!("{error}; where the secret is not, give the public key with --key"))?,
        };
        let origin = runtime.block_on(place.origin()).map_err(|error| unusable(&place, &error))?;
        if key.name() != origin {
            return Err(format!("--key is of the log {}; the database holds {origin}", key.name()));
        }
        for from in kept(&asked.against)? {
            let name = from.display().to_string();
            let note = std::fs::read(&from).map_err(|error| format!("cannot read {name}: {error}"))?;
            match key.checkpoint(&String::from_utf8_lossy(&note)) {
                Ok(says) => older.push(Older { name, says }),
                Err(error) => unbelieved.push(format!("{name} {error}")),
            }
        }
    }
    let report = runtime.block_on(place.verify(&older)).map_err(|error| unusable(&place, &error))?;
    for line in &unbelieved {
        say!("{line}");
    }
    let is_sound = tell(&report) && unbelieved.is_empty();
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::from(NOT_SOUND) })
}

/// The files that are meant: a folder stands for the checkpoints in it.
fn kept(named: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for each in named {
        if each.is_dir() {
            let within =
                checkpoints::files(each).map_err(|error| format!("cannot read {}: {error}", each.display()))?;
            if within.is_empty() {
                return Err(format!("no checkpoint lies in {}", each.display()));
            }
            files.extend(within);
        } else {
            files.push(each.clone());
        }
    }
    Ok(files)
}

/// Erases a person.
pub fn erase(asked: &Erase) -> Result<ExitCode, String> {
    let said = |text: &str| (1..=500).contains(&text.trim().chars().count());
    if !said(&asked.by) || !said(&asked.reason) {
        return Err("say in --by who has it erased and in --reason why, 500 characters each at most".to_owned());
    }
    let place = asked.database.place()?;
    let words = (asked.by.trim(), asked.reason.trim());
    let erased = runtime()?
        .block_on(place.erase(asked.person, words, clock::system()()))
        .map_err(|error| unusable(&place, &error))?;
    say!("{} entries about {} are erased; entry {} says so", erased.entries, asked.person, erased.seq);
    if erased.made_for_others > 0 {
        say!("{} entries about others, made by the same person, stay without a name", erased.made_for_others);
    }
    for (name, count) in &erased.forwarded {
        say!("{count} statements about this person were forwarded to {name} before; have whoever runs it delete them");
    }
    if matches!(place, Place::Server(_)) {
        say!(
            "the server still holds dead rows and its write-ahead log; in a quiet hour: VACUUM FULL event, salt, person, session, guard, pairing, kiosk_session, passkey, binding, waiting, kiosk_visit, kiosk_claim, led_visit, forward_held"
        );
    } else if !erased.is_swept {
        say!("the write-ahead log still holds old pages, in use by the service; they go when it is next stopped");
    }
    say!("backups made before still hold what was erased");
    Ok(ExitCode::SUCCESS)
}

/// Copies the database while the service runs.
pub fn backup(asked: &Backup) -> Result<ExitCode, String> {
    let place = asked.database.place()?;
    let Place::File(file) = &place else { return Err(format!("no backup was made: {SERVERS_OWN}")) };
    let connection = sqlite::inspect(file).map_err(|error| unusable(&place, &error))?;
    let report = copy::backup(&connection, &asked.to).map_err(|error| format!("no backup was made: {error}"))?;
    if !tell(&report) {
        say!("no backup was made");
        return Ok(ExitCode::from(NOT_SOUND));
    }
    say!("backed up to {}; the secret is not in it: keep {} apart", asked.to.display(), place.secret_file().display());
    Ok(ExitCode::SUCCESS)
}

/// Grades the presence of confirmed walks by the present rule, and adds an entry where it comes out otherwise.
pub fn reassess(asked: &Kept) -> Result<ExitCode, String> {
    let place = asked.database.place()?;
    let (courses, secrets) = (Courses::read(&asked.content).map_err(|error| error.to_string())?, secrets_of(&place)?);
    let now_ms = clock::system()();
    let grade = async { walk::reassess(&courses, &secrets, &*place.attend().await?, now_ms).await };
    let graded = runtime()?.block_on(grade);
    let walk::Reassessed { walks, added, left } = graded.map_err(|error| unusable(&place, &error))?;
    say!("{walks} confirmed walks by rule {PRESENCE_RULE}; {added} entries added, nothing rewritten");
    if left > 0 {
        say!("{left} walks were being changed; run this again");
    }
    Ok(if left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Works every walk out again, in several orders of delivery.
pub fn rebuild(asked: &Kept) -> Result<ExitCode, String> {
    let place = asked.database.place()?;
    let (courses, secrets) = (Courses::read(&asked.content).map_err(|error| error.to_string())?, secrets_of(&place)?);
    let derive = async { walk::rebuild(&courses, &secrets, &*place.open_unchanged().await?).await };
    let rebuilt = runtime()?.block_on(derive).map_err(|error| unusable(&place, &error))?;
    for person in &rebuilt.differing {
        say!("the walks of {person} depend on the order in which the events came");
    }
    let (people, entries, walks, orders) = (rebuilt.people, rebuilt.entries, rebuilt.walks, rebuilt.orders);
    say!("{walks} walks of {people} people from {entries} entries, worked out in {orders} orders of delivery");
    say!("digest {}", rebuilt.digest);
    Ok(if rebuilt.differing.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(NOT_SOUND) })
}

/// Tells a report, and whether it is sound.
pub fn tell(report: &Report) -> bool {
    for line in &report.findings {
        say!("{line}");
    }
    if report.untold > 0 {
        say!("and {} findings more", report.untold);
    }
    for name in &report.hold {
        say!("{name} holds");
    }
    print!("{} entries, {} of them erased; ", report.found.size, report.erased);
    say!("root {}", report.found.text().lines().nth(2).unwrap_or_default());
    report.is_sound()
}

async fn derived(place: &Place) -> Result<PublicKey, String> {
    let secrets = secrets_of(place)?;
    let origin = place.origin().await.map_err(|error| unusable(place, &error))?;
    Ok(Signer::new(&secrets, &origin).public())
}

/// The secret that is there; a new one would sign and judge differently.
pub fn secrets_of(place: &Place) -> Result<Secrets, String> {
    let environment = std::env::var(secrets::VARIABLE).ok();
    Secrets::read(environment.as_deref(), &place.secret_file()).map_err(|error| error.to_string())
}

pub fn runtime() -> Result<Runtime, String> {
    Runtime::new().map_err(|error| format!("cannot start: {error}"))
}

pub fn unusable(place: &Place, error: &StoreError) -> String {
    format!("cannot use the database {place}: {error}")
}
