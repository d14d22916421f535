//! What every store must do, asked of each there is.

use super::server::Server;
use checkpoint::history::{Bound, Tile, tree};
use checkpoint::store::postgres::{Address, Postgres};
use checkpoint::store::sqlite::Sqlite;
use checkpoint::store::{Act, Appended, Kind, LogEnd, NewAudit, NewCode, NewEntry, NewPerson, Store, Unit};
use heritage::{RouteId, SiteId};
use protocol::api::Role;
use std::path::Path;
use uuid::Uuid;

pub fn hill() -> SiteId {
    SiteId::new("hill").expect("a name")
}

pub fn entry(id: Uuid, by: Uuid, body: &str) -> NewEntry {
    NewEntry {
        id,
        kind: Kind::Completed,
        subject: by,
        author: by,
        site: Some(hill()),
        route: RouteId::new("path").ok(),
        station: None,
        device: None,
        captured_at_ms: i64::MIN,
        received_at_ms: i64::MAX,
        body: body.to_owned(),
    }
}

/// An answer at the fixture's site, as a device of that person would have sent it.
pub fn answer_of(person: Uuid, event: &str) -> NewEntry {
    NewEntry { kind: Kind::Answered, captured_at_ms: 0, received_at_ms: 0, ..entry(Uuid::now_v7(), person, event) }
}

fn person(unit: Uuid, key: u8, pin_hash: Option<&str>) -> NewPerson {
    NewPerson {
        id: Uuid::now_v7(),
        unit,
        role: Role::Learner,
        name: "李\0'; DROP TABLE event; --".to_owned(),
        cohort: String::new(),
        code_key: [key; 32],
        code_ends_ms: 5,
        pin_hash: pin_hash.map(str::to_owned),
    }
}

/// A learner with this id, whose code nobody else has.
pub fn learner(id: Uuid, unit: Uuid, key: u8) -> NewPerson {
    NewPerson { id, ..person(unit, key, None) }
}

/// The suite. `open` opens the same store again each time.
async fn conforms<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let unit = Uuid::now_v7();
    store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
    store.add_unit(unit, "renamed".to_owned()).await.expect("again");
    let (one, two) = (person(unit, 1, None), person(unit, 2, Some("hash")));
    assert!(store.add_person(one.clone()).await.expect("made"));
    assert!(store.add_person(two.clone()).await.expect("made"));
    assert!(!store.add_person(one.clone()).await.expect("an id is one person"));
    assert!(!store.add_person(person(unit, 1, None)).await.expect("a code is one person"));
    let kept = store.person_by_code([1; 32]).await.expect("read").expect("there");
    assert_eq!((kept.id, kept.name, kept.unit_name.as_str()), (one.id, one.name.clone(), "unit"));
    log_holds_each_id_once(&store, one.id, two.id).await;
    decisions_need_what_was_seen(&store, two.id).await;
    super::credentials::taken_back_confirmations_are_told(&store, two.id).await;
    pins_and_codes(&store, one.id).await;
    a_new_pin_ends_sessions_and_is_written_down(&store, unit, one.id, two.id).await;
    narrow_reads_give_what_they_name(&store).await;
    the_tree_grows_with_the_log_and_with_nothing_else(&store, one.id).await;
    units_lie_below_units(&store).await;
    people_come_all_or_none(&store).await;
    sessions_end(&store, two.id).await;
    super::pairing::kept::kiosks_are_paired_with_one_learner_at_a_time(&store, unit, one.id, two.id).await;
    super::claiming::kept::a_visit_is_claimed_once(&store, unit, one.id, two.id).await;
    super::passkeys::passkeys_are_ones_own_until_a_new_code(&store, unit, one.id, two.id).await;
    super::accounts::accounts_are_one_persons_until_a_new_code(&store, unit, one.id, two.id).await;
    super::waiting::each_step_is_taken_once_and_in_time(&store, one.id, two.id).await;
    super::vouching::no_more_are_written_than_may_be(&store).await;
    super::showings::what_was_shown_is_found_beyond_a_unit(&store).await;
    the_first_link_is_used_once(&store).await;
    super::sign_in::waits_last_no_longer_when_the_clock_is_set_back(&store).await;
    super::statements::keeps_what_a_learning_record_store_must(&store).await;
    super::forwarding::kept::keeps_how_far_forwarding_has_come(&store).await;
    store.ready().await.expect("ready");
    let (before, head) = (store.log_of(two.id).await.expect("read"), store.head().await.expect("read"));
    drop(store);
    let again = open().await;
    assert_eq!(again.log_of(two.id).await.expect("read"), before, "what was answered is there after a restart");
    assert_eq!(again.head().await.expect("read"), head);
}

async fn log_holds_each_id_once(store: &impl Store, one: Uuid, two: Uuid) {
    let (a, b) = (Uuid::now_v7(), Uuid::now_v7());
    let first =
        store.append(vec![entry(a, one, "a"), entry(b, one, "b"), entry(a, one, "a"), entry(a, one, "c")]).await;
    let first = first.expect("appended");
    let (Appended::Stored(seq_a), Appended::Stored(seq_b)) = (first[0], first[1]) else { panic!("{first:?}") };
    assert!(seq_a < seq_b);
    assert_eq!(first[2..], [Appended::Duplicate(seq_a), Appended::Conflict]);
    let foreign = store.append(vec![entry(a, two, "a")]).await.expect("appended");
    assert_eq!(foreign, [Appended::Conflict], "another's id is no duplicate");
    let log = store.log_of(one).await.expect("read");
    assert_eq!(log.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [seq_a, seq_b]);
    assert_eq!(log[0].said, entry(a, one, "a"));
    assert!(store.log_of(two).await.expect("read").is_empty());
    // What a later version writes out by default makes no other content; a different number does.
    let told = |jumps: &str| {
        let mut event = super::fixture::completed("gate");
        event["id"] = serde_json::json!(b);
        event["device"] = serde_json::json!(a);
        let proof = format!(
            "{{\"method\":\"fix\",\"accuracy_m\":8.0,\"dwell_secs\":9.0,\"fixes\":3,\"ignored\":0{jumps},\"datum\":\"wgs84\"}}"
        );
        event["kind"]["proof"] = serde_json::from_str(&proof).expect("a proof");
        event.to_string()
    };
    let id = Uuid::now_v7();
    let versions = [told(""), told(",\"jumps\":0"), told(",\"jumps\":1")].map(|body| entry(id, two, &body));
    let became = store.append(versions.to_vec()).await.expect("appended");
    assert!(
        matches!(became[..], [Appended::Stored(first), Appended::Duplicate(again), Appended::Conflict] if first == again)
    );
    // An entry of nobody fails alone and takes nothing with it.
    let nobody = store.append(vec![entry(Uuid::now_v7(), one, "d"), entry(Uuid::now_v7(), Uuid::now_v7(), "e")]).await;
    assert!(nobody.is_err());
    assert_eq!(store.log_of(one).await.expect("read").len(), 2, "all or nothing of one request");
}

async fn decisions_need_what_was_seen(store: &impl Store, two: Uuid) {
    let appended = store.append(vec![entry(Uuid::now_v7(), two, "a")]).await.expect("appended");
    let Appended::Stored(seen) = appended[0] else { panic!("{appended:?}") };
    let decision = NewEntry { kind: Kind::Confirmed, ..entry(Uuid::now_v7(), two, "{}") };
    assert_eq!(store.append_if_unchanged(decision.clone(), seen - 1).await.expect("answered"), None);
    let Ok(Some(Appended::Stored(seq))) = store.append_if_unchanged(decision.clone(), seen).await else {
        panic!("stored")
    };
    assert_eq!(store.append_if_unchanged(decision, seen).await.expect("answered"), Some(Appended::Duplicate(seq)));
    let second = NewEntry { kind: Kind::Confirmed, ..entry(Uuid::now_v7(), two, "{}") };
    assert_eq!(store.append_if_unchanged(second, seen).await.expect("answered"), None, "one decision on one sight");
}

async fn pins_and_codes(store: &impl Store, one: Uuid) {
    assert!(store.set_first_pin(one, "first".to_owned()).await.expect("set"));
    assert!(!store.set_first_pin(one, "second".to_owned()).await.expect("not set"));
    store.open_session([3; 32], one, 0, 10).await.expect("opened");
    let code = NewCode { key: [9; 32], ends_ms: 7 };
    assert!(!store.renew_code(Uuid::now_v7(), code, None).await.expect("nobody has nothing to renew"));
    assert!(store.renew_code(one, code, None).await.expect("renewed"));
    assert!(store.person_by_code([1; 32]).await.expect("read").is_none());
    let renewed = store.person_by_code([9; 32]).await.expect("read").expect("there");
    assert_eq!((renewed.id, renewed.pin_hash, renewed.code_ends_ms), (one, None, 7));
    assert!(store.session([3; 32], 1).await.expect("read").is_none());
    for failures in 1..=5 {
        let counted = store.begin_attempt([9; 32], 0).await.expect("counted").expect("looked at");
        assert_eq!((counted.failures, counted.locked_until_ms > 0), (failures, failures == 5));
    }
    assert_eq!(store.begin_attempt([9; 32], 1).await.expect("answered"), None, "it must wait");
    assert_eq!(store.guard([9; 32]).await.expect("read").failures, 5, "what was not looked at is not counted");
    store.begin_attempt([8; 32], 2 * 86_400_000).await.expect("counted");
    assert_eq!(store.guard([9; 32]).await.expect("read").failures, 0, "a day old is forgotten");
    store.clear_failures([8; 32]).await.expect("cleared");
    assert_eq!(store.guard([8; 32]).await.expect("read").failures, 0);
}

async fn a_new_pin_ends_sessions_and_is_written_down(store: &impl Store, unit: Uuid, one: Uuid, two: Uuid) {
    let deed = |id, subject| NewEntry {
        kind: Kind::PinRenewed,
        subject,
        author: two,
        site: None,
        route: None,
        ..entry(id, subject, "{}")
    };
    let unset = store.renew_pin(one, "new".to_owned(), deed(Uuid::now_v7(), one)).await.expect("answered");
    assert!(!unset, "a PIN that was never set is not replaced");
    assert!(store.deeds_of_unit(unit, 9).await.expect("read").is_empty(), "what did not happen is not written down");
    store.set_first_pin(one, "first".to_owned()).await.expect("set");
    store.open_session([3; 32], one, 0, 10).await.expect("opened");
    store.begin_attempt([9; 32], 0).await.expect("counted");
    let first = deed(Uuid::now_v7(), one);
    assert!(store.renew_pin(one, "new".to_owned(), first.clone()).await.expect("renewed"));
    assert!(!store.renew_pin(one, "newer".to_owned(), first.clone()).await.expect("once by one form"));
    assert_eq!(store.person(one).await.expect("read").and_then(|person| person.pin_hash).as_deref(), Some("new"));
    assert!(store.session([3; 32], 1).await.expect("read").is_none());
    assert_eq!(store.guard([9; 32]).await.expect("read").failures, 0);
    let second = deed(Uuid::now_v7(), two);
    assert!(store.renew_pin(two, "new".to_owned(), second.clone()).await.expect("renewed"));
    let deeds = store.deeds_of_unit(unit, 9).await.expect("read");
    assert_eq!(deeds.iter().map(|deed| &deed.said).collect::<Vec<_>>(), [&second, &first], "newest first");
    assert_eq!(store.deeds_of_unit(unit, 1).await.expect("read").len(), 1);
    assert!(store.deeds_of_unit(Uuid::now_v7(), 9).await.expect("read").is_empty());
}

async fn narrow_reads_give_what_they_name(store: &impl Store) {
    let (unit, elsewhere, vale) = (Uuid::now_v7(), Uuid::now_v7(), SiteId::new("vale").expect("a name"));
    for unit in [unit, elsewhere] {
        store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
    }
    let people = [person(unit, 31, None), person(unit, 32, None), person(elsewhere, 33, None)];
    for person in &people {
        assert!(store.add_person(person.clone()).await.expect("made"));
    }
    let [one, two, far] = people.map(|person| person.id);
    let ids = |people: Vec<checkpoint::store::Person>| people.iter().map(|person| person.id).collect::<Vec<_>>();
    assert_eq!(ids(store.people_of(unit).await.expect("read")), [one, two], "of one unit alone");
    assert!(store.person(Uuid::now_v7()).await.expect("read").is_none());
    let device = Some(Uuid::now_v7());
    let at =
        |by, site: &SiteId, device| NewEntry { site: Some(site.clone()), device, ..entry(Uuid::now_v7(), by, "{}") };
    let about = NewEntry { site: None, kind: Kind::CodeRenewed, ..entry(Uuid::now_v7(), one, "{}") };
    let said = vec![
        at(one, &hill(), device),
        at(one, &vale, None),
        at(two, &hill(), device),
        at(far, &hill(), device),
        about,
        at(one, &hill(), None),
    ];
    let appended = store.append(said.clone()).await.expect("appended");
    let seqs: Vec<i64> = appended
        .iter()
        .map(|became| match became {
            Appended::Stored(seq) => *seq,
            other => panic!("{other:?}"),
        })
        .collect();
    let log = store.log_at(one, hill()).await.expect("read");
    assert_eq!(log.iter().map(|entry| &entry.said).collect::<Vec<_>>(), [&said[0], &said[4], &said[5]]);
    assert_eq!(store.log_at(two, vale.clone()).await.expect("read"), []);
    let mut ends = store.ends_of_unit(unit).await.expect("read");
    ends.sort();
    let mut expected = vec![
        LogEnd { subject: one, site: hill(), seq: seqs[5] },
        LogEnd { subject: one, site: vale, seq: seqs[1] },
        LogEnd { subject: two, site: hill(), seq: seqs[2] },
    ];
    expected.sort();
    assert_eq!(ends, expected);
    let sharing = store.sharing(vec![two, one, far, Uuid::now_v7()]).await.expect("read");
    assert_eq!(sharing, [1, 1, 0, 0], "people of another unit are not counted");
    super::years::what_was_said_is_told_by_kind_and_page(store, [unit, elsewhere], [one, far]).await;
}

async fn the_tree_grows_with_the_log_and_with_nothing_else(store: &impl Store, one: Uuid) {
    let before = store.head().await.expect("read");
    let first = entry(Uuid::now_v7(), one, "first");
    let rival = NewEntry { body: "rival".to_owned(), ..first.clone() };
    store.append(vec![first.clone(), first.clone(), rival]).await.expect("appended");
    let head = store.head().await.expect("read");
    assert_eq!((head.size, head.origin.as_str()), (before.size + 1, before.origin.as_str()));
    assert_ne!(head.root, before.root);
    let proven = store.proof(first.id).await.expect("read").expect("there");
    assert_eq!((&proven.entry.said, proven.place, &proven.head), (&first, before.size, &head));
    let leaf = tree::leaf(&proven.salt, &Bound::of(proven.entry.seq, &first).bytes());
    let tile = |width| Tile { level: 0, index: 0, width };
    let width = u16::try_from(head.size).expect("a small log");
    let hashes = store.tile(tile(width)).await.expect("read").expect("there");
    assert!(hashes.ends_with(&leaf) && hashes.len() == usize::from(width) * 32);
    let mut grown = tree::Growing::default();
    for hash in hashes.chunks(32) {
        grown.push(hash.try_into().expect("32 bytes each"));
    }
    assert_eq!(grown.root(), head.root);
    assert!(store.tile(tile(width + 1)).await.expect("read").is_none());
    assert!(store.proof(Uuid::now_v7()).await.expect("read").is_none());
    assert!(store.subjects().await.expect("read").contains(&one));
}

pub fn audit(unit: Uuid, act: Act, about: Option<Uuid>) -> NewAudit {
    NewAudit { at_ms: 7, who: Uuid::nil(), unit, act, about, detail: "said".to_owned() }
}

async fn units_lie_below_units(store: &impl Store) {
    let [top, middle, low, beside] = [(); 4].map(|()| Uuid::now_v7());
    for unit in [top, beside] {
        store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
    }
    for (id, above) in [(middle, top), (low, middle)] {
        let unit = Unit { id, name: format!("unit {id}"), parent: Some(above) };
        let made = audit(above, Act::UnitMade, None);
        assert!(store.add_unit_below(unit.clone(), made.clone()).await.expect("a unit"));
        assert!(!store.add_unit_below(unit, made).await.expect("an id is one unit"));
    }
    let ids = async |unit| store.units_below(unit).await.expect("read").iter().map(|unit| unit.id).collect::<Vec<_>>();
    assert_eq!((ids(top).await[0], ids(top).await.len()), (top, 3));
    assert_eq!((ids(middle).await, ids(low).await, ids(beside).await), (vec![middle, low], vec![low], vec![beside]));
    assert!(store.units_below(Uuid::now_v7()).await.expect("read").is_empty());
    let deep = person(low, 41, None);
    assert!(store.add_person(deep.clone()).await.expect("made"));
    store.append(vec![entry(Uuid::now_v7(), deep.id, "{}")]).await.expect("appended");
    for (unit, sees) in [(top, 1), (middle, 1), (low, 1), (beside, 0)] {
        assert_eq!(store.people_of(unit).await.expect("read").len(), sees);
        assert_eq!(store.ends_of_unit(unit).await.expect("read").len(), sees);
    }
    let opened = audit(low, Act::WalkOpened, Some(deep.id));
    store.audit(opened.clone()).await.expect("kept");
    store.audit(audit(middle, Act::PeopleListed, None)).await.expect("kept");
    let confirmed = NewEntry { kind: Kind::Confirmed, received_at_ms: 9, ..entry(Uuid::now_v7(), deep.id, "{}") };
    for _ in 0..2 {
        store.append(vec![confirmed.clone()]).await.expect("what the desk writes is an entry once");
    }
    let acts = async |unit, person, before| {
        let read = store.audits(unit, person, before, 9).await.expect("read");
        read.into_iter().map(|audit| (audit.seq, audit.said.act)).collect::<Vec<_>>()
    };
    let all = acts(low, None, i64::MAX).await;
    let (listed, entered) = (Act::PeopleListed, Act::Entry(Kind::Confirmed));
    let made = Act::UnitMade;
    assert_eq!(all.iter().map(|each| each.1).collect::<Vec<_>>(), [entered, listed, Act::WalkOpened, made, made]);
    assert_eq!(acts(low, None, all[1].0).await, all[2..], "what lies before a place");
    assert_eq!(acts(low, Some(deep.id), i64::MAX).await.len(), 2, "by or about one person");
    assert_eq!((acts(top, None, i64::MAX).await.len(), acts(beside, None, i64::MAX).await), (5, Vec::new()));
    let last = store.audits(low, None, all[1].0, 1).await.expect("read").remove(0);
    assert_eq!((last.said, last.who, last.about), (opened, None, Some(deep.name)), "with today's names");
}

async fn people_come_all_or_none(store: &impl Store) {
    let unit = Uuid::now_v7();
    store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
    let people = |keys: &[u8]| keys.iter().map(|key| person(unit, *key, None)).collect::<Vec<_>>();
    let added = || vec![audit(unit, Act::RosterAdded, None)];
    for clashing in [people(&[51, 52, 51]), people(&[51, 41])] {
        assert!(!store.add_people(clashing, added()).await.expect("answered"));
    }
    assert!(store.people_of(unit).await.expect("read").is_empty(), "none of them");
    assert!(store.audits(unit, None, i64::MAX, 9).await.expect("read").is_empty(), "and nothing is said of it");
    assert!(store.add_people(people(&[51, 52]), added()).await.expect("made"));
    assert_eq!(store.people_of(unit).await.expect("read").len(), 2);
    assert_eq!(store.audits(unit, None, i64::MAX, 9).await.expect("read").len(), 1);
}

async fn sessions_end(store: &impl Store, two: Uuid) {
    store.open_session([4; 32], two, 0, 10).await.expect("opened");
    assert_eq!(store.session([4; 32], 9).await.expect("read").map(|person| person.id), Some(two));
    assert!(store.session([4; 32], 10).await.expect("read").is_none());
    assert!(store.session([5; 32], 9).await.expect("read").is_none());
    assert!(store.session([4; 32], -31_536_000_000).await.expect("read").is_none(), "the clock was set back since");
    store.close_session([4; 32]).await.expect("closed");
    store.close_session([4; 32]).await.expect("closing twice is no fault");
    assert!(store.session([4; 32], 9).await.expect("read").is_none());
}

async fn the_first_link_is_used_once(store: &impl Store) {
    let made = |key| (Uuid::now_v7(), NewPerson { role: Role::Admin, ..person(Uuid::nil(), key, None) });
    let with = |key| {
        let (unit, admin) = made(key);
        ((unit, "unit".to_owned()), NewPerson { unit, ..admin })
    };
    store.set_first_link([6; 32], 10).await.expect("set");
    store.set_first_link([7; 32], 10).await.expect("replaced");
    assert!(!store.first_link_is([6; 32], 0).await.expect("read"));
    assert!(!store.first_link_is([7; 32], 10).await.expect("read"));
    assert!(!store.first_link_is([7; 32], -86_400_000).await.expect("read"), "the clock was set back since");
    assert!(!store.has_role(Role::Admin).await.expect("read"));
    let (unit, admin) = with(20);
    let id = admin.id;
    assert!(store.use_first_link([7; 32], 9, unit, admin).await.expect("used"));
    let shut_out = NewCode { key: [22; 32], ends_ms: 0 };
    assert!(store.has_role(Role::Admin).await.expect("read"));
    assert!(store.renew_code(id, shut_out, None).await.expect("renewed"));
    assert!(!store.has_role(Role::Admin).await.expect("read"), "who was shut out holds no office");
    assert!(store.renew_code(id, NewCode { key: [22; 32], ends_ms: 5 }, None).await.expect("renewed"));
    let (unit, admin) = with(21);
    assert!(!store.use_first_link([7; 32], 9, unit, admin).await.expect("not twice"));
    assert!(store.has_role(Role::Admin).await.expect("read"));
    assert!(store.person_by_code([21; 32]).await.expect("read").is_none());
}

#[test]
fn sqlite_does_what_every_store_must() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.db");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(conforms(async || Sqlite::open(&file).expect("it opens")));
}

#[test]
fn postgres_does_what_every_store_must() {
    let address = Address::read(&Server::shared().database()).expect("an address");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(conforms(async || Postgres::open(&address).await.expect("it opens")));
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.db");
    std::fs::write(&file, "no database at all, and longer than a header of a hundred bytes ".repeat(4))
        .expect("written");
    assert!(Sqlite::open(&file).is_err());
    assert!(Sqlite::open(Path::new("/nowhere/store.db")).is_err());
}
