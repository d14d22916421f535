//! One station on this page: counts what is heard, read and stayed, shows its requirements, and completes it.

use crate::house::{Shared, on_kept};
use crate::standing::{self, Standing};
use crate::unwritten::{self, Batch};
use crate::visit::{Answer, Done, Recall, Seen, StationVisit};
use crate::{dom, page, sender, words};
use heritage::{CreditRule, Outline, PointId, Proof, RouteOutline, SiteId, StationId, StationOutline, Way};
use protocol::event::{EventKind, Grade};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::Element;

/// One station on this page.
pub struct Here {
    /// Shared by all parts.
    pub house: Shared,
    /// The station itself.
    pub station: StationOutline,
    site: SiteId,
    route: RouteOutline,
    way: Way,
    /// The part of the page that shows it.
    pub place: Element,
    seen: RefCell<Seen>,
    writing: RefCell<Vec<Batch>>,
    visit: RefCell<StationVisit>,
    judging: Cell<bool>,
}

impl Here {
    /// The station as shown in `place`; its form and buttons become live.
    pub fn begin(
        house: &Shared,
        site: &Outline,
        route: &RouteOutline,
        id: &StationId,
        way: Way,
        place: Element,
    ) -> Option<Rc<Self>> {
        let here = Rc::new(Self {
            house: Rc::clone(house),
            station: site.station(id)?.clone(),
            site: site.id.clone(),
            route: route.clone(),
            way,
            place,
            seen: RefCell::default(),
            writing: RefCell::default(),
            visit: RefCell::default(),
            judging: Cell::default(),
        });
        crate::question::begin(&here);
        if let Some(button) = dom::hook_in(&here.place, "complete") {
            let pressed = Rc::clone(&here);
            dom::on(&button, "click", move |_| {
                let here = Rc::clone(&pressed);
                here.house.clone().spawn(async move |_| here.complete().await);
            });
        }
        let renewed = Rc::clone(&here);
        on_kept(house, move |_| {
            let here = Rc::clone(&renewed);
            async move { here.renew().await }
        });
        let first = Rc::clone(&here);
        house.spawn(async move |_| first.renew().await);
        Some(here)
    }

    fn rule(&self) -> &CreditRule {
        &self.route.rule
    }

    /// The visit as last read.
    pub fn visit(&self) -> std::cell::Ref<'_, StationVisit> {
        self.visit.borrow()
    }

    /// Counts stretches of a narration.
    pub fn hear(&self, point: &PointId, stretches: &[[f64; 2]]) {
        self.seen.borrow_mut().hear(self.house.page.lang, point, stretches);
    }

    /// Counts reading and presence, seconds.
    pub fn stay(&self, read_secs: f64, present_secs: f64) {
        let mut seen = self.seen.borrow_mut();
        seen.read_secs += read_secs;
        seen.dwell_secs += present_secs;
    }

    /// A showing of presence has come. After the completion it would show nothing any more.
    pub fn prove(&self, proof: Proof) {
        if !self.visit.borrow().is_done(self.way) {
            self.seen.borrow_mut().prove(Some(proof));
        }
    }

    /// What was counted since the last time, as the next batch to be written.
    fn batch(&self) -> Option<Batch> {
        let seen = self.seen.take();
        if seen.is_empty() || self.house.handed_on.get() {
            return None;
        }
        let (site, station) = (self.site.to_string(), self.station.id.to_string());
        let batch = Batch { id: page::fresh_id(), site, station, seen };
        self.writing.borrow_mut().push(batch.clone());
        Some(batch)
    }

    async fn write(&self, batch: Batch) {
        let added = self.house.store.add(&batch).await;
        self.writing.borrow_mut().retain(|one| one.id != batch.id);
        if let Ok(visit) = added {
            self.visit.replace(visit);
            self.show().await;
            self.house.tell_tabs("kept");
        } else {
            unwritten::forget(batch.id);
            self.seen.borrow_mut().put_back(&batch.seen);
        }
    }

    /// Writes down what was counted since the last time; loses nothing if that fails.
    pub async fn write_down(&self) {
        if let Some(batch) = self.batch() {
            self.write(batch).await;
        }
    }

    /// The same when the page may be gone at once: what is not written yet is left for the page that follows.
    pub fn write_down_now(self: &Rc<Self>) {
        let batch = self.batch();
        self.writing.borrow().iter().for_each(unwritten::keep);
        if let Some(batch) = batch {
            let here = Rc::clone(self);
            self.house.spawn(async move |_| here.write(batch).await);
        }
    }

    /// Reads the visit again, as another tab or a receipt may have changed it, and shows it.
    pub async fn renew(&self) {
        if let Ok(visit) = self.house.store.visit(self.site.as_str(), self.station.id.as_str()).await {
            self.visit.replace(visit);
            self.show().await;
        }
    }

    fn standing(&self) -> Standing {
        standing::judge(self.rule(), &self.station, &self.visit.borrow(), self.house.page.lang, self.way)
    }

    async fn show(&self) {
        let lang = self.house.page.lang;
        let standing = self.standing();
        if let Some(list) = dom::hook_in(&self.place, "requirements") {
            dom::fill(
                &list,
                standing.reasons.iter().map(|reason| {
                    let item = dom::element("li", "requirement", reason.text.get(lang));
                    dom::set(&item, "data-met", if reason.met { "true" } else { "false" });
                    let mark = if reason.met { words::MET } else { words::NOT_MET };
                    let said = dom::element("span", "", mark.get(lang));
                    dom::set(&said, "class", "visually-hidden");
                    dom::append(&item, [said]);
                    item
                }),
            );
        }
        let done = self.visit.borrow().is_done(self.way);
        if let Some(button) = dom::hook_in(&self.place, "complete") {
            dom::flag(&button, "disabled", done || !standing.ready);
            let text = if done {
                words::COMPLETE_AGAIN_NOT_NEEDED
            } else if standing.ready {
                words::COMPLETE
            } else {
                words::NOT_YET
            };
            dom::say(&button, text.get(lang));
            dom::set(
                &button,
                "data-state",
                if done {
                    "done"
                } else if standing.ready {
                    "ready"
                } else {
                    "waiting"
                },
            );
        }
        crate::question::show(self, &self.visit.borrow());
        if standing.attended != self.visit.borrow().attended {
            let attended = standing.attended;
            let change = |visit: &mut StationVisit| visit.attended = attended;
            let changed = self.house.store.change(self.site.as_str(), self.station.id.as_str(), change).await;
            if let Ok(visit) = changed {
                self.visit.replace(visit);
                self.house.announce();
            }
        }
    }

    /// Completes the station: one event, however often and in however many tabs it is pressed.
    async fn complete(&self) {
        self.write_down().await;
        let (way, lang) = (self.way, self.house.page.lang);
        let (site, route, station) = (self.site.clone(), self.route.id.clone(), self.station.clone());
        let rule = self.rule().clone();
        let make = move |visit: &mut StationVisit, id| {
            if visit.is_done(way) || !standing::judge(&rule, &station, visit, lang, way).ready {
                return None;
            }
            visit.done.push(Done { event: id, way });
            let (proof, further) = visit.take_proofs();
            Some(EventKind::Completed {
                site,
                route,
                station: station.id,
                way,
                lang,
                heard: visit.heard(lang),
                read_secs: visit.read_secs,
                dwell_secs: visit.dwell_secs,
                proof,
                further,
            })
        };
        let (site, station) = (self.site.as_str(), self.station.id.as_str());
        match self.house.store.record(site, station, self.house.person(), make).await {
            Ok(Some(_)) => {
                page::notice(words::COMPLETED.get(lang));
                self.house.announce();
                let text = match sender::send(&self.house).await {
                    sender::Sent::All => words::COMPLETED_SENT,
                    sender::Sent::SignedOut if crate::kiosk::is_on() => words::COMPLETED_KIOSK,
                    sender::Sent::SignedOut if self.house.person().is_none() => words::COMPLETED_SIGNED_OUT,
                    sender::Sent::SignedOut => words::COMPLETED_EXPIRED,
                    _ => words::COMPLETED,
                };
                page::notice(text.get(lang));
                self.house.catch_up().await;
            }
            Ok(None) => self.renew().await,
            Err(_) => page::notice(words::NO_STORAGE.get(lang)),
        }
    }

    /// An answer is at the service this moment.
    pub fn is_judged_now(&self) -> bool {
        self.judging.get()
    }

    /// Records an answer and has it judged if the service is there; gives the grade, or nothing while it waits.
    pub async fn answer(&self, choice: u8) -> Result<Option<Grade>, crate::db::Fault> {
        self.judging.set(true);
        let judged = self.answer_and_judge(choice).await;
        self.judging.set(false);
        self.renew().await;
        judged
    }

    async fn answer_and_judge(&self, choice: u8) -> Result<Option<Grade>, crate::db::Fault> {
        let kind = EventKind::Answered { site: self.site.clone(), station: self.station.id.clone(), choice };
        let make = move |visit: &mut StationVisit, id| {
            // Two tabs, or two presses, while the first answer is still on its way.
            let twice = visit.answers.last().is_some_and(|last| last.choice == choice && last.grade.is_none());
            if twice || visit.recall() == Recall::Right {
                return None;
            }
            visit.answers.push(Answer { event: id, choice, grade: None });
            Some(kind)
        };
        let (site, station) = (self.site.as_str(), self.station.id.as_str());
        let Some(event) = self.house.store.record(site, station, self.house.person(), make).await? else {
            return Ok(None);
        };
        self.house.announce();
        let grade = sender::attempt(&self.house, &event).await;
        if grade.is_none() {
            sender::send(&self.house).await;
        }
        Ok(grade)
    }
}
