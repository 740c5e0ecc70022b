//! Room: access.
