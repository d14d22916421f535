//! What is said of a trouble, and what another store said, as plain text.

use super::Why;
use crate::outside::Unanswered;
use heritage::Bilingual;

/// Characters that are kept of a store's own words.
const MOST_WORDS: usize = 300;

/// A store's own words in one line of plain text, shortened.
pub fn plain(body: &[u8], is_markup: bool) -> String {
    let text = String::from_utf8_lossy(body);
    let (mut said, mut is_tag) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '<' if is_markup => is_tag = true,
            '>' if is_tag => {
                is_tag = false;
                said.push(' ');
            }
            _ if is_tag => {}
            letter if letter.is_control() => said.push(' '),
            letter => said.push(letter),
        }
    }
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if said.chars().count() <= MOST_WORDS {
        return said;
    }
    said.chars().take(MOST_WORDS).chain(['…']).collect()
}

impl Why {
    /// In words; another store's own stand after ours.
    pub fn words(&self) -> Bilingual {
        let answered = |zh: &str, en: &str, status: u16, said: &str| {
            let said = if said.is_empty() { String::new() } else { format!(" {said}") };
            Bilingual::new(format!("{zh}（{status}）。{said}"), format!("{en} ({status}).{said}"))
        };
        match self {
            Self::Unanswered(why) => {
                let zh = match why {
                    Unanswered::Address(_) => "地址须以 https:// 开头，没有发送",
                    Unanswered::Unreached(..) => "连接不上对方",
                    Unanswered::Untrusted(..) => "对方的证书不受信任",
                    Unanswered::Slow(_) => "对方答复太慢",
                    Unanswered::Unreadable(..) => "对方的答复无法读懂",
                };
                Bilingual::new(format!("{zh}：{why}"), format!("{why}."))
            }
            Self::Trouble(status, said) => {
                answered("对方暂时不能接收", "The store cannot take statements at the moment", *status, said)
            }
            Self::Strange(status, said) => answered(
                "该地址的答复不像学习记录库，请核对 endpoint",
                "What answers at this address is hardly a learning record store; check the endpoint",
                *status,
                said,
            ),
            Self::TurnedAway(status, said) => answered(
                "对方不接受我们的键与密钥，或其权限不含写入声明；更正 secret_file 所指文件后自动重试（密钥来自环境变量的，须重新启动服务）；由对方更正的，请按“现在重试”",
                "The store does not take our key and secret, or they may not store statements; once the file named in secret_file is \
                 mended, it goes on by itself (with secret_env, restart the service); once they are mended there, press “Try now”",
                *status,
                said,
            ),
            Self::TooMuchHeld(held) => Bilingual::new(
                format!("已有 {held} 条被拒，原因多半不在单条；请看下面的答复，更正后全部重试"),
                format!(
                    "{held} statements were refused, so that the cause is hardly in each of them; see the answers below, mend it and try all again."
                ),
            ),
            Self::Store(error) => {
                Bilingual::new(format!("本服务的数据库：{error}"), format!("Our own database: {error}."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_store_says_becomes_one_short_line() {
        let page = b"<html><title>Oh</title>\r\n\0<p>no: a&lt;b</p></html>";
        assert_eq!(plain(page, true), "Oh no: a&lt;b");
        assert_eq!(plain(b"{\"a\":\n \"1 < 2 > 0\"}\xff", false), "{\"a\": \"1 < 2 > 0\"}\u{fffd}");
        let long = plain("错".repeat(100_000).as_bytes(), false);
        assert_eq!((long.chars().count(), long.ends_with("错…")), (MOST_WORDS + 1, true));
        assert_eq!(plain(b"", false), "");
    }
}
