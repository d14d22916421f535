//! A real `PostgreSQL` server that the tests start themselves and that ends with them.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// What ends a server once whoever started it is gone, by whatever way: the pipe that it reads closes with them.
const KEEPER: &str =
    "\"$@\" </dev/null & server=$!; read -r _; kill -QUIT $server; wait $server; [ -z \"$GONE\" ] || rm -rf \"$GONE\"";

/// A server with a folder of its own, spoken to by a Unix socket in there.
pub struct Server {
    folder: TempDir,
    goes_with_keeper: bool,
    keeper: Option<(Child, ChildStdin)>,
    made: AtomicUsize,
}

impl Server {
    /// The one that all tests of this binary share, each with a database of its own.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        // Nothing drops it, so its folder goes with its keeper.
        SHARED.get_or_init(|| Self::begun(true))
    }

    /// A server with nothing in it, running.
    pub fn new() -> Self {
        Self::begun(false)
    }

    fn begun(goes_with_keeper: bool) -> Self {
        let mut server = Self::laid_out();
        server.goes_with_keeper = goes_with_keeper;
        let mut made = server.tool("initdb");
        made.args(["--no-sync", "--username=retrace", "--auth=trust", "--encoding=UTF8", "--no-locale", "--pgdata"]);
        let made = made.arg(server.data()).output().expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        server.start(&[]);
        server
    }

    fn laid_out() -> Self {
        let folder = tempfile::Builder::new().prefix("retrace-pg-").tempdir().expect("a folder");
        if let Some((user, group)) = lesser() {
            chown(folder.path(), Some(user), Some(group)).expect("the folder is given away");
        }
        Self { folder, goes_with_keeper: false, keeper: None, made: AtomicUsize::new(0) }
    }

    /// A standby that follows this one and confirms each commit.
    pub fn standby(&self) -> Self {
        let standby = Self::laid_out();
        let copied = standby
            .tool("pg_basebackup")
            .args(["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--username=retrace"])
            .arg("--dbname=application_name=standby")
            .arg("--host")
            .arg(self.folder.path())
            .arg("--pgdata")
            .arg(standby.data())
            .output()
            .expect("pg_basebackup runs");
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        standby
    }

    /// Starts it with further settings, and waits until it takes connections.
    pub fn start(&mut self, settings: &[&str]) {
        let mut server = self.tool("sh");
        server.args(["-c", KEEPER, "sh"]).arg(program("postgres")).arg("-D").arg(self.data());
        server.arg("-k").arg(self.folder.path());
        let usual = ["listen_addresses=", "max_connections=300", "shared_buffers=32MB", "max_wal_senders=4"];
        for setting in usual.iter().chain(settings) {
            server.arg("-c").arg(setting);
        }
        server.env("GONE", if self.goes_with_keeper { self.folder.path() } else { Path::new("") });
        server.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut keeper = server.spawn().expect("postgres starts");
        let alive = keeper.stdin.take().expect("a pipe");
        let mut said = BufReader::new(keeper.stderr.take().expect("its words"));
        let mut heard = String::new();
        while !heard.contains("ready to accept") {
            assert!(said.read_line(&mut heard).expect("read") > 0, "it did not start: {heard}");
        }
        // It must not stand still for want of a listener.
        std::thread::spawn(move || said.read_to_string(&mut String::new()));
        self.keeper = Some((keeper, alive));
    }

    /// Ends it at once, without a word to anybody, as when the power goes.
    pub fn kill(&mut self) {
        let (mut keeper, alive) = self.keeper.take().expect("it runs");
        let killed = Command::new("kill").arg("-9").arg(self.pid()).status().expect("kill runs");
        assert!(killed.success());
        drop(alive);
        keeper.wait().expect("it has ended");
    }

    /// Ends it as an operator in a hurry would.
    pub fn stop_immediately(&mut self) {
        let stopped = self.tool("pg_ctl").args(["stop", "-m", "immediate", "-D"]).arg(self.data()).output();
        assert!(stopped.expect("pg_ctl runs").status.success());
        let (mut keeper, alive) = self.keeper.take().expect("it runs");
        drop(alive);
        keeper.wait().expect("it has ended");
    }

    /// Makes a standby the one that takes writes.
    pub fn promote(&self) {
        let promoted =
            self.tool("pg_ctl").args(["promote", "-w", "-D"]).arg(self.data()).output().expect("pg_ctl runs");
        assert!(promoted.status.success(), "{}", String::from_utf8_lossy(&promoted.stdout));
    }

    /// Starts it anew so that it is also reached by TCP, encrypted alone, with a certificate for `localhost`. Says where,
    /// and which file vouches for it.
    pub fn encrypt(&mut self) -> (u16, PathBuf) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let (certificate, key) = (self.folder().join("own.pem"), self.folder().join("own.key"));
        fs::write(&certificate, made.cert.pem()).expect("written");
        fs::write(&key, made.signing_key.serialize_pem()).expect("written");
        // The server reads a key that is its own and nobody else's.
        let taken = self.tool("install").args(["-m", "600"]).arg(&key).arg(self.data().join("own.key")).status();
        assert!(taken.expect("install runs").success());
        let ways = "local all all trust\nhostssl all all localhost trust\n";
        fs::write(self.data().join("pg_hba.conf"), ways).expect("written");
        self.stop_immediately();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr()).expect("a port").port();
        let settings = [
            "listen_addresses=localhost".to_owned(),
            format!("port={port}"),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", certificate.display()),
            "ssl_key_file=own.key".to_owned(),
        ];
        self.start(&settings.each_ref().map(String::as_str));
        (port, certificate)
    }

    /// Makes an empty database, and says how to reach it.
    pub fn database(&self) -> String {
        let name = format!("kept{}", self.made.fetch_add(1, Ordering::SeqCst));
        self.run("postgres", &format!("CREATE DATABASE {name}"));
        self.address(&name)
    }

    /// Copies a database, from which everybody is sent away, and says how to reach the copy.
    pub fn copy_of(&self, database: &str) -> String {
        let name = format!("kept{}", self.made.fetch_add(1, Ordering::SeqCst));
        let away = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'");
        self.run("postgres", &away);
        self.run("postgres", &format!("CREATE DATABASE {name} TEMPLATE {database}"));
        self.address(&name)
    }

    /// How to reach a database of this server.
    pub fn address(&self, name: &str) -> String {
        format!("postgres://retrace@{}/{name}", self.host())
    }

    /// The folder that holds its socket; whom it runs as may read there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    /// Its socket's folder, as an address writes it.
    pub fn host(&self) -> String {
        self.folder.path().display().to_string().replace('/', "%2F")
    }

    /// Runs statements past the service, and tells what they come to, one line a row.
    pub fn run(&self, database: &str, sql: &str) -> Vec<String> {
        let ran = self
            .tool("psql")
            .args([
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "retrace",
                "-h",
            ])
            .arg(self.folder.path())
            .args(["-d", database, "-c", sql])
            .output()
            .expect("psql runs");
        assert!(ran.status.success(), "{sql}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).lines().map(str::to_owned).collect()
    }

    fn pid(&self) -> String {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).expect("it says its number");
        file.lines().next().expect("a number").to_owned()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of the server's tools, run by an account that may run them.
    /// A program of `PostgreSQL`, to run as whom the server runs as.
    pub fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(if name == "sh" { PathBuf::from(name) } else { program(name) });
        command.current_dir(self.folder.path()).env_remove("PGPASSWORD").env("LC_ALL", "C");
        if let Some((user, group)) = lesser() {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((mut keeper, alive)) = self.keeper.take() {
            drop(alive);
            // It has ended, or is no child any more.
            let _ = keeper.wait();
        }
    }
}

/// One of the server's programs: from where Debian keeps those of each version, the newest first, or from the path.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    all.sort();
    let folders = all.into_iter().rev().chain(std::env::split_paths(&path));
    let found = folders.map(|folder| folder.join(name)).find(|program| program.exists());
    found.unwrap_or_else(|| panic!("{name} of PostgreSQL is missing: apt-get install postgresql"))
}

/// Whom to run it as where these tests run as root, which the server refuses.
fn lesser() -> Option<(u32, u32)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = |name: &str| {
        let line = accounts.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut fields = line.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    is_root.then(|| account("postgres").or_else(|| account("nobody"))).flatten()
}
