//! A store that fails when told to, so that the service's words for it can be heard.

use checkpoint::history::{Checkpoint, Tile};
use checkpoint::store::forwards::{Deal, Forward, Forwards, Held, LogRun, Refusal, Settled};
use checkpoint::store::pairing::{Decided, NewPairing, Pairing, Polled, Standing};
use checkpoint::store::statements::{
    Added, Attachment, Document, NewStatement, Shelf, Sought, SoughtEntries, Statement, Statements, SystemCredential,
};
use checkpoint::store::{
    Annals, Appended, Audit, Binding, Bindings, Claim, Delivered, Entry, Guard, KeptPasskey, Kiosk, KioskVisit, LogEnd,
    NewAudit, NewCode, NewEntry, NewPerson, NewVisit, Pairings, Passkeys, Person, Proven, Renewal, Showings, ShownKey,
    Store, StoreError, TokenHash, Told, Unit, Visits, VouchLimits, VouchOutcome, Vouchings, Wait, Waiting, Waits,
};
use heritage::SiteId;
use protocol::api::Role;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use uuid::Uuid;

/// What ails a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ailment {
    /// Nothing.
    None,
    /// It refuses all it is asked.
    Refuses,
    /// It has no room for what is written.
    Full,
    /// What is written is kept, and never answered.
    Silent,
}

/// A store with an ailment.
pub struct Ailing {
    store: Arc<dyn Store>,
    ailment: AtomicU8,
}

impl Ailing {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, ailment: AtomicU8::new(0) }
    }

    pub fn ails(&self, ailment: Ailment) {
        self.ailment.store(ailment as u8, Ordering::SeqCst);
    }

    fn is(&self, ailment: Ailment) -> bool {
        self.ailment.load(Ordering::SeqCst) == ailment as u8
    }

    fn reads(&self) -> Result<(), StoreError> {
        if self.is(Ailment::Refuses) { Err(StoreError::Refused("it ails".to_owned())) } else { Ok(()) }
    }

    fn writes(&self) -> Result<(), StoreError> {
        self.reads()?;
        if self.is(Ailment::Full) { Err(StoreError::Full) } else { Ok(()) }
    }

    async fn answers<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if self.is(Ailment::Silent) { std::future::pending().await } else { outcome }
    }
}

macro_rules! ailing {
    ($kept:ident reads { $($read:ident($($ra:ident: $rt:ty),*) -> $ro:ty;)* } writes { $($write:ident($($wa:ident: $wt:ty),*) -> $wo:ty;)* } $($own:item)*) => {
        #[async_trait::async_trait]
        impl $kept for Ailing {
            $(async fn $read(&self, $($ra: $rt),*) -> Result<$ro, StoreError> {
                self.reads()?;
                self.store.$read($($ra),*).await
            })*
            $(async fn $write(&self, $($wa: $wt),*) -> Result<$wo, StoreError> {
                self.writes()?;
                let outcome = self.store.$write($($wa),*).await;
                self.answers(outcome).await
            })*
            $($own)*
        }
    };
}

ailing! {
    Annals
    reads {
        told(wanted: Told) -> Vec<Entry>;
        last_place() -> i64;
        closed_reports() -> Vec<Entry>;
    }
    writes {}
}

ailing! {
    Store
    reads {
        log_of(subject: Uuid) -> Vec<Entry>;
        log_at(subject: Uuid, site: SiteId) -> Vec<Entry>;
        subjects() -> Vec<Uuid>;
        head() -> Checkpoint;
        tile(tile: Tile) -> Option<Vec<u8>>;
        proof(id: Uuid) -> Option<Proven>;
        revoked(first: i64, count: i64) -> Vec<i64>;
        ends_of_unit(unit: Uuid) -> Vec<LogEnd>;
        deeds_of_unit(unit: Uuid, most: u32) -> Vec<Entry>;
        sharing(people: Vec<Uuid>) -> Vec<usize>;
        person(id: Uuid) -> Option<Person>;
        person_by_code(code_key: [u8; 32]) -> Option<Person>;
        units_below(unit: Uuid) -> Vec<Unit>;
        audits(unit: Uuid, person: Option<Uuid>, before: i64, most: u32) -> Vec<Audit>;
        people_of(unit: Uuid) -> Vec<Person>;
        has_role(role: Role) -> bool;
        session(token: TokenHash, now_ms: i64) -> Option<Person>;
        guard(code_key: [u8; 32]) -> Guard;
        first_link_is(token: TokenHash, now_ms: i64) -> bool;
        ready() -> ();
    }
    writes {
        append(entries: Vec<NewEntry>) -> Vec<Appended>;
        append_if_unchanged(entry: NewEntry, seen_seq: i64) -> Option<Appended>;
        add_unit(id: Uuid, name: String) -> ();
        add_unit_below(unit: Unit, audit: NewAudit) -> bool;
        add_people(people: Vec<NewPerson>, audits: Vec<NewAudit>) -> bool;
        audit(audit: NewAudit) -> ();
        add_person(person: NewPerson) -> bool;
        set_first_pin(person: Uuid, pin_hash: String) -> bool;
        renew_code(person: Uuid, code: NewCode, entry: Option<NewEntry>) -> bool;
        renew_codes(renewals: Vec<Renewal>) -> bool;
        renew_pin(person: Uuid, pin_hash: String, entry: NewEntry) -> bool;
        open_session(token: TokenHash, person: Uuid, now_ms: i64, ends_ms: i64) -> ();
        close_session(token: TokenHash) -> ();
        begin_attempt(code_key: [u8; 32], now_ms: i64) -> Option<Guard>;
        clear_failures(code_key: [u8; 32]) -> ();
        set_first_link(token: TokenHash, ends_ms: i64) -> ();
        use_first_link(token: TokenHash, now_ms: i64, unit: (Uuid, String), admin: NewPerson) -> bool;
    }
    fn metrics(&self) -> String {
        self.store.metrics()
    }
}

ailing! {
    Pairings
    reads {
        kiosk(id: Uuid) -> Option<Kiosk>;
        kiosks_of(unit: Uuid) -> Vec<Kiosk>;
    }
    writes {
        add_kiosk(kiosk: Kiosk, audit: NewAudit) -> bool;
        withdraw_kiosk(kiosk: Uuid, audit: NewAudit) -> bool;
        ask_pairing(asked: NewPairing) -> bool;
        look_at_pairing(user_code: [u8; 32], now_ms: i64) -> Option<(Kiosk, Pairing)>;
        decide_pairing(user_code: [u8; 32], kiosk: Uuid, decision: Standing, now_ms: i64) -> Decided;
        poll_pairing(kiosk: Uuid, device_code: TokenHash, token: TokenHash, now_ms: i64) -> Polled;
        kiosk_session(token: TokenHash, now_ms: i64) -> Option<(Person, Kiosk)>;
        end_kiosk_session(token: TokenHash) -> ();
    }
}

ailing! {
    Statements
    reads {
        statement(unit: Uuid, id: Uuid) -> Option<Statement>;
        statements(unit: Uuid, sought: Sought) -> Vec<Statement>;
        attachments(named: Vec<(Uuid, String)>) -> Vec<Attachment>;
        definitions(unit: Uuid, keys: Vec<Uuid>) -> BTreeMap<Uuid, Value>;
        document(unit: Uuid, on: Shelf, name: String) -> Option<Document>;
        documents(unit: Uuid, on: Shelf, since_ms: Option<i64>) -> Vec<String>;
        system_credential(key: String) -> Option<SystemCredential>;
        system_credentials_of(unit: Uuid) -> Vec<SystemCredential>;
        entries(unit: Uuid, sought: SoughtEntries) -> Vec<Entry>;
        entry(unit: Uuid, id: Uuid) -> Option<Entry>;
    }
    writes {
        add_statements(unit: Uuid, new: Vec<NewStatement>, attachments: Vec<Attachment>) -> Added;
        change_document(unit: Uuid, on: Shelf, name: String, seen: Option<Document>, new: Option<Document>) -> bool;
        clear_documents(unit: Uuid, on: Shelf) -> ();
        add_system_credential(credential: SystemCredential, audit: NewAudit) -> bool;
        end_system_credential(key: String, now_ms: i64, audit: NewAudit) -> bool;
    }
}

ailing! {
    Forwards
    reads {
        forwards() -> Vec<Forward>;
        log_after(unit: Option<Uuid>, after: i64, most: u32) -> LogRun;
        held_again(name: String, most: u32) -> Vec<Entry>;
        held(name: String, unit: Uuid, most: u32) -> Vec<Held>;
    }
    writes {
        begin_forward(name: String, unit: Option<Uuid>) -> ();
        settle_forward(name: String, settled: Settled) -> bool;
        settle_again(name: String, delivered: Vec<i64>, refused: Vec<Refusal>, now_ms: i64) -> ();
        deal_with_held(name: String, unit: Uuid, seq: Option<i64>, deal: Deal, audit: NewAudit) -> u64;
    }
}

ailing! {
    Bindings
    reads {
        bindings_of(person: Uuid) -> Vec<Binding>;
        bindings_of_unit(unit: Uuid) -> Vec<Binding>;
        binding(account_key: [u8; 32]) -> Option<(Person, Binding)>;
    }
    writes {
        add_binding(binding: Binding, audit: NewAudit) -> bool;
        use_binding(id: Uuid, now_ms: i64, audit: NewAudit) -> bool;
        remove_binding(person: Uuid, id: Uuid, audit: NewAudit) -> bool;
    }
}

ailing! {
    Showings
    reads {
        shown_beyond(unit: Uuid, keys: Vec<ShownKey>) -> BTreeMap<ShownKey, usize>;
    }
    writes {}
}

ailing! {
    Visits
    reads {
        look_at_visit(code_key: TokenHash, person: Uuid, now_ms: i64) -> Claim;
        claims_of(person: Uuid, now_ms: i64) -> Vec<i64>;
    }
    writes {
        keep_visit(new: NewVisit) -> Delivered;
        claim_visit(code_key: TokenHash, person: Uuid, now_ms: i64) -> Claim;
        settle_visit(id: Uuid) -> ();
        tend_visits(now_ms: i64) -> Vec<KioskVisit>;
    }
}

ailing! {
    Vouchings
    reads {}
    writes {
        append_vouching(entry: NewEntry, seen_seq: i64, limits: VouchLimits) -> VouchOutcome;
    }
}

ailing! {
    Waits
    reads {
        waiting(what: Wait, id: Uuid, now_ms: i64) -> Option<Waiting>;
    }
    writes {
        keep_waiting(new: Waiting) -> bool;
        take_waiting(what: Wait, id: Uuid, now_ms: i64) -> Option<Waiting>;
    }
}

ailing! {
    Passkeys
    reads {
        passkeys_of(person: Uuid) -> Vec<KeptPasskey>;
        passkey(key_id: [u8; 32]) -> Option<(Person, KeptPasskey)>;
    }
    writes {
        add_passkey(passkey: KeptPasskey, audit: NewAudit) -> bool;
        use_passkey(seen: KeptPasskey, kept: String, now_ms: i64) -> bool;
        remove_passkey(person: Uuid, id: Uuid, audit: NewAudit) -> bool;
    }
}
