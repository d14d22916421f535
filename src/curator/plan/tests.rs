//! What a plan shows, and that it is sound SVG whatever the titles say.

use crate::fixture::Fixture;
use crate::pages::Stop;
use heritage::Lang;

fn drawn(lang: Lang, here: bool) -> String {
    let library = Fixture::new().library();
    let site = &library.sites[0].content.site;
    let station = &site.stations[0];
    let stops = [Stop { number: 1, station, href: "/en/ford/bank/".to_owned() }];
    super::draw(site, &stops, lang, here.then_some(&station.id))
}

#[test]
fn a_station_stands_at_its_place_in_metres_with_north_up() {
    let svg = drawn(Lang::En, false);
    assert!(svg.contains("class=\"plan-spot\" cx=\"-20\" cy=\"-4\""), "{svg}");
    assert!(svg.contains("href=\"/en/ford/bank/\"") && svg.contains("data-station=\"bank\""));
}

#[test]
fn a_title_cannot_break_the_drawing() {
    let svg = drawn(Lang::En, false);
    assert!(svg.contains("<title>1 Bank &lt;&amp;&gt;</title>"), "{svg}");
    assert_eq!(svg.matches("<a ").count(), svg.matches("</a>").count());
}

#[test]
fn the_place_of_the_reader_is_marked_once() {
    assert_eq!(drawn(Lang::Zh, true).matches("aria-current").count(), 1);
    assert_eq!(drawn(Lang::Zh, false).matches("aria-current").count(), 0);
}

#[test]
fn the_floor_the_river_and_the_chain_are_drawn_from_the_scene() {
    let svg = drawn(Lang::Zh, false);
    assert!(svg.contains("points=\"-40,10 0,10 0,-10 -40,-10\""), "{svg}");
    assert!(svg.contains("<rect class=\"plan-river\" x=\"-15\"") && svg.contains("M-15 0H15"), "{svg}");
    assert!(svg.contains("50 米"));
}
