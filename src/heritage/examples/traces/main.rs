//! Prints one of the geofence's traces: `cargo run -p heritage --example traces -- clean-walk > tests/traces/clean-walk.csv`.
//!
//! Without a name it lists them all.

mod make;

fn main() {
    match std::env::args().nth(1) {
        None => make::NAMES.iter().for_each(|name| println!("{name}")),
        Some(name) => match make::trace(&name) {
            Some(text) => print!("{text}"),
            None => eprintln!("there is no trace `{name}`"),
        },
    }
}
