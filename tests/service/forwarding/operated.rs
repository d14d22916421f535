//! Forwarding as an operator sets it up: the file with all its faults, and the real program, killed and stopped.

use super::other::{Shelf, answer, other};
use super::{HOME, id_of};
use crate::service::client::Client;
use crate::service::fixture::{batch, lay_out, results, whole_walk};
use crate::service::program::{begin, command, stop};
use checkpoint::demo::PEOPLE;
use checkpoint::forward::file;
use std::collections::BTreeSet;
use std::fs::{Permissions, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::mpsc::channel;
use uuid::Uuid;

/// Writes a file, and a secret beside it that only we can read.
fn laid(folder: &Path, text: &str) -> std::path::PathBuf {
    let secret = folder.join("other.secret");
    write(&secret, "secret\n").expect("written");
    set_permissions(&secret, Permissions::from_mode(0o640)).expect("set");
    let file = folder.join("forward.toml");
    write(&file, text).expect("written");
    file
}

#[test]
fn every_fault_of_the_file_is_told_at_once_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let environment = |name: &str| (name == "OFFICE_SECRET").then(|| "s3cret ".to_owned());
    let faults = |text: &str| {
        let file = laid(folder.path(), text);
        let said = file::read(&file, &environment).expect_err(text).to_string();
        let (first, rest) = said.split_once('\n').expect("faults");
        assert!(first.contains("docs/learning-systems.md shows one that is right"), "{first}");
        let path = file.display().to_string();
        rest.lines().map(|line| line.replacen(&path, "", 1)).collect::<Vec<_>>()
    };
    let unit = Uuid::now_v7();
    let good = format!(
        "[[store]]\nname = \"county-lrs\"\nendpoint = \"https://lrs.example/xapi/\"\nversion = \"1.0.3\"\nkey = \"k\"\n\
         secret_file = \"other.secret\"\nunit = \"{unit}\"\n[[store]]\nname = \"office\"\n\
         endpoint = \"http://127.0.0.1:8080/lrs\"\nkey = \"k\"\nsecret_env = \"OFFICE_SECRET\"\n"
    );
    let read = file::read(&laid(folder.path(), &good), &environment).expect("it is right");
    assert_eq!(
        read.iter().map(|target| &*target.endpoint).collect::<Vec<_>>(),
        ["https://lrs.example/xapi", "http://127.0.0.1:8080/lrs"]
    );
    assert_eq!((read[0].unit, read[1].unit), (Some(unit), None));
    assert!(!format!("{read:?}").contains("secret"), "{read:?}");
    let found = faults(
        "[[store]]\nname = \"County\"\nendpoint = \"http://lrs.example/xapi\"\nversion = \"3\"\nkey = \"a:b\"\nsecret = \"hidden\"\n\
         unit = \"office\"\n[[store]]\nname = \"x\"\nendpoint = \"https://a.example/xapi/statements?x=1\"\nkey = 7\n\
         secret_env = \"MISSING\"\n[[store]]\nname = \"x\"\nsecret_file = \"none\"\nsecret_env = \"OFFICE_SECRET\"\ncolour = 1\n[other]\n",
    );
    for (line, what) in [
        (1, "secret_file or secret_env is missing"),
        (2, "name: write up to 40 small letters"),
        (3, "endpoint must begin with https://"),
        (4, "version must be \"2.0.0\" or \"1.0.3\""),
        (5, "key must not hold a colon"),
        (6, "a secret has no place here"),
        (7, "unit \"office\" is no id"),
        (10, "endpoint: write the address before /statements"),
        (11, "key must be text within quotes"),
        (12, "secret_env: there is no variable \"MISSING\""),
        (13, "endpoint is missing"),
        (13, "key is missing"),
        (14, "another store has this name already"),
        (15, "name either secret_file or secret_env"),
        (17, "\"colour\" is not known"),
        (18, "\"other\" is not known here"),
    ] {
        assert!(found.iter().any(|fault| fault.starts_with(&format!(":{line}: {what}"))), "{line} {what}: {found:#?}");
    }
    assert_eq!(found.len(), 16, "{found:#?}");
    assert!(!found.concat().contains("hidden"));
    for (text, what) in [
        ("", ": it names no store"),
        ("[[store]\n", ":1: "),
        ("a = \"\\q\"\n\nb = =\n", ":3: "),
        ("store = 1", ":1: \"store\" is not known"),
        ("store = [1]", ":1: write each store as [[store]]"),
        (&"[[store]]\n".repeat(21), ":1: there are 21 stores; 20 is the most"),
        (&good.replace("k\"\nsecret_file = \"other.secret\"", "k\"\nsecret_file = \"none\""), ":6: secret_file "),
    ] {
        let found = faults(text);
        assert!(found.iter().any(|fault| fault.starts_with(what)), "{text}: {found:?}");
    }
    let file = laid(folder.path(), &good);
    set_permissions(folder.path().join("other.secret"), Permissions::from_mode(0o644)).expect("set");
    let said = file::read(&file, &environment).expect_err("others can read it").to_string();
    assert!(
        said.contains("can be read by every account of this machine: chmod 600") && said.lines().count() == 2,
        "{said}"
    );
    let none = file::read(&folder.path().join("none.toml"), &environment).expect_err("none").to_string();
    assert!(none.contains("it cannot be read"), "{none}");
}

#[test]
fn the_program_says_what_is_wrong_and_does_not_start() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let file = laid(folder.path(), "[[store]]\nname = \"x\"\n");
    let run = |arguments: &[&str]| {
        let output = command(folder.path(), "127.0.0.1:0").args(arguments).output().expect("it runs");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let named = file.display().to_string();
    assert!(run(&["--forward", &named]).contains("--origin"), "statements need a name of the service");
    let said = run(&["--forward", &named, "--origin", HOME]);
    assert!(said.contains("forward.toml:1: endpoint is missing") && said.contains("key is missing"), "{said}");
    let unknown = Uuid::now_v7();
    let whole = format!(
        "[[store]]\nname = \"x\"\nendpoint = \"http://127.0.0.1:1/xapi\"\nkey = \"k\"\nsecret_file = \"other.secret\"\nunit = \"{unknown}\"\n"
    );
    laid(folder.path(), &whole);
    let said = run(&["--forward", &named, "--origin", HOME]);
    assert!(said.contains(&format!("there is no unit {unknown}")), "{said}");
}

#[test]
fn a_program_that_is_killed_amid_sending_loses_and_doubles_nothing() {
    let (said, heard) = channel();
    let (go, goes) = channel::<()>();
    let mut count = 0;
    let (at, shelf) = other(move |shelf, asked| {
        count += 1;
        let stored = shelf.behave(asked);
        let ids: Vec<Uuid> = asked.statements.iter().map(id_of).collect();
        said.send(ids).expect("the test listens");
        if count == 1 {
            // Stored, and killed before it is answered.
            goes.recv().expect("the test goes on");
            return answer(500, &[], "");
        }
        stored
    });
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let text = format!(
        "[[store]]\nname = \"other\"\nendpoint = \"http://{at}/xapi\"\nkey = \"k\"\nsecret_file = \"other.secret\"\n"
    );
    let file = laid(folder.path(), &text).display().to_string();
    let start = || begin(command(folder.path(), "127.0.0.1:0").args(["--forward", &file, "--origin", HOME]));
    let (mut child, address) = start();
    let walk = |number: usize| {
        let learner = Client::new(address).signed_in(PEOPLE[number].code, PEOPLE[number].pin);
        let walk = whole_walk();
        assert_eq!(results(&learner.post("/v1/events", &batch(&walk)).json()), ["stored"; 4]);
        walk.iter().map(id_of).collect::<Vec<_>>()
    };
    let mut sent: BTreeSet<Uuid> = walk(1).into_iter().collect();
    let first = heard.recv().expect("it sends");
    sent.extend(walk(2));
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    go.send(()).expect("it waits");
    let (child, _) = start();
    let mut came = first.len();
    while came < first.len() + sent.len() {
        came += heard.recv().expect("it sends").len();
    }
    // It answers the last before it is asked to stop, or not: either way it stops at once, and soundly.
    stop(child);
    let shelf: &Shelf = &shelf.lock().expect("a shelf");
    assert_eq!(shelf.order.iter().copied().collect::<BTreeSet<_>>(), sent);
    assert_eq!(shelf.order.len(), sent.len(), "each once");
    let verified = crate::service::program::tend("verify", &folder.path().join("data/retrace.db"), &[], None);
    assert_eq!(verified.code, 0, "{verified:?}");
}
