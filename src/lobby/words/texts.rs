//! Fixed texts in both languages.

use heritage::{Bilingual, Lang};

/// A fixed text.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// In `lang`.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// As data.
    pub fn to_bilingual(self) -> Bilingual {
        Bilingual::new(self.zh, self.en)
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $zh:literal, $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Text = Text { zh: $zh, en: $en };)*
    };
}

texts! {
    /// After a requirement, for screen readers.
    MET: "（已达到）", " (met)";
    /// After a requirement, for screen readers.
    NOT_MET: "（未达到）", " (not met yet)";
    /// A requirement.
    ANSWER_WAITS: "已作答，联网后评分", "Answered; it will be judged when there is a network";
    /// After an answer without a network.
    ANSWER_KEPT: "已记下，联网后评分。", "Noted. It will be judged when there is a network.";
    /// After an answer without a session.
    ANSWER_KEPT_SIGNED_OUT: "已记在这台设备上，登录后评分。", "Noted on this device. It will be judged after you sign in.";
    /// After an answer on a hall's kiosk.
    ANSWER_KEPT_KIOSK: "已记下，领取记录后评分。", "Noted. It will be judged once you claim the record.";
    /// After an answer that the service would not have.
    ANSWER_TAKEN_BACK: "服务端没有接收这次作答，原因见“我的走访”。可以再答。", "The service did not take this answer; the reason stands under My walks. You may answer again.";
    /// Form without a choice.
    CHOOSE_FIRST: "请先选一个答案。", "Choose an answer first.";
    /// Grade.
    RIGHT: "答对了。", "Right.";
    /// Grade.
    WRONG: "不对，可以再答。", "Not right. You may answer again.";
    /// While it is asked.
    JUDGING: "正在评分……", "Being judged …";
    /// Before a source's title.
    SOURCE: "来源：", "Source: ";
    /// Button.
    SIGN_OUT: "退出", "Sign out";
    /// Link for trainers.
    DESK: "带训台", "Trainer’s desk";
    /// Button.
    CANCEL: "取消", "Cancel";
    /// Notice.
    OFFLINE: "没有网络。可以继续阅读和收听，记录先存在这台设备上。", "No network. You can go on reading and listening; records stay on this device until they can be sent.";
    /// Notice.
    ONLINE: "网络已恢复。", "The network is back.";
    /// Notice.
    EXPIRED: "登录已过期。记录仍在这台设备上，请重新登录后发送。", "Your sign-in has expired. Your records are still on this device: sign in again to send them.";
    /// Notice.
    NO_STORAGE: "此浏览器不让页面保存记录（可能是无痕窗口）。可以阅读，但进度不会留下。", "This browser does not let the page keep records (a private window, perhaps). You can read, but progress will not be kept.";
    /// Notice.
    COMPLETED: "已完成，记录已存在这台设备上。", "Completed. The record is kept on this device.";
    /// Notice.
    COMPLETED_SENT: "已完成，记录已送达。", "Completed. The record has been received.";
    /// Notice.
    COMPLETED_SIGNED_OUT: "已完成，记录存在这台设备上；登录后可并入您的记录。", "Completed. The record is kept on this device; sign in to add it to yours.";
    /// Notice on a hall's kiosk.
    COMPLETED_KIOSK: "已完成。结束参观时会显示领取记录的代码。", "Completed. At the end of the visit you are shown a code to claim the record by.";
    /// Notice.
    COMPLETED_EXPIRED: "已完成，记录存在这台设备上。登录已过期，请重新登录后发送。", "Completed. The record is kept on this device. Your sign-in has expired: sign in again to send it.";
    /// Link in the header after a session has ended.
    SIGN_IN_AGAIN: "重新登录", "Sign in again";
    /// Button after completion.
    COMPLETE_AGAIN_NOT_NEEDED: "本站已完成", "This station is completed";
    /// Button.
    COMPLETE: "完成本站", "Complete this station";
    /// Button while requirements are open.
    NOT_YET: "要求达到后可完成", "Can be completed when the requirements are met";
    /// Outbox, empty.
    NOTHING_WAITS: "没有待传的记录。", "Nothing is waiting to be sent.";
    /// Outbox.
    NO_RECEIPT: "还没有收到过回执。", "No receipt has come yet.";
    /// Outbox entry.
    REFUSED: "未被接收：", "Not taken: ";
    /// Button beside what was not taken.
    NOTED: "知道了", "Noted";
    /// Outbox.
    SENDING: "正在发送……", "Sending …";
    /// Outbox.
    SEND_LATER: "服务端暂时没有应答，稍后会自动再试；记录都在。", "The service does not answer at the moment. It will be tried again by itself; nothing is lost.";
    /// Outbox.
    SEND_SIGNED_OUT: "登录后才能发送。", "Sign in to send.";
    /// Outbox.
    SEND_OFFLINE: "没有网络，联网后自动发送。", "No network. They will be sent by themselves when it is back.";
    /// Outbox entries before signing in.
    CLAIM: "并入我的记录", "Add to my record";
    /// Refuses the offer.
    CLAIM_LATER: "暂不", "Not now";
    /// Removes what was made before signing in.
    CLAIM_NEVER: "不是我的，删除", "Not mine: delete";
    /// Sign-out.
    SIGN_OUT_TITLE: "退出登录？", "Sign out?";
    /// Sign-out.
    SIGN_OUT_WIPES: "退出后，这台设备上的进度、缓存的页面和设置都会清除；已送达的记录不受影响。", "Signing out clears the progress, the saved pages and the settings on this device. Records already received are not affected.";
    /// Sign-out with records waiting.
    SIGN_OUT_INSIST: "仍要退出，丢弃未传记录", "Sign out anyway and lose them";
    /// Sign-out with records waiting, second question.
    SIGN_OUT_SURE: "这些记录只在这台设备上，丢弃后无法找回。确定丢弃吗？", "These records are on this device only. Once lost they cannot be brought back. Lose them?";
    /// After signing out without a network, title.
    SIGNED_OUT: "已退出", "Signed out";
    /// After signing out without a network.
    SIGNED_OUT_OFFLINE: "您的进度、设置和未传的记录都已从这台设备上清除。现在连不上服务端：这台设备下次联网并打开这里的页面时，会先在服务端注销您的登录。", "Your progress, settings and unsent records are gone from this device. The service cannot be reached at the moment: when this device next has a network and opens a page here, your sign-in is ended at the service first.";
    /// Notice, where the browser keeps nothing.
    STILL_SIGNED_IN: "现在连不上服务端，您仍处于登录状态。请在有网络时重新打开此页再退出。", "The service cannot be reached: you are still signed in. Open this page again when there is a network to sign out.";
    /// Link in the header.
    SIGN_IN: "登录", "Sign in";
    /// Sign-in form.
    SIGN_IN_EMPTY: "请填写邀请码和六位数字 PIN。", "Enter the invitation code and the PIN of six digits.";
    /// Sign-in form.
    SIGN_IN_UNREACHED: "连不上服务端。请检查网络后再试；这台设备上的进度不受影响。", "The service cannot be reached. Check the network and try again; the progress on this device is not affected.";
    /// Sign-in form.
    SIGN_IN_REFUSED: "邀请码或 PIN 不对。请核对后再试。", "The invitation code or the PIN is not right. Check them and try again.";
    /// Sign-in form.
    SIGNING_IN: "正在登录……", "Signing in …";
    /// Plaque form.
    PLAQUE_EMPTY: "铭牌代码是八个字母，如 BCDF-GHJK；现场屏幕上的动态码是六位数字。请照样填写。", "A plaque’s code is eight letters, as BCDF-GHJK; a code on a screen there is six digits. Enter it as it stands.";
    /// After a tap on a tag.
    TAG_KEPT: "感应标签已记下，完成本站时一并送交核对。", "The tag is noted and will be checked when you complete the station.";
    /// Appeal.
    APPEAL_OPEN: "申诉已提交，由另一位带训人处理。", "Your appeal is made; another trainer looks at it.";
    /// Appeal.
    APPEAL_ANSWERED: "申诉已处理，决定见上。", "Your appeal is answered; the decision stands above.";
    /// Appeal without a network.
    APPEAL_LATER: "没有联网，申诉未提交。请联网后再试。", "There is no network and the appeal was not made. Try again when there is.";
    /// Plaque form.
    PLAQUE_KEPT: "铭牌代码已记下，完成本站时一并送交核对。", "The code is noted and will be checked when you complete the station.";
    /// Plaque form, camera.
    SCAN: "用相机扫码", "Scan with the camera";
    /// Plaque form, while the camera is on.
    SCAN_STOP: "关闭相机", "Stop the camera";
    /// Plaque form, camera.
    SCAN_REFUSED: "打不开相机。请输入铭牌代码。", "The camera cannot be opened. Enter the code on the plaque.";
    /// Me page, signed out.
    ME_SIGNED_OUT: "尚未登录。这台设备上的进度已保留，登录后可并入您的记录。", "You are not signed in. The progress on this device is kept and can be added to your record once you sign in.";
    /// Me page.
    ME_CACHED: "现在没有网络，以下是上次联网时的记录。", "No network. This is the record as of the last connection.";
    /// Me page.
    ME_UNKNOWN: "还没有从服务端取到记录，联网后会显示。", "The record has not been fetched from the service yet. It will show when there is a network.";
    /// Walk state of what the service has not heard of.
    ON_DEVICE: "只在这台设备上", "on this device only";
    /// Walk state.
    UNDERWAY: "进行中", "under way";
    /// Walk state.
    WAITING: "待确认", "waiting for confirmation";
    /// Walk state.
    CONFIRMED: "已确认", "confirmed";
    /// Walk state.
    RETURNED: "已退回", "returned";
    /// Before a trainer's note.
    NOTE: "带训人说明：", "Trainer’s note: ";
    /// Station state.
    OPEN: "未走", "open";
    /// Station state.
    HEARD: "已听读", "heard";
    /// Station state.
    ANSWERED: "已回答", "answered";
    /// Station state.
    DONE: "已完成", "done";
    /// Outbox entry.
    COMPLETED_EVENT: "完成", "Completed";
    /// Outbox entry.
    ANSWERED_EVENT: "作答", "Answered";
    /// Name of the canvas for screen readers.
    CANVAS: "三维场景。按 H 看操作说明；所有内容在站点列表里也能读到。", "The scene. Press H for its controls; everything told in it can also be read from the list of stations.";
    /// Failure.
    NO_WEBGL2: "此浏览器没有 WebGL2，无法显示三维场景。请从下面的站点列表读和听，学时相同。", "This browser has no WebGL2, so the scene cannot be drawn. Read and listen from the list of stations below: the credit is the same.";
    /// Failure.
    CONTEXT_LOST: "显卡收回了画面，场景停在这里。请重新载入。", "The graphics card has withdrawn the picture, and the scene has stopped here. Please reload.";
    /// Failure.
    ASSET_MISSING: "有一个文件没有取到，场景会缺少这一部分，其余照常。", "One file could not be fetched. The scene goes on without that part.";
    /// Failure.
    NO_SOUND: "此浏览器放不出声音。请读卡片上的文字，阅读同样计入；导览会按讲解的时长等候。", "This browser plays no sound. Read the text on the cards: reading counts the same, and a guided visit waits as long as the voice would take.";
    /// Failure.
    OUT_OF_MEMORY: "内存不足，场景已停止。请关闭其他页面后重新载入，或从站点列表读和听。", "Memory ran out and the scene has stopped. Close other pages and reload, or read and listen from the list of stations.";
    /// Failure.
    BROKEN: "场景没有打开。请重新载入；若仍不行，请从站点列表读和听，学时相同。", "The scene did not open. Reload; if it still fails, read and listen from the list of stations: the credit is the same.";
    /// Failure while the scene runs.
    STOPPED: "场景中途停下了：程序出错，也可能是内存不足。请重新载入；若再次停下，请从站点列表读和听，学时相同。", "The scene has stopped: its program failed, perhaps for want of memory. Reload; if it stops again, read and listen from the list of stations: the credit is the same.";
    /// Failure.
    SCENE_OFFLINE: "没有网络，这台设备上也没有存下场景。请在有网络时打开一次；站点文字仍可阅读。", "There is no network, and the scene has not been saved on this device. Open it once with a network; the stations can still be read.";
    /// What is safe.
    NOTHING_LOST: "已听、已读和已完成的都已记下，不会丢失。", "What you have heard, read and completed is kept; nothing is lost.";
    /// On foot.
    SEEKING: "正在等第一次定位……", "Waiting for the first fix …";
    /// On foot.
    NOT_FOLLOWING: "已停止定位。", "No longer following your position.";
    /// On foot.
    SCREEN_LIT: "屏幕会保持点亮。", "The screen will stay lit.";
    /// On foot.
    SCREEN_DIMS: "此浏览器不能让屏幕保持点亮；锁屏后定位会中断，解锁后继续。", "This browser cannot keep the screen lit. With the screen locked, following stops; it goes on when you unlock.";
    /// On foot.
    POSITION_REFUSED: "没有定位权限。不影响走访：可以输入铭牌代码，或直接打开各站读和听。", "No permission to read the position. The visit goes on: enter the plaque’s code, or open the stations and read or listen.";
    /// On foot, over plain http.
    POSITION_NEEDS_HTTPS: "本页不是经 HTTPS 打开的，浏览器因此不提供位置。请向管理员要 HTTPS 地址；现在可以输入铭牌代码，或直接打开各站读和听。", "This page was not opened over HTTPS, so the browser gives no position. Ask whoever runs the service for its HTTPS address; meanwhile enter the plaque’s code, or open the stations and read or listen.";
    /// On foot.
    POSITION_MISSING: "这台设备现在给不出位置。可以输入铭牌代码，或直接打开各站读和听。", "This device gives no position at the moment. Enter the plaque’s code, or open the stations and read or listen.";
    /// On foot.
    POSITION_SLOW: "定位还没有结果，仍在等。可以先打开各站读和听。", "No fix yet; still waiting. You can open the stations meanwhile.";
    /// On foot.
    PRESS_TO_LISTEN: "请点播放键开始讲解。", "Press play to begin the narration.";
    /// On foot.
    ALL_DONE: "全部站点已完成。", "Every station is completed.";
    /// Accuracy.
    SURE_GOOD: "较准", "good";
    /// Accuracy.
    SURE_FAIR: "一般", "fair";
    /// Accuracy.
    SURE_POOR: "较差", "poor";
    /// Accuracy.
    SURE_UNUSABLE: "太差，未采用", "too poor to use";
    /// Datum.
    DATUM_WGS84: "手机坐标与 WGS-84 吻合。", "The phone’s coordinates fit WGS 84.";
    /// Datum.
    DATUM_GCJ02: "手机给出的坐标只有按 GCJ-02 理解才与站点吻合，已按此换算，并会写进凭证。", "The phone’s coordinates fit the stations only when read as GCJ-02; they are read so, and the proof will say it.";
    /// Datum.
    DATUM_UNCLEAR: "还不能判断手机坐标属于哪一种基准。", "It is not clear yet in which datum the phone’s coordinates are.";
    /// Play button.
    PLAY: "听讲解", "Listen";
    /// Play button.
    PAUSE: "暂停", "Pause";
    /// A led visit is followed.
    LED: "带训人带领中。", "Led by the trainer.";
    /// It waits for whoever has not entered the scene yet.
    LED_WAITS: "带训人正在带领参观。按“进入场景”就跟上队伍。", "A trainer is leading this visit. Press “Enter the scene” to join the group.";
    /// The way to the service is broken.
    LED_LOST: "与带领的连接断开了，正在重新连接；您可以先自行参观。", "The connection to the led visit is lost and is being made again. Go on by yourself meanwhile.";
    /// The visitor has left it.
    LED_LEFT: "您已离开带领，可以自行参观。", "You have left the led visit and go on by yourself.";
    /// The trainer has finished.
    LED_OVER: "带领已结束，您可以继续自己的参观。", "The led visit is over. You can go on by yourself.";
    /// What was typed is no code.
    LED_NO_CODE: "参观码为 8 个字母，如 BCDF-GHJK。请对照带训人的屏幕再输入一次。", "A code has eight letters, as in BCDF-GHJK. Compare it with the trainer’s screen and enter it again.";
}
