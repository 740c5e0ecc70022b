//! Room: reconcile.
