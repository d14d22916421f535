//! From goals to assessment: what a course asks, what was learned, what a year came to, and how fairly. Pure, and no
//! ranking of people.

mod annual;
mod barrier;
mod commended;
mod course;
mod fairness;
mod scores;
mod visited;

pub use annual::{Annual, Conferred, Deed, Line, Said, Tally, Totals};
pub use barrier::{Barrier, barriers};
pub use commended::{Criteria, Standing, commended};
pub use course::{BadCourse, CourseVersion, Criterion, FollowUp, Goal, LEVELS, Practice};
pub use fairness::{Decided, Figures, Group, LEAST_PEOPLE, masked};
pub use scores::{BadRating, Capability, Effect, Knowledge, Scores, capability, effect, knowledge};
pub use visited::{Visited, Ways};
