//! What a completion shows of presence, judged with what the service alone knows. Refuses nothing.

pub mod sun;
