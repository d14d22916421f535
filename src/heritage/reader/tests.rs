//! What reading a site folder must find.
