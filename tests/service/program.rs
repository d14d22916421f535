//! The real program, as an operator runs it.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The program, built once like this test; or the one that `CHECKPOINT` names.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(named) = std::env::var_os("CHECKPOINT") {
            return named.into();
        }
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "-p",
                "checkpoint",
                "--bin",
                "checkpoint",
                "--message-format=json-render-diagnostics",
                "--offline",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        let made = String::from_utf8_lossy(&built.stdout);
        made.lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
            .expect("cargo names the program")
    })
}

pub fn command(folder: &Path, listen: &str) -> Command {
    let mut command = serving(folder, listen);
    command.arg("--database").arg(format!("sqlite:{}", folder.join("data/retrace.db").display()));
    command
}

/// The service with demo people in this folder, without a word about its database.
pub fn serving(folder: &Path, listen: &str) -> Command {
    let mut command = Command::new(program());
    command
        .args(["serve", "--demo", "--writes-a-minute", "1000000", "--listen", listen, "--web"])
        .arg(folder.join("web"))
        .arg("--content")
        .arg(folder.join("private"))
        .current_dir(folder)
        .env_remove("RETRACE_DATABASE")
        .env_remove("RETRACE_SECRET");
    command
}

/// Starts it and waits until it says where it is.
pub fn start(folder: &Path) -> (Child, SocketAddr) {
    begin(&mut command(folder, "127.0.0.1:0"))
}

/// The same by a command of its own.
pub fn begin(command: &mut Command) -> (Child, SocketAddr) {
    let (child, address) = begun(command);
    (child, address.expect("it says where it is"))
}

/// Begins a command that may not come as far as to say where it is.
pub fn begun(command: &mut Command) -> (Child, Option<SocketAddr>) {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let said = BufReader::new(child.stdout.take().expect("its output"));
    let address = said
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("Retrace is at http://")?.split('/').next()?.parse().ok());
    (child, address)
}

/// Asks it to stop, as `systemctl stop` does, and waits until it has.
pub fn stop(mut child: Child) {
    let asked = Command::new("kill").arg(child.id().to_string()).status().expect("kill runs");
    assert!(asked.success());
    assert!(child.wait().expect("it ends").success());
}

/// What a command that ends by itself came to.
#[derive(Debug)]
pub struct Outcome {
    /// Exit code.
    pub code: i32,
    /// What it said, line by line.
    pub said: Vec<String>,
    /// What it complained of.
    pub complaint: String,
}

/// Runs a command on a database. `secret` is the service's secret where it lies not beside the file.
pub fn tend(command: &str, file: &Path, arguments: &[&str], secret: Option<&str>) -> Outcome {
    tend_at(command, &format!("sqlite:{}", file.display()), arguments, secret)
}

/// The same on a database as the command line names it.
pub fn tend_at(command: &str, place: &str, arguments: &[&str], secret: Option<&str>) -> Outcome {
    let mut arguments: Vec<&str> = arguments.to_vec();
    if command != "move" {
        arguments.extend(["--database", place]);
    }
    let mut tending = Command::new(program());
    tending.arg(command).args(arguments);
    match secret {
        Some(secret) => tending.env("RETRACE_SECRET", secret),
        None => tending.env_remove("RETRACE_SECRET"),
    };
    let output = tending.output().expect("it runs");
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
    Outcome {
        code: output.status.code().expect("it ends by itself"),
        said: lines(&output.stdout),
        complaint: lines(&output.stderr).join("\n"),
    }
}
