//! Faults of signing in by a unit's account.

use super::Fault;
use axum::http::StatusCode;

impl Fault {
    /// The provider cannot be asked.
    pub fn provider_away() -> Self {
        let fault = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "provider-away",
            ("暂时连不上单位的登录服务", "Your unit’s sign-in cannot be reached"),
            (
                "暂时连不上单位的登录服务，没有登录。请稍后再试，或用邀请码和 PIN 登录；本机记录不受影响。",
                "Your unit’s own sign-in cannot be reached at the moment, and you are not signed in. Try again later, or use code and PIN; what this device has recorded is safe.",
            ),
        );
        Self { retry_after_secs: Some(10), ..fault }
    }

    /// An answer that was given before, too late, or to what this browser has not asked.
    pub fn stale_way() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "stale-way",
            ("登录已失效", "This sign-in is out of date"),
            (
                "这次登录已用过、等待超过十分钟，或不是从这个浏览器开始的。没有登录；请重新开始。",
                "This sign-in was used already, has waited more than ten minutes, or was not begun in this browser. You are not signed in; begin again.",
            ),
        )
    }

    /// An answer of the provider that does not hold; why stands in the service's log.
    pub fn account_refused() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "account-refused",
            ("单位账号未通过", "Account not accepted"),
            (
                "单位登录服务的答复未能通过验证，没有登录。请重新开始；若仍不行，请用邀请码和 PIN 登录，并告知管理员。",
                "What your unit’s sign-in answered did not hold, and you are not signed in. Begin again; if that does not help, use code and PIN and tell the administrator.",
            ),
        )
    }

    /// Somebody chose at the provider not to go on.
    pub fn account_declined() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "account-declined",
            ("没有同意", "Not agreed to"),
            (
                "您在单位的登录页面上没有同意，所以没有登录。可以重新开始，或用邀请码和 PIN 登录。",
                "You did not agree on your unit’s own page, so you are not signed in. Begin again, or use code and PIN.",
            ),
        )
    }

    /// The person is of another unit than the provider's.
    pub fn account_elsewhere() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "account-elsewhere",
            ("不属于此单位", "Of another unit"),
            (
                "这种单位账号只供该单位及其下级单位的人员使用，没有登录。请用邀请码和 PIN 登录；若您已调入，请让管理员换到该单位。",
                "This kind of account is for the people of its unit and of those below it, and you are not signed in. Use code and PIN; if you have moved there, ask the administrator.",
            ),
        )
    }

    /// The account is bound to somebody else, or the person to another account.
    pub fn account_taken() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "account-taken",
            ("已有绑定", "Bound already"),
            (
                "这个单位账号已绑定别人，或您已绑定了另一个账号；没有改动。请用邀请码和 PIN 登录，并请管理员在“人员”页解除原来的绑定。",
                "This account is bound to somebody else, or you are bound to another one; nothing was changed. Use code and PIN, and ask the administrator to unbind it on the page of people.",
            ),
        )
    }
}
