//! What keeps a course from being finished by somebody who has a page and nothing else: no 3D, no position, no headset.

use crate::credit::Level;
use crate::{Bilingual, Lang, Route, Site, StationId};

/// What a course asks that a page alone cannot give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// Nothing is to be read there in this language: only the scene or the ground could finish it.
    Untold(StationId, Lang),
    /// An answer is asked for, and there is no question.
    Unasked(StationId),
    /// Presence is to be shown better than a page can. A trainer may still confirm, with a reason.
    Presence(Level),
}

impl Barrier {
    /// In words.
    pub fn text(&self) -> Bilingual {
        match self {
            Self::Untold(station, lang) => {
                let (zh, en) = match lang {
                    Lang::Zh => ("中文", "Chinese"),
                    Lang::En => ("英文", "English"),
                };
                Bilingual::new(
                    format!("站点 {station} 没有{zh}讲解可读，只有三维或实地才能完成"),
                    format!(
                        "Station {station} has nothing to read in {en}: only the scene or the ground could finish it"
                    ),
                )
            }
            Self::Unasked(station) => Bilingual::new(
                format!("站点 {station} 要求答题却没有题目，谁也不能完成"),
                format!("Station {station} asks for an answer and has no question: nobody can finish it"),
            ),
            Self::Presence(level) => {
                let (zh, en) = match level {
                    Level::E0 => ("", ""),
                    Level::E1 => ("须到现场，以定位或铭牌代码为凭", "on the ground, by a position or a plaque’s code"),
                    Level::E2 => (
                        "须有定位与代码互证，或用纪念馆的头显终端，或现场动态码、标签",
                        "by a position together with a code, by a hall’s terminal, or by a rotating code or tag",
                    ),
                    Level::E3 => ("须有现场动态码或标签", "by a rotating code or a tag at every station"),
                    Level::E4 => ("须由带训人逐站证明", "by a trainer’s attestation of every station"),
                };
                let code = level.code();
                Bilingual::new(
                    format!("最低到场凭证为 {code}：{zh}；达不到的学员须由带训人写明理由后确认"),
                    format!(
                        "The least presence asked for is {code}: {en}. Whoever cannot reach it needs a trainer’s confirmation with a reason"
                    ),
                )
            }
        }
    }
}

/// Everything in the way of somebody with a page alone; empty where such a learner can finish the course.
pub fn barriers(site: &Site, route: &Route, minimum: Level) -> Vec<Barrier> {
    let mut found = Vec::new();
    for station in route.stations.iter().filter_map(|id| site.station(id)) {
        for lang in Lang::ALL {
            if station.points.iter().all(|point| point.claims(lang).is_empty()) {
                found.push(Barrier::Untold(station.id.clone(), lang));
            }
        }
        if route.rule.recall() && station.question.choices.is_empty() {
            found.push(Barrier::Unasked(station.id.clone()));
        }
    }
    found.extend((minimum > Level::E0).then_some(Barrier::Presence(minimum)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site of one station, whose texts and question can be left out.
    fn site(told: bool, asked: bool) -> Site {
        let point =
            r#"{"id":"told","title":{"zh":"讲","en":"told"},"position":{"east_m":0.0,"north_m":0.0,"up_m":0.0},"#;
        let claim = r#"[{"text":"text","source":"book","certainty":"attested"}]"#;
        let claims = if told { claim } else { "[]" };
        let choice = |n: u8| format!(r#"{{"zh":"{n}","en":"{n}"}}"#);
        let choices = if asked { [1, 2, 3].map(choice).join(",") } else { String::new() };
        let text = format!(
            r#"{{"id":"hill","title":{{"zh":"山","en":"Hill"}},"summary":{{"zh":"山","en":"Hill"}},
            "when":{{"zh":"今","en":"now"}},"origin":{{"position":{{"lat_deg":29.9,"lon_deg":102.2}},"uncertainty_m":50.0,
            "source":"book"}},"stations":[{{"id":"gate","title":{{"zh":"门","en":"gate"}},
            "position":{{"east_m":0.0,"north_m":0.0,"up_m":0.0}},"radius_m":20.0,
            "points":[{point}"zh":{claims},"en":{claim},"zh_secs":0.0,"en_secs":0.0}}],
            "question":{{"station":"gate","prompt":{{"zh":"问","en":"q"}},"choices":[{choices}]}}}}],
            "routes":[{{"id":"path","site":"hill","title":{{"zh":"路","en":"path"}},"stations":["gate"],
            "rule":{{"version":1,"hours":5,"attended_share":0.8,"recall":true,"dwell_secs":20.0}}}}],
            "conflicts":[],"measures":[],"sources":[],"scene":{}}}"#,
            serde_json::to_string(&crate::scene::Scene::default()).expect("an empty scene is written")
        );
        serde_json::from_str(&text).expect("a site")
    }

    #[test]
    fn a_course_that_a_page_can_finish_has_nothing_in_the_way() {
        let site = site(true, true);
        assert_eq!(barriers(&site, &site.routes[0], Level::E0), []);
    }

    #[test]
    fn what_only_scene_ground_or_headset_give_is_told() {
        let gate = StationId::new("gate").expect("a name");
        let silent = site(false, false);
        let found = barriers(&silent, &silent.routes[0], Level::E2);
        let expected = [Barrier::Untold(gate.clone(), Lang::Zh), Barrier::Unasked(gate), Barrier::Presence(Level::E2)];
        assert_eq!(found, expected);
        for barrier in &found {
            assert!(!barrier.text().zh.is_empty() && !barrier.text().en.is_empty());
        }
        let sound = site(true, true);
        for level in [Level::E1, Level::E3, Level::E4] {
            assert_eq!(barriers(&sound, &sound.routes[0], level), [Barrier::Presence(level)]);
        }
    }
}
