//! The bounds of a request and its answer.

use std::time::Duration;

/// The bounds. Source: bar 3.14 T5.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// From the first step to the last byte; also what a request without a timeout of its own gets.
    pub total: Duration,
    /// For the answer of the name servers.
    pub resolve: Duration,
    /// For the connection, and again for its handshake.
    pub connect: Duration,
    /// From the request to the head of the answer.
    pub first_byte: Duration,
    /// Between two pieces of the answer.
    pub pause: Duration,
    /// Bytes of a URL.
    pub url_bytes: usize,
    /// Headers of a request.
    pub request_headers: usize,
    /// Bytes of their names and values together.
    pub request_head_bytes: usize,
    /// Bytes of a request's body.
    pub request_body_bytes: usize,
    /// Headers of an answer.
    pub response_headers: usize,
    /// Bytes of an answer's head; at least [`Caps::HEAD_MIN`].
    pub response_head_bytes: usize,
    /// Bytes of an answer's body as it comes.
    pub response_body_bytes: usize,
    /// Bytes of an answer's body when it is decompressed.
    pub plain_body_bytes: usize,
    /// How much larger than what came a body of more than [`Caps::SMALL`] may be when decompressed.
    pub ratio: usize,
    /// Requests of one customer at once.
    pub at_once: usize,
    /// Requests of one customer that wait for others of it.
    pub waiting: usize,
    /// Requests of everybody at once.
    pub at_once_all: usize,
    /// Requests of one customer in a row without a pause.
    pub burst: u32,
    /// After which another one is allowed.
    pub every: Duration,
}

impl Caps {
    /// A body that decompresses to so little may have any ratio, in bytes.
    pub const SMALL: usize = 64 << 10;
    /// The smallest bound of an answer's head, in bytes: what the library reads at once.
    pub const HEAD_MIN: usize = 8 << 10;
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(10),
            resolve: Duration::from_secs(2),
            connect: Duration::from_secs(3),
            first_byte: Duration::from_secs(10),
            pause: Duration::from_secs(5),
            url_bytes: 8 << 10,
            request_headers: 64,
            request_head_bytes: 16 << 10,
            request_body_bytes: 1 << 20,
            response_headers: 100,
            response_head_bytes: 32 << 10,
            response_body_bytes: 1 << 20,
            plain_body_bytes: 4 << 20,
            ratio: 20,
            at_once: 4,
            waiting: 16,
            at_once_all: 64,
            burst: 60,
            every: Duration::from_millis(200),
        }
    }
}
