//! The report of a year as files: CSV, an XLSX workbook, and the bytes whose digest a closed report holds.

use super::board::title;
use super::export::record;
use super::frame::Look;
use super::report::{asked, learners, share, tabs};
use crate::api::Fault;
use crate::house::{App, House};
use crate::identity::Overseer;
use crate::identity::reach::looks;
use crate::store::{Act, Person};
use crate::year::{Year, text};
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use heritage::assessment::{Line, Visited};
use heritage::credit::Level;
use heritage::{Bilingual, Hours, Lang};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// Rows that a sheet of a workbook holds, the head left out.
const MOST_ROWS: usize = 1_048_575;

/// A cell of the table.
enum Cell {
    Text(String),
    Number(f64),
}

impl Cell {
    fn count(number: usize) -> Self {
        Self::Number(number as f64)
    }

    fn hours(hours: Hours) -> Self {
        Self::Number(f64::from(hours.tenths) / 10.0)
    }

    fn written(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

async fn year_asked(app: &App, who: &crate::identity::SignedIn, query: Option<&str>) -> Result<Year, Fault> {
    let mut tabs = tabs(app, who, query, "/desk/report").await?;
    let (year, _) = asked(app, &mut tabs, query).await?;
    looks(app, who, Act::ReportExported, format!("{} {}", tabs.unit_name, tabs.year)).await?;
    Ok(year)
}

/// The table as CSV (RFC 4180), in UTF-8 with a mark.
pub async fn csv(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let year = year_asked(&app, &who, query.as_deref()).await?;
    // Excel takes a file for UTF-8 only with this mark.
    let mut text = String::from("\u{feff}");
    text.push_str(&record(heads(look.lang)));
    for person in learners(&app, &year).await? {
        text.push_str(&record(cells(&app, &year, &person, look.lang).iter().map(Cell::written)));
    }
    Ok(file(&year, "csv", "text/csv; charset=utf-8", text.into_bytes()))
}

/// The same as a workbook. Its rows go to a temporary file while it is made.
pub async fn xlsx(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let year = year_asked(&app, &who, query.as_deref()).await?;
    let people = learners(&app, &year).await?;
    if people.len() > MOST_ROWS {
        return Err(Fault::too_large());
    }
    let lang = look.lang;
    let made = tokio::task::spawn_blocking(move || {
        let book = workbook(&app, &year, &people, lang);
        book.map(|bytes| (bytes, year))
    });
    match made.await {
        Ok(Ok((bytes, year))) => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(file(&year, "xlsx", kind, bytes))
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a workbook could not be made");
            Err(Fault::busy())
        }
        Err(_) => Err(Fault::busy()),
    }
}

/// The bytes whose digest a closed report holds.
pub async fn bytes(
    State(app): State<App>,
    Overseer(who): Overseer,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let year = year_asked(&app, &who, query.as_deref()).await?;
    let mut all = Vec::new();
    text(&year, |line| all.extend_from_slice(line.as_bytes()));
    Ok(file(&year, "txt", "text/plain; charset=utf-8", all))
}

fn file(year: &Year, ending: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"retrace-report-{}.{ending}\"", year.year);
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name), (CACHE_CONTROL, "no-store".to_owned())];
    (headers, bytes).into_response()
}

fn workbook(house: &House, year: &Year, people: &[Person], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(year.year.to_string())?;
    sheet.set_freeze_panes(1, 2)?;
    let bold = Format::new().set_bold();
    for (column, head) in (0..).zip(heads(lang)) {
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    for (row, person) in (1..).zip(people) {
        for (column, cell) in (0..).zip(cells(house, year, person, lang)) {
            match cell {
                // Written as text, so that nothing in it is ever run as a formula.
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                Cell::Number(number) => sheet.write_number(row, column, number)?,
            };
        }
    }
    book.save_to_buffer()
}

fn heads(lang: Lang) -> Vec<String> {
    let pick = |zh: &str, en: &str| Bilingual::new(zh, en).get(lang).to_owned();
    let mut heads = vec![
        pick("编号", "id"),
        pick("学员", "learner"),
        pick("组", "group"),
        pick("单位", "unit"),
        pick("学时", "hours"),
        pick("年度目标", "target"),
        pick("完成比例", "share"),
        pick("走访", "walks"),
    ];
    heads.extend(Visited::ALL.map(|visited| visited.label().get(lang).to_owned()));
    heads.extend(Level::ALL.map(|level| level.code().to_owned()));
    heads.extend([
        pick("凭证未记录", "presence not recorded"),
        pick("退回", "returns"),
        pick("申诉", "appeals"),
        pick("撤销确认", "taken back"),
        pick("路线", "routes"),
    ]);
    heads
}

fn cells(house: &House, year: &Year, person: &Person, lang: Lang) -> Vec<Cell> {
    let empty = Line::default();
    let line = year.annual.line(&person.id).unwrap_or(&empty);
    let visited = |wanted| line.conferred().filter(|(.., each)| each.visited == wanted).count();
    let level = |wanted| line.conferred().filter(|(.., each)| each.level == wanted).count();
    let hours = line.hours();
    let mut cells = vec![
        Cell::Text(person.id.to_string()),
        Cell::Text(person.name.clone()),
        Cell::Text(person.cohort.clone()),
        Cell::Text(person.unit_name.clone()),
        Cell::hours(hours),
        Cell::hours(year.target),
        Cell::Text(share(hours, year.target)),
        Cell::count(line.conferred().count()),
    ];
    cells.extend(Visited::ALL.map(|way| Cell::count(visited(way))));
    cells.extend(Level::ALL.map(|each| Cell::count(level(Some(each)))));
    let routes: Vec<String> =
        line.conferred().map(|(site, route, _)| title(house, site, route).get(lang).to_owned()).collect();
    cells.extend([
        Cell::count(level(None)),
        Cell::Number(f64::from(line.returns)),
        Cell::Number(f64::from(line.appeals)),
        Cell::Number(f64::from(line.reopened)),
        Cell::Text(routes.join("；")),
    ]);
    cells
}
