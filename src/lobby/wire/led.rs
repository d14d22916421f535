//! A led visit as the service tells it, and what is confirmed of it.

use super::ToJson;
use crate::json::{Value, map, whole};
use crate::wire::record;
use protocol::led::{Going, Led, Look, Seen, Telling};

record!(Led { revision, site, route, going, telling, look, finished });
record!(Going { station, since });
record!(Telling { point, playing, at_secs, since });
record!(Look { point, since });

impl ToJson for Seen {
    fn to_json(&self) -> Value {
        map(vec![("follower", self.follower.to_json()), ("revision", whole(self.revision))])
    }
}
