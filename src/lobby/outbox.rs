//! The outbox as the visitor sees it: the count in the header, and the sheet with what waits and what was not taken.

use crate::house::{Shared, Standing, on_kept, own};
use crate::queue::{Entry, Refused, Waiting, What};
use crate::sender::{self, Sent};
use crate::store::LastReceipt;
use crate::wire::FromJson;
use crate::{claim, dom, page, words};
use web_sys::Element;

/// Makes the header's count and the sheet live.
pub fn begin(house: &Shared) {
    let opening = house.clone();
    dom::on_press("outbox", move |_| {
        opening.spawn(async |house| {
            if let Some(sheet) = dom::hook("outbox-dialog") {
                show(&house).await;
                dom::open(&sheet);
            }
        });
    });
    let sending = house.clone();
    dom::on_press("send-now", move |_| {
        sending.spawn(async |house| {
            let lang = house.page.lang;
            dom::say_at("outbox-receipt", words::SENDING.get(lang));
            let sent = sender::send(&house).await;
            show(&house).await;
            let text = match sent {
                Sent::All => return,
                Sent::Later => words::SEND_LATER,
                Sent::SignedOut => words::SEND_SIGNED_OUT,
                Sent::Offline => words::SEND_OFFLINE,
            };
            dom::say_at("outbox-receipt", text.get(lang));
        });
    });
    on_kept(house, |house| async move { show(&house).await });
    house.spawn(async |house| show(&house).await);
}

/// The entries that are the member's; before anybody has signed in, what waits is what was done here.
pub fn mine<'a>(house: &Shared, entries: &'a [Entry]) -> Vec<&'a Entry> {
    match house.person() {
        Some(_) => own(entries, house.person()),
        None => entries.iter().filter(|entry| entry.owner.is_none()).collect(),
    }
}

/// What the service would not take of the member's.
async fn not_taken(house: &Shared) -> Vec<Refused> {
    let mut refused = house.store.refused().await.unwrap_or_default();
    refused.retain(|one| one.owner.is_none() || one.owner == house.person());
    refused
}

/// Writes count, list and receipts as they stand.
async fn show(house: &Shared) {
    let lang = house.page.lang;
    let entries = house.store.entries().await.unwrap_or_default();
    let mine = mine(house, &entries);
    let refused = not_taken(house).await.len();
    let offer = claim::offer(house).await;
    let unclaimed = entries.iter().filter(|entry| entry.owner.is_none()).count();
    let others =
        entries.len() - entries.iter().filter(|entry| entry.owner.is_none() || entry.owner == house.person()).count();
    if let Some(count) = dom::hook("outbox") {
        let text = match (mine.len(), refused) {
            (0, 0) if others > 0 => words::of_another_short(lang, others),
            (0, 0) => words::waiting(lang, 0, 0),
            (0, refused) => words::refused(lang, refused),
            (waiting, refused) => words::waiting(lang, waiting, refused),
        };
        dom::say(&count, &text);
        dom::set(&count, "data-count", &mine.len().to_string());
        let unclaimed_here = house.person().is_some() && unclaimed > 0;
        dom::show(&count, !mine.is_empty() || refused > 0 || unclaimed_here || others > 0);
    }
    if let Some(list) = dom::hook("outbox-list") {
        let mut items: Vec<Element> = mine.iter().map(|entry| item(house, &entry.event)).collect();
        if items.is_empty() {
            items.push(dom::element("li", "", words::NOTHING_WAITS.get(lang)));
        }
        if others > 0 {
            items.push(dom::element("li", "outbox-others", &words::of_another(lang, others)));
        }
        items.extend(offer);
        dom::fill(&list, items);
    }
    let can_send = house.standing.get() == Standing::In && !mine.is_empty();
    if let Some(button) = dom::hook("send-now") {
        dom::flag(&button, "disabled", !can_send);
    }
    show_answers(house, "outbox-receipt", "outbox-rejected").await;
}

/// What the service has answered: the last receipt, and what it would not take with the reasons.
pub async fn show_answers(house: &Shared, receipt_hook: &str, rejected_hook: &str) {
    let lang = house.page.lang;
    let kept = house.store.meta("receipt").await.ok().and_then(|kept| LastReceipt::from_json(&kept));
    let receipt = match kept.filter(|kept| kept.total > 0) {
        Some(kept) => words::last_receipt(lang, &page::moment(lang, kept.at_ms), kept.total),
        None => words::NO_RECEIPT.get(lang).to_owned(),
    };
    dom::say_at(receipt_hook, &receipt);
    let Some(list) = dom::hook(rejected_hook) else { return };
    let refused = not_taken(house).await;
    dom::show(&list, !refused.is_empty());
    dom::fill(&list, refused.iter().map(|one| rejected(house, one)));
}

fn rejected(house: &Shared, one: &Refused) -> Element {
    let lang = house.page.lang;
    let line = item(house, &one.event);
    let why = format!("{}{}", words::REFUSED.get(lang), one.reason.get(lang));
    let noted = dom::button("noted", words::NOTED.get(lang), "button button-plain");
    let (noting, id) = (house.clone(), one.event.id);
    dom::on(&noted, "click", move |_| {
        noting.spawn(async move |house| {
            house.store.forget_refused(id).await.ok();
            house.announce();
        });
    });
    dom::append(&line, [dom::element("p", "rejected-why", &why), dom::element("code", "", &one.code), noted]);
    line
}

/// One line for one event: what, where, when.
pub fn item(house: &Shared, event: &Waiting) -> Element {
    let lang = house.page.lang;
    let what = match event.what {
        What::Completed => words::COMPLETED_EVENT,
        What::Answered => words::ANSWERED_EVENT,
    };
    let place = house.station_title(&event.site, &event.station);
    let when = page::moment(lang, event.captured_at_ms as f64);
    let line = dom::element("li", "outbox-item", &format!("{} · {place} · {when}", what.get(lang)));
    dom::set(&line, "data-event", &event.id.to_string());
    line
}
