//! Worlds in which one route is asked: a learner, and somebody who stands somewhere towards them.

use super::client::Client;
use super::fixture::{NOW_MS, whole_walk};
use super::house::Service;
use super::store::answer_of;
use checkpoint::identity::code::Code;
use checkpoint::identity::companion;
use checkpoint::secrets::{Purpose, digest, hex, random};
use checkpoint::store::statements::{Scope, SystemCredential};
use checkpoint::store::{Act, NewAudit, NewEntry, NewPerson, Unit};
use protocol::api::Role;
use uuid::Uuid;

/// Where somebody stands towards the learner who is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Not signed in.
    Nobody,
    /// The learner, with a session that has ended.
    Expired,
    /// The learner.
    Own,
    /// Of the same unit.
    Home,
    /// Of another unit.
    Away,
    /// Of the unit above.
    Above,
    /// Of a unit below.
    Below,
}

/// One cell's world: a learner who is asked about, and somebody who asks.
pub struct World {
    pub client: Client,
    /// What their forms carry.
    pub token: String,
    pub target: Uuid,
    /// The last entry of their log.
    pub last: Uuid,
    /// The decision on their walk, where the route is for one.
    pub decision: Uuid,
    pub name: String,
    pub home: Uuid,
    /// What the learner shows a companion.
    pub companion: String,
    /// Of a credential of the home unit.
    pub key: String,
    /// Of a visit that the learner led, where the route is for one.
    pub led: Code,
    pub led_key: [u8; 32],
}

/// Somebody of the unit, whose code nobody has.
pub fn person(role: Role, unit: Uuid, name: &str) -> NewPerson {
    NewPerson {
        id: Uuid::now_v7(),
        unit,
        role,
        name: name.to_owned(),
        cohort: String::new(),
        code_key: random::<32>(),
        code_ends_ms: NOW_MS,
        pin_hash: Some("set".to_owned()),
    }
}

/// Makes one.
pub async fn world(service: &Service, role: Role, stand: Stand) -> World {
    let store = &service.app.store;
    let [above, home, below, away] = [(); 4].map(|()| Uuid::now_v7());
    for (id, parent) in [(above, None), (home, Some(above)), (below, Some(home)), (away, None)] {
        let audit = NewAudit { at_ms: 0, who: id, unit: id, act: Act::UnitMade, about: None, detail: String::new() };
        let unit = Unit { id, name: format!("unit {id}"), parent };
        assert!(store.add_unit_below(unit, audit).await.expect("a unit is made"));
    }
    let name = format!("learner-{}", hex(&random::<8>()));
    let target = person(Role::Learner, home, &name);
    let asking = match stand {
        Stand::Own | Stand::Expired => target.id,
        _ => Uuid::now_v7(),
    };
    if asking != target.id && stand != Stand::Nobody {
        let unit = match stand {
            Stand::Away => away,
            Stand::Above => above,
            Stand::Below => below,
            _ => home,
        };
        let made = NewPerson { id: asking, ..person(role, unit, "asking") };
        assert!(store.add_person(made).await.expect("a person is made"));
    }
    let target_id = target.id;
    assert!(store.add_person(target).await.expect("a person is made"));
    let walk: Vec<NewEntry> = whole_walk()
        .iter()
        .map(|event| NewEntry { received_at_ms: NOW_MS, ..answer_of(target_id, &event.to_string()) })
        .collect();
    let last = walk.last().expect("a walk has entries").id;
    store.append(walk).await.expect("a walk is kept");
    let about = Some(target_id);
    let opened = NewAudit { at_ms: 0, who: above, unit: home, act: Act::WalkOpened, about, detail: String::new() };
    store.audit(opened).await.expect("a look is written down");
    let key = Uuid::now_v7().simple().to_string();
    let credential = SystemCredential {
        key: key.clone(),
        unit: home,
        name: "system".to_owned(),
        scope: Scope::All,
        secret_hash: [0; 32],
        made_ms: 0,
        ended_ms: None,
    };
    let act = Act::SystemCredentialMade;
    let made = NewAudit { at_ms: 0, who: above, unit: home, act, about: None, detail: String::new() };
    assert!(store.add_system_credential(credential, made).await.expect("a credential is made"));
    let (session, mut client) = (hex(&random::<32>()), service.stranger());
    if stand != Stand::Nobody {
        let ends_ms = if stand == Stand::Expired { NOW_MS } else { NOW_MS + 60_000 };
        let hash = digest(session.as_bytes());
        store.open_session(hash, asking, NOW_MS - 1, ends_ms).await.expect("a session is begun");
        client = client.with_cookie(&format!("retrace={session}"));
    }
    let token = hex(&service.app.secrets.derive(Purpose::Form, &digest(session.as_bytes())))[..32].to_owned();
    let companion = companion::shown(&service.app, target_id).written();
    let led = Code::of_led(&service.app.secrets, target_id);
    let led_key = led.led_key(&service.app.secrets);
    World { client, companion, token, target: target_id, last, decision: Uuid::now_v7(), name, home, key, led, led_key }
}
