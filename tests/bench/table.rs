//! Rows of the README's table.

/// Its first two lines.
pub const HEAD: &str =
    "| what | measured: median (range) | floor in the same run | ratio | asked |\n|---|---|---|---|---|";

/// The same figure several times, product and floor in turn.
#[derive(Default)]
pub struct Series {
    product: Vec<f64>,
    floor: Vec<f64>,
}

impl Series {
    pub fn add(&mut self, product: f64, floor: f64) {
        self.product.push(product);
        self.floor.push(floor);
    }
}

/// One line.
pub struct Row(pub String);

/// The middle one; the lower of two.
pub fn median<T: PartialOrd + Copy>(values: &mut [T]) -> T {
    values.sort_by(|one, two| one.partial_cmp(two).expect("numbers"));
    values[(values.len() - 1) / 2]
}

/// The value that so many of a hundred do not exceed.
pub fn percentile(values: &mut [f64], hundredths: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * hundredths).div_ceil(100).saturating_sub(1)]
}

fn written(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn spread(values: &[f64]) -> String {
    let mut values = values.to_vec();
    let middle = median(&mut values);
    format!("{} ({}–{})", written(middle), written(values[0]), written(values[values.len() - 1]))
}

impl Row {
    /// A rate, held to its floor's.
    pub fn ratio(what: &str, unit: &str, series: &Series, asked: &str) -> Self {
        let ratios: Vec<f64> =
            series.product.iter().zip(&series.floor).map(|(product, floor)| product / floor).collect();
        let (product, floor) = (spread(&series.product), spread(&series.floor));
        Self(format!("| {what} | {product} {unit} | {floor} | {} | {asked} |", spread(&ratios)))
    }

    /// A time, and how much longer it is than its floor's.
    pub fn beyond(what: &str, unit: &str, series: &Series, asked: &str) -> Self {
        let more: Vec<f64> = series.product.iter().zip(&series.floor).map(|(product, floor)| product - floor).collect();
        let (product, floor) = (spread(&series.product), spread(&series.floor));
        Self(format!("| {what} | {product} {unit} | {floor} | {} more | {asked} |", spread(&more)))
    }

    /// A figure without a floor.
    pub fn alone(what: &str, measured: &str, asked: &str) -> Self {
        Self(format!("| {what} | {measured} | | | {asked} |"))
    }
}
