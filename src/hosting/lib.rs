//! Room: hosting.
