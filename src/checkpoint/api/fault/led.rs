//! Faults of following a led visit.

use super::Fault;
use axum::http::StatusCode;

impl Fault {
    /// No visit is led by this code, or not for a day already.
    pub fn led_gone() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "led-gone",
            ("没有这次带领参观", "No such led visit"),
            (
                "没有找到这个参观码的带领参观，或已结束多时。参观码为 8 个字母，请对照带训人的屏幕再输入一次；也可以自行参观，学时相同。",
                "No visit is led by this code, or it ended long ago. A code has 8 letters; compare it with the trainer’s screen and enter it again. You can also visit by yourself, for the same credit.",
            ),
        )
    }

    /// As many follow as can.
    pub fn led_full() -> Self {
        let fault = Self::new(
            StatusCode::CONFLICT,
            "led-full",
            ("名额已满", "No room left"),
            (
                "已有 30 台设备在跟随，名额已满。有人离开后会自动加入；也可以自行参观，学时相同。",
                "30 devices follow already and there is no room. You will join by yourself once somebody leaves. You can also visit by yourself, for the same credit.",
            ),
        );
        Self { retry_after_secs: Some(5), ..fault }
    }
}
