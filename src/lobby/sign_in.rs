//! The sign-in page: invitation code and PIN.

use crate::house::{Shared, Standing};
use crate::json::Value;
use crate::wire::{self, FromJson, Refusal};
use crate::{claim, dom, network, sign_out, words};
use heritage::Bilingual;
use protocol::api::{Role, Session, SignIn};

/// Makes the form live.
pub fn begin(house: &Shared) {
    let Some(form) = dom::hook("sign-in") else { return };
    if house.standing.get() == Standing::In {
        dom::show_at("signed-in-already", true);
    }
    let house = house.clone();
    let sent = form.clone();
    dom::on(&form, "submit", move |submitted| {
        submitted.prevent_default();
        let code = dom::value(&sent, "code").unwrap_or_default();
        let pin = dom::value(&sent, "pin").unwrap_or_default();
        let Some(asked) = request(&code, &pin) else {
            say(&words::SIGN_IN_EMPTY.to_bilingual(), &house);
            return;
        };
        dom::flag(&sent, "data-busy", true);
        say(&words::SIGNING_IN.to_bilingual(), &house);
        let form = sent.clone();
        house.spawn(async move |house| {
            if let Err(why) = enter(&house, &asked).await {
                say(&why, &house);
            }
            dom::flag(&form, "data-busy", false);
        });
    });
}

/// A full-width letter or digit as its narrow twin: input methods leave them behind.
pub fn half_width(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// What is sent, if both parts are there. Spaces and hyphens in the code do not matter; full-width digits are read as digits.
fn request(code: &str, pin: &str) -> Option<SignIn> {
    let code: String = code.trim().chars().map(half_width).collect();
    let pin: String = pin.trim().chars().map(half_width).collect();
    let fits = !code.is_empty() && pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(SignIn { code, pin })
}

async fn enter(house: &Shared, asked: &SignIn) -> Result<(), Bilingual> {
    let body = wire::sign_in(asked).to_line();
    let unreached = || words::SIGN_IN_UNREACHED.to_bilingual();
    if !sign_out::end_left(house).await {
        return Err(unreached());
    }
    let reply = network::ask("POST", "/v1/session", Some(&body)).await.ok_or_else(unreached)?;
    if !reply.is_ok() {
        let refusal: Option<Refusal> = reply.json();
        return Err(refusal.map_or_else(|| words::SIGN_IN_REFUSED.to_bilingual(), |refusal| refusal.words));
    }
    let told = Value::parse(&reply.body).ok_or_else(unreached)?;
    let session = Session::from_json(&told).ok_or_else(unreached)?;
    let parted = match house.person() {
        Some(before) if before == session.person => Ok(()),
        Some(_) => house.store.forget_visits().await,
        None => house.store.set_aside().await,
    };
    parted.map_err(|_| words::NO_STORAGE.to_bilingual())?;
    if house.person() != Some(session.person) {
        house.progress.replace(None);
    }
    let kept = house.store.set_meta("session", told).await;
    kept.map_err(|_| words::NO_STORAGE.to_bilingual())?;
    house.store.set_meta("expired", Value::Flag(false)).await.ok();
    let role = session.role;
    house.session.replace(Some(session));
    house.standing.set(Standing::In);
    house.tell_tabs("person");
    if role == Role::Learner {
        claim::ask(house).await;
    }
    let asked_for = dom::window().location().hash().unwrap_or_default();
    let next = match way_back(&asked_for) {
        Some(page) => page.to_owned(),
        None if role == Role::Learner => house.page.at("me/"),
        None => house.page.desk(),
    };
    dom::window().location().assign(&next).ok();
    Ok(())
}

/// The page that the address names after `#`, if it is one of this house's.
fn way_back(hash: &str) -> Option<&str> {
    let page = hash.strip_prefix('#')?;
    let plain = page.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-'));
    let own = page.starts_with("/zh/") || page.starts_with("/en/");
    (plain && own && !page.contains("//") && !page.ends_with("/sign-in/")).then_some(page)
}

fn say(text: &Bilingual, house: &Shared) {
    dom::say_at("sign-in-said", text.get(house.page.lang));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_needs_a_code_and_six_digits() {
        assert!(request("BCDF-GHJK", "123456").is_some());
        for (code, pin) in [("", "123456"), ("  ", "123456"), ("BCDF", "12345"), ("BCDF", "12345a"), ("BCDF", "")] {
            assert!(request(code, pin).is_none(), "{code} {pin}");
        }
    }

    #[test]
    fn the_way_back_leads_into_this_house_only() {
        assert_eq!(way_back("#/zh/luding/deck/"), Some("/zh/luding/deck/"));
        for elsewhere in [
            "",
            "#",
            "#//evil.example/",
            "#/zh//evil.example",
            "#https://evil.example",
            "#/desk/",
            "#/en/sign-in/",
            "#/zh/?a",
        ] {
            assert_eq!(way_back(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn full_width_digits_and_letters_are_read() {
        let asked = request("ＢＣＤＦ－ＧＨ", " １２３４５６ ").expect("both are there");
        assert_eq!((asked.code.as_str(), asked.pin.as_str()), ("BCDF-GH", "123456"));
    }
}
