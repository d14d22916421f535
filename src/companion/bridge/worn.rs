//! Worn: what the wearer of a headset sees, for the probe.

use crate::headset::{Headset, Pointer, Rig, Target, yaw_of};
use crate::ink::Sheets;
use crate::platform::probe;
use crate::visit::{Discs, Hanging};
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use serde_json::{Value, json};

#[derive(SystemParam)]
pub(super) struct Worn<'w, 's> {
    headset: Res<'w, Headset>,
    rig: Res<'w, Rig>,
    pointer: Res<'w, Pointer>,
    sheets: Res<'w, Sheets>,
    hanging: Res<'w, Hanging>,
    discs: Res<'w, Discs>,
    updates: Local<'s, u64>,
}

fn placed(at: &Transform) -> Value {
    let [x, y, z] = at.translation.to_array();
    json!({ "x": x, "y": y, "z": z, "yaw": yaw_of(at) })
}

impl Worn<'_, '_> {
    /// The object that the probe's description tells of.
    pub(super) fn told(&mut self) -> Value {
        if !self.headset.is_on() {
            *self.updates = 0;
            return Value::Null;
        }
        *self.updates += 1;
        if !probe::is_asked() {
            return Value::Null;
        }
        let frame = &self.headset.frame;
        let eyes = frame.views.iter().take(frame.count).map(|view| placed(&self.rig.place(&view.pose)));
        let target = self.pointer.target.map(|(target, _)| match target {
            Target::Button(number) => format!("button {number}"),
            Target::Board => "board".to_owned(),
            Target::Mark(number) => format!("mark {number}"),
            Target::Ground => "ground".to_owned(),
        });
        let panel = self.hanging.panel.as_ref();
        let panel = panel.map(|(title, leaf, leaves)| json!({ "title": title, "leaf": leaf, "leaves": leaves }));
        let buttons = self.hanging.buttons.iter().map(|(id, at)| json!({ "id": id, "x": at.x, "y": at.y, "z": at.z }));
        let marks = self.discs.0.iter().map(|(point, station, at)| {
            json!({ "point": point.as_str(), "station": station.as_str(), "x": at.x, "y": at.y, "z": at.z })
        });
        let Rig { at, yaw_rad, scale, .. } = *self.rig;
        json!({
            "updates": *self.updates,
            "eyes": eyes.collect::<Vec<_>>(),
            "head": placed(&self.rig.place(&frame.head)),
            "rig": { "x": at.x, "y": at.y, "z": at.z, "yaw": yaw_rad, "scale": scale },
            "dark": self.sheets.blind.dark, "narrow": self.sheets.blind.narrow,
            "target": target, "dwelt": self.pointer.dwelt, "see_through": frame.see_through,
            "panel": panel, "caption": self.hanging.caption, "notice": self.hanging.notice,
            "buttons": buttons.collect::<Vec<_>>(),
            "marks": marks.collect::<Vec<_>>(),
        })
    }
}
