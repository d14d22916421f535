//! The command line of the service.

mod start;

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
}

/// Where things are kept.
#[derive(Args, Clone)]
struct Kept {
    /// Folder of built content with answer keys; never served.
    #[arg(long, default_value = "target/private")]
    content: PathBuf,
    /// The database, as `sqlite:PATH`. Its folder also holds the service's secret, unless `RETRACE_SECRET` gives it.
    #[arg(long, default_value = "sqlite:data/retrace.db")]
    database: String,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    kept: Kept,
    /// Folder of the built web app.
    #[arg(long, default_value = "target/web")]
    web: PathBuf,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// Add a unit with one trainer and three learners, for trying out.
    #[arg(long)]
    demo: bool,
    /// Credit that a year asks for, in hours.
    #[arg(long, default_value = "32")]
    annual_target: Hours,
    /// Requests that write which one account may send in a minute; a phone's whole outbox is one or two.
    #[arg(long, default_value = "240")]
    writes_a_minute: u32,
    /// A proxy in front ends TLS; believe its `X-Forwarded-For` and `X-Forwarded-Proto`.
    #[arg(long)]
    behind_proxy: bool,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(asked) => start::serve(asked),
        Command::Plaques(kept) => start::plaques(&kept),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(line) => {
            eprintln!("checkpoint: {line}");
            ExitCode::FAILURE
        }
    }
}
