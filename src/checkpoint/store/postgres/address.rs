//! Where a server is and who is asked for: an address without its password, which comes from the environment or a file.

use std::fmt::{self, Display};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// How long reaching one host may take, and how long what was sent may stay without an answer from the other end.
const REACH: Duration = Duration::from_secs(5);

/// A database on a server.
#[derive(Clone, Debug)]
pub struct Address(Config);

impl Address {
    /// Reads `postgres://user@host:port,host:port/database?…` as `libpq` writes it. The password is in there, in
    /// `PGPASSWORD`, or in the file of `PGPASSFILE` or `~/.pgpass`; on a Unix socket it is often not needed at all.
    ///
    /// With `sslmode=verify-full` the way there is encrypted, and the server's certificate must be of its name and vouched
    /// for by whom browsers trust or `PGSSLROOTCERT` names. `sslmode=require` means the same here.
    ///
    /// # Errors
    /// In words, where it is no such address or the password file cannot be used.
    pub fn read(text: &str) -> Result<Self, String> {
        // What is wrong is said without the text, since a password may stand in it.
        let mut config = parsed(text).map_err(|_| {
            "the address of the database cannot be read; write postgres://user@host/database".to_owned()
        })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err("the address of the database names no host; write postgres://user@host/database".to_owned());
        }
        if config.get_dbname().is_none() {
            return Err("the address names no database; write postgres://user@host/database".to_owned());
        }
        // Half measures would look like whole ones: the way is encrypted to whom the certificate names, or said not to be.
        if config.get_ssl_mode() != SslMode::Require {
            config.ssl_mode(SslMode::Disable);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(REACH);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(2 * REACH);
        }
        if config.get_application_name().is_none() {
            config.application_name("retrace");
        }
        let mut address = Self(config);
        if address.0.get_password().is_none()
            && let Some(password) = address.password()?
        {
            address.0.password(password);
        }
        Ok(address)
    }

    /// Whether a password stands in the text of an address.
    pub fn tells_password(text: &str) -> bool {
        parsed(text).is_ok_and(|config| config.get_password().is_some())
    }

    pub(super) const fn config(&self) -> &Config {
        &self.0
    }

    /// Whether the way to the server is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.0.get_ssl_mode() == SslMode::Require
    }

    fn password(&self) -> Result<Option<String>, String> {
        if let Ok(password) = std::env::var("PGPASSWORD") {
            return Ok(Some(password));
        }
        let named = std::env::var_os("PGPASSFILE").map(PathBuf::from);
        let usual = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pgpass"));
        let Some(file) = named.clone().or_else(usual) else { return Ok(None) };
        let shown = file.display();
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(_) if named.is_none() => return Ok(None),
            Err(error) => return Err(format!("cannot read the password file {shown}: {error}")),
        };
        if !is_private(&file) {
            return Err(format!("others can read the password file {shown}; chmod 600 it"));
        }
        Ok(text.lines().find_map(|line| self.password_in(line)))
    }

    /// The password of a line `host:port:database:user:password`, if it is for this address; `*` is for every one.
    fn password_in(&self, line: &str) -> Option<String> {
        let fields = (!line.starts_with('#')).then(|| fields(line))?;
        let [host, port, database, user, password] = <[String; 5]>::try_from(fields).ok()?;
        let fits = |field: &str, is: &str| field == "*" || field == is;
        let (own_database, own_user) = (self.0.get_dbname()?, self.user());
        let is_there = |(name, at): &(String, u16)| fits(&host, name) && fits(&port, &at.to_string());
        let fits_all = self.hosts().iter().any(is_there) && fits(&database, own_database) && fits(&user, &own_user);
        fits_all.then_some(password)
    }

    fn user(&self) -> String {
        let usual = || std::env::var("USER").unwrap_or_default();
        self.0.get_user().map_or_else(usual, str::to_owned)
    }

    /// Names and ports; a Unix socket is `localhost`, as in a password file.
    fn hosts(&self) -> Vec<(String, u16)> {
        let ports = self.0.get_ports();
        let port = |at: usize| *ports.get(at).or(ports.first()).unwrap_or(&5432);
        let name = |host: &Host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(_) => "localhost".to_owned(),
        };
        let named = self.0.get_hosts().iter().map(name);
        let numbered = self.0.get_hostaddrs().iter().map(ToString::to_string);
        let all: Vec<String> = if self.0.get_hosts().is_empty() { numbered.collect() } else { named.collect() };
        all.into_iter().enumerate().map(|(at, name)| (name, port(at))).collect()
    }
}

/// What `libpq` calls verifying is all that there is here.
fn parsed(text: &str) -> Result<Config, tokio_postgres::Error> {
    Config::from_str(&text.replace("sslmode=verify-full", "sslmode=require"))
}

/// Splits at colons; a backslash takes what follows as it is.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut letters) = (Vec::new(), String::new(), line.chars());
    while let Some(letter) = letters.next() {
        match letter {
            ':' if fields.len() < 4 => fields.push(std::mem::take(&mut field)),
            '\\' => field.extend(letters.next()),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}

#[cfg(unix)]
fn is_private(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode().trailing_zeros() >= 6)
}

#[cfg(not(unix))]
fn is_private(_: &std::path::Path) -> bool {
    true
}

impl Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<String> = self.hosts().iter().map(|(host, port)| format!("{host}:{port}")).collect();
        write!(f, "postgres://{}/{}", hosts.join(","), self.0.get_dbname().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let address = Address::read("postgres://retrace:hidden@one:5433,two/kept?target_session_attrs=read-write");
        let shown = address.map(|address| (address.to_string(), format!("{address:?}")));
        let (plain, debug) = shown.expect("an address");
        assert_eq!(plain, "postgres://one:5433,two:5432/kept");
        assert!(!debug.contains("hidden"), "{debug}");
    }

    #[test]
    fn what_is_no_address_is_said_without_repeating_it() {
        for bad in [
            "postgres://a:hidden@h/d?what=no",
            "postgres:///d",
            "postgres://a:hidden@h",
            "postgres://a:hidden@h/d?sslmode=verify-ca",
            "postgres://a:hidden@h:port/d",
        ] {
            let said = Address::read(bad).expect_err(bad);
            assert!(!said.contains("hidden") && said.contains("address"), "{said}");
        }
    }

    #[test]
    fn the_way_is_encrypted_where_that_is_asked_for_and_not_by_halves() {
        let is_encrypted = |text: &str| Address::read(text).map(|address| address.is_encrypted());
        for (mode, expected) in [("verify-full", true), ("require", true), ("disable", false), ("prefer", false)] {
            assert_eq!(is_encrypted(&format!("postgres://me@far/kept?sslmode={mode}")), Ok(expected), "{mode}");
        }
        assert_eq!(is_encrypted("postgres://me@far/kept"), Ok(false));
        assert!(is_encrypted("postgres://me@far/kept?sslmode=verify-ca").is_err());
    }

    #[test]
    fn the_first_line_of_a_password_file_that_fits_is_taken() {
        let address = Address::read("postgres://me@far:6000/kept").expect("an address");
        for (line, password) in [
            ("far:6000:kept:me:secret", Some("secret")),
            ("*:*:*:*:se:cret", Some("se:cret")),
            (r"far:*:kept:me:a\\b\:c", Some(r"a\b:c")),
            ("far:5432:kept:me:secret", None),
            ("near:6000:kept:me:secret", None),
            ("far:6000:other:me:secret", None),
            ("far:6000:kept:you:secret", None),
            ("#far:6000:kept:me:secret", None),
            ("far:6000", None),
            ("", None),
        ] {
            assert_eq!(address.password_in(line).as_deref(), password, "{line}");
        }
    }
}
