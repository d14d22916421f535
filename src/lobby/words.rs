//! All that the lobby itself says, in both languages; what pages say stands in their templates.

use heritage::{Hours, Lang};
use protocol::bridge::Tier;

mod headset;
mod texts;

pub use headset::*;
pub use texts::*;

/// A figure with so many decimals. Smaller than the compiler's own way of writing them, which knows every precision.
pub fn figure(number: f64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let scaled = (number * scale as f64).round();
    let (size, sign) = (scaled.abs() as u64, if scaled <= -1.0 { "-" } else { "" });
    match decimals {
        0 => format!("{sign}{size}"),
        _ => format!("{sign}{}.{:0width$}", size / scale, size % scale, width = decimals as usize),
    }
}

/// The outbox count: 待传 3 条, and with it what was not taken, which must not stay unseen.
pub fn waiting(lang: Lang, count: usize, not_taken: usize) -> String {
    let waiting = match lang {
        Lang::Zh => format!("待传 {count} 条"),
        Lang::En => format!("{count} to send"),
    };
    if not_taken > 0 { format!("{waiting} · {}", refused(lang, not_taken)) } else { waiting }
}

/// Records that the service did not take.
pub fn refused(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Zh => format!("未接收 {count} 条"),
        Lang::En => format!("{count} not taken"),
    }
}

/// Why signing out is refused: `lost` records would go, `unclaimed` of them made before signing in.
pub fn sign_out_refused(lang: Lang, lost: usize, unclaimed: usize) -> String {
    match (lang, unclaimed) {
        (Lang::Zh, 0) => format!("还有 {lost} 条记录没有送达。请先发送，再退出；现在退出会丢失它们。"),
        (Lang::Zh, _) => format!(
            "还有 {lost} 条记录没有送达，其中 {unclaimed} 条是登录前在这台设备上做的，还没有并入任何人的记录。请先处理，再退出；现在退出会丢失它们。"
        ),
        (Lang::En, 0) => format!("Not received yet: {lost}. Send what waits first; signing out now would lose it."),
        (Lang::En, _) => format!(
            "Not received yet: {lost}, of which {unclaimed} were made on this device before signing in and are in nobody’s record. See to them first; signing out now would lose them."
        ),
    }
}

/// What signing out leaves where it is.
pub fn sign_out_keeps(lang: Lang, others: usize) -> String {
    match lang {
        Lang::Zh => format!("另一位登录者待传的 {others} 条记录不会删除，等其本人登录后发送。"),
        Lang::En => format!("Kept for another member, who has yet to sign in and send: {others}."),
    }
}

/// The offer to take over what was made before signing in.
pub fn claim(lang: Lang, stations: usize, others: usize) -> String {
    match (lang, stations) {
        (Lang::Zh, 0) if others == 0 => "登录前这台设备上留有听和读的进度，要并入您的记录吗？".to_owned(),
        (Lang::En, 0) if others == 0 => {
            "What was heard and read on this device before signing in: add it to your record?".to_owned()
        }
        (Lang::Zh, 0) => format!("登录前这台设备上留有 {others} 条作答记录，要并入您的记录吗？"),
        (Lang::En, 0) => {
            format!("Answers given on this device before signing in: {others}. Add them to your record?")
        }
        (Lang::Zh, _) => format!("登录前这台设备上已完成 {stations} 站，要并入您的记录吗？"),
        (Lang::En, _) => {
            format!("Stations done on this device before signing in: {stations}. Add them to your record?")
        }
    }
}

/// Records of somebody else on the same device.
pub fn of_another(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Zh => format!("另有 {count} 条记录属于另一位登录者，等其本人登录后发送。"),
        Lang::En => format!("Of another member: {count}. They wait for that member to sign in."),
    }
}

/// The same in the header, where there is room for a few words.
pub fn of_another_short(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Zh => format!("他人待传 {count} 条"),
        Lang::En => format!("{count} of another"),
    }
}

/// The last receipt's time.
pub fn last_receipt(lang: Lang, time: &str, total: u64) -> String {
    match lang {
        Lang::Zh => format!("上次回执：{time}；这台设备共送达 {total} 条。"),
        Lang::En => format!("Last receipt: {time}; {total} received from this device in all."),
    }
}

/// Credit with its unit: 0.5 学时.
pub fn hours(lang: Lang, hours: Hours) -> String {
    let (whole, tenth) = (hours.tenths / 10, hours.tenths % 10);
    match lang {
        Lang::Zh => format!("{whole}.{tenth} 学时"),
        Lang::En => format!("{whole}.{tenth} h of credit"),
    }
}

/// What the year asks for.
pub fn target(lang: Lang, target: Hours) -> String {
    match lang {
        Lang::Zh => format!("年度目标 {}", hours(lang, target)),
        Lang::En => format!("Target for the year: {}", hours(lang, target)),
    }
}

/// The scene's program on its way: 场景程序 45%.
pub fn loading_program(lang: Lang, share: f64) -> String {
    let percent = figure(share * 100.0, 0);
    match lang {
        Lang::Zh => format!("正在取场景程序：{percent}%"),
        Lang::En => format!("Fetching the scene’s program: {percent}%"),
    }
}

/// How many of how many, where `what` ends in `3/8`.
pub fn parts_of(what: &str) -> Option<(u32, u32)> {
    let (done, all) = what.rsplit(' ').next()?.split_once('/')?;
    Some((done.parse().ok()?, all.parse().ok()?))
}

/// What is being fetched, and how much of it: models by their number, other files by name and bytes.
pub fn loading(lang: Lang, what: &str, loaded: u64, total: u64) -> String {
    let mega = |bytes: u64| figure(bytes as f64 / 1e6, 1);
    if let Some((done, all)) = parts_of(what) {
        let (left, loaded) = (all.saturating_sub(done), mega(loaded));
        return match lang {
            Lang::Zh => format!("正在取模型：{done} / {all}，还有 {left} 个；已取 {loaded} MB"),
            Lang::En => format!("Fetching models: {done} of {all}, {left} to come; {loaded} MB so far"),
        };
    }
    let file = match (what.rsplit('/').next().unwrap_or(what), lang) {
        ("site.json", Lang::Zh) => "遗址数据",
        ("site.json", Lang::En) => "the site’s data",
        (file, _) => file,
    };
    let bytes = if total >= loaded && total > 0 {
        format!("{} / {} MB", mega(loaded), mega(total))
    } else {
        format!("{} MB", mega(loaded))
    };
    match lang {
        Lang::Zh => format!("正在取{file}：{bytes}"),
        Lang::En => format!("Fetching {file}: {bytes}"),
    }
}

/// Several files are missing.
pub fn assets_missing(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Zh => format!("有 {count} 个文件没有取到，场景会缺少这些部分，其余照常。"),
        Lang::En => format!("Files that could not be fetched: {count}. The scene goes on without those parts."),
    }
}

/// How many parts of the model.
pub fn parts(lang: Lang, count: u32) -> String {
    match lang {
        Lang::Zh => format!("{count} 件"),
        Lang::En if count == 1 => "1 part".to_owned(),
        Lang::En => format!("{count} parts"),
    }
}

/// A length of the model with its uncertainty.
pub fn measured(lang: Lang, model_m: f64, uncertainty_m: f64) -> String {
    let (model, uncertainty) = (figure(model_m, 2), figure(uncertainty_m, 2));
    match lang {
        Lang::Zh => format!("模型 {model} 米（±{uncertainty} 米）"),
        Lang::En => format!("model {model} m (±{uncertainty} m)"),
    }
}

/// A mark's station, and how far off it is: 中跨 · 86 米.
pub fn away(lang: Lang, title: &str, away_m: f64) -> String {
    let metres = figure(away_m, 0);
    match lang {
        Lang::Zh => format!("{title} · {metres} 米"),
        Lang::En => format!("{title} · {metres} m"),
    }
}

/// What the trainer points out: 请看：铁索.
pub fn look_at(lang: Lang, title: &str) -> String {
    match lang {
        Lang::Zh => format!("请看：{title}"),
        Lang::En => format!("Look at: {title}"),
    }
}

/// The quality in force.
pub const fn quality(lang: Lang, tier: Tier, measured: bool) -> &'static str {
    let text = match (tier, measured) {
        (Tier::Floor, true) => {
            Text { zh: "当前：基本（按实测选定）", en: "Now: basic (chosen by measuring)" }
        }
        (Tier::Floor, false) => Text { zh: "当前：基本", en: "Now: basic" },
        (Tier::Middle, true) => {
            Text { zh: "当前：中等（按实测选定）", en: "Now: middle (chosen by measuring)" }
        }
        (Tier::Middle, false) => Text { zh: "当前：中等", en: "Now: middle" },
        (Tier::High, true) => {
            Text { zh: "当前：精细（按实测选定）", en: "Now: fine (chosen by measuring)" }
        }
        (Tier::High, false) => Text { zh: "当前：精细", en: "Now: fine" },
    };
    text.get(lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loading_tells_what_and_how_much_is_left() {
        assert_eq!(loading(Lang::Zh, "models 3/8", 1_240_000, 0), "正在取模型：3 / 8，还有 5 个；已取 1.2 MB");
        assert_eq!(loading(Lang::En, "a/b.glb", 1_000_000, 2_500_000), "Fetching b.glb: 1.0 / 2.5 MB");
        assert_eq!(loading(Lang::En, "models x/y", 0, 0), "Fetching y: 0.0 MB");
        assert_eq!(loading_program(Lang::Zh, 0.456), "正在取场景程序：46%");
    }

    #[test]
    fn figures_are_rounded_and_keep_their_zeros() {
        for (number, decimals, said) in [
            (100.0, 2, "100.00"),
            (0.333, 2, "0.33"),
            (1.06, 1, "1.1"),
            (-0.26, 1, "-0.3"),
            (-0.04, 1, "0.0"),
            (9.5, 0, "10"),
        ] {
            assert_eq!(figure(number, decimals), said);
        }
        assert_eq!(figure(f64::NAN, 1), "0.0");
    }
}
