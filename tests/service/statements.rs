//! What every store must do for a learning record store, asked of each there is by `store.rs`.

use checkpoint::store::statements::{
    Added, Attachment, Document, NewStatement, Scope, Shelf, Sought, SoughtEntries, SystemCredential,
};
use checkpoint::store::{Act, NewAudit, Store, Unit};
use checkpoint::xapi::marks::{Mark, What, key};
use serde_json::{Value, json};
use uuid::Uuid;

/// A statement of an agent about an activity.
pub fn statement(id: Uuid, agent: &str, activity: &str) -> Value {
    json!({
        "id": id, "actor": { "account": { "homePage": "https://school.example", "name": agent } },
        "verb": { "id": "https://v.example/did" },
        "object": { "id": activity, "definition": { "name": { "en": activity } } },
    })
}

fn new(body: Value, stored_ms: i64) -> NewStatement {
    let id = body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    NewStatement { id, stored_ms, body }
}

fn audit(unit: Uuid, act: Act) -> NewAudit {
    NewAudit { at_ms: 7, who: Uuid::nil(), unit, act, about: None, detail: String::new() }
}

async fn units(store: &impl Store) -> [Uuid; 3] {
    let [above, unit, beside] = [(); 3].map(|()| Uuid::now_v7());
    for (id, parent) in [(above, None), (unit, Some(above)), (beside, None)] {
        let made = Unit { id, name: format!("unit {id}"), parent };
        assert!(store.add_unit_below(made, audit(id, Act::UnitMade)).await.expect("a unit"));
    }
    [above, unit, beside]
}

async fn ids(store: &impl Store, unit: Uuid, sought: Sought) -> Vec<Uuid> {
    let found = store.statements(unit, Sought { most: 99, ..sought }).await.expect("read");
    found.iter().map(|statement| statement.id).collect()
}

fn by_agent(name: &str) -> Mark {
    let agent = json!({ "account": { "homePage": "https://school.example", "name": name } });
    Mark::of_agent(What::Agent, &agent).expect("identified")
}

/// The suite.
pub async fn keeps_what_a_learning_record_store_must(store: &impl Store) {
    statements_are_kept_once_and_all_or_none(store).await;
    statements_are_found_by_what_they_say_and_refer_to(store).await;
    documents_change_only_from_what_was_seen(store).await;
    credentials_end(store).await;
    entries_are_read_in_the_order_of_receiving(store).await;
}

async fn statements_are_kept_once_and_all_or_none(store: &impl Store) {
    let [above, unit, beside] = units(store).await;
    let [one, two, three] = [(); 3].map(|()| Uuid::now_v7());
    let said = |id, agent: &str| new(statement(id, agent, "https://a.example/1"), 10);
    let file = Attachment { sha2: "ab".repeat(32), content_type: "text/plain".to_owned(), content: b"\0\xff".to_vec() };
    let first = store.add_statements(unit, vec![said(one, "1"), said(two, "2")], vec![file.clone()]).await;
    assert_eq!(first.expect("kept"), Added::All);
    assert_eq!(store.add_statements(unit, vec![said(one, "1")], vec![]).await.expect("kept"), Added::All, "the same");
    let mixed = store.add_statements(unit, vec![said(three, "3"), said(one, "4")], vec![]).await;
    assert_eq!(mixed.expect("answered"), Added::Conflict(one));
    assert!(store.statement(unit, three).await.expect("read").is_none(), "none of them");
    assert_eq!(store.statement(unit, one).await.expect("read").expect("there").body, said(one, "1").body, "the first");
    assert_eq!(store.add_statements(beside, vec![said(one, "5")], vec![]).await.expect("kept"), Added::All);
    assert_eq!(store.statement(above, one).await.expect("read").expect("seen from above").unit, unit);
    assert!(store.statement(beside, two).await.expect("read").is_none());
    assert_eq!(
        (ids(store, above, Sought::default()).await.len(), ids(store, beside, Sought::default()).await),
        (2, vec![one])
    );
    let named = vec![(unit, file.sha2.clone()), (beside, file.sha2.clone()), (unit, "cd".repeat(32))];
    assert_eq!(store.attachments(named).await.expect("read"), [file]);
    let known = store.definitions(unit, vec![key("https://a.example/1"), key("https://a.example/2")]).await;
    assert_eq!(
        known.expect("read").into_values().collect::<Vec<_>>(),
        [json!({ "name": { "en": "https://a.example/1" } })]
    );
}

async fn statements_are_found_by_what_they_say_and_refer_to(store: &impl Store) {
    let [_, unit, _] = units(store).await;
    let [early, late, about, voiding, void] = [(); 5].map(|()| Uuid::now_v7());
    let referring = |id, to: Uuid, verb: &str| {
        let mut said = statement(id, "9", "https://unused.example");
        said["object"] = json!({ "objectType": "StatementRef", "id": to });
        said["verb"] = json!({ "id": verb });
        new(said, 30)
    };
    // What refers comes before what it refers to.
    let batch = vec![
        referring(about, late, "https://v.example/liked"),
        new(statement(early, "1", "https://a.example/1"), 10),
        new(statement(late, "2", "https://a.example/1"), 20),
        referring(voiding, void, checkpoint::xapi::VOIDED),
        new(statement(void, "2", "https://a.example/2"), 40),
    ];
    assert_eq!(store.add_statements(unit, batch, vec![]).await.expect("kept"), Added::All);
    assert!(store.statement(unit, void).await.expect("read").expect("there").is_voided, "taken back before it came");
    let marked = |marks: &[Mark]| Sought { marks: marks.to_vec(), ..Sought::default() };
    let activity = Mark::of(What::Activity, "https://a.example/1");
    assert_eq!(ids(store, unit, marked(&[activity])).await, [about, late, early], "what refers is found with it");
    assert_eq!(ids(store, unit, marked(&[by_agent("2")])).await, [voiding, about, late], "what was taken back is not");
    assert_eq!(ids(store, unit, marked(&[by_agent("9"), activity])).await, Vec::<Uuid>::new(), "both on one statement");
    assert_eq!(ids(store, unit, marked(&[by_agent("2"), activity])).await, [about, late]);
    let all = ids(store, unit, Sought { ascending: true, ..Sought::default() }).await;
    assert_eq!(all, [early, late, about, voiding], "the oldest first, then in the order of writing");
    let between = Sought { since_ms: Some(10), until_ms: Some(20), ..Sought::default() };
    assert_eq!(ids(store, unit, between).await, [late]);
    let place = store.statement(unit, about).await.expect("read").expect("there").place;
    for (ascending, rest) in [(true, vec![voiding]), (false, vec![late, early])] {
        let past = Sought { past: Some((30, place)), ascending, ..Sought::default() };
        assert_eq!(ids(store, unit, past).await, rest);
    }
    // A chain that closes in a ring, and one that takes back what takes back.
    let [ring, back] = [(); 2].map(|()| Uuid::now_v7());
    let closing =
        vec![referring(ring, ring, "https://v.example/liked"), referring(back, voiding, checkpoint::xapi::VOIDED)];
    assert_eq!(store.add_statements(unit, closing, vec![]).await.expect("kept"), Added::All);
    assert!(!store.statement(unit, voiding).await.expect("read").expect("there").is_voided);
}

async fn documents_change_only_from_what_was_seen(store: &impl Store) {
    let [_, unit, beside] = units(store).await;
    let shelf = |registration| Shelf {
        kind: 1,
        activity: key("https://a.example"),
        agent: key("agent"),
        registration,
        named: "{}".to_owned(),
    };
    let (plain, walk) = (shelf(Uuid::nil()), shelf(Uuid::from_u128(7)));
    let document = |content: &[u8], changed_ms| Document {
        content_type: "text/plain".to_owned(),
        content: content.to_vec(),
        changed_ms,
    };
    let (first, second) = (document(b"\0first", 1), document(b"second", 2));
    let name = "页\0'".to_owned();
    let change = async |shelf: &Shelf, seen: Option<&Document>, new: Option<&Document>| {
        let changed = store.change_document(unit, shelf.clone(), name.clone(), seen.cloned(), new.cloned()).await;
        changed.expect("answered")
    };
    assert!(change(&plain, None, Some(&first)).await);
    assert!(!change(&plain, None, Some(&second)).await, "something else is there");
    assert!(change(&walk, None, Some(&first)).await, "another registration is another document");
    assert!(change(&plain, Some(&first), Some(&second)).await && !change(&plain, Some(&first), None).await);
    let read = async |unit, shelf: &Shelf| store.document(unit, shelf.clone(), name.clone()).await.expect("read");
    assert_eq!((read(unit, &plain).await, read(beside, &plain).await), (Some(second), None));
    let names = async |shelf: &Shelf, since| store.documents(unit, shelf.clone(), since).await.expect("read");
    assert_eq!((names(&plain, None).await, names(&walk, Some(1)).await), (vec![name.clone()], vec![]));
    store.clear_documents(unit, walk.clone()).await.expect("cleared");
    assert_eq!((read(unit, &walk).await, names(&plain, Some(1)).await.len()), (None, 1));
    store.clear_documents(unit, plain.clone()).await.expect("cleared");
    assert_eq!(read(unit, &plain).await, None);
}

async fn credentials_end(store: &impl Store) {
    let [above, unit, beside] = units(store).await;
    let credential = SystemCredential {
        key: Uuid::now_v7().simple().to_string(),
        unit,
        name: "学习系统".to_owned(),
        scope: Scope::Read,
        secret_hash: [7; 32],
        made_ms: 5,
        ended_ms: None,
    };
    let made = async || {
        store.add_system_credential(credential.clone(), audit(unit, Act::SystemCredentialMade)).await.expect("made")
    };
    assert!(made().await && !made().await, "a key is one credential");
    assert_eq!(store.system_credential(credential.key.clone()).await.expect("read").as_ref(), Some(&credential));
    assert!(store.system_credential("\0' OR 1=1".to_owned()).await.expect("read").is_none());
    let seen = async |unit| store.system_credentials_of(unit).await.expect("read").len();
    assert_eq!((seen(above).await, seen(unit).await, seen(beside).await), (1, 1, 0));
    let end = async || {
        store
            .end_system_credential(credential.key.clone(), 9, audit(unit, Act::SystemCredentialEnded))
            .await
            .expect("ended")
    };
    assert!(end().await && !end().await);
    assert_eq!(
        store.system_credential(credential.key.clone()).await.expect("read").and_then(|ended| ended.ended_ms),
        Some(9)
    );
    let acts: Vec<Act> =
        store.audits(unit, None, i64::MAX, 9).await.expect("read").iter().map(|audit| audit.said.act).collect();
    assert_eq!(acts[..2], [Act::SystemCredentialEnded, Act::SystemCredentialMade], "each once");
}

async fn entries_are_read_in_the_order_of_receiving(store: &impl Store) {
    let [above, unit, beside] = units(store).await;
    let people = [61, 62].map(|key| super::store::learner(Uuid::now_v7(), unit, key));
    for person in &people {
        assert!(store.add_person(person.clone()).await.expect("made"));
    }
    let said = [(0, 30), (1, 10), (0, 20), (1, 20)].map(|(who, received_at_ms)| {
        let entry = super::store::answer_of(people[who].id, "{}");
        checkpoint::store::NewEntry { received_at_ms, ..entry }
    });
    store.append(said.to_vec()).await.expect("appended");
    let order = async |unit, sought: SoughtEntries| {
        let found = store.entries(unit, SoughtEntries { most: sought.most.max(9), ..sought }).await.expect("read");
        let at = |id| said.iter().position(|entry| entry.id == id).expect("one of them");
        found.iter().map(|entry| (at(entry.said.id), entry.seq)).collect::<Vec<_>>()
    };
    let places = async |unit, sought| order(unit, sought).await.iter().map(|each| each.0).collect::<Vec<_>>();
    let all = SoughtEntries::default;
    assert_eq!((places(unit, all()).await, places(beside, all()).await), (vec![0, 3, 2, 1], vec![]));
    assert_eq!(places(above, SoughtEntries { ascending: true, ..all() }).await, [1, 2, 3, 0]);
    assert_eq!(places(unit, SoughtEntries { person: Some(people[0].id), ..all() }).await, [0, 2]);
    let nowhere = heritage::SiteId::new("vale").ok();
    assert_eq!(places(unit, SoughtEntries { site: nowhere, ..all() }).await, Vec::<usize>::new());
    let between = SoughtEntries { since_ms: Some(10), until_ms: Some(20), ..all() };
    assert_eq!(places(unit, between).await, [3, 2]);
    let seq = order(unit, all()).await[1].1;
    assert_eq!(places(unit, SoughtEntries { past: Some((20, seq)), ..all() }).await, [2, 1]);
    assert_eq!(places(unit, SoughtEntries { past: Some((20, seq)), ascending: true, ..all() }).await, [0]);
    assert!(store.entry(above, said[0].id).await.expect("read").is_some());
    assert!(store.entry(beside, said[0].id).await.expect("read").is_none());
    let taken = new(statement(said[0].id, "1", "https://a.example"), 1);
    assert_eq!(store.add_statements(unit, vec![taken], vec![]).await.expect("answered"), Added::Conflict(said[0].id));
}
