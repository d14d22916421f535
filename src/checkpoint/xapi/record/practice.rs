//! The practice as statements: that a text was submitted, how it was rated, that the learner told what came of it. The texts
//! stay in this house.

use super::said::{Place, reference};
use super::{COMMENTED, EVALUATED, POSTED, own, verb};
use crate::learning::Rating;
use crate::store::{Entry, Kind};
use heritage::assessment::{Capability, LEVELS};
use serde_json::{Value, json};

impl Place<'_> {
    pub fn reflected(&self) -> Value {
        json!({
            "actor": self.learner(), "verb": verb(POSTED, "提交了", "posted"),
            "object": self.record.practice(self.site, self.route), "context": self.context(),
        })
    }

    /// The least level is the score, as the practice is spoken of as a whole by it.
    pub fn rated(&self, log: &[Entry]) -> Option<Value> {
        let Rating { levels, of_seq, course, .. } = serde_json::from_str(&self.entry.said.body).ok()?;
        let of = log.iter().find(|entry| entry.seq == of_seq && entry.said.kind == Kind::Reflected)?;
        let least = Capability::of(&levels).least;
        let mut context = self.overseen();
        let practice = self.record.practice(self.site, self.route);
        let places = context["contextActivities"].as_object_mut()?;
        // The route and the site lie around the practice.
        let mut around = places.insert("parent".to_owned(), json!([practice]))?;
        around.as_array_mut()?.push(self.record.site(self.site));
        places.insert("grouping".to_owned(), around);
        Some(json!({
            "actor": self.author(), "verb": verb(EVALUATED, "评定了", "evaluated"), "object": reference(of),
            "result": {
                "score": { "scaled": f64::from(least) / LEVELS as f64, "raw": least, "max": LEVELS },
                "extensions": { own("rubric"): { "course": course, "levels": levels } },
            },
            "context": context,
        }))
    }

    pub fn followed_up(&self) -> Value {
        json!({
            "actor": self.learner(), "verb": verb(COMMENTED, "答复了", "commented"),
            "object": self.record.follow_up(self.site, self.route), "context": self.context(),
        })
    }
}
