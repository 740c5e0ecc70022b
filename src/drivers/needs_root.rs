//! What tests stand on that work as other users.

/// Ends a test on the spot that could not be what it says; none is passed over in silence.
pub(crate) fn needs_root() {
    assert!(
        rustix::process::geteuid().is_root(),
        "this test works as other users: run it as root"
    );
}
