//! Faults of passkeys and of pairing a kiosk.

use super::Fault;
use axum::http::StatusCode;
use heritage::Bilingual;

impl Fault {
    /// There are no passkeys here, and why.
    pub fn no_passkeys(why: Bilingual) -> Self {
        Self::with(StatusCode::CONFLICT, "no-passkeys", ("未设通行密钥", "No passkeys"), why)
    }

    /// A challenge that was answered before, or too late.
    pub fn stale_passkey() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "stale-passkey",
            ("页面等待过久", "The page waited too long"),
            (
                "此页面已用过，或等待超过十分钟。没有改动任何内容；请刷新页面后再试。",
                "This page was used already, or has waited more than ten minutes. Nothing was changed; load it again and try once more.",
            ),
        )
    }

    /// A passkey that does not hold; why is not said.
    pub fn passkey_refused() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "passkey-refused",
            ("通行密钥未通过", "Passkey not accepted"),
            (
                "通行密钥未能通过验证，或已被移除，或这台设备不能保存可直接登录的通行密钥。请用邀请码和 PIN 登录。",
                "The passkey did not hold, was removed, or this device cannot keep one that signs in by itself. Sign in with code and PIN.",
            ),
        )
    }

    /// A passkey whose count goes back, as that of a copy does.
    pub fn passkey_copied() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "passkey-copied",
            ("通行密钥可能被复制", "Passkey perhaps copied"),
            (
                "通行密钥的计数倒退，可能有人复制了它，所以没有接受。请用邀请码和 PIN 登录，移除它，并告知管理员。",
                "The passkey’s count goes back, as that of a copy does, so it was not accepted. Sign in with code and PIN, remove it, and tell the administrator.",
            ),
        )
    }

    /// Nobody was vouched for, and why.
    pub fn not_vouched(why: Bilingual) -> Self {
        Self::with(StatusCode::CONFLICT, "not-vouched", ("未写入同行证明", "Nobody was vouched for"), why)
    }

    /// A kiosk's session that has ended, or a token that never was one.
    pub fn unpaired() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unpaired",
            ("终端未配对", "Not paired"),
            (
                "此终端未与学员配对，或这次参观已结束。未保存任何内容；请重新取码，由学员在手机上同意。",
                "This kiosk is not paired with a learner, or the visit has ended. Nothing was stored; ask for a new code and let the learner accept on a phone.",
            ),
        )
    }

    /// What was typed cannot be a kiosk's code.
    pub fn unreadable_pairing() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unreadable-pairing",
            ("代码无法读懂", "Unreadable code"),
            (
                "终端上的代码为 8 个字母，没有元音字母和 Y。请对照屏幕检查后再试。",
                "The code on the device has 8 letters, with no vowel and no Y. Compare it with the screen and try again.",
            ),
        )
    }

    /// No kiosk shows this code any more.
    pub fn pairing_gone() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "pairing-gone",
            ("没有这个代码", "No such code"),
            (
                "没有终端显示这个代码，或它已过期、已使用。请在终端上重新取码；多次输错需等待。",
                "No device shows this code, or it has run out or was used. Ask for a new one on the device; after several wrong ones there is a wait.",
            ),
        )
    }

    /// Somebody decided otherwise before.
    pub fn pairing_decided() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "pairing-decided",
            ("已有决定", "Decided already"),
            (
                "对这个代码已有决定，没有改动。请在终端上重新取码。",
                "This code was decided on already and nothing was changed. Ask for a new one on the device.",
            ),
        )
    }
}
