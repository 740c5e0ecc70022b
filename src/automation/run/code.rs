//! Why runs do not end well: the codes of the catalogue, `run-code-{code}`.

/// The plugin said so itself.
pub const FAILED: &str = "failed";
/// A limit ended it.
pub const LIMIT: &str = "limit";
/// The plugin crashed.
pub const TRAP: &str = "trap";
/// The plugin has no such entry point.
pub const UNFIT: &str = "unfit";
/// Its right was taken back meanwhile.
pub const REVOKED: &str = "revoked";
/// It asked for an effect that was not granted.
pub const EFFECT_DENIED: &str = "effect-denied";
/// The gate refused an effect.
pub const EFFECT_REFUSED: &str = "effect-refused";
/// What it answered cannot be used.
pub const RESULT: &str = "result";
/// It keeps more than it may.
pub const KV_FULL: &str = "kv-full";
/// Whoever granted its rights is no member any more.
pub const GRANTER_GONE: &str = "granter-gone";
/// Its customer is suspended.
pub const SUSPENDED: &str = "suspended";
/// Too many runs caused each other.
pub const DEPTH: &str = "depth";
/// A task went on and on.
pub const SLICES: &str = "slices";
/// There is no recording to replay, or it is not whole.
pub const NOT_RECORDED: &str = "not-recorded";
/// The replay went another way.
pub const DIVERGED: &str = "diverged";
/// The sandbox is not there.
pub const SANDBOX_DOWN: &str = "sandbox-down";
/// The compiled plugin is missing.
pub const ARTIFACT: &str = "artifact";
/// Another run of the same installation was faster.
pub const CONFLICT: &str = "kv-conflict";
/// The panel ended while it ran.
pub const LEASE: &str = "lease-lost";
/// The machine failed.
pub const FAULT: &str = "fault";
/// The panel asked for patience.
pub const BUSY: &str = "busy";
/// It was stopped from outside.
pub const CANCELLED: &str = "cancelled";

/// All of them.
pub const ALL: [&str; 22] = [
    FAILED,
    LIMIT,
    TRAP,
    UNFIT,
    REVOKED,
    EFFECT_DENIED,
    EFFECT_REFUSED,
    RESULT,
    KV_FULL,
    GRANTER_GONE,
    SUSPENDED,
    DEPTH,
    SLICES,
    NOT_RECORDED,
    DIVERGED,
    SANDBOX_DOWN,
    ARTIFACT,
    CONFLICT,
    LEASE,
    FAULT,
    BUSY,
    CANCELLED,
];

/// Whether the plugin can do nothing about it: such failures stop no installation.
#[must_use]
pub fn is_ours(code: &str) -> bool {
    matches!(
        code,
        SANDBOX_DOWN
            | ARTIFACT
            | CONFLICT
            | LEASE
            | FAULT
            | BUSY
            | CANCELLED
            | REVOKED
            | GRANTER_GONE
            | SUSPENDED
            | DEPTH
    )
}
