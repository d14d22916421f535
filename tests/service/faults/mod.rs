//! What goes wrong outside: disks, power, clocks, networks, and whoever means harm. `cargo test` tries a little of each;
//! `make faults` tries all of it, and every test prints what it counted. F1 is in `killed`, F7 in `guarantees`, F11 in
//! `matrix`, F12 in `outage`, F13 in `moved`, F14 in `tampered`.

mod bombs;
mod chaos;
mod clock;
mod disk;
mod full;
mod fuzz;
mod power;
mod slow;
mod trace;

pub use disk::kept;

/// How often to try: `little` in every test run, `much` under `make faults`.
pub fn rounds(little: usize, much: usize) -> usize {
    if is_at_length() { much } else { little }
}

fn is_at_length() -> bool {
    std::env::var_os("RETRACE_FAULTS").is_some()
}

/// Passes over a test that cannot be tried on this machine, saying what is lacking. `make faults` passes over none.
pub fn not_tried(fault: &str, lacking: &str) {
    assert!(!is_at_length(), "{fault} cannot be tried here: {lacking}");
    println!("{fault}: not tried; {lacking}");
}

/// Numbers that are the same in every run, so that what fails fails again. `SplitMix64` (Steele, Lea, Flood 2014).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 1 to `most`.
    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.roll() % most as u64).unwrap_or_default() + 1
    }
}
