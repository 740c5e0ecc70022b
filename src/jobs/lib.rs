//! Room: jobs.
