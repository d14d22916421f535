//! T4: the service on `PostgreSQL`, beside what `pgbench` inserts into the same table by as many clients.

use super::fixture::completed;
use super::line::Line;
use super::product::{CLIENTS, Ground, TIME, cookie, crowd, prepared_on, send, start};
use super::server::Server;
use std::path::Path;

/// Rows a second that the service stores, one event a request.
pub fn product(within: &Path, server: &Server) -> f64 {
    let program = start(prepared_on(within, 64, server.database()));
    crowd(CLIENTS, |number| {
        let mut line = Line::to(program.address, &cookie(number));
        move || send(&mut line, 1)
    })
}

/// Transactions a second of `pgbench`, each the insertion of one such event and nothing beside it: no salt, no leaf.
pub fn floor(within: &Path, server: &Server) -> f64 {
    let database = server.database();
    let Ground { folder: _folder, .. } = prepared_on(within, 64, database.clone());
    let name = database.rsplit('/').next().expect("a name");
    server.run(name, "CREATE SEQUENCE place");
    let person = server.run(name, "SELECT id FROM person ORDER BY id LIMIT 1").remove(0);
    // As pgbench reads it: a colon before a letter would begin the name of a variable, and there is none.
    let body = completed("gate").to_string().replace(":true", ": true").replace(":false", ": false");
    let insert = format!(
        "INSERT INTO event (id, seq, kind, subject, author, site, route, station, device, captured_at_ms, received_at_ms, \
         body) VALUES (gen_random_uuid(), nextval('place'), 'completed', '{person}', '{person}', 'hill', 'path', 'gate', \
         gen_random_uuid(), 0, 0, '{body}') ON CONFLICT (id) DO NOTHING;\n"
    );
    let script = server.folder().join("insert.sql");
    std::fs::write(&script, insert).expect("written");
    let seconds = TIME.as_secs().to_string();
    let ran = server
        .tool("pgbench")
        .args(["--no-vacuum", "--jobs=2", "--username=retrace", "--time", &seconds])
        .arg(format!("--client={CLIENTS}"))
        .arg("--file")
        .arg(&script)
        .arg("--host")
        .arg(server.folder())
        .arg(name)
        .output()
        .expect("pgbench runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    tps.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&ran.stderr)))
}
