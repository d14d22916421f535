//! Render: the table of pages, and each page of it as HTML.

use super::{House, reading, walk};
use heritage::Lang;

/// One page ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Path below the web root, such as `zh/luding/index.html`.
    pub path: String,
    /// The page.
    pub html: String,
}

/// Every page of the house in both languages.
///
/// # Errors
/// A template that cannot be rendered, named with its page.
pub fn render_all(house: House<'_>) -> Result<Vec<Paper>, Unrendered> {
    let mut papers =
        vec![paper("index.html", reading::render_door(house))?, paper("404.html", reading::render_not_found(house))?];
    papers.push(paper("kiosk/index.html", reading::render_kiosk(house))?);
    for lang in Lang::ALL {
        let mut put = |path: &str, html| -> Result<(), Unrendered> {
            let path = format!("{}/{path}index.html", lang.code());
            papers.push(paper(&path, html)?);
            Ok(())
        };
        put("", reading::render_home(house, lang))?;
        put("about/", reading::render_about(house, lang))?;
        put("help/", reading::render_help(house, lang))?;
        put("me/", reading::render_me(house, lang))?;
        put("verify/", reading::render_verify(house, lang))?;
        put("sign-in/", reading::render_sign_in(house, lang))?;
        for preparation in house.preparing {
            put(&format!("{}/", preparation.id), reading::render_preparation(house, lang, preparation))?;
        }
        for entry in house.entries {
            let site = &entry.site.id;
            put(&format!("{site}/"), walk::render_site(house, entry, lang))?;
            put(&format!("{site}/scene/"), walk::render_scene(house, entry, lang))?;
            put(&format!("{site}/foot/"), walk::render_foot(house, entry, lang))?;
            for id in &entry.route.stations {
                if let Some(html) = walk::render_station(house, entry, lang, id) {
                    put(&format!("{site}/{id}/"), html)?;
                }
            }
        }
    }
    Ok(papers)
}

fn paper(path: &str, html: askama::Result<String>) -> Result<Paper, Unrendered> {
    let html = html.map_err(|error| Unrendered { path: path.to_owned(), error })?;
    Ok(Paper { path: path.to_owned(), html: close_up(&html) })
}

/// Drops indentation and empty lines, which are for writers of templates; text keeps its single spaces and line ends.
fn close_up(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for line in html.lines().map(str::trim).filter(|line| !line.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// A page that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {error}")]
pub struct Unrendered {
    path: String,
    error: askama::Error,
}
