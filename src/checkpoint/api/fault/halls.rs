//! Faults of a hall's terminals and of claiming what was done there.

use super::Fault;
use axum::http::StatusCode;

impl Fault {
    /// A terminal that is not enrolled, or was withdrawn.
    pub fn unenrolled() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unenrolled",
            ("终端未登记", "Kiosk not enrolled"),
            (
                "终端未登记、密钥不对，或已停用；未保存任何内容。请管理员在工作台“展厅终端”页登记，并把编号和密钥填入终端。",
                "The kiosk is not enrolled, its key is not right, or it was withdrawn; nothing was stored. An administrator enrols it at the desk under Kiosks and enters its number and key.",
            ),
        )
    }

    /// Somebody else has claimed it.
    pub fn claimed_before() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "claimed-before",
            ("已被领取", "Claimed already"),
            (
                "这个代码的记录已由他人领取，只能领取一次。如果确是您的参观，请联系带训人。",
                "Somebody else has claimed the record under this code, and it can be claimed once only. If the visit was yours, speak to your trainer.",
            ),
        )
    }

    /// Nobody can claim it any more.
    pub fn claim_expired() -> Self {
        Self::new(
            StatusCode::GONE,
            "claim-expired",
            ("已过领取时间", "Too late to claim"),
            (
                "这个代码的领取时间已过，记录已删除。可请带训人证明，或再走一次。",
                "The time to claim the record under this code is over and it was deleted. A trainer can attest the visit, or you can walk it again.",
            ),
        )
    }

    /// As many claims wait for halls as may.
    pub fn claims_wait() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "claims-wait",
            ("等候的领取已达上限", "Too many claims wait"),
            (
                "没有收到这个代码的记录，您已有三个代码在等候，没有再记下。请对照终端上的代码检查，待先前的到达后再试。",
                "No record under this code has arrived, and three codes of yours wait already, so this one was not kept. Compare it with the device, and try again once one of the others has arrived.",
            ),
        )
    }
}
