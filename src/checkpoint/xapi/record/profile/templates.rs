//! How a statement of each kind is made, and of which statements a walk consists.

use super::super::activity::{CHECKLIST, CHECKLIST_ITEM, DISCUSSION, INTERACTION, PROJECT};
use super::super::said::OBSERVER;
use super::super::{ANSWERED, COMMENTED, COMPLETED, CONFIRM, DENY, EVALUATED, POSTED, VOIDED, own};
use super::{VERSION, described};
use serde_json::{Value, json};

/// What a template is known by besides its verb.
enum By {
    /// The verb alone.
    Verb,
    /// The type of the object.
    Object(&'static str),
    /// Statements of these templates, one of which it refers to.
    Refers(&'static [&'static str]),
    /// The type of the parent, and likewise.
    ParentAndRefers(&'static str, &'static [&'static str]),
}

fn id(name: &str) -> String {
    own(&format!("template-{name}"))
}

fn ids(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| id(name)).collect()
}

fn rule(location: &str, presence: &str) -> Value {
    json!({ "location": location, "presence": presence })
}

fn included(location: &str) -> Value {
    rule(location, "included")
}

fn only(location: &str, values: &Value) -> Value {
    json!({ "location": location, "presence": "included", "all": values })
}

fn context(name: &str) -> String {
    format!("$.context.extensions['{}']", own(name))
}

fn result(name: &str) -> String {
    format!("$.result.extensions['{}']", own(name))
}

/// No word of a learner's.
fn wordless() -> Value {
    rule("$.result.response", "excluded")
}

/// Who acted as a trainer, said where others look for it.
fn overseen() -> [Value; 2] {
    [included("$.context.instructor.account.name"), included(&format!("$.context.extensions['{OBSERVER}']"))]
}

fn template(name: &str, verb: &str, by: &By, words: [&str; 4], rules: impl IntoIterator<Item = Value>) -> Value {
    let mut template = described(&format!("template-{name}"), "StatementTemplate", words);
    template["verb"] = json!(verb);
    match by {
        By::Verb => {}
        By::Object(kind) => template["objectActivityType"] = json!(kind),
        By::Refers(to) => template["objectStatementRefTemplate"] = json!(ids(to)),
        By::ParentAndRefers(kind, to) => {
            template["contextParentActivityType"] = json!([kind]);
            template["objectStatementRefTemplate"] = json!(ids(to));
        }
    }
    let common = [
        only("$.actor.objectType", &json!(["Agent"])),
        included("$.actor.account.name"),
        included("$.timestamp"),
        included("$.context.registration"),
        included("$.context.contextActivities.parent[*].id"),
        included("$.context.contextActivities.grouping[*].id"),
        only("$.context.contextActivities.category[*].id", &json!([VERSION])),
        included(&context("captured-at")),
        included(&context("received-at")),
    ];
    template["rules"] = common.into_iter().chain(rules).collect();
    template
}

/// Every template.
pub fn templates() -> Vec<Value> {
    [visit(), decisions(), looks(), practice()].concat()
}

fn visit() -> Vec<Value> {
    vec![
        template(
            "completed",
            COMPLETED,
            &By::Object(CHECKLIST_ITEM),
            ["完成站点", "station completed", "学员完成一个站点。", "A learner completed a station."],
            [
                only("$.result.completion", &json!([true])),
                included("$.result.duration"),
                included("$.context.language"),
                included(&context("evidence")),
                included(&context("way")),
                included(&context("heard")),
                included(&context("read-seconds")),
            ],
        ),
        template(
            "answered",
            ANSWERED,
            &By::Object(INTERACTION),
            [
                "作答",
                "question answered",
                "学员回答站点的问题（choice）或现场问题（fill-in）；现场问题不带所答。",
                "A learner answered a station's question (choice), or the one that only the place answers (fill-in), of which the answer is left out.",
            ],
            [
                only("$.object.definition.interactionType", &json!(["choice", "fill-in"])),
                rule("$.result.success", "recommended"),
                rule("$.result.response", "recommended"),
            ],
        ),
        template(
            "attested",
            &own("attested"),
            &By::Verb,
            [
                "带训人证明",
                "attested",
                "带训人证明学员完成站点。",
                "A trainer stands for a learner's having completed stations.",
            ],
            overseen().into_iter().chain([
                only("$.object.objectType", &json!(["SubStatement"])),
                only("$.object.verb.id", &json!([COMPLETED])),
                included("$.object.actor.account.name"),
                included("$.result.response"),
                included(&context("stations")),
                included(&context("basis")),
            ]),
        ),
        template(
            "vouched",
            &own("vouched"),
            &By::Refers(&["completed"]),
            [
                "同行证明",
                "vouched for",
                "同行学员证明同在站点。",
                "Another learner says that both stood at the stations.",
            ],
            [included(&context("stations")), wordless()],
        ),
    ]
}

fn decisions() -> Vec<Value> {
    let decided = |name: &str, verb: &str, words: [&str; 4]| {
        let rules = [
            // A walk that was attested throughout has no completion of the learner's own.
            only("$.object.objectType", &json!(["StatementRef", "Activity"])),
            included(&result("rule")),
            rule(&result("hours"), "recommended"),
            rule(&result("presence"), "recommended"),
            rule("$.result.response", "recommended"),
        ];
        template(name, verb, &By::Verb, words, overseen().into_iter().chain(rules))
    };
    vec![
        decided(
            "confirmed",
            CONFIRM,
            [
                "确认",
                "confirmed",
                "带训人确认走访，由此授予学时（扩展 hours）。",
                "A trainer confirmed the walk; the credit is conferred by it (extension hours).",
            ],
        ),
        decided("returned", DENY, ["退回", "returned", "带训人退回走访。", "A trainer returned the walk."]),
        template(
            "voided",
            VOIDED,
            &By::Refers(&["confirmed"]),
            [
                "撤销确认",
                "confirmation taken back",
                "带训人撤销确认，学时随之撤销。",
                "A trainer took a confirmation back, and the credit with it.",
            ],
            overseen().into_iter().chain([included("$.result.response")]),
        ),
        template(
            "appealed",
            &own("appealed"),
            &By::Refers(&["returned", "voided"]),
            ["申诉", "appealed", "学员对决定提出申诉，不带理由。", "A learner appealed; the reason is left out."],
            [wordless()],
        ),
    ]
}

fn looks() -> Vec<Value> {
    vec![
        template(
            "rechecked",
            EVALUATED,
            &By::ParentAndRefers(CHECKLIST, &["confirmed"]),
            [
                "抽查复核",
                "second look",
                "另一位带训人复核确认。",
                "Another trainer took a second look at a confirmation.",
            ],
            overseen().into_iter().chain([included("$.result.success"), rule("$.result.response", "recommended")]),
        ),
        template(
            "graded",
            &own("graded"),
            &By::Refers(&["confirmed"]),
            ["重新评级", "graded anew", "按较新的规则重新评级。", "Presence was graded by a newer rule."],
            [included(&result("presence")), wordless()],
        ),
    ]
}

fn practice() -> Vec<Value> {
    vec![
        template(
            "submitted",
            POSTED,
            &By::Object(PROJECT),
            [
                "提交实践文稿",
                "practice submitted",
                "学员提交实践文稿，不带文稿。",
                "A learner submitted a text, which is left out.",
            ],
            [rule("$.result", "excluded")],
        ),
        template(
            "rated",
            EVALUATED,
            &By::ParentAndRefers(PROJECT, &["submitted"]),
            [
                "实践评定",
                "practice rated",
                "带训人或导师按量规评定；得分为最低等级除以 4。",
                "A trainer or mentor rated it by the rubric; the score is the least level, divided by 4.",
            ],
            overseen().into_iter().chain([
                included("$.result.score.scaled"),
                included("$.result.score.raw"),
                included(&result("rubric")),
                wordless(),
            ]),
        ),
        template(
            "followed-up",
            COMMENTED,
            &By::Object(DISCUSSION),
            [
                "后续答复",
                "follow-up answered",
                "学员说明后来做了什么，不带答复。",
                "A learner told what came of it; the answer is left out.",
            ],
            [rule("$.result", "excluded")],
        ),
    ]
}

/// Every pattern. Devices deliver late and decisions come again, so a walk has no order of its own.
pub fn patterns() -> Vec<Value> {
    let one_of = |name: &str, of: Vec<String>| json!({ "id": own(name), "type": "Pattern", "inScheme": VERSION, "alternates": of });
    let mut walk = described(
        "pattern-walk",
        "Pattern",
        [
            "走访",
            "walk",
            "一人在一条路线上的全部声明，同一个 registration；次序不限，因为离线的记录会晚到。",
            "All of one person's walk on one route, under one registration; in any order, since what was done offline comes late.",
        ],
    );
    walk["primary"] = json!(true);
    walk["oneOrMore"] = json!(own("pattern-entry"));
    vec![
        walk,
        one_of("pattern-entry", ["visit", "decision", "practice"].map(|part| own(&format!("pattern-{part}"))).into()),
        one_of("pattern-visit", ids(&["completed", "answered", "attested", "vouched"])),
        one_of("pattern-decision", ids(&["confirmed", "returned", "voided", "appealed", "rechecked", "graded"])),
        one_of("pattern-practice", ids(&["submitted", "rated", "followed-up"])),
    ]
}
