//! What an operator does to the database from the command line: verifying, erasing, backing up, rebuilding.

use crate::start::{file_of, secret_file};
use crate::{Database, Kept};
use checkpoint::courses::Courses;
use checkpoint::history::{PublicKey, Signer};
use checkpoint::secrets::{self, Secrets};
use checkpoint::store::sqlite::verify::{Older, Report, verify as verify_log};
use checkpoint::store::sqlite::{self, Sqlite, backup as copy, erase as erasing};
use checkpoint::{clock, walk};
use clap::Args;
use heritage::credit::PRESENCE_RULE;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use uuid::Uuid;

/// Exit code for a history that is not sound; 1 says that the command could not be carried out, 2 that it was not understood.
const NOT_SOUND: u8 = 3;

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    database: Database,
    /// A checkpoint kept from an earlier day, as `/v1/log/checkpoint` served it. May be given several times.
    ///
    /// Whoever holds the machine can make a history that is consistent in itself. Only a checkpoint kept elsewhere shows
    /// that the database was rolled back or rewritten.
    #[arg(long, value_name = "FILE")]
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
    let file = file_of(&asked.database)?;
    let connection = sqlite::inspect(&file).map_err(|error| unusable(&file, &error))?;
    println!("{}", derived(&file, &connection)?);
    Ok(ExitCode::SUCCESS)
}

/// Works the history out again; one line for each finding.
pub fn verify(asked: &Verify) -> Result<ExitCode, String> {
    let file = file_of(&asked.database.database)?;
    let connection = sqlite::inspect(&file).map_err(|error| unusable(&file, &error))?;
    let mut older = Vec::new();
    let mut unbelieved = Vec::new();
    if !asked.against.is_empty() {
        let key = match &asked.key {
            Some(key) => PublicKey::read(key).ok_or("--key is no public key; write it as /v1/log/key serves it")?,
            None => derived(&file, &connection)
                .map_err(|error| format!("{error}; where the secret is not, give the public key with --key"))?,
        };
        let origin = sqlite::origin(&connection).map_err(|error| unusable(&file, &error))?;
        if key.name() != origin {
            return Err(format!("--key is of the log {}; the database holds {origin}", key.name()));
        }
        for from in &asked.against {
            let name = from.display().to_string();
            let note = std::fs::read(from).map_err(|error| format!("cannot read {name}: {error}"))?;
            match key.checkpoint(&String::from_utf8_lossy(&note)) {
                Ok(says) => older.push(Older { name, says }),
                Err(error) => unbelieved.push(format!("{name} {error}")),
            }
        }
    }
    let report = verify_log(&connection, &older).map_err(|error| unusable(&file, &error))?;
    for line in &unbelieved {
        println!("{line}");
    }
    let is_sound = tell(&report) && unbelieved.is_empty();
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::from(NOT_SOUND) })
}

/// Erases a person.
pub fn erase(asked: &Erase) -> Result<ExitCode, String> {
    let said = |text: &str| (1..=500).contains(&text.trim().chars().count());
    if !said(&asked.by) || !said(&asked.reason) {
        return Err("say in --by who has it erased and in --reason why, 500 characters each at most".to_owned());
    }
    let file = file_of(&asked.database.database)?;
    let mut connection = sqlite::attend(&file).map_err(|error| unusable(&file, &error))?;
    let words = (asked.by.trim(), asked.reason.trim());
    let erased = erasing::erase(&mut connection, asked.person, words, clock::system()())
        .map_err(|error| unusable(&file, &error))?;
    println!("{} entries about {} are erased; entry {} says so", erased.entries, asked.person, erased.seq);
    if erased.made_for_others > 0 {
        println!("{} entries about others, made by the same person, stay without a name", erased.made_for_others);
    }
    if !erased.is_swept {
        println!("the write-ahead log still holds old pages, in use by the service; they go when it is next stopped");
    }
    println!("backups made before still hold what was erased");
    Ok(ExitCode::SUCCESS)
}

/// Copies the database while the service runs.
pub fn backup(asked: &Backup) -> Result<ExitCode, String> {
    let file = file_of(&asked.database.database)?;
    let connection = sqlite::inspect(&file).map_err(|error| unusable(&file, &error))?;
    let report = copy::backup(&connection, &asked.to).map_err(|error| format!("no backup was made: {error}"))?;
    if !tell(&report) {
        println!("no backup was made");
        return Ok(ExitCode::from(NOT_SOUND));
    }
    println!(
        "backed up to {}; the secret is not in it: keep {} apart",
        asked.to.display(),
        secret_file(&file).display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Grades the presence of confirmed walks by the present rule, and adds an entry where it comes out otherwise.
pub fn reassess(asked: &Kept) -> Result<ExitCode, String> {
    let file = file_of(&asked.database)?;
    // Opening would make a database where there is none.
    sqlite::inspect(&file).map_err(|error| unusable(&file, &error))?;
    let store = Sqlite::open(&file).map_err(|error| unusable(&file, &error))?;
    let (courses, secrets) = (Courses::read(&asked.content).map_err(|error| error.to_string())?, secrets_of(&file)?);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("cannot start: {error}"))?;
    let now_ms = clock::system()();
    let graded = runtime.block_on(walk::reassess(&courses, &secrets, &store, now_ms));
    let walk::Reassessed { walks, added, left } = graded.map_err(|error| unusable(&file, &error))?;
    println!("{walks} confirmed walks by rule {PRESENCE_RULE}; {added} entries added, nothing rewritten");
    if left > 0 {
        println!("{left} walks were being changed; run this again");
    }
    Ok(if left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Works every walk out again, in several orders of delivery.
pub fn rebuild(asked: &Kept) -> Result<ExitCode, String> {
    let file = file_of(&asked.database)?;
    let store = Sqlite::open_unchanged(&file).map_err(|error| unusable(&file, &error))?;
    let (courses, secrets) = (Courses::read(&asked.content).map_err(|error| error.to_string())?, secrets_of(&file)?);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("cannot start: {error}"))?;
    let rebuilt =
        runtime.block_on(walk::rebuild(&courses, &secrets, &store)).map_err(|error| unusable(&file, &error))?;
    for person in &rebuilt.differing {
        println!("the walks of {person} depend on the order in which the events came");
    }
    let (people, entries, walks, orders) = (rebuilt.people, rebuilt.entries, rebuilt.walks, rebuilt.orders);
    println!("{walks} walks of {people} people from {entries} entries, worked out in {orders} orders of delivery");
    println!("digest {}", rebuilt.digest);
    Ok(if rebuilt.differing.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(NOT_SOUND) })
}

/// Tells a report, and whether it is sound.
fn tell(report: &Report) -> bool {
    for line in &report.findings {
        println!("{line}");
    }
    if report.untold > 0 {
        println!("and {} findings more", report.untold);
    }
    for name in &report.hold {
        println!("{name} holds");
    }
    print!("{} entries, {} of them erased; ", report.found.size, report.erased);
    println!("root {}", report.found.text().lines().nth(2).unwrap_or_default());
    report.is_sound()
}

fn derived(file: &Path, connection: &rusqlite::Connection) -> Result<PublicKey, String> {
    let secrets = secrets_of(file)?;
    let origin = sqlite::origin(connection).map_err(|error| unusable(file, &error))?;
    Ok(Signer::new(&secrets, &origin).public())
}

/// The secret that is there; a new one would sign and judge differently.
fn secrets_of(file: &Path) -> Result<Secrets, String> {
    let environment = std::env::var(secrets::VARIABLE).ok();
    Secrets::read(environment.as_deref(), &secret_file(file)).map_err(|error| error.to_string())
}

fn unusable(file: &Path, error: &dyn std::fmt::Display) -> String {
    format!("cannot use the database {}: {error}", file.display())
}
