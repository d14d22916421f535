//! What each flag says to the trainer, in both languages, with its numbers.

use super::{Flag, Unfit};
use crate::Bilingual;

impl Flag {
    /// In words for the trainer, with the numbers.
    pub fn text(&self) -> Bilingual {
        match *self {
            Self::OutOfOrder { ref stations } => {
                let numbers =
                    |between: &str| stations.iter().map(ToString::to_string).collect::<Vec<_>>().join(between);
                said(
                    format!("实地完成各站的次序为 {}，与路线次序不同", numbers("、")),
                    format!(
                        "On the ground the stations were completed in the order {}, not the route's",
                        numbers(", ")
                    ),
                )
            }
            Self::TooFast { from, to, distance_m, secs } => said(
                format!("第 {from} 站与第 {to} 站相距 {distance_m:.0} 米，两次完成只隔 {secs:.0} 秒，非步行所能"),
                format!(
                    "Stations {from} and {to} lie {distance_m:.0} m apart and were completed {secs:.0} s after one another, faster than anyone goes on foot"
                ),
            ),
            Self::Inaccurate { accuracy_m } => said(
                format!("定位精度较差：{accuracy_m:.0} 米，超过 50 米"),
                format!("Position is poor: accuracy {accuracy_m:.0} m, worse than 50 m"),
            ),
            Self::AccuracyImplausible => {
                Bilingual::new("定位精度数值不合常理", "The reported accuracy is one that no phone gives")
            }
            Self::ShortDwell { dwell_secs, narration_secs } => said(
                format!("停留 {dwell_secs:.0} 秒，不到讲解时长 {narration_secs:.0} 秒的一半"),
                format!("Stayed {dwell_secs:.0} s, less than half of the {narration_secs:.0} s told there"),
            ),
            Self::HeardTooFast { heard_secs, dwell_secs } => said(
                format!("收听 {heard_secs:.0} 秒，多于停留的 {dwell_secs:.0} 秒"),
                format!("Heard {heard_secs:.0} s within {dwell_secs:.0} s at the station"),
            ),
            Self::Impossible => Bilingual::new("记录中有不可能的数值", "The record holds a number that cannot be"),
            Self::ShiftedDatum => {
                Bilingual::new("手机坐标疑为 GCJ-02", "The phone's positions fit only when read as GCJ-02")
            }
            Self::DatumUnclear => {
                Bilingual::new("手机坐标系未能判定", "The datum of the phone's positions is not established")
            }
            Self::FewFixes { fixes } => {
                said(format!("有效定位仅 {fixes} 次"), format!("Only {fixes} usable position fixes"))
            }
            Self::MostlyIgnored { ignored, fixes } => said(
                format!("弃用定位 {ignored} 次，多于有效的 {fixes} 次"),
                format!("{ignored} fixes set aside, more than the {fixes} used"),
            ),
            Self::Jumped { jumps } => said(
                format!("位置跳变 {jumps} 次，非步行所能"),
                format!("The position jumped as no walker does, times counted: {jumps}"),
            ),
            Self::ShortPresence { dwell_secs } => said(
                format!("定位显示在站内仅 {dwell_secs:.0} 秒"),
                format!("Positions show only {dwell_secs:.0} s inside the station"),
            ),
            Self::Constant { fixes } => said(
                format!("{fixes} 次定位完全相同，真实手机不会如此"),
                format!("All {fixes} position fixes are one and the same, which no phone on the ground reports"),
            ),
            Self::SameTrace { others, elsewhere } => same_trace(others, elsewhere),
            Self::FootUnproven => Bilingual::new(
                "称实地走访，但无定位、代码或感应标签",
                "Said to be on the ground, but without a position, a code or a tag",
            ),
            Self::Unfit { proof } => proof.text(),
            Self::TapReplayed { counter, elsewhere } => tap_replayed(counter, elsewhere),
            Self::TapOutOfTurn { counter, earlier } => said(
                format!("感应标签计数 {counter} 低于此前读取的 {earlier}，可能是留存后再用"),
                format!(
                    "The tag's counter {counter} is below {earlier} of an earlier tap; it may have been kept for later"
                ),
            ),
            Self::OnlyEachOther => only_each_other(),
            Self::VouchedBySameTrace => vouched_by_same_trace(),
            Self::Attested => {
                Bilingual::new("由带训人证明，非设备所记", "Attested by a trainer, not recorded by a device")
            }
            Self::ClockAhead { secs } => {
                said(format!("设备时钟快 {secs:.0} 秒"), format!("The device's clock is {secs:.0} s ahead"))
            }
            Self::ClockBehind { secs } => {
                said(format!("设备时钟慢 {secs:.0} 秒"), format!("The device's clock is {secs:.0} s behind"))
            }
            Self::Burst { completions, secs } => burst(completions, secs),
            Self::ChainBroken { events } => chain_broken(events),
            Self::Guessed { wrong } => guessed(wrong),
            Self::GuessedAnswer { wrong } => guessed_answer(wrong),
            Self::Late { secs } => said(
                format!("记录后 {:.0} 天才收到", secs / 86_400.0),
                format!("Received {:.0} days after it was recorded", secs / 86_400.0),
            ),
        }
    }
}

const fn said(zh: String, en: String) -> Bilingual {
    Bilingual { zh, en }
}

fn same_trace(others: usize, elsewhere: usize) -> Bilingual {
    let zh = format!("定位轨迹与另外 {others} 人完全相同");
    let en = format!("The trace of positions is the very same as that of other people: {others}");
    if elsewhere == 0 {
        return said(zh, en);
    }
    said(format!("{zh}（其中 {elsewhere} 人属于其他单位）"), format!("{en}, of whom in other units: {elsewhere}"))
}

fn tap_replayed(counter: u32, elsewhere: usize) -> Bilingual {
    let zh = format!("感应标签的同一次读取（计数 {counter}）被提交不止一次");
    let en = format!("One tap on the tag (counter {counter}) was sent more than once");
    if elsewhere == 0 {
        return said(zh, en);
    }
    said(
        format!("{zh}，提交者中有 {elsewhere} 人属于其他单位"),
        format!("{en}; of those who sent it, people in other units: {elsewhere}"),
    )
}

fn only_each_other() -> Bilingual {
    Bilingual::new(
        "与同行证明人只互相证明，二人都没有别的同行证明",
        "The two who vouch here vouch for each other alone, and nobody else vouches for or is vouched for by either",
    )
}

fn vouched_by_same_trace() -> Bilingual {
    Bilingual::new(
        "同行证明人提交的定位轨迹与此人完全相同，可能是同一部手机",
        "Whoever vouches here sent the very same trace of positions; it may be one phone",
    )
}

fn burst(completions: usize, secs: f64) -> Bilingual {
    let days = secs / 86_400.0;
    said(
        format!("{completions} 站在同一时刻上传，最早的已过 {days:.0} 天"),
        format!("{completions} stations were sent at one moment, the oldest {days:.0} days after"),
    )
}

fn chain_broken(events: usize) -> Bilingual {
    said(
        format!("同一设备的记录前后不符（{events} 条）：先前的记录被改动过，或设备的存储被复制过"),
        format!(
            "What one device recorded does not fit together ({events} events): an earlier one was changed, or the device’s storage was copied"
        ),
    )
}

fn guessed_answer(wrong: usize) -> Bilingual {
    said(
        format!("现场问题答错 {wrong} 次，像是猜的：此题不作凭证"),
        format!(
            "Wrong answers to the question at the place: {wrong}. It looks like guessing, so that it shows nothing"
        ),
    )
}

fn guessed(wrong: usize) -> Bilingual {
    said(
        format!("{wrong} 个动态码不符，像是试出来的：本站的动态码不作凭证"),
        format!("Codes of the moment that did not hold: {wrong}. It looks like trying, so that none counts here"),
    )
}

impl Unfit {
    fn text(self) -> Bilingual {
        match self {
            Self::Code => Bilingual::new(
                "铭牌代码与本站不符，按本人声明计",
                "The plaque code does not fit this station; counted as the learner's own word",
            ),
            Self::Rotating => Bilingual::new(
                "动态码当时不在本站显示（过期、他站或设备时钟不准），按本人声明计",
                "The rotating code was not shown here at that time (old, of another station, or a wrong clock); counted as the learner's own word",
            ),
            Self::Tag => Bilingual::new(
                "感应标签的数据未通过本站验证，按本人声明计",
                "What the tag said does not verify for this station; counted as the learner's own word",
            ),
            Self::Question => Bilingual::new(
                "现场问题的回答不符，按本人声明计",
                "The answer to the question at the place does not fit; counted as the learner's own word",
            ),
        }
    }
}
