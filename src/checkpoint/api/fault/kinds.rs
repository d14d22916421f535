//! Every kind of fault there is, each with its words.

use super::Fault;
use axum::http::StatusCode;
use heritage::Bilingual;

impl Fault {
    /// No session, or one that has ended.
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed-out",
            ("未登录", "Not signed in"),
            (
                "尚未登录，或登录已过期。本机记录仍在；请登录后再试。",
                "You are not signed in, or the session has ended. What this device has recorded is safe; sign in and try again.",
            ),
        )
    }

    /// The role does not allow it.
    pub fn not_allowed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-allowed",
            ("无此权限", "Not allowed"),
            ("您的身份不能做此操作。没有改动任何内容。", "Your role does not allow this. Nothing was changed."),
        )
    }

    /// A write that comes from another site.
    pub fn foreign_origin() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "foreign-origin",
            ("来源不符", "Foreign origin"),
            (
                "请求不是从本站页面发出的，未予处理。请从本站页面重试。",
                "The request did not come from a page of this site and was not carried out. Try again from a page of this site.",
            ),
        )
    }

    /// A form whose token does not fit the session.
    pub fn stale_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "stale-form",
            ("表单已失效", "Stale form"),
            (
                "此表单已失效，没有改动任何内容。请刷新页面后再试。",
                "This form is out of date and nothing was changed. Reload the page and try again.",
            ),
        )
    }

    /// A sign-in that cannot be a code and a PIN.
    pub fn unreadable_sign_in() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unreadable-sign-in",
            ("邀请码或 PIN 无法读懂", "Unreadable code or PIN"),
            (
                "邀请码为 8 个字母，PIN 为 6 位数字。请检查后再试。",
                "The invitation code has 8 letters and the PIN 6 digits. Check them and try again.",
            ),
        )
    }

    /// Unknown code or wrong PIN; which of the two is not said.
    pub fn wrong_code_or_pin() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "wrong-code-or-pin",
            ("邀请码或 PIN 不对", "Wrong code or PIN"),
            (
                "邀请码或 PIN 不对，或邀请码已过期。请检查后再试；多次不对需等待。",
                "The code or the PIN is not right, or the code has run out. Check them and try again; after several wrong attempts there is a wait.",
            ),
        )
    }

    /// A PIN that would be guessed first.
    pub fn trivial_pin() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "trivial-pin",
            ("PIN 太简单", "PIN too easy"),
            (
                "这个 PIN 太容易猜到。请勿使用相同或连续的数字。",
                "This PIN is too easy to guess. Do not use one digit repeated or a straight run.",
            ),
        )
    }

    /// Too many attempts; wait.
    pub fn wait(wait_ms: i64) -> Self {
        let secs = (wait_ms + 999) / 1000;
        let detail = Bilingual::new(
            format!("尝试次数过多。请在 {secs} 秒后再试；本机记录不受影响。"),
            format!("Too many attempts. Try again in {secs} seconds; what this device has recorded is safe."),
        );
        let title = ("尝试次数过多", "Too many attempts");
        Self { retry_after_secs: Some(secs), ..Self::with(StatusCode::TOO_MANY_REQUESTS, "wait", title, detail) }
    }

    /// The envelope cannot be read.
    pub fn malformed() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            ("请求无法读懂", "Malformed request"),
            ("请求无法读懂，未保存任何内容。", "The request cannot be read. Nothing was stored."),
        )
    }

    /// Beyond the limits of one request.
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            ("内容过多", "Too large"),
            (
                "一次发送的内容太多，未保存任何内容。请分批再发：每次 1 至 500 条，不超过 2 MiB。",
                "Too much was sent at once and nothing was stored. Send it in parts: 1 to 500 records and at most 2 MiB each time.",
            ),
        )
    }

    /// The body is not JSON, or it is packed.
    pub fn not_json() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-json",
            ("须为 JSON", "Not JSON"),
            (
                "请求须为未经压缩的 application/json，未保存任何内容。",
                "The request must be application/json, uncompressed. Nothing was stored.",
            ),
        )
    }

    /// No such thing.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            ("没有找到", "Not found"),
            ("没有找到所要的内容。请检查地址。", "There is nothing at this address. Check it and try again."),
        )
    }

    /// The address is known, but not for this method.
    pub fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "wrong-method",
            ("不接受这种请求", "Method not allowed"),
            ("此地址不接受这种请求。", "This address does not take that method."),
        )
    }

    /// The event's id belongs to another event.
    pub fn conflict(detail: Bilingual) -> Self {
        Self::with(StatusCode::CONFLICT, "conflict", ("编号已属于另一条记录", "Another event has this id"), detail)
    }

    /// The event cannot be taken.
    pub fn rejected(detail: Bilingual) -> Self {
        Self::with(StatusCode::UNPROCESSABLE_ENTITY, "rejected", ("记录未被接收", "Event rejected"), detail)
    }

    /// Something sent to the learning record store, or asked of it, is not as the standard says.
    pub fn statement(status: StatusCode, detail: Bilingual) -> Self {
        Self::with(status, "xapi", ("xAPI 请求未被接受", "xAPI request refused"), detail)
    }

    /// A field of a form is missing or too long.
    pub fn incomplete(zh: &str, en: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "incomplete", ("填写不全", "Incomplete"), (zh, en))
    }

    /// The link for the first admin is used up or replaced.
    pub fn link_used() -> Self {
        Self::new(
            StatusCode::GONE,
            "link-used",
            ("链接已失效", "Link no longer good"),
            (
                "此链接已使用、已过期或已被新链接取代。请重新启动服务以取得新链接。",
                "This link has been used, has run out or was replaced. Restart the service for a new one.",
            ),
        )
    }

    /// The request did not arrive in time.
    pub fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            ("传送太慢", "Too slow"),
            (
                "请求未能及时传完，未保存任何内容。本机记录仍在，请稍后再发。",
                "The request did not arrive in time and nothing was stored. What this device has recorded is safe; send it again later.",
            ),
        )
    }

    /// A write was not answered in time: whether it was carried out is not known.
    pub fn unanswered() -> Self {
        let fault = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unanswered",
            ("未能及时答复", "No answer in time"),
            (
                "服务未能及时答复，不能确定是否已保存。请稍后原样再发；同一条记录只会保存一次。",
                "The service did not answer in time, and whether anything was stored is not known. Send the same again later; nothing is stored twice.",
            ),
        );
        Self { retry_after_secs: Some(5), ..fault }
    }

    /// The kinds of faults there are, each with what it says; the address of a problem leads here.
    pub fn of_kind(kind: &str) -> Option<Self> {
        let some = |zh: &str, en: &str| Bilingual::new(zh, en);
        let mut all = vec![
            Self::signed_out(),
            Self::not_allowed(),
            Self::foreign_origin(),
            Self::stale_form(),
            Self::no_passkeys(some(
                "此服务未设通行密钥，页面会说明原因。请用邀请码和 PIN 登录。",
                "There are no passkeys at this service, and the page says why. Sign in with code and PIN.",
            )),
            Self::stale_passkey(),
            Self::passkey_refused(),
            Self::passkey_copied(),
            Self::unpaired(),
            Self::unreadable_pairing(),
            Self::pairing_gone(),
            Self::pairing_decided(),
            Self::unenrolled(),
            Self::claimed_before(),
            Self::claim_expired(),
            Self::claims_wait(),
            Self::not_vouched(some(
                "未写入同行证明，页面会说明原因。记录本身不受影响。",
                "Nobody was vouched for, and the page says why. The records themselves are as they were.",
            )),
            Self::provider_away(),
            Self::stale_way(),
            Self::account_refused(),
            Self::account_declined(),
            Self::account_elsewhere(),
            Self::account_taken(),
            Self::unreadable_sign_in(),
            Self::wrong_code_or_pin(),
            Self::trivial_pin(),
            Self::malformed(),
            Self::too_large(),
            Self::too_slow(),
            Self::not_json(),
            Self::not_found(),
            Self::wrong_method(),
            Self::link_used(),
            Self::busy(),
            Self::unanswered(),
            Self::storage(StatusCode::SERVICE_UNAVAILABLE),
            Self::incomplete(
                "表单填写不全，没有改动任何内容。",
                "A form was not filled in completely and nothing was changed.",
            ),
        ];
        let (zh, en) = (
            "尝试次数过多，须等待所示的时间。本机记录不受影响。",
            "There were too many attempts; wait as long as was said. What this device has recorded is safe.",
        );
        all.push(Self { detail: some(zh, en), ..Self::wait(0) });
        let (zh, en) = (
            "此编号已属于另一条记录；先到的一条保持不变。",
            "Another record has this number already; the first one is kept as it is.",
        );
        all.push(Self::conflict(some(zh, en)));
        let (zh, en) = (
            "记录可以读懂，但不能保存；未保存的原因随回执说明。",
            "The record can be read but not stored; the receipt says why.",
        );
        all.push(Self::rejected(some(zh, en)));
        let (zh, en) = (
            "发往 /xapi 的请求不合 xAPI 标准，或其凭证不允许；答复中说明何处有误、如何改正。",
            "A request to /xapi is not as the xAPI standard says, or its credential does not allow it; the answer says where, why and how to mend it.",
        );
        all.push(Self::statement(StatusCode::BAD_REQUEST, some(zh, en)));
        all.into_iter().find(|fault| fault.kind == kind)
    }

    /// More is asked at once than can be done.
    pub fn busy() -> Self {
        let fault = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            ("服务繁忙", "Busy"),
            (
                "服务暂时繁忙，未改动任何内容。请稍后再试；本机记录不受影响。",
                "The service is busy and nothing was changed. Try again shortly; what this device has recorded is safe.",
            ),
        );
        Self { retry_after_secs: Some(5), ..fault }
    }

    /// The store cannot keep anything: 503, or 507 where the disk is full.
    pub(super) fn storage(status: StatusCode) -> Self {
        let fault = Self::new(
            status,
            "storage",
            ("无法保存", "Cannot store"),
            (
                "服务暂时无法保存，未改动任何内容。请保留本机记录，稍后再发，并告知管理员。",
                "The service cannot store anything at present and nothing was changed. Keep what this device has recorded, send it later, and tell the administrator.",
            ),
        );
        Self { retry_after_secs: Some(60), ..fault }
    }
}
