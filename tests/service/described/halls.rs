//! What a hall's terminal is answered that delivers visits.

use super::super::ailing::Ailment;
use super::super::claiming::{delivery, visit};
use super::super::fixture::{completed, whole_walk};
use super::super::house::Service;
use super::super::pairing::Terminal;
use super::super::schema::misfits;
use super::{Hearing, JSON};
use serde_json::{Value, json};

const KIOSK: &str = "/v1/kiosk";
const VISITS: &str = "/v1/kiosk/visits";

/// A terminal that delivers, to the end of what it is answered.
pub fn deliveries(hearing: &mut Hearing, service: &Service) {
    let (kiosk, stranger) = (Terminal::enrolled(service, "hall"), service.stranger());
    hearing.ask(&stranger, ("GET", KIOSK, KIOSK), &[], b"", 401);
    hearing.ask(&stranger, ("POST", VISITS, VISITS), &[JSON], b"{}", 401);
    let mut hear = |method: &str, path: &str, body: &Value, expected: u16| {
        let answer = kiosk.send(method, path, body);
        assert_eq!(answer.status, expected, "{}", answer.text());
        hearing.hear(method, path, &answer);
    };
    hear("GET", KIOSK, &Value::Null, 200);
    let (one, other) = (visit("BCDF-GHJK", &whole_walk()), visit("BCDF-GHJK", &[completed("gate")]));
    for visits in [vec![one.clone()], vec![one.clone(), other, json!(7), json!({ "id": one["id"] })]] {
        hear("POST", VISITS, &delivery(&visits), 200);
    }
    hear("POST", VISITS, &json!({ "visits": [], "sent_at_ms": 0 }), 400);
    hear("POST", VISITS, &delivery(&vec![one.clone(); 51]), 413);
    for (ailment, expected) in [(Ailment::Refuses, 503), (Ailment::Full, 507)] {
        service.store.ails(ailment);
        hear("POST", VISITS, &delivery(&[visit("BCDF-GHJL", &whole_walk())]), expected);
        if ailment == Ailment::Refuses {
            hear("GET", KIOSK, &Value::Null, 503);
        }
        service.store.ails(Ailment::None);
    }
    let plain = kiosk.send_as("text/plain", VISITS, "{}");
    assert_eq!(plain.status, 415);
    hearing.hear("POST", VISITS, &plain);
    while kiosk.send("POST", VISITS, &json!({})).status == 400 {}
    let often = kiosk.send("POST", VISITS, &json!({}));
    assert_eq!(often.status, 429);
    hearing.hear("POST", VISITS, &often);
    let schema = &hearing.document["components"]["schemas"]["Delivery"];
    assert_eq!(misfits(&hearing.document, schema, &delivery(&[one])), Vec::<String>::new());
}
