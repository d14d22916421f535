//! What geofence must do.
