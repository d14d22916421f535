//! How long a visitor on foot has been at a station. Pure.

/// Time at one station. Many phones report no fix while they lie still, so the page's own count stands beside theirs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stay {
    /// As the fixes tell.
    pub by_fixes_secs: f64,
    /// As the open page tells.
    pub by_page_secs: f64,
}

impl Stay {
    /// The longer of the two, as they count the same time.
    pub const fn secs(self) -> f64 {
        self.by_fixes_secs.max(self.by_page_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_time_is_not_counted_twice() {
        let stay = Stay { by_fixes_secs: 12.0, by_page_secs: 20.0 };
        assert_eq!(stay.secs().to_bits(), 20.0f64.to_bits());
    }
}
