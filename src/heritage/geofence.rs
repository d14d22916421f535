//! Geofence: from fixes to arrivals, as a pure state machine.
