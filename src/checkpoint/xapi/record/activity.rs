//! Sites, routes, stations and their questions as activities.

use super::{Record, VERSION};
use heritage::assessment::CourseVersion;
use heritage::{Bilingual, Route, RouteId, Site, SiteId, Station, StationId};
use serde_json::{Value, json};

const PLACE: &str = "http://activitystrea.ms/schema/1.0/place";
/// The type of a route.
pub const CHECKLIST: &str = "http://id.tincanapi.com/activitytype/checklist";
/// The type of a station.
pub const CHECKLIST_ITEM: &str = "http://id.tincanapi.com/activitytype/checklist-item";
/// The type of a question.
pub const INTERACTION: &str = "http://adlnet.gov/expapi/activities/cmi.interaction";
/// The type of what is practised.
pub const PROJECT: &str = "http://id.tincanapi.com/activitytype/project";
/// The type of what is asked later.
pub const DISCUSSION: &str = "http://id.tincanapi.com/activitytype/discussion";
/// The type of a profile, by which a statement says which one it follows.
const FOLLOWED_PROFILE: &str = "http://adlnet.gov/expapi/activities/profile";

/// The id of a choice of a question: its place, from 0.
pub fn choice_id(index: usize) -> String {
    format!("choice-{index}")
}

/// The version of our profile that statements follow.
pub fn category() -> Value {
    json!({ "objectType": "Activity", "id": VERSION, "definition": { "type": FOLLOWED_PROFILE } })
}

impl Record<'_> {
    fn root(&self, site: &SiteId) -> String {
        format!("{}/xapi/activity/{site}", self.base)
    }

    fn described(&self, id: &str, kind: &str, name: &Bilingual, page: &str) -> Value {
        json!({
            "objectType": "Activity", "id": id,
            "definition": { "type": kind, "name": words(name), "moreInfo": format!("{}{page}", self.base) },
        })
    }

    /// A site.
    pub fn site(&self, site: &Site) -> Value {
        self.described(&self.root(&site.id), PLACE, &site.title, &format!("/zh/{}/", site.id))
    }

    /// A route.
    pub fn route(&self, site: &Site, route: &Route) -> Value {
        let id = format!("{}/route/{}", self.root(&site.id), route.id);
        self.described(&id, CHECKLIST, &route.title, &format!("/zh/{}/", site.id))
    }

    /// A station.
    pub fn station(&self, site: &Site, station: &Station) -> Value {
        let id = format!("{}/station/{}", self.root(&site.id), station.id);
        self.described(&id, CHECKLIST_ITEM, &station.title, &format!("/zh/{}/{}/", site.id, station.id))
    }

    /// A station's question. Which choice is right is not told.
    pub fn question(&self, site: &Site, station: &Station) -> Value {
        let id = format!("{}/question/{}", self.root(&site.id), station.id);
        let page = format!("/zh/{}/{}/", site.id, station.id);
        let mut question = self.described(&id, INTERACTION, &station.title, &page);
        let choice = |(index, text)| json!({ "id": choice_id(index), "description": words(text) });
        let choices: Vec<Value> = station.question.choices.iter().enumerate().map(choice).collect();
        question["definition"]["description"] = words(&station.question.prompt);
        question["definition"]["interactionType"] = json!("choice");
        question["definition"]["choices"] = Value::Array(choices);
        question
    }

    /// The question at a station that only the place answers. No part of it is published, so its words are not told.
    pub fn on_site(&self, site: &Site, station: &Station) -> Value {
        let id = format!("{}/on-site/{}", self.root(&site.id), station.id);
        let page = format!("/zh/{}/{}/", site.id, station.id);
        let mut question = self.described(&id, INTERACTION, &station.title, &page);
        question["definition"]["interactionType"] = json!("fill-in");
        question
    }

    /// What is practised on a route.
    pub fn practice(&self, site: &Site, route: &Route) -> Value {
        self.asked_on(site, route, ("practice", PROJECT), |course| &course.practice.prompt)
    }

    /// What is asked some time after a walk.
    pub fn follow_up(&self, site: &Site, route: &Route) -> Value {
        self.asked_on(site, route, ("follow-up", DISCUSSION), |course| &course.follow_up.prompt)
    }

    fn asked_on(
        &self,
        site: &Site,
        route: &Route,
        (what, kind): (&str, &str),
        prompt: impl Fn(&CourseVersion) -> &Bilingual,
    ) -> Value {
        let id = format!("{}/{what}/{}", self.root(&site.id), route.id);
        let mut asked = self.described(&id, kind, &route.title, &format!("/course/{}.{}", site.id, route.id));
        if let Some(course) = self.courses.version(&site.id, &route.id) {
            asked["definition"]["description"] = words(prompt(course));
        }
        asked
    }

    /// The activity of ours with this id.
    pub fn activity(&self, id: &str) -> Option<Value> {
        if id == VERSION {
            return Some(category());
        }
        let path = id.strip_prefix(self.base)?.strip_prefix("/xapi/activity/")?;
        let mut parts = path.split('/');
        let site = self.courses.site(&SiteId::new(parts.next()?).ok()?)?;
        let found = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => self.site(site),
            (Some(kind @ ("route" | "practice" | "follow-up")), Some(route), None) => {
                let (site, route) = self.courses.route(&site.id, &RouteId::new(route).ok()?)?;
                match kind {
                    "practice" => self.practice(site, route),
                    "follow-up" => self.follow_up(site, route),
                    _ => self.route(site, route),
                }
            }
            (Some(kind), Some(station), None) => {
                let station = site.station(&StationId::new(station).ok()?)?;
                match kind {
                    "station" => self.station(site, station),
                    "question" => self.question(site, station),
                    "on-site" if self.courses.on_site(&site.id, &station.id).is_some() => self.on_site(site, station),
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(found)
    }

    /// The site of the activity of ours with this id.
    pub fn site_of(&self, id: &str) -> Option<SiteId> {
        let path = id.strip_prefix(self.base)?.strip_prefix("/xapi/activity/")?;
        SiteId::new(path.split('/').next()?).ok()
    }
}

fn words(text: &Bilingual) -> Value {
    json!({ "zh-CN": text.zh, "en": text.en })
}
