//! Matching statements with the templates and patterns of a profile (xAPI Profile Specification 1.0, part two, 8 and 9).

use serde_json::Value;
use std::collections::BTreeMap;

/// A profile that is read.
pub struct Profile<'a>(pub &'a Value);

/// One property of each member of a list.
pub fn chosen<'a>(list: &'a Value, name: &'a str) -> impl Iterator<Item = &'a str> {
    list.as_array().into_iter().flatten().filter_map(move |each| each[name].as_str())
}

/// The steps of a path (`JSONPath`) without filters and scripts; `None` for what is none.
pub fn steps(path: &str) -> Option<Vec<&str>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step = if let Some(quoted) = rest.strip_prefix("['") {
            let (name, after) = quoted.split_once("']")?;
            rest = after;
            name
        } else if let Some(after) = rest.strip_prefix("[*]") {
            rest = after;
            "*"
        } else {
            let named = rest.strip_prefix('.')?;
            let end = named.find(['.', '[']).unwrap_or(named.len());
            rest = &named[end..];
            &named[..end]
        };
        if step.is_empty() {
            return None;
        }
        steps.push(step);
    }
    Some(steps)
}

fn values<'a>(statement: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![statement];
    for step in steps(path).expect("a path") {
        let next = |each: &'a Value| match (step, each) {
            ("*", Value::Array(list)) => list.iter().collect(),
            ("*", Value::Object(map)) => map.values().collect(),
            _ => each.get(step).into_iter().collect::<Vec<_>>(),
        };
        found = found.into_iter().flat_map(next).collect();
    }
    found
}

fn keeps(rule: &Value, statement: &Value) -> bool {
    let found = values(statement, rule["location"].as_str().expect("a location"));
    let listed = |name: &str| rule[name].as_array();
    let is_held = match rule["presence"].as_str() {
        Some("included") => !found.is_empty(),
        Some("excluded") => return found.is_empty(),
        Some("recommended") if found.is_empty() => return true,
        _ => true,
    };
    is_held
        && listed("any").is_none_or(|any| found.iter().any(|each| any.contains(each)))
        && listed("all").is_none_or(|all| found.iter().all(|each| all.contains(each)))
        && listed("none").is_none_or(|none| !found.iter().any(|each| none.contains(each)))
}

/// Whether all that determines a template stands in a statement.
fn determines(template: &Value, statement: &Value) -> bool {
    let is = |name: &str, path: &str| template[name].is_null() || statement.pointer(path) == Some(&template[name]);
    let around = |name: &str, place: &str| {
        let kinds = values(statement, &format!("$.context.contextActivities.{place}[*].definition.type"));
        template[name].as_array().into_iter().flatten().all(|kind| kinds.contains(&kind))
    };
    is("verb", "/verb/id")
        && is("objectActivityType", "/object/definition/type")
        && around("contextParentActivityType", "parent")
        && around("contextGroupingActivityType", "grouping")
        && around("contextOtherActivityType", "other")
        && around("contextCategoryActivityType", "category")
}

impl<'a> Profile<'a> {
    /// The one template that a statement follows, with those that it refers to in `record`.
    pub fn template_of(&self, statement: &Value, record: &BTreeMap<String, Value>) -> Result<&'a str, String> {
        let all = self.0["templates"].as_array().into_iter().flatten();
        let determined: Vec<&Value> = all.filter(|template| determines(template, statement)).collect();
        let [template] = determined.as_slice() else { return Err(format!("{} templates", determined.len())) };
        for rule in template["rules"].as_array().into_iter().flatten() {
            if !keeps(rule, statement) {
                return Err(format!("breaks {rule}"));
            }
        }
        if let Some(targets) = template["objectStatementRefTemplate"].as_array() {
            let target = statement["object"]["id"].as_str().and_then(|id| record.get(id));
            let target = target.filter(|_| statement["object"]["objectType"] == "StatementRef");
            let followed = self.template_of(target.ok_or("refers to nothing")?, record)?;
            if !targets.iter().any(|each| each == followed) {
                return Err(format!("refers to {followed}"));
            }
        }
        template["id"].as_str().ok_or_else(|| "no id".to_owned())
    }

    /// Whether statements of these templates, in this order, follow a primary pattern to their end.
    pub fn follows(&self, templates: &[&str]) -> bool {
        let mut patterns = self.0["patterns"].as_array().into_iter().flatten();
        patterns.any(|pattern| {
            pattern["primary"] == true
                && pattern["id"].as_str().is_some_and(|id| self.matched(id, templates) == Some(templates.len()))
        })
    }

    /// How many of them something takes, greedily; `None` where it does not fit.
    fn matched(&self, id: &str, templates: &[&str]) -> Option<usize> {
        let Some(pattern) = self.0["patterns"].as_array()?.iter().find(|pattern| pattern["id"] == id) else {
            return (templates.first() == Some(&id)).then_some(1);
        };
        let many = |of: &str| {
            let mut taken = 0;
            while let Some(more) = self.matched(of, &templates[taken..]).filter(|more| *more > 0) {
                taken += more;
            }
            taken
        };
        if let Some(of) = pattern["alternates"].as_array() {
            return of.iter().filter_map(|each| self.matched(each.as_str()?, templates)).max();
        }
        if let Some(of) = pattern["sequence"].as_array() {
            let take = |taken: usize, each: &Value| Some(taken + self.matched(each.as_str()?, &templates[taken..])?);
            return of.iter().try_fold(0, take);
        }
        if let Some(of) = pattern["oneOrMore"].as_str() {
            return Some(many(of)).filter(|taken| *taken > 0);
        }
        if let Some(of) = pattern["zeroOrMore"].as_str() {
            return Some(many(of));
        }
        Some(self.matched(pattern["optional"].as_str()?, templates).unwrap_or(0))
    }
}
