//! A request's body as a source of bytes.

use crate::call::IDLE;
use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::desired::Working;

/// The body of a request, piece by piece; a client may pause for 30 seconds (bar 3.15 T3).
pub(crate) struct Arriving(BodyDataStream);

impl Arriving {
    /// This body.
    pub(crate) fn new(body: Body) -> Self {
        Self(body.into_data_stream())
    }
}

impl ByteSource for Arriving {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        Box::pin(async move {
            match tokio::time::timeout(IDLE, self.0.next()).await {
                Err(_elapsed) => Some(Err(ContentError::TimedOut)),
                Ok(None) => None,
                Ok(Some(Ok(piece))) => Some(Ok(piece.to_vec())),
                Ok(Some(Err(_broken_off))) => Some(Err(ContentError::Refused("upload-broken"))),
            }
        })
    }
}
