//! What a kiosk says beside what stands on its page.

use crate::words::Text;
use heritage::Lang;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $zh:literal, $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Text = Text { zh: $zh, en: $en };)*
    };
}

texts! {
    /// Instead of everything, where nothing can be kept.
    NO_STORAGE: "此浏览器不能保存数据，不能用作终端。请退出无痕模式，或换一个浏览器。", "This browser keeps nothing and cannot be a kiosk. Leave its private mode, or use another.";
    /// Enrolment.
    ENROL_EMPTY: "请填写编号、密钥，并把 6 位数字 PIN 填两次，两次相同。", "Fill in number and key, and the six-digit PIN twice alike.";
    /// Enrolment.
    ENROL_TRIVIAL: "这个 PIN 太容易猜到。请勿使用相同或连续的数字。", "This PIN is too easy to guess. Do not use one digit repeated or a straight run.";
    /// Enrolment.
    ENROL_ASKING: "正在核对……", "Checking …";
    /// Enrolment.
    ENROL_UNREACHED: "没有连上服务，登记需要网络。请检查后再试。", "The service was not reached; enrolling needs a network. Check it and try again.";
    /// Enrolment.
    ENROL_REFUSED: "服务不认得这个编号和密钥，或已停用。请对照工作台“展厅终端”页检查。", "The service does not know this number and key, or the kiosk was withdrawn. Compare them with the desk’s page Kiosks.";
    /// Attract view of a kiosk that the service does not know any more.
    WITHDRAWN: "此终端已停用，请联系工作人员。", "This device has been withdrawn. Please speak to the staff.";
    /// Bar of a visit.
    FINISH: "结束参观", "Finish";
    /// Question.
    FINISH_TITLE: "结束参观？", "Finish the visit?";
    /// Question.
    FINISH_TEXT: "结束后显示领取记录的代码，此设备上的参观内容随即清除。", "You will then be shown the code for your record, and this device forgets your visit.";
    /// Question.
    GO_ON: "继续参观", "Go on";
    /// Notice, in place of what a link leads to.
    ELSEWHERE: "终端上不打开其他页面。出处已写明，可在自己的手机上查看。", "No other pages open on this device. Sources are named in full: look them up on your own phone.";
    /// Card, heading.
    CARD: "参观结束", "Your visit is over";
    /// Card, nothing to claim.
    CARD_NOTHING: "这次参观没有完成站点或作答，没有需要领取的记录。", "No station was completed and no question answered, so there is no record to claim.";
    /// Card.
    CARD_WHY: "用手机扫码，或打开下面的网址输入代码，把记录领到您的名下。只能领取一次。", "Scan with your phone, or open the address below and type the code, to have the record put in your name. It can be claimed once.";
    /// Card.
    CARD_OFFLINE: "馆内没有网络时也请照常领取：记录送到后自动记入。", "Claim it even if the hall has no network: the record joins yours when it arrives.";
    /// Card, before the address.
    CARD_AT: "领取网址：", "Where to claim: ";
    /// Card, button.
    CARD_DONE: "完成并清除", "Done: clear the screen";
    /// Card, button.
    CARD_STAY: "再留 90 秒", "Keep it 90 seconds more";
    /// Label of the square code.
    CARD_SQUARE: "领取网址的二维码", "Square code of the address";
    /// Card, list.
    CARD_COMPLETED: "完成的站点", "Stations completed";
    /// Bar of a visit, and its dialog.
    PAIR: "连接我的手机", "Connect my phone";
    /// Pairing.
    PAIR_ASKING: "正在取码……", "Asking for a code …";
    /// Pairing.
    PAIR_HOW: "用手机扫码，或打开本服务的 /pair 输入代码，登录后选“同意”。此后的记录直接记入您的名下。", "Scan with your phone, or open /pair of this service and type the code; sign in and accept. From then on what you do is recorded in your name at once.";
    /// Pairing.
    PAIR_OFFLINE: "现在没有网络，不能连接。照常参观即可，结束时用代码领取记录。", "There is no network now. Walk on all the same: at the end you claim the record by a code.";
    /// Pairing.
    PAIR_OVER: "没有连接成：代码已过期，或手机上选了不同意。可以再试，也可以结束时用代码领取。", "Not connected: the code has run out, or the phone refused. Try again, or claim the record by a code at the end.";
    /// Bar of a visit, once it is paired.
    PAIRED: "已连接手机", "Connected";
    /// Staff corner.
    STAFF: "工作人员", "Staff";
    /// Staff corner.
    PIN: "6 位数字 PIN", "Six-digit PIN";
    /// Staff corner.
    PIN_GO: "打开", "Open";
    /// Staff corner.
    PIN_WRONG: "PIN 不对。多次不对需等待。", "The PIN is not right. After several wrong ones there is a wait.";
    /// Staff corner.
    CLOSE: "关闭", "Close";
    /// Staff corner, row.
    DEVICE: "设备", "Device";
    /// Staff corner, row.
    HALL: "纪念馆", "Hall";
    /// Staff corner, row.
    BATTERY: "电量", "Battery";
    /// Staff corner, row.
    QUEUE: "待送的参观", "Visits to deliver";
    /// Staff corner, row.
    SYNCED: "上次同步", "Last sync";
    /// Staff corner, row.
    VERSION: "版本", "Version";
    /// Staff corner, row.
    OFFLINE: "离线内容", "Kept for no network";
    /// Staff corner, row.
    VOLUME: "音量", "Volume";
    /// Staff corner, where the browser does not tell.
    UNTOLD: "浏览器不提供", "the browser does not tell";
    /// Staff corner.
    NEVER: "尚未", "never";
    /// Staff corner, while the battery is charged.
    CHARGING: "充电中", "charging";
    /// Staff corner, button.
    DELIVER: "立即送出", "Deliver now";
    /// Staff corner, button.
    END_VISIT: "结束当前参观", "End the visit";
    /// Staff corner, button.
    WITHDRAW: "撤销此设备的登记", "Withdraw this device";
    /// Staff corner, second question.
    WITHDRAW_SURE: "确定撤销？未送出的参观会丢失", "Withdraw it, and lose what was not delivered?";
    /// Staff corner, what becomes of withdrawing.
    WITHDRAW_TEXT: "撤销后此设备忘记编号、密钥和 PIN；请管理员同时在工作台停用它。", "The device then forgets number, key and PIN; let an administrator withdraw it at the desk as well.";
    /// Staff corner, after delivering.
    DELIVERED: "已全部送出。", "All delivered.";
    /// Staff corner, after delivering.
    NOT_DELIVERED: "没有全部送出：没有网络，或服务没有应答，稍后自动再试。", "Not all was delivered: there is no network, or the service does not answer. It is tried again by itself.";
    /// Staff corner, after delivering.
    SOME_REFUSED: "有参观未被接收，仍保存在这台设备上。", "Some visits were not taken; they stay on this device.";
    /// Staff corner, after delivering.
    NOT_KNOWN: "服务不再认得此终端：它已在工作台停用，或密钥已变。", "The service does not know this kiosk any more: it was withdrawn at the desk, or the key is another.";
}

/// The countdown within a visit.
pub fn idle(lang: Lang, secs: u32) -> String {
    match lang {
        Lang::Zh => format!("{secs} 秒内无人操作即结束参观。"),
        Lang::En => format!("The visit ends in {secs} s unless somebody is there."),
    }
}

/// The countdown of the card.
pub fn clears(lang: Lang, secs: u32) -> String {
    match lang {
        Lang::Zh => format!("{secs} 秒后自动清除。"),
        Lang::En => format!("The screen clears itself in {secs} s."),
    }
}

/// Until when it can be claimed.
pub fn until(lang: Lang, moment: &str) -> String {
    match lang {
        Lang::Zh => format!("请在 {moment} 之前领取（24 小时）。"),
        Lang::En => format!("Claim it before {moment} (24 hours)."),
    }
}

/// How long the staff must wait.
pub fn wait(lang: Lang, secs: u32) -> String {
    match lang {
        Lang::Zh => format!("尝试次数过多，请在 {secs} 秒后再试。"),
        Lang::En => format!("Too many attempts. Try again in {secs} s."),
    }
}

/// Records that are in the learner's record already.
pub fn sent(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Zh => format!("已记入您名下 {count} 条，不必再领取。"),
        Lang::En => format!("Recorded in your name already: {count}."),
    }
}

/// Questions that were answered.
pub fn answered(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Zh => format!("作答 {count} 次，领取后评分。"),
        Lang::En => format!("Answers: {count}. They are judged once you claim them."),
    }
}
