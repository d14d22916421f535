//! One integration binary across the house.

mod tidy;
