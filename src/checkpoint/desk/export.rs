//! The walks as a table that spreadsheets open: UTF-8 with a mark so that Chinese is shown, and no cell that is run as a formula.

use super::board::{Board, Filter, Line, flags};
use super::frame::Look;
use super::words;
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::house::App;
use crate::identity::Overseer;
use crate::identity::reach::looks;
use crate::store::Act;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use heritage::Lang;
use protocol::api::WalkState;

/// The filtered list as CSV (RFC 4180).
pub async fn get(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let filter = Filter::read(query.as_deref());
    looks(&app, &who, Act::WalksExported, filter.written()).await?;
    let board = Board::of(&app, who.person.unit).await?;
    let heads: [&str; 15] = match look.lang {
        Lang::Zh => [
            "学员",
            "组",
            "单位",
            "走访",
            "状态",
            "达标站数",
            "总站数",
            "其中由带训人证明",
            "待查事项",
            "学时",
            "最近收到",
            "决定",
            "说明",
            "到场凭证",
            "抽查复核",
        ],
        Lang::En => [
            "learner",
            "group",
            "unit",
            "walk",
            "state",
            "stations met",
            "stations",
            "of these attested",
            "flags",
            "hours",
            "last received",
            "decided",
            "note",
            "presence",
            "second look",
        ],
    };
    // Excel takes a file for UTF-8 only with this mark.
    let mut text = String::from("\u{feff}");
    text.push_str(&record(heads.map(str::to_owned)));
    let lines: Vec<&Line> = board.lines.iter().filter(|line| filter.takes(line)).collect();
    for (line, flags) in lines.iter().zip(flags(&app, &lines).await?) {
        text.push_str(&record(cells(&board, line, flags, look.lang)));
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"retrace-walks.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

fn cells(board: &Board, line: &Line, flags: usize, lang: Lang) -> [String; 15] {
    let walk = &line.walk;
    let decided = walk.decided.as_ref();
    let by = decided.map(|decided| {
        let name = board.name(decided.by).unwrap_or("—");
        format!("{} {} {name}", words::kind(decided.kind).get(lang), written_in_china(decided.at_ms))
    });
    let earned = if walk.state == WalkState::Confirmed { walk.hours.to_string() } else { "0.0".to_owned() };
    [
        line.person.name.clone(),
        line.person.cohort.clone(),
        line.person.unit_name.clone(),
        line.title.get(lang).to_owned(),
        words::state(walk.state).get(lang).to_owned(),
        walk.met.to_string(),
        walk.stations.to_string(),
        walk.attested.to_string(),
        flags.to_string(),
        earned,
        written_in_china(walk.last_received_ms),
        by.unwrap_or_default(),
        decided.map(|decided| decided.decision.note.clone()).unwrap_or_default(),
        walk.level.code().to_owned(),
        words::rechecked(walk.wants_recheck, walk.rechecked).get(lang).to_owned(),
    ]
}

/// One line of the file.
pub(super) fn record(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell)).collect();
    cells.join(",") + "\r\n"
}

/// A cell that is text and nothing else: what would start a formula gets an apostrophe, as OWASP advises.
fn quoted(cell: &str) -> String {
    let guard =
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_run_as_a_formula() {
        for (cell, written) in [
            ("李", "\"李\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("＝1", "\"'＝1\""),
            ("a\"b,c\nd", "\"a\"\"b,c\nd\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
