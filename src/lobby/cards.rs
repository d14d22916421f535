//! Several stations on one page: in the scene and on foot each has its card, and one of them at most is open.

use crate::attention::Glance;
use crate::here::Here;
use crate::house::Shared;
use crate::{dom, page, watch};
use heritage::{Outline, StationId, Way};
use std::cell::RefCell;
use std::rc::Rc;

/// The cards of one page.
pub struct Cards {
    /// In the order in which they stand on the page.
    pub heres: Vec<Rc<Here>>,
    open: RefCell<Option<StationId>>,
}

impl Cards {
    /// All cards of the page, which complete their stations by `way`; nothing where the site lacks the page's route.
    pub fn begin(house: &Shared, site: &Outline, way: Way) -> Option<Self> {
        let route = site.routes.iter().find(|route| route.id.as_str() == house.page.route)?;
        let heres = dom::hooks("card").into_iter().filter_map(|place| {
            let id = StationId::new(&place.get_attribute("data-station")?).ok()?;
            Here::begin(house, site, route, &id, way, place)
        });
        Some(Self { heres: heres.collect(), open: RefCell::default() })
    }

    /// The station named `id`.
    pub fn here(&self, id: &StationId) -> Option<&Rc<Here>> {
        self.heres.iter().find(|here| here.station.id == *id)
    }

    /// The station whose card is open.
    pub fn open(&self) -> Option<StationId> {
        self.open.borrow().clone()
    }

    /// Shows this station's card and hides the others; tells whether it was not open before.
    pub fn show(&self, id: &StationId) -> bool {
        for here in &self.heres {
            dom::show(&here.place, here.station.id == *id);
        }
        self.open.replace(Some(id.clone())).as_ref() != Some(id)
    }

    /// No card is open any more.
    pub fn forget(&self) {
        self.open.replace(None);
    }

    /// Counts reading and presence, seconds, once a second: `seen` adds what the page itself does not know of a glance.
    pub fn count(&self, seen: impl Fn(Glance) -> Glance + 'static, counted: impl Fn(f64, f64) + 'static) {
        let texts: Vec<_> = self.heres.iter().flat_map(|here| dom::hooks_in(&here.place, "transcript")).collect();
        let in_view = watch::follow(&texts);
        let glance = move || {
            let in_view = in_view.borrow().iter().any(|in_view| *in_view);
            seen(Glance { visible: page::is_visible(), in_view, listening: false })
        };
        watch::begin(glance, counted);
        watch::write_down(&self.heres);
    }
}
