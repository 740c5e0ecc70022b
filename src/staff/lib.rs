//! Room: staff.
