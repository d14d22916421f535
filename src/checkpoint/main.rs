//! The command line of the service.

/// Says a line. Whoever has stopped listening, as `head` does, misses the rest, and nothing else comes of it.
macro_rules! say {
    ($($said:tt)*) => {{
        let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($said)*)));
    }};
}

mod addresses;
mod moved;
mod start;
mod upkeep;

use checkpoint::identity::origin::Origin;
use checkpoint::log::Form;
use checkpoint::store::Place;
use checkpoint::store::postgres::Address;
use checkpoint::walk::Share;
use clap::{Args, Parser, Subcommand};
use heritage::Hours;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Keeps the record of visits and serves the web app.
#[derive(Parser)]
#[command(name = "checkpoint", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web app, the record and the desk.
    Serve(Serve),
    /// Print the plaque code of every station.
    Plaques(Kept),
    /// Print, for every station, the code shown there at the moment and the address at which a device at the station shows it.
    Codes(Kept),
    /// Print what is written into an NFC tag (NTAG 424 DNA) that hangs at a station.
    Tag(start::Tag),
    /// Print the public key of the log, by which checkpoints are checked.
    Key(Database),
    /// Work the history out again from the rows. Exit code 0: sound; 1: could not be done; 3: not sound, one line for each finding.
    ///
    /// Of a file it also finds damaged pages and indexes.
    Verify(upkeep::Verify),
    /// Erase a person's record: content and salts go, proofs of everything else stay valid.
    ///
    /// The file is then written anew, so that no page keeps what was deleted. A service that runs meanwhile reads on; what
    /// it would write waits five seconds and is then refused with 503, and phones send it again. Choose a quiet hour.
    Erase(upkeep::Erase),
    /// Copy the database while the service runs, and check the copy.
    Backup(upkeep::Backup),
    /// Grade the presence of every confirmed walk by the present rule, and add an entry where it comes out otherwise than recorded.
    ///
    /// For after an update whose changelog names a new rule. Nothing is rewritten and no credit changes.
    Reassess(Kept),
    /// Move a record into another, empty database, and check that nothing of it has changed. Stop the service first.
    Move(moved::Move),
    /// Work every walk out again from the log, in several orders of delivery, and print a digest of what comes out.
    Rebuild(Kept),
}

/// Where things are kept.
#[derive(Args, Clone)]
struct Kept {
    /// Folder of built content with answer keys; never served.
    #[arg(long, default_value = "target/private")]
    content: PathBuf,
    #[command(flatten)]
    database: Database,
}

/// Which database.
#[derive(Args, Clone)]
struct Database {
    /// The database, as `sqlite:PATH` or `postgres://user@host/database`.
    ///
    /// The service's secret lies in the file's folder, for a server in `data`, unless `RETRACE_SECRET` gives it. Of several
    /// servers (`host1:5432,host2:5432`) the one that takes writes is used. A server's password stands in `~/.pgpass`, in the
    /// file that `PGPASSFILE` names, in `PGPASSWORD` or in `RETRACE_DATABASE`, never on the command line. With
    /// `?sslmode=verify-full` the way there is encrypted; `PGSSLROOTCERT` names whose certificates are trusted beside those
    /// of browsers.
    #[arg(long, env = "RETRACE_DATABASE", hide_env_values = true, default_value = "sqlite:data/retrace.db")]
    database: String,
}

impl Database {
    fn place(&self) -> Result<Place, String> {
        place(&self.database)
    }
}

/// The place that an operator names, if no password is shown by it.
fn place(database: &str) -> Result<Place, String> {
    if is_shown(database) && Address::tells_password(database) {
        return Err(PASSWORD_SHOWN.to_owned());
    }
    Place::read(database)
}

/// Whether it stands on the command line, which every account of the machine can read.
fn is_shown(database: &str) -> bool {
    std::env::args().any(|argument| argument.contains(database))
}

const PASSWORD_SHOWN: &str = "a password stands on the command line, where every account of this machine can read it: leave it \
    out of --database and put it in ~/.pgpass (chmod 600), PGPASSWORD or RETRACE_DATABASE, and choose another, since this one was seen";

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    kept: Kept,
    /// Folder of the built web app.
    #[arg(long, default_value = "target/web")]
    web: PathBuf,
    /// Address to listen on; `0.0.0.0:8470` lets the hall's network in.
    #[arg(long, default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// Add a unit with a trainer, three learners and an admin, for trying out. A start without it shuts all of that unit out.
    #[arg(long)]
    demo: bool,
    /// Training credit (学时) that a year asks of each learner, in hours with at most one decimal, as in 32 or 24.5.
    #[arg(long, value_name = "HOURS", default_value = "32")]
    annual_target: Hours,
    /// Share of confirmed walks without flags that is drawn for a second trainer to look at, in per cent.
    ///
    /// Which walks are drawn follows from the service's secret, so that nobody at the desk can foresee it.
    #[arg(long, value_name = "PER CENT", default_value = "5")]
    recheck_percent: Share,
    /// Requests that write which one account may send in a minute; a phone's whole outbox is one or two.
    #[arg(long, default_value = "240")]
    writes_a_minute: u32,
    /// Address under which visitors open the service, as in `https://walk.example`.
    ///
    /// Browsers give a position, and keep pages for times without network, over HTTPS only. Let the service encrypt by
    /// --tls-cert and --tls-key, or a proxy that passes requests on to --listen. With an https origin every session cookie is
    /// `Secure` and browsers are told to stay with HTTPS. Writes are taken from pages of this origin, and of the host
    /// that a request names, so a proxy need not pass `Host` on.
    #[arg(long, value_name = "URL")]
    origin: Option<Origin>,
    /// Identity providers (`OpenID` Connect) of units, by whose accounts their people may sign in: a file in TOML, as
    /// docs/sign-in.md shows it. Read at the start.
    #[arg(long, value_name = "FILE", requires = "origin")]
    providers: Option<PathBuf>,
    /// A proxy in front ends TLS; believe its `X-Forwarded-For` and `X-Forwarded-Proto`.
    ///
    /// Only where the proxy sets both itself and nobody reaches the service past it: who signs in too often is told
    /// apart by the last address of `X-Forwarded-For`. For nginx:
    /// `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`
    /// `proxy_set_header X-Forwarded-Proto $scheme;`
    /// `proxy_set_header Host $http_host;`
    #[arg(long, verbatim_doc_comment, conflicts_with = "tls_cert")]
    behind_proxy: bool,
    /// Certificate chain in PEM, for HTTPS without a proxy, as in a hall; see docs/hall.md. Read again on SIGHUP.
    #[arg(long, value_name = "FILE", requires_all = ["tls_key", "origin"])]
    tls_cert: Option<PathBuf>,
    /// How to tell on the standard error stream what happens: `text`, faults alone, or `json`, every answer too, one object
    /// a line. No name, code, PIN, session or position is in it.
    #[arg(long, value_name = "FORM", default_value = "text")]
    log: Form,
    /// The private key to it, in PEM without a passphrase.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Folder in which a signed checkpoint of the log is laid down at the start, every hour and at the end, where the log has
    /// grown. Let somebody else keep it, on another machine: `checkpoint verify --against FOLDER` holds the database to it.
    #[arg(long, value_name = "FOLDER")]
    checkpoints: Option<PathBuf>,
    /// Certificates in PEM that are trusted beside those of browsers when other servers are asked, as an office's own authority.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Learning record stores that the record is forwarded to over xAPI, in TOML; docs/learning-systems.md shows the file.
    ///
    /// Statements name people and places by --origin, so it must be given and stay. Secrets stand neither here nor in that file.
    #[arg(long, value_name = "FILE", requires = "origin")]
    forward: Option<PathBuf>,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(asked) => start::serve(asked).map(|()| ExitCode::SUCCESS),
        Command::Plaques(kept) => start::plaques(&kept).map(|()| ExitCode::SUCCESS),
        Command::Codes(kept) => start::codes(&kept).map(|()| ExitCode::SUCCESS),
        Command::Tag(asked) => start::tag(&asked).map(|()| ExitCode::SUCCESS),
        Command::Key(database) => upkeep::key(&database),
        Command::Verify(asked) => upkeep::verify(&asked),
        Command::Erase(asked) => upkeep::erase(&asked),
        Command::Backup(asked) => upkeep::backup(&asked),
        Command::Reassess(kept) => upkeep::reassess(&kept),
        Command::Move(asked) => moved::carry(&asked),
        Command::Rebuild(kept) => upkeep::rebuild(&kept),
    };
    match outcome {
        Ok(code) => code,
        Err(line) => {
            eprintln!("checkpoint: {line}");
            ExitCode::FAILURE
        }
    }
}
