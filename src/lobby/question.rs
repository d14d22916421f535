//! The recall question: sends the answer, shows how it was judged.

use crate::here::Here;
use crate::visit::{Recall, StationVisit};
use crate::{dom, words};
use heritage::Lang;
use protocol::event::Grade;
use std::rc::Rc;

/// Makes the form live.
pub fn begin(here: &Rc<Here>) {
    let Some(form) = dom::hook_in(&here.place, "question") else { return };
    let here = Rc::clone(here);
    let sent = form.clone();
    dom::on(&form, "submit", move |submitted| {
        submitted.prevent_default();
        let lang = here.house.page.lang;
        let Some(choice) = dom::value(&sent, "choice").and_then(|value| value.parse().ok()) else {
            say(&here, words::CHOOSE_FIRST.get(lang), "");
            return;
        };
        say(&here, words::JUDGING.get(lang), "judging");
        let here = Rc::clone(&here);
        here.house.clone().spawn(async move |_| {
            if here.answer(choice).await.is_err() {
                say(&here, words::NO_STORAGE.get(lang), "");
            }
        });
    });
}

/// Shows the latest answer's grade, or that it waits for one.
pub fn show(here: &Here, visit: &StationVisit) {
    let lang = here.house.page.lang;
    let Some(form) = dom::hook_in(&here.place, "question") else { return };
    let recall = visit.recall();
    let right = visit.answers.iter().find(|answer| answer.grade.as_ref().is_some_and(|grade| grade.right));
    let last = right.or(visit.answers.last());
    match (recall, last.and_then(|answer| answer.grade.as_ref())) {
        _ if here.is_judged_now() => say(here, words::JUDGING.get(lang), "judging"),
        // An answer that was noted and then refused is taken back; what asks for a choice stays.
        (Recall::Open, _) => {
            let state = dom::hook_in(&form, "grade").and_then(|grade| grade.get_attribute("data-right"));
            if matches!(state.as_deref(), Some("judging" | "pending")) {
                say(here, words::ANSWER_TAKEN_BACK.get(lang), "");
            }
        }
        (Recall::Pending, None) if crate::kiosk::is_on() => say(here, words::ANSWER_KEPT_KIOSK.get(lang), "pending"),
        (Recall::Pending, None) if !here.house.is_signed_in() => {
            say(here, words::ANSWER_KEPT_SIGNED_OUT.get(lang), "pending");
        }
        (Recall::Pending, None) => say(here, words::ANSWER_KEPT.get(lang), "pending"),
        (_, Some(grade)) => say(here, &spoken(grade, lang), if grade.right { "true" } else { "false" }),
        (_, None) => {}
    }
    let settled = recall == Recall::Right;
    for input in dom::all(&form, "input, button") {
        dom::flag(&input, "disabled", settled);
    }
    if settled
        && let Some(choice) = last.map(|answer| answer.choice)
        && let Ok(Some(input)) = form.query_selector(&format!("input[value=\"{choice}\"]"))
    {
        // Shown as chosen after a reload, too.
        dom::flag(&input, "checked", true);
    }
}

fn spoken(grade: &Grade, lang: Lang) -> String {
    let verdict = if grade.right { words::RIGHT } else { words::WRONG };
    let (explanation, source) = (grade.explanation.get(lang), grade.source.get(lang));
    let gap = if lang == Lang::En { " " } else { "" };
    let end = if lang == Lang::En { "." } else { "。" };
    let cited =
        if source.is_empty() { String::new() } else { format!("{gap}{}{source}{end}", words::SOURCE.get(lang)) };
    format!("{}{gap}{explanation}{cited}", verdict.get(lang))
}

fn say(here: &Here, text: &str, right: &str) {
    let Some(form) = dom::hook_in(&here.place, "question") else { return };
    let Some(grade) = dom::hook_in(&form, "grade") else { return };
    dom::set(&grade, "data-right", right);
    dom::say(&grade, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::Bilingual;

    #[test]
    fn a_grade_is_said_with_its_reason_and_source() {
        let grade = Grade {
            right: true,
            explanation: Bilingual::new("净跨一百米。", "The clear span is 100 m."),
            source: Bilingual::new("《中国桥梁》", "A book"),
        };
        assert_eq!(spoken(&grade, Lang::Zh), "答对了。净跨一百米。来源：《中国桥梁》。");
        assert_eq!(spoken(&grade, Lang::En), "Right. The clear span is 100 m. Source: A book.");
    }
}
