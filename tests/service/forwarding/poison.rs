//! A statement that breaks the store that it is sent to, and a secret that changes while the service runs.

use super::hostile::{deal, has, thirty};
use super::other::{answer, other};
use super::{come, forwarding, line, page, settle};
use crate::service::fixture::{batch, completed};
use crate::service::house::{Base, Service};
use checkpoint::forward::{Next, Standing, file};
use std::fs::{Permissions, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Lets it try so many times, with all the time that it wants in between.
fn tries(service: &Service, times: usize) -> Vec<Next> {
    let one = |_| {
        let next = settle(service, "other");
        service.pass_ms(3_600_000 * 6 / 5);
        next
    };
    (0..times).map(one).collect()
}

fn waits(next: &Next) -> bool {
    matches!(next, Next::Wait(_))
}

#[test]
fn a_statement_that_breaks_its_store_is_held_after_five_tries_and_the_rest_goes_on() {
    Base::ALL.into_iter().for_each(broken_by);
}

fn broken_by(base: Base) {
    let list = Arc::new(Mutex::new(Vec::<Uuid>::new()));
    let bad = Arc::clone(&list);
    let (at, shelf) = other(move |shelf, asked| {
        if has(asked, &bad.lock().expect("a list")) {
            return answer(500, &[], "stack overflow");
        }
        shelf.behave(asked)
    });
    let (service, ids) = thirty(base, at);
    // Two in a row, and one by itself.
    *list.lock().expect("a list") = vec![ids[7], ids[8], ids[20]];
    let first = tries(&service, 5);
    assert!(first.iter().all(waits), "{first:?}");
    assert_eq!((come(&service, "other").sent, come(&service, "other").held), (0, 0), "nothing is held for that");
    // Singly it finds that the first seven go well, and the two after them do not.
    let then = tries(&service, 20);
    assert_eq!(then.last(), Some(&Next::Rest), "{then:?}");
    assert_eq!((come(&service, "other").sent, come(&service, "other").held), (27, 3));
    let kept = shelf.lock().expect("a shelf").kept.len();
    assert_eq!(kept, 27, "each once");
    let shown = page(&service);
    assert!(shown.contains("this one breaks the store (500), which takes others") && shown.contains("stack overflow"));
    // Tried again while they still break it, they stay held and keep nobody waiting.
    assert_eq!(deal(&service, &[("what", "again")]), 303);
    service.learner(1).post("/v1/events", &batch(&[completed("well")]));
    let again = tries(&service, 20);
    assert_eq!(again.last(), Some(&Next::Rest), "{again:?}");
    assert_eq!((come(&service, "other").sent, come(&service, "other").held), (28, 3));
    list.lock().expect("a list").clear();
    assert_eq!(deal(&service, &[("what", "again")]), 303);
    assert_eq!(settle(&service, "other"), Next::Rest);
    assert_eq!((come(&service, "other").sent, come(&service, "other").held), (31, 0));
}

#[test]
fn a_store_that_is_down_for_all_holds_nothing_however_long() {
    let down = Arc::new(Mutex::new(true));
    let is_down = Arc::clone(&down);
    let (at, shelf) =
        other(
            move |shelf, asked| {
                if *is_down.lock().expect("a state") { answer(502, &[], "no upstream") } else { shelf.behave(asked) }
            },
        );
    let (service, ids) = thirty(Base::File, at);
    let all = tries(&service, 25);
    assert!(all.iter().all(waits), "{all:?}");
    assert_eq!((come(&service, "other").seq, come(&service, "other").held), (0, 0));
    *down.lock().expect("a state") = false;
    assert_eq!(settle(&service, "other"), Next::Rest);
    assert_eq!(come(&service, "other").held, 0);
    assert_eq!(shelf.lock().expect("a shelf").order, ids, "all of them, in order");
}

#[test]
fn a_statement_that_breaks_a_store_which_was_down_before_is_found_as_well() {
    let (down, list) = (Arc::new(Mutex::new(true)), Arc::new(Mutex::new(Vec::<Uuid>::new())));
    let (is_down, bad) = (Arc::clone(&down), Arc::clone(&list));
    let (at, _) = other(move |shelf, asked| {
        if *is_down.lock().expect("a state") || has(asked, &bad.lock().expect("a list")) {
            return answer(500, &[], "no");
        }
        shelf.behave(asked)
    });
    let (service, ids) = thirty(Base::File, at);
    list.lock().expect("a list").push(ids[0]);
    assert!(tries(&service, 12).iter().all(waits));
    *down.lock().expect("a state") = false;
    assert_eq!(settle(&service, "other"), Next::Rest);
    assert_eq!((come(&service, "other").sent, come(&service, "other").held), (29, 1));
}

#[test]
fn what_goes_well_once_the_store_works_is_not_held() {
    let asked_so_far = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked_so_far);
    let (at, shelf) = other(move |shelf, asked| {
        let mut count = count.lock().expect("a count");
        *count += 1;
        // Down for five tries of all, and for the first of those that are sent singly.
        if *count <= 6 { answer(503, &[], "starting") } else { shelf.behave(asked) }
    });
    let (service, ids) = thirty(Base::File, at);
    let all = tries(&service, 6);
    assert_eq!((all.iter().filter(|next| waits(next)).count(), all.last()), (5, Some(&Next::Rest)), "{all:?}");
    assert_eq!((come(&service, "other").sent, come(&service, "other").held), (30, 0));
    let mut kept = shelf.lock().expect("a shelf").order.clone();
    kept.sort_unstable();
    let mut ids = ids;
    ids.sort_unstable();
    assert_eq!(kept, ids);
}

#[test]
fn a_new_secret_in_its_file_is_taken_without_a_restart() {
    let (at, shelf) = other(|shelf, asked| {
        // key:renewed
        if asked.head.contains("authorization: basic a2v5onjlbmv3zwq=") {
            return shelf.behave(asked);
        }
        answer(401, &[], "who are you")
    });
    let folder = tempfile::tempdir().expect("a folder");
    let secret = folder.path().join("other.secret");
    let says = |text: &str, mode: u32| {
        write(&secret, text).expect("written");
        set_permissions(&secret, Permissions::from_mode(mode)).expect("set");
    };
    says("old\n", 0o600);
    let text = format!(
        "[[store]]\nname = \"other\"\nendpoint = \"http://{at}/xapi\"\nkey = \"key\"\nsecret_file = \"other.secret\"\n"
    );
    let list = folder.path().join("forward.toml");
    write(&list, text).expect("written");
    let service = forwarding(Base::File, file::read(&list, &|_| None).expect("it is right"));
    service.learner(1).post("/v1/events", &batch(&[completed("gate")]));
    assert_eq!(settle(&service, "other"), Next::Stopped);
    assert!(page(&service).contains("it goes on by itself"));
    // What others could read, or is no secret, is not taken; nor is a file that is gone.
    for (text, mode) in [("renewed", 0o644), ("", 0o600), ("two\nlines", 0o600)] {
        says(text, mode);
        assert_eq!(settle(&service, "other"), Next::Stopped, "{text}");
    }
    std::fs::remove_file(&secret).expect("removed");
    assert_eq!(settle(&service, "other"), Next::Stopped);
    says("renewed\n", 0o600);
    assert_eq!(settle(&service, "other"), Next::Rest);
    assert!(matches!(line(&service, "other").state().standing, Standing::Running));
    assert_eq!((come(&service, "other").sent, shelf.lock().expect("a shelf").order.len()), (1, 1));
    assert!(!format!("{:?}", line(&service, "other").target()).contains("renewed"), "no form tells the secret");
}
