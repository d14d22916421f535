//! Words that several pages of the desk share.

use crate::store::kept::role_code;
use crate::store::pairing::mark;
use crate::store::{Act, Kind};
use heritage::{Bilingual, Proof};
use protocol::api::{Role, WalkState};
use uuid::Uuid;

/// What a state is called.
pub fn state(state: WalkState) -> Bilingual {
    match state {
        WalkState::Underway => Bilingual::new("进行中", "under way"),
        WalkState::Waiting => Bilingual::new("待确认", "waiting"),
        WalkState::Confirmed => Bilingual::new("已确认", "confirmed"),
        WalkState::Returned => Bilingual::new("已退回", "returned"),
    }
}

/// The word of a state in addresses and styles.
pub const fn state_code(state: WalkState) -> &'static str {
    match state {
        WalkState::Underway => "underway",
        WalkState::Waiting => "waiting",
        WalkState::Confirmed => "confirmed",
        WalkState::Returned => "returned",
    }
}

/// What a kind of entry is called.
pub fn kind(kind: Kind) -> Bilingual {
    match kind {
        Kind::Completed => Bilingual::new("完成站点", "station completed"),
        Kind::Answered => Bilingual::new("作答", "answer"),
        Kind::AnsweredThere => Bilingual::new("现场作答", "answer at the place"),
        Kind::Confirmed => Bilingual::new("确认", "confirmed"),
        Kind::Returned => Bilingual::new("退回", "returned"),
        Kind::Reopened => Bilingual::new("撤销确认", "confirmation taken back"),
        Kind::Attested => Bilingual::new("带训人证明", "attested by a trainer"),
        Kind::Vouched => Bilingual::new("同行学员证明", "vouched for by a companion"),
        Kind::Appealed => Bilingual::new("申诉", "appeal"),
        Kind::Rechecked => Bilingual::new("抽查复核", "second look"),
        Kind::Assessed => Bilingual::new("凭证重新评级", "presence graded anew"),
        Kind::ClockRead => Bilingual::new("设备时钟不准", "device clock found wrong"),
        Kind::PinRenewed => Bilingual::new("重发 PIN", "new PIN given"),
        Kind::CodeRenewed => Bilingual::new("换发邀请码", "new code given"),
        Kind::Erased => Bilingual::new("删除个人记录", "record erased"),
        Kind::ReportClosed => Bilingual::new("年度报告定稿", "report of a year closed"),
        Kind::Drafted => Bilingual::new("实践文稿存稿", "draft on the practice kept"),
        Kind::Reflected => Bilingual::new("提交实践文稿", "text on the practice submitted"),
        Kind::PeerChecked => Bilingual::new("学员互评", "checked by another learner"),
        Kind::Rated => Bilingual::new("实践评定", "practice rated"),
        Kind::FollowedUp => Bilingual::new("后续答复", "follow-up answered"),
        Kind::Seconded => Bilingual::new("同事补充", "added to by a colleague"),
        Kind::ListingChosen => Bilingual::new("表彰名单去留", "choice about commendation"),
    }
}

/// How the second look at a confirmation stands; empty where none was drawn.
pub fn rechecked(wants: bool, agrees: Option<bool>) -> Bilingual {
    match (wants, agrees) {
        (_, Some(true)) => Bilingual::new("复核同意", "agreed"),
        (_, Some(false)) => Bilingual::new("复核有异议", "disagreed"),
        (true, None) => Bilingual::new("待复核", "to be looked at"),
        (false, None) => Bilingual::default(),
    }
}

/// What an act at the desk is called.
pub fn act(act: Act) -> Bilingual {
    match act {
        Act::WalksListed => Bilingual::new("查看走访列表", "opened the list of walks"),
        Act::WalkOpened => Bilingual::new("查看走访", "opened a walk"),
        Act::WalksExported => Bilingual::new("导出走访表", "exported the walks"),
        Act::PeopleListed => Bilingual::new("查看人员", "opened the people"),
        Act::CertificateOpened => Bilingual::new("取出学时证明", "took out a certificate of credit"),
        Act::EntryProven => Bilingual::new("取出记录的证明", "took out the proof of an entry"),
        Act::AuditRead => Bilingual::new("查看审计", "opened the audit log"),
        Act::PersonAdded => Bilingual::new("添加人员", "added a person"),
        Act::RosterAdded => Bilingual::new("导入名单（人数）", "added a list of people (how many)"),
        Act::UnitMade => Bilingual::new("新设单位", "made a unit"),
        Act::KioskEnrolled => Bilingual::new("登记终端", "enrolled a kiosk"),
        Act::KioskWithdrawn => Bilingual::new("停用终端", "withdrew a kiosk"),
        Act::ReportOpened => Bilingual::new("查看年度报告", "opened the report of a year"),
        Act::ReportExported => Bilingual::new("导出年度报告", "took out the report of a year"),
        Act::CommendedOpened => Bilingual::new("查看表彰名单", "opened the list of commendation"),
        Act::FairnessOpened => Bilingual::new("查看公平情况", "opened the figures on fairness"),
        Act::SystemCredentialsListed => Bilingual::new("查看系统凭证", "opened the credentials"),
        Act::SystemCredentialMade => Bilingual::new("发放系统凭证", "made a credential"),
        Act::SystemCredentialEnded => Bilingual::new("撤销系统凭证", "revoked a credential"),
        Act::PasskeyAdded => Bilingual::new("添加通行密钥", "added a passkey"),
        Act::PasskeyRemoved => Bilingual::new("移除通行密钥", "removed a passkey"),
        Act::ForwardingOpened => Bilingual::new("查看转发情况", "opened forwarding"),
        Act::SystemRead => Bilingual::new("外部系统读取记录", "another system read the record"),
        Act::ForwardedAgain => Bilingual::new("重新转发", "had statements forwarded again"),
        Act::ForwardedAside => Bilingual::new("搁置转发", "set statements aside unsent"),
        Act::AccountBound => Bilingual::new("绑定单位账号", "bound an account of the unit"),
        Act::AccountUsed => Bilingual::new("用单位账号登录", "signed in by an account of the unit"),
        Act::AccountUnbound => Bilingual::new("解除单位账号", "unbound an account of the unit"),
        Act::UnitsListed => Bilingual::new("查看单位", "opened the units"),
        Act::KiosksListed => Bilingual::new("查看展厅终端", "opened the kiosks"),
        Act::DisplaysListed => Bilingual::new("查看站点展示码地址", "opened the addresses of displays"),
        Act::LedVisitBegun => Bilingual::new("开始带领参观", "began to lead a visit"),
        Act::LedVisitFinished => Bilingual::new("结束带领参观", "finished a led visit"),
        Act::Entry(entry) => kind(entry),
    }
}

/// What a role is called.
pub fn role(role: Role) -> Bilingual {
    match role {
        Role::Learner => Bilingual::new("学员", "learner"),
        Role::Trainer => Bilingual::new("带训人", "trainer"),
        Role::Mentor => Bilingual::new("导师", "mentor"),
        Role::Auditor => Bilingual::new("审计员", "auditor"),
        Role::Admin => Bilingual::new("管理员", "administrator"),
    }
}

/// A proof, part by part: method, then what it says.
pub fn proof(proof: &Proof) -> Vec<Bilingual> {
    let mut parts = vec![proof.label()];
    if let Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum, .. } = proof {
        parts.push(Bilingual::new(format!("精度 {accuracy_m:.0} 米"), format!("accuracy {accuracy_m:.0} m")));
        parts
            .push(Bilingual::new(format!("在站内 {dwell_secs:.0} 秒"), format!("{dwell_secs:.0} s inside the radius")));
        parts.push(Bilingual::new(
            format!("定位 {fixes} 次，弃用 {ignored} 次，跳变 {jumps} 次"),
            format!("{fixes} fixes, {ignored} set aside, {jumps} jumps"),
        ));
        parts.push(datum.label());
    }
    if let Proof::Kiosk { kiosk } = proof
        && let Ok(id) = Uuid::parse_str(kiosk)
    {
        parts.push(Bilingual::new(format!("终端 {}", mark(id)), format!("kiosk {}", mark(id))));
    }
    parts
}

/// A difference between two clocks, in the largest unit that fits.
pub fn lag(lag_ms: i64) -> Bilingual {
    let secs = lag_ms.unsigned_abs() / 1000;
    let (count, zh, en) = match secs {
        0..=119 => (secs, "秒", "s"),
        120..=7_199 => (secs / 60, "分钟", "min"),
        7_200..=172_799 => (secs / 3_600, "小时", "h"),
        _ => (secs / 86_400, "天", "days"),
    };
    if lag_ms < 0 {
        Bilingual::new(format!("设备时钟快 {count} {zh}"), format!("device clock {count} {en} ahead"))
    } else {
        Bilingual::new(format!("{count} {zh}后收到"), format!("received {count} {en} later"))
    }
}

/// A role, as the desk offers it.
pub struct RoleChoice {
    /// The word in forms.
    pub code: &'static str,
    /// What it is called.
    pub name: Bilingual,
}

/// The roles that an admin may give; in their own unit they make no further admin.
pub fn roles(with_admin: bool) -> Vec<RoleChoice> {
    let offered = Role::ALL.into_iter().filter(|each| with_admin || *each != Role::Admin);
    offered.map(|each| RoleChoice { code: role_code(each), name: role(each) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_said_in_the_largest_unit_that_fits() {
        for (ms, en) in [
            (0, "received 0 s later"),
            (119_999, "received 119 s later"),
            (600_000, "received 10 min later"),
            (86_400_000, "received 24 h later"),
            (i64::MAX, "received 106751991167 days later"),
            (-3_600_000, "device clock 60 min ahead"),
        ] {
            assert_eq!(lag(ms).en, en);
        }
    }
}
