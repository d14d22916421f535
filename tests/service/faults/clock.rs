//! F5: the service's clock jumps, as a machine's does that has lost its battery or found a time server.

use super::super::fixture::{alone, completed, results};
use super::super::house::Service;
use super::{Dice, rounds};
use checkpoint::clock::DAY_MS;
use checkpoint::demo::PEOPLE;
use serde_json::json;

const YEARS_MS: i64 = 3_652 * DAY_MS;

#[test]
fn f5_what_comes_is_kept_in_order_however_the_clock_jumps() {
    let service = Service::settled(|settings| settings.writes_a_minute = 1_000_000);
    let (learner, person) = service.person(protocol::api::Role::Learner, "one", None);
    service.pass_ms(60_000);
    let mut dice = Dice::new(5);
    let (jumps, mut ahead_ms, mut stored) = (rounds(40, 2_000), 0, 0);
    for _ in 0..jumps {
        // Up to ten years away from the true time, either way; a session outlasts only what is near.
        let to_ms = i64::try_from(dice.below(usize::try_from(2 * YEARS_MS).expect("fits"))).expect("fits") - YEARS_MS;
        service.pass_ms(to_ms - ahead_ms);
        ahead_ms = to_ms;
        for path in ["/v1/me/progress", "/v1/log/checkpoint", "/metrics", "/readyz", "/desk/sign-in"] {
            assert!(learner.get(path).status < 500, "{path}");
        }
        service.pass_ms(-ahead_ms);
        ahead_ms = 0;
        let drift_ms = i64::try_from(dice.below(120_000)).expect("fits") - 60_000;
        service.pass_ms(drift_ms);
        let answer = learner.post("/v1/events", &alone(&completed("gate")));
        assert_eq!(results(&answer.json()), ["stored"], "{}", answer.text());
        service.pass_ms(-drift_ms);
        stored += 1;
    }
    let log = service.runtime.block_on(service.app.store.log_of(person)).expect("read");
    assert_eq!(log.len(), stored);
    assert!(log.windows(2).all(|two| two[0].seq < two[1].seq), "places rise whatever the time was");
    let backwards = log.windows(2).filter(|two| two[0].said.received_at_ms > two[1].said.received_at_ms).count();
    assert!(backwards > 0, "and the time did go backwards");
    println!(
        "F5: {jumps} jumps of up to ten years, {stored} events: all kept, places rise, {backwards} times backwards"
    );
}

#[test]
fn f5_no_session_outlasts_its_time_and_nobody_is_shut_out_by_a_clock_set_right() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let is_in = || learner.get("/v1/session").status == 200;
    assert!(is_in());
    service.pass_ms(-3_600_000);
    assert!(is_in(), "an hour is what a clock may be off");
    service.pass_ms(3_600_000 - YEARS_MS);
    assert!(!is_in(), "else it would last ten years longer");
    service.pass_ms(2 * YEARS_MS);
    assert!(!is_in());

    // The clock is ten years ahead, and somebody tries PINs.
    let wrong = json!({ "code": PEOPLE[1].code, "pin": "000001" });
    let locked = (0..6).map(|_| service.stranger().post("/v1/session", &wrong).status).collect::<Vec<_>>();
    assert_eq!(locked.last(), Some(&429), "{locked:?}");
    service.pass_ms(-YEARS_MS);
    assert_eq!(service.learner(1).get("/v1/session").status, 200, "nobody waits for ten years to pass again");
    println!("F5: sessions end when the clock jumps ten years either way; a wait of the future shuts nobody out");
}
