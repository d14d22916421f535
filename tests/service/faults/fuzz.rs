//! F8: requests bent out of shape by the thousand. Whatever comes in, nothing goes wrong inside. `make faults` adds
//! what schemathesis makes of the description of the interface.

use super::super::client::Client;
use super::super::desk::token;
use super::super::fixture::{alone, answered, batch, completed, lay_out};
use super::super::program::start;
use super::{Dice, not_tried, rounds};
use checkpoint::demo::PEOPLE;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::process::Command;
use uuid::Uuid;

/// What is put in somewhere: each broke a parser once.
const ODD: [&[u8]; 20] = [
    b"\0",
    b"\xff\xfe",
    b"\\ud800",
    b"1e400",
    b"-0",
    b"9223372036854775808",
    b"-170141183460469231731687303715884105729",
    b"\"id\":1,\"id\":2,",
    b"{}",
    b"null",
    b"%00%0d%0a",
    b"%",
    b"../../",
    b"\xe2\x80\xae",
    b"'; DROP TABLE event; --",
    b"<script>",
    b"&#0;",
    b"\r\n",
    b"NaN",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// Sound requests of every sort that the service takes.
fn sound(token: &str) -> Vec<Request> {
    let json = || vec![("content-type", "application/json".to_owned())];
    let form = || vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
    let part = || vec![("content-type", "multipart/form-data; boundary=xyz".to_owned())];
    let events = batch(&[completed("gate"), answered("well", 1), completed("well")]);
    let posts = [
        ("/v1/events", json(), events.to_string()),
        ("/v1/events", json(), alone(&answered("gate", 0)).to_string()),
        ("/v1/quizzes/hill.gate/attempts", json(), answered("gate", 1).to_string()),
        ("/v1/session", json(), json!({ "code": "ZZZZ-ZZZZ", "pin": "258047" }).to_string()),
        ("/desk/decide", form(), format!("token={token}&walk=a&decision=confirm&note=%E5%A5%BD")),
        ("/desk/people", form(), format!("token={token}&name=a&role=learner&id={}", Uuid::now_v7())),
        ("/desk/sign-in", form(), "code=ZZZZ-ZZZZ&pin=258047".to_owned()),
        ("/admin/first", form(), "link=x&unit=a&name=b&pin=258047&again=258047".to_owned()),
        ("/desk/roster", part(), parts(&[("token", token), ("file\"; filename=\"a.csv", "姓名,组\n李,一组\n")])),
    ];
    let gets = [
        "/v1/me/progress",
        "/v1/courses/hill.path",
        "/v1/events/01890a5d-ac96-774b-bcce-b302099a8057/proof",
        "/v1/log/tile/0/x001/234.p/5",
        "/desk/?state=waiting&site=hill&page=2",
        "/desk/people?name=%E6%9D%8E&page=1",
        "/desk/walks/01890a5d-ac96-774b-bcce-b302099a8057/hill.path",
        "/desk/audit?person=x&before=9",
        "/zh/index.html",
        "/problems/storage",
    ];
    let ranged = || vec![("range", "bytes=0-4".to_owned()), ("accept-language", "en;q=0.5, zh".to_owned())];
    posts
        .into_iter()
        .map(|(path, headers, body)| Request {
            method: "POST",
            path: path.to_owned(),
            headers,
            body: body.into_bytes(),
        })
        .chain(gets.map(|path| Request { method: "GET", path: path.to_owned(), headers: ranged(), body: Vec::new() }))
        .collect()
}

/// A form as a browser sends it that has a file in it.
fn parts(fields: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--xyz\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    fields.iter().map(part).collect::<String>() + "--xyz--\r\n"
}

/// Bends bytes in one to four places.
fn bend(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..dice.below(4) {
        let at = dice.below(bytes.len() + 1) - 1;
        let end = (at + dice.below(12)).min(bytes.len());
        match dice.below(6) {
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << (dice.below(8) - 1);
                }
            }
            4 => {
                let again: Vec<u8> = bytes[at..end].repeat(dice.below(40));
                drop(bytes.splice(at..at, again));
            }
            _ => drop(bytes.splice(at..end, ODD[dice.below(ODD.len()) - 1].iter().copied())),
        }
    }
}

/// One request with something wrong: its body, its address, a header, or the length it announces.
fn bent(mut request: Request, dice: &mut Dice) -> Request {
    let what = if request.body.is_empty() { dice.below(2) } else { dice.below(5) };
    match what {
        1 => {
            let mut path = request.path.as_bytes()[1..].to_vec();
            bend(&mut path, dice);
            // What would end the line of the request makes another request, which is tried by other means.
            path.retain(|byte| !matches!(byte, b' ' | b'\r' | b'\n'));
            request.path = format!("/{}", String::from_utf8_lossy(&path));
        }
        2 => {
            let number = dice.below(request.headers.len()) - 1;
            let mut value = request.headers[number].1.as_bytes().to_vec();
            bend(&mut value, dice);
            value.retain(|byte| !matches!(byte, b'\r' | b'\n' | b'\0'));
            request.headers[number].1 = String::from_utf8_lossy(&value).into_owned();
        }
        _ => bend(&mut request.body, dice),
    }
    request
}

#[test]
fn f8_no_request_however_malformed_makes_the_service_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let (mut child, address) = start(folder.path());
    let people: Vec<(Client, String)> = [PEOPLE[1].code, PEOPLE[0].code, PEOPLE[4].code]
        .into_iter()
        .zip([PEOPLE[1].pin, PEOPLE[0].pin, PEOPLE[4].pin])
        .map(|(code, pin)| Client::new(address).signed_in(code, pin))
        .map(|client| (client.clone(), token(&client.get("/desk/people").text()).unwrap_or_default()))
        .collect();
    let resident_kib = || {
        let status = read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default()
    };
    let mut dice = Dice::new(8);
    let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
    let (total, mut before_kib) = (rounds(1_500, 30_000), 0);
    for number in 0..total {
        let (client, token) = &people[number % people.len()];
        let mut all = sound(token);
        let request = bent(all.swap_remove(dice.below(all.len()) - 1), &mut dice);
        let headers: Vec<(&str, &str)> = request.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = client.try_send(request.method, &request.path, &headers, &request.body);
        let answer = answer.unwrap_or_else(|| panic!("{number}: no answer to {} {:?}", request.method, request.path));
        let told =
            || format!("{number}: {} {:?} {:?}: {}", request.method, request.path, request.headers, answer.text());
        assert!(answer.status < 500, "{}", told());
        *answers.entry(answer.status).or_default() += 1;
        if number == total / 5 {
            before_kib = resident_kib();
        }
    }
    let grown_kib = resident_kib().saturating_sub(before_kib);
    assert!(grown_kib < 64 * 1024, "{grown_kib} KiB more after four fifths of them");
    assert_eq!(Client::new(address).get("/readyz").status, 200);
    println!("F8: {total} malformed requests: {answers:?}, memory grew by {grown_kib} KiB over the last four fifths");
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
}

#[test]
fn f8_no_request_that_the_description_leads_to_makes_the_service_fail() {
    let Some(schemathesis) = std::env::var_os("SCHEMATHESIS") else {
        return not_tried("F8", "SCHEMATHESIS names no schemathesis; make faults brings it");
    };
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let (mut child, address) = start(folder.path());
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    let cookie = format!("Cookie: {}", learner.cookie().expect("a session"));
    let tried = Command::new(schemathesis)
        .args(["run", &format!("http://{address}/v1/openapi.json"), "--header", &cookie])
        .args(["--checks", "not_a_server_error", "--phases", "examples,coverage,fuzzing", "--max-examples", "520"])
        .args(["--seed", "8", "--workers", "2", "--continue-on-failure", "--warnings", "off", "--no-color"])
        .current_dir(folder.path())
        .output()
        .expect("schemathesis runs");
    let said = String::from_utf8_lossy(&tried.stdout).into_owned();
    assert!(tried.status.success(), "{said}{}", String::from_utf8_lossy(&tried.stderr));
    let summary = said.rsplit("SUMMARY").next().unwrap_or_default();
    println!("F8: schemathesis: {}", summary.split_whitespace().collect::<Vec<_>>().join(" "));
    assert_eq!(Client::new(address).get("/readyz").status, 200);
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
}
