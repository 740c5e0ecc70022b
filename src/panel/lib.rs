//! Room: panel.
