//! Our profile: the verbs and extensions that no other profile has, and how statements are made of them and of others', as
//! JSON-LD (xAPI Profiles 1.0). It is the same wherever the service runs.

mod templates;

use super::own;
use serde_json::{Value, json};
use templates::{patterns, templates};

/// The id of the profile. Nobody has to own a domain for it, so all halls share it; where it can be read says `/xapi/about`.
pub const PROFILE: &str = "urn:uuid:96c2ecd1-0f3d-42dd-a467-04cf6cfe9c32";
/// The version that our statements follow. Whoever changes a verb, an extension, a template or a pattern begins another.
pub const VERSION: &str = "urn:uuid:96c2ecd1-0f3d-42dd-a467-04cf6cfe9c32#v1";

/// Verbs of our own: name, then what it is called and means in Chinese and English.
const VERBS: [(&str, [&str; 4]); 4] = [
    (
        "attested",
        [
            "证明",
            "attested",
            "带训人为学员完成站点作证，依据名单或本人在场。",
            "A trainer stands for a learner's having completed stations, from a list or from having been there.",
        ],
    ),
    (
        "vouched",
        [
            "同行证明",
            "vouched for",
            "同行学员证明与学员同时在站点。",
            "Another learner says that both stood at the stations at about the same time.",
        ],
    ),
    (
        "appealed",
        [
            "申诉",
            "appealed",
            "学员请另一位带训人复看对走访的决定。",
            "A learner asks another trainer to look at a decision on a walk.",
        ],
    ),
    (
        "graded",
        [
            "重新评级",
            "graded anew",
            "按较新的规则重新评定在场凭证，不改动学时。",
            "How well presence is shown was graded by a newer rule; no credit changes.",
        ],
    ),
];

/// Extensions of our own: name, where it stands, then as for verbs.
const EXTENSIONS: [(&str, &str, [&str; 4]); 12] = [
    (
        "evidence",
        "ContextExtension",
        [
            "在场凭证",
            "evidence",
            "每项凭证的方式；定位另有精度（米）、停留（秒）、次数与坐标系。",
            "How presence was shown, one item each: the method, and of a position its accuracy (m), dwell (s), fixes and datum.",
        ],
    ),
    ("way", "ContextExtension", ["方式", "way", "scene、page、headset 或 foot。", "scene, page, headset or foot."]),
    ("heard", "ContextExtension", ["已听", "heard", "每个故事点所听秒数。", "Seconds heard of each story point."]),
    (
        "read-seconds",
        "ContextExtension",
        ["阅读秒数", "read seconds", "文稿在视野中的秒数。", "Seconds for which the transcript was in view."],
    ),
    (
        "captured-at",
        "ContextExtension",
        [
            "设备时间",
            "captured at",
            "设备时钟，1970 年以来的毫秒数。",
            "The device's clock, milliseconds since 1970 UTC.",
        ],
    ),
    (
        "received-at",
        "ContextExtension",
        [
            "收到时间",
            "received at",
            "服务时钟，1970 年以来的毫秒数。",
            "The service's clock, milliseconds since 1970 UTC.",
        ],
    ),
    ("stations", "ContextExtension", ["站点", "stations", "所证明的站点。", "The stations that were attested."]),
    ("basis", "ContextExtension", ["依据", "basis", "list（名单）或 present（本人在场）。", "list or present."]),
    ("hours", "ResultExtension", ["学时", "hours", "决定所依据的学时。", "The hours that the decision rests on."]),
    (
        "rule",
        "ResultExtension",
        ["规则版本", "rule", "所用学时规则的版本。", "The version of the rule for credit that was applied."],
    ),
    (
        "presence",
        "ResultExtension",
        [
            "在场评级",
            "presence",
            "level 为 E0 至 E4，rule 为评级规则的编号。",
            "level is E0 to E4, rule the number of the rule for grading.",
        ],
    ),
    (
        "rubric",
        "ResultExtension",
        [
            "量规等级",
            "rubric",
            "levels 为量规各项的等级（1 至 4，按量规的次序），course 为课程版本。",
            "levels holds a level for each criterion of the rubric (1 to 4, in its order), course the version of the course.",
        ],
    ),
];

/// The profile.
pub fn profile() -> Value {
    let verbs = VERBS.iter().map(|(name, words)| described(name, "Verb", *words));
    let extensions = EXTENSIONS.iter().map(|(name, kind, words)| described(name, kind, *words));
    json!({
        "@context": "https://w3id.org/xapi/profiles/context",
        "id": PROFILE, "type": "Profile", "conformsTo": "https://w3id.org/xapi/profiles#1.0",
        "prefLabel": { "zh-CN": "重走", "en": "Retrace" },
        "definition": {
            "zh-CN": "革命旧址走访记录的声明：所用的动词与扩展，各类声明的样式，以及一次走访由哪些声明组成。",
            "en": "Statements about walks at heritage sites: verbs and extensions, how each kind is made, and of which a walk consists.",
        },
        "author": { "type": "Organization", "name": "Retrace" },
        "versions": [{ "id": VERSION, "generatedAtTime": "2026-11-28T00:00:00Z" }],
        "concepts": verbs.chain(extensions).collect::<Vec<_>>(),
        "templates": templates(), "patterns": patterns(),
    })
}

/// Something that the profile defines: what it is called and means in Chinese and English.
fn described(name: &str, kind: &str, [zh, en, zh_long, en_long]: [&str; 4]) -> Value {
    json!({
        "id": own(name), "type": kind, "inScheme": VERSION,
        "prefLabel": { "zh-CN": zh, "en": en }, "definition": { "zh-CN": zh_long, "en": en_long },
    })
}
