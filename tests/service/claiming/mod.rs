//! What is done at a hall's terminal by nobody in particular, and claimed by a member later: once, in time, and by whoever was
//! there, whether the hall has a network or not.

pub mod kept;

use super::ailing::Ailment;
use super::client::{Answer, Client};
use super::desk::page_of;
use super::erased::erase;
use super::fixture::{NOW_MS, RIGHT, answered, completed, whole_walk};
use super::house::{Base, Service};
use super::pairing::{Terminal, token_of};
use checkpoint::identity::claim::tend;
use checkpoint::identity::code::Code;
use checkpoint::store::visits::{CLAIM_MS, LATEST_MS};
use serde_json::{Value, json};
use uuid::Uuid;

/// A visit as a terminal sends it.
pub fn visit(code: &str, events: &[Value]) -> Value {
    json!({ "id": Uuid::now_v7(), "code": code, "ended_at_ms": NOW_MS, "events": events })
}

/// The body that delivers visits.
pub fn delivery(visits: &[Value]) -> Value {
    json!({ "visits": visits, "sent_at_ms": NOW_MS })
}

/// What became of each.
fn deliver(kiosk: &Terminal, visits: &[Value]) -> Vec<String> {
    let answer = kiosk.send("POST", "/v1/kiosk/visits", &delivery(visits));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    let receipts = told["visits"].as_array().expect("receipts");
    receipts.iter().map(|receipt| receipt["result"].as_str().expect("a word").to_owned()).collect()
}

fn look(who: &Client, code: &str) -> Answer {
    who.get(&format!("/claim?code={code}"))
}

fn claim(who: &Client, code: &str) -> Answer {
    who.form("/claim", &[("token", &token_of(who, "/course/hill.path")), ("code", code)])
}

/// Stations that count for somebody.
fn counted(who: &Client) -> usize {
    let walks = who.get("/v1/me/progress").json()["walks"].clone();
    walks[0]["stations"].as_array().map_or(0, |stations| stations.iter().filter(|one| one["met"] == true).count())
}

#[test]
fn a_visit_is_claimed_by_its_code_and_counts_as_shown_by_the_hall() {
    Base::ALL.into_iter().for_each(claimed_and_counts);
}

fn claimed_and_counts(base: Base) {
    let service = Service::with_demo_on(base);
    let (kiosk, learner) = (Terminal::enrolled(&service, "头显 3"), service.learner(1));
    let seen = kiosk.send("GET", "/v1/kiosk", &Value::Null).json();
    assert_eq!((&seen["name"], &seen["site"], &seen["hall"]["en"]), (&json!("头显 3"), &json!("hill"), &json!("Hill")));
    assert_eq!(deliver(&kiosk, &[visit("BCDF-GHJK", &whole_walk())]), ["stored"]);
    let subjects = service.runtime.block_on(service.app.store.subjects()).expect("read");
    assert!(subjects.is_empty(), "nobody's, it is in no log");
    let page = look(&learner, "bcdfghjk").text();
    for told in ["Hill（中）", "头显 3", "BCDF-GHJK", "gate（中）", "well（中）", "示例学员甲", "2026-06-02 08:00:00"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(counted(&learner), 0, "looking claims nothing");
    let claimed = claim(&learner, "BCDF GHJK");
    assert!(claimed.status == 200 && claimed.text().contains("记入您名下的记录：4"), "{}", claimed.text());
    assert_eq!(counted(&learner), 2);
    let desk = service.trainer().get(&page_of(&learner)).text();
    assert!(desk.contains("class=\"level\">E2") && desk.contains("凭证：纪念馆终端"), "{desk}");
    // Once.
    let again = claim(&learner, "BCDF-GHJK");
    assert!(again.status == 200 && again.text().contains("领取过"), "{}", again.text());
    let second = service.learner(2);
    for answer in [look(&second, "BCDF-GHJK"), claim(&second, "BCDF-GHJK")] {
        assert!(answer.status == 409 && answer.text().contains("已由他人领取"), "{}", answer.text());
    }
    assert_eq!(counted(&second), 0);
    let english = service.learner(2).with_cookie("desk-lang=en");
    assert!(look(&english, "BCDF-GHJK").text().contains("Somebody else has claimed"));
    let door = service.stranger().get("/claim?code=BCDF-GHJK");
    assert!(door.status == 303 && door.header("location").is_some_and(|to| to.contains("%2Fclaim%3Fcode")));
}

#[test]
fn of_many_who_claim_at_once_one_has_it() {
    Base::ALL.into_iter().for_each(one_has_it);
}

fn one_has_it(base: Base) {
    let service = Service::with_demo_on(base);
    let kiosk = Terminal::enrolled(&service, "one");
    deliver(&kiosk, &[visit("BCDF-GHJK", &whole_walk())]);
    let all = [1, 2, 3].map(|number| service.learner(number));
    let tokens = [0, 1, 2].map(|index: usize| token_of(&all[index], "/course/hill.path"));
    let came_to: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = all
            .iter()
            .zip(&tokens)
            .map(|(who, token)| {
                scope.spawn(move || who.form("/claim", &[("token", token), ("code", "BCDFGHJK")]).status)
            })
            .collect();
        tries.into_iter().map(|each| each.join().expect("answered")).collect()
    });
    assert_eq!(came_to.iter().filter(|status| **status == 200).count(), 1, "{came_to:?}");
    assert_eq!(all.iter().map(counted).sum::<usize>(), 2);
}

#[test]
fn what_nobody_claims_in_a_day_is_gone() {
    Base::ALL.into_iter().for_each(gone_in_a_day);
}

fn gone_in_a_day(base: Base) {
    let service = Service::with_demo_on(base);
    let (kiosk, learner) = (Terminal::enrolled(&service, "one"), service.learner(1));
    deliver(&kiosk, &[visit("BCDF-GHJK", &whole_walk()), visit("BCDF-GHJL", &whole_walk())]);
    service.pass_ms(CLAIM_MS - 1);
    assert_eq!(claim(&learner, "BCDF-GHJK").status, 200);
    service.pass_ms(1);
    for answer in [look(&learner, "BCDF-GHJL"), claim(&learner, "BCDF-GHJL")] {
        assert!(answer.status == 410 && answer.text().contains("领取时间已过"), "{}", answer.text());
    }
    service.runtime.block_on(tend(&service.app)).expect("tended");
    assert_eq!(look(&learner, "BCDF-GHJL").status, 410, "emptied, it is still told exactly");
    service.pass_ms(LATEST_MS);
    service.runtime.block_on(tend(&service.app)).expect("tended");
    assert!(look(&learner, "BCDF-GHJL").text().contains("还没有收到"), "forgotten");
}

#[test]
fn a_hall_may_deliver_a_whole_day_late_and_no_claim_made_meanwhile_is_lost() {
    Base::ALL.into_iter().for_each(delivered_late);
}

fn delivered_late(base: Base) {
    let service = Service::with_demo_on(base);
    let (kiosk, learner) = (Terminal::enrolled(&service, "one"), service.learner(1));
    // A busy day without a network, of which one visit is claimed while nothing has arrived.
    let codes: Vec<String> = (0..120).map(|_| Code::fresh().written()).collect();
    let visits: Vec<Value> = codes.iter().map(|code| visit(code, &whole_walk())).collect();
    let unknown = look(&learner, &codes[70]);
    assert!(unknown.status == 200 && unknown.text().contains("还没有收到"), "{}", unknown.text());
    let kept = claim(&learner, &codes[70]);
    assert!(kept.status == 200 && kept.text().contains("已记下您的领取"), "{}", kept.text());
    assert!(learner.get("/claim").text().contains("等候送到的领取：1"));
    service.pass_ms(CLAIM_MS + 3_600_000);
    for part in visits.chunks(50) {
        let sent = json!({ "visits": part, "sent_at_ms": NOW_MS + CLAIM_MS + 3_600_000 });
        // The answer to the first sending is lost.
        for result in ["stored", "duplicate"] {
            let told = kiosk.send("POST", "/v1/kiosk/visits", &sent).json();
            let receipts = told["visits"].as_array().expect("receipts");
            assert!(receipts.iter().all(|receipt| receipt["result"] == result), "{told}");
        }
    }
    assert_eq!(counted(&learner), 2, "it has joined the member's record by itself");
    assert!(claim(&learner, &codes[70]).text().contains("领取过"));
    assert!(!learner.get("/claim").text().contains("等候送到的领取"));
    let second = service.learner(2);
    assert_eq!(claim(&second, &codes[119]).status, 200, "the day is counted from when it came");
    assert_eq!(counted(&second), 2);
    service.pass_ms(CLAIM_MS);
    assert_eq!(claim(&second, &codes[118]).status, 410);
    // A week late is too late.
    let late = visit("BCDF-GHJK", &whole_walk());
    let sent = json!({ "visits": [late], "sent_at_ms": NOW_MS + LATEST_MS });
    assert_eq!(kiosk.send("POST", "/v1/kiosk/visits", &sent).json()["visits"][0]["result"], "expired");
    assert_eq!(look(&service.learner(3), "BCDF-GHJK").status, 410);
}

#[test]
fn guessing_codes_costs_more_each_time() {
    let service = Service::with_demo();
    let (kiosk, guesser) = (Terminal::enrolled(&service, "one"), service.learner(2));
    deliver(&kiosk, &[visit("BCDF-GHJK", &whole_walk())]);
    for typed in ["AAAA-AAAA", "1234-5678", "BCDF-GHJ", "%00%ff"] {
        assert_eq!(look(&guesser, typed).status, 422, "{typed}: never looked up");
    }
    for expected in [200, 200, 200, 200, 429] {
        assert_eq!(look(&guesser, "ZZZZ-ZZZZ").status, expected);
    }
    assert_eq!(look(&guesser, "BCDF-GHJK").status, 429, "whatever the code");
    assert_eq!(super::pairing::see(&guesser, "BCDF-GHJK").status, 429, "codes of pairings are guessed alike");
    assert_eq!(claim(&guesser, "BCDF-GHJK").status, 429);
    service.pass_ms(30_000);
    assert_eq!(claim(&guesser, "BCDF-GHJK").status, 200);
    // Blind claims are few.
    let blind = service.learner(3);
    for (code, expected) in [("BBBB-BBBB", 200), ("CCCC-CCCC", 200), ("DDDD-DDDD", 200), ("FFFF-FFFF", 409)] {
        assert_eq!(claim(&blind, code).status, expected, "{code}");
    }
}

#[test]
fn what_a_terminal_delivers_is_checked_as_what_any_device_sends() {
    let service = Service::with_demo();
    let (kiosk, other) = (Terminal::enrolled(&service, "one"), Terminal::enrolled(&service, "two"));
    let learner = service.learner(1);
    let first = visit("BCDF-GHJK", &[completed("gate")]);
    assert_eq!(deliver(&kiosk, std::slice::from_ref(&first)), ["stored"]);
    assert_eq!(deliver(&kiosk, std::slice::from_ref(&first)), ["duplicate"]);
    assert_eq!(deliver(&other, std::slice::from_ref(&first)), ["refused"], "another's number");
    let empty = visit("BCDF-GHJL", &[]);
    let many = visit("BCDF-GHJM", &vec![answered("gate", 0); 201]);
    let misread = visit("AEIO-UAEI", &whole_walk());
    let sound = visit("BCDF-GHJN", &whole_walk());
    let mixed = [visit("BCDF-GHJK", &whole_walk()), empty, many, misread, json!(7), sound];
    assert_eq!(deliver(&kiosk, &mixed), ["refused", "refused", "refused", "refused", "refused", "stored"]);
    // Nothing but what a device may send is taken over, and each refusal has its reason.
    let mut forged = completed("gate");
    forged["kind"]["further"] = json!([{ "method": "kiosk", "kiosk": other.id }]);
    let mut elsewhere = completed("gate");
    elsewhere["kind"]["site"] = json!("nowhere");
    let odd = visit("BCDF-GHJP", &[forged, elsewhere, json!("x"), answered("gate", RIGHT)]);
    assert_eq!(deliver(&kiosk, &[odd]), ["stored"]);
    let page = claim(&learner, "BCDF-GHJP").text();
    assert!(page.contains("记入您名下的记录：1") && page.contains("没有这个遗址"), "{page}");
    for (id, key) in [(&*kiosk.id, ""), ("", ""), ("\0", "x")] {
        use base64::Engine;
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{key}"));
        let header = format!("Basic {basic}");
        assert_eq!(service.stranger().send("GET", "/v1/kiosk", &[("authorization", &header)], b"").status, 401);
    }
}

#[test]
fn a_terminal_that_is_withdrawn_delivers_nothing_more_and_what_it_delivered_can_be_claimed() {
    let service = Service::with_demo();
    let (kiosk, admin) = (Terminal::enrolled(&service, "one"), service.demo_admin());
    deliver(&kiosk, &[visit("BCDF-GHJK", &whole_walk())]);
    let form = [("token", &*token_of(&admin, "/desk/kiosks"))];
    assert_eq!(admin.form(&format!("/desk/kiosks/{}/withdraw", kiosk.id), &form).status, 303);
    assert_eq!(kiosk.send("GET", "/v1/kiosk", &Value::Null).status, 401);
    assert_eq!(kiosk.send("POST", "/v1/kiosk/visits", &delivery(&[visit("BCDF-GHJL", &whole_walk())])).status, 401);
    let learner = service.learner(1);
    assert_eq!(claim(&learner, "BCDF-GHJK").status, 200);
    assert_eq!(counted(&learner), 2);
}

#[test]
fn a_claim_that_breaks_off_is_finished_and_an_erased_members_is_nobodys() {
    Base::ALL.into_iter().for_each(finished_or_gone);
}

fn finished_or_gone(base: Base) {
    let service = Service::with_demo_on(base);
    let (kiosk, learner) = (Terminal::enrolled(&service, "one"), service.learner(1));
    let id = |who: &Client| who.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    let key = |code: &str| Code::read(code).expect("a code").visit_key(&service.app.secrets);
    let break_off = |who: &Client, code: &str| {
        let person: Uuid = id(who).parse().expect("an id");
        service.runtime.block_on(service.app.store.claim_visit(key(code), person, NOW_MS)).expect("claimed");
    };
    let broken = visit("BCDF-GHJK", &whole_walk());
    deliver(&kiosk, std::slice::from_ref(&broken));
    break_off(&learner, "BCDF-GHJK");
    assert_eq!(counted(&learner), 0);
    service.store.ails(Ailment::Full);
    let full = learner.form("/claim", &[("token", &token_of(&learner, "/course/hill.path")), ("code", "BCDF-GHJK")]);
    assert_eq!(full.status, 507);
    service.store.ails(Ailment::None);
    service.runtime.block_on(tend(&service.app)).expect("tended");
    assert_eq!(counted(&learner), 2);
    // The member's own second try, and the terminal's second sending, do the same.
    for (number, code, again) in [(2, "BCDF-GHJL", true), (3, "BCDF-GHJM", false)] {
        let (who, broken) = (service.learner(number), visit(code, &whole_walk()));
        deliver(&kiosk, std::slice::from_ref(&broken));
        break_off(&who, code);
        if again {
            assert_eq!(claim(&who, code).status, 200);
        } else {
            assert_eq!(deliver(&kiosk, std::slice::from_ref(&broken)), ["duplicate"]);
        }
        assert_eq!(counted(&who), 2);
    }
    // Erased with a claim that waits and one that was broken off.
    let gone = service.learner(1);
    deliver(&kiosk, &[visit("BCDF-GHJN", &whole_walk())]);
    break_off(&gone, "BCDF-GHJN");
    assert_eq!(claim(&gone, "BCDF-GHJP").status, 200, "it waits");
    let person = id(&gone);
    assert_eq!(erase(&service, &person).code, 0);
    assert_eq!(deliver(&kiosk, &[visit("BCDF-GHJP", &whole_walk())]), ["stored"]);
    service.runtime.block_on(tend(&service.app)).expect("tended");
    let log = service.runtime.block_on(service.app.store.log_of(person.parse().expect("an id"))).expect("read");
    assert!(log.iter().all(|entry| entry.said.kind == checkpoint::store::Kind::Erased), "{log:?}");
    let second = service.learner(2);
    assert_eq!(look(&second, "BCDF-GHJN").status, 409, "what was claimed stays claimed, by nobody");
    assert_eq!(claim(&second, "BCDF-GHJP").status, 200, "what only waited can be claimed");
}
