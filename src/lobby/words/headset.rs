//! What is said in a headset, and of it.

use super::Text;
use heritage::Lang;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $zh:literal, $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Text = Text { zh: $zh, en: $en };)*
    };
}

texts! {
    /// While a session is being opened.
    HEADSET_COMES: "正在打开头显……", "Opening the headset …";
    /// Once it is over.
    HEADSET_OFF: "已离开头显。听过、读过、答过的都已记下。", "You have left the headset. What was heard, read and answered is kept.";
    /// Head of the panel once the headset is back before the eyes.
    HEADSET_HELD: "讲解停在原处", "The telling has waited";
    /// Under it.
    HEADSET_HELD_WHY: "头显有一会儿没有画面，讲解就停下了，一句也没有漏。", "The headset showed nothing for a while, so the telling stopped. You have missed nothing.";
    /// Button.
    HEADSET_GO_ON: "接着听", "Listen on";
    /// Welcome.
    HEADSET_POINT: "把光点移到数字标记上，扣一下扳机，就到那一站。没有手柄时，看着它不动，等圆环合拢。", "Put the dot on a numbered mark and pull the trigger: you are taken to that station. Without a controller, keep looking at it until the ring closes.";
    /// Welcome, steps and turns alone.
    HEADSET_STEP: "向前推摇杆，或指着地面按住扳机，放开就走到那里。左右拨摇杆，转三十度。", "Push the stick ahead, or hold the trigger on the ground: let go, and you stand there. Push it aside to turn by thirty degrees.";
    /// Welcome, smooth walking.
    HEADSET_WALK: "向前推摇杆慢慢走；指着地面按住扳机，放开就走到那里。左右拨摇杆，转三十度。", "Push the stick ahead to walk slowly; hold the trigger on the ground and let go to stand there. Push it aside to turn by thirty degrees.";
    /// Welcome.
    HEADSET_LOOK: "您自己不动，画面也不会动。", "Nothing moves you but yourself.";
    /// Welcome.
    HEADSET_MENU: "按 A 键或 X 键，或低头看脚前的“菜单”，可以换站点、看文字、结束。", "Press A or X, or look down at “Menu” before your feet, for stations, texts and the end.";
    /// Button.
    HEADSET_BEGIN: "从第一站开始", "Begin at the first station";
    /// Button.
    HEADSET_BEGIN_HERE: "从这一站开始", "Begin at this station";
    /// Button.
    HEADSET_LEAVE: "离开头显", "Leave the headset";
    /// Button, and head of the panel.
    HEADSET_STATIONS: "路线与站点", "Route and stations";
    /// Under the plan.
    HEADSET_PLAN: "上北。红点是您所在的站，黑点是已完成的站。", "North is up. Red is where you are, black is complete.";
    /// Button, and head of the panel.
    HEADSET_SETTINGS: "设置", "Settings";
    /// Button.
    VOICE_LESS: "讲解小声", "Voice softer";
    /// Button.
    VOICE_MORE: "讲解大声", "Voice louder";
    /// Button.
    AMBIENCE_LESS: "环境小声", "Surroundings softer";
    /// Button.
    AMBIENCE_MORE: "环境大声", "Surroundings louder";
    /// Button.
    HEADSET_CLOSE: "关闭", "Close";
    /// Button.
    HEADSET_BACK_TO_MENU: "返回菜单", "Back to the menu";
    /// Button.
    HEADSET_BACK: "再看看", "Look on";
    /// Button.
    HEADSET_CARD: "本站文字", "Text of this station";
    /// Button.
    HEADSET_NEXT: "下一站", "Next station";
    /// Button.
    HEADSET_QUESTION: "回答问题", "Answer";
    /// Button.
    HEADSET_THEN: "看 1935 年", "See 1935";
    /// Button.
    HEADSET_NOW: "看今天", "See today";
    /// Button.
    HEADSET_LENS: "依据透镜", "Lens: evidence";
    /// Button.
    HEADSET_TO_WALK: "改为自由走动", "Walk smoothly";
    /// Button.
    HEADSET_TO_STEP: "改为平稳", "Steps alone";
    /// Button.
    HEADSET_OWN_SIZE: "走进原大的桥", "Stand on it, full size";
    /// Button.
    HEADSET_MODEL: "放回桌上的模型", "Back to the model";
    /// Button.
    HEADSET_FINISH: "结束参观", "Finish the visit";
    /// Head of the last panel.
    HEADSET_END: "参观结束", "The visit has ended";
    /// A kiosk's card, under the code.
    HEADSET_CLAIM: "这是您的领取码，请记住或请旁人记下。二十四小时内用自己的手机打开下面的网址，登录后输入，记录就归您。只能领取一次。摘下头显后屏幕上还会显示。", "This is your code: remember it, or let somebody write it down. Within 24 hours open the address below on your own phone, sign in and type it, and the record is yours. It works once. The screen shows it as well when you take the headset off.";
    /// Last panel.
    HEADSET_KEPT: "记录已存在这台设备上，有网络时自动发送。摘下头显后，可以在页面上接着看。", "The record is kept on this device and sent when there is a network. Take the headset off to go on reading on the page.";
}

/// Why a session was not opened, by the name of the browser's fault.
pub fn headset_refused(name: &str) -> Text {
    match name {
        "NotAllowedError" | "SecurityError" => Text {
            zh: "浏览器没有允许使用头显。请在地址栏的权限中允许“虚拟现实”，再试一次。",
            en: "The browser did not allow the headset. Allow virtual reality in the address bar’s permissions, then try again.",
        },
        "NotSupportedError" => Text {
            zh: "头显没有接受这次请求。请确认头显已开机、已连接，再试一次。",
            en: "The headset did not take the request. See that it is on and connected, then try again.",
        },
        "TimeoutError" => Text {
            zh: "场景没有及时跟上，头显没有打开。请稍等再试。",
            en: "The scene did not follow in time, and the headset was not opened. Wait a moment and try again.",
        },
        _ => Text {
            zh: "头显没有打开。平面场景照常可用，请再试一次。",
            en: "The headset was not opened. The flat scene goes on as it was; try again.",
        },
    }
}

/// Why no headset is offered; nothing where one is.
pub fn no_headset(why: &str) -> Option<Text> {
    Some(match why {
        "insecure" => Text {
            zh: "头显需要通过 https 打开本页。",
            en: "A headset needs this page to be opened over https.",
        },
        "none" => Text {
            zh: "此浏览器不支持 WebXR，不能连接头显。可以用头显自带的浏览器打开本页。",
            en: "This browser has no WebXR and cannot reach a headset. Open this page in the headset’s own browser.",
        },
        "no-device" => Text {
            zh: "没有找到头显。连接后重新载入本页，或用头显自带的浏览器打开。",
            en: "No headset was found. Connect one and reload, or open this page in the headset’s own browser.",
        },
        _ => return None,
    })
}

/// How loud voice and surroundings are, 0–1 each.
pub fn headset_volumes(lang: Lang, voice: f32, ambience: f32) -> String {
    // Whole numbers: to write the others takes code of its own, 8 kB of it.
    let percent = |share: f32| (share * 100.0).round() as u32;
    let (voice, ambience) = (percent(voice), percent(ambience));
    match lang {
        Lang::Zh => format!("讲解音量 {voice}%，环境音量 {ambience}%。"),
        Lang::En => format!("Voice {voice}%, surroundings {ambience}%."),
    }
}

/// How many of the stations are complete.
pub fn headset_done(lang: Lang, done: usize, all: usize) -> String {
    match lang {
        Lang::Zh => format!("已完成 {done} 站，共 {all} 站。"),
        Lang::En => format!("{done} of {all} stations complete."),
    }
}
