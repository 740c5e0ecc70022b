//! The kinds of refusals, as far as HTTP is concerned.

use http::StatusCode;

/// Why a request is not answered with what it asked for; closed, so that each has its sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The body is no JSON.
    Malformed,
    /// The body is of another media type.
    MediaType,
    /// The body is larger than this operation takes.
    TooLarge,
    /// Fields are wrong.
    Invalid,
    /// There is no such thing here, or it is somebody else's.
    NotFound,
    /// The path has no such method.
    Method,
    /// There is no valid token.
    Login,
    /// The token's scopes or its owner's role do not permit it.
    Forbidden,
    /// The token was not granted sensitive commands.
    StepUp,
    /// Staff have to say why.
    Purpose,
    /// The plan's limit is reached.
    Limit,
    /// The content would exceed its quota.
    OverQuota,
    /// The customer is suspended.
    Suspended,
    /// The thing's state does not allow it now.
    Conflict,
    /// The customer's SQL or file was understood and rejected.
    Rejected,
    /// Too many requests.
    TooMany,
    /// Too much to do.
    Busy,
    /// It took too long.
    TimedOut,
    /// The machine failed.
    Fault,
}

impl Kind {
    /// All of them, for the test that looks for their texts.
    #[cfg(test)]
    pub(crate) const ALL: &'static [Self] = &[
        Self::Malformed,
        Self::MediaType,
        Self::TooLarge,
        Self::Invalid,
        Self::NotFound,
        Self::Method,
        Self::Login,
        Self::Forbidden,
        Self::StepUp,
        Self::Purpose,
        Self::Limit,
        Self::OverQuota,
        Self::Suspended,
        Self::Conflict,
        Self::Rejected,
        Self::TooMany,
        Self::Busy,
        Self::TimedOut,
        Self::Fault,
    ];

    /// The word in `type` and `code`; its texts are `api-title-{word}` and `api-detail-{word}`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::MediaType => "media-type",
            Self::TooLarge => "too-large",
            Self::Invalid => "invalid",
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::Login => "login",
            Self::Forbidden => "forbidden",
            Self::StepUp => "step-up",
            Self::Purpose => "purpose",
            Self::Limit => "limit",
            Self::OverQuota => "over-quota",
            Self::Suspended => "suspended",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::TooMany => "too-many",
            Self::Busy => "busy",
            Self::TimedOut => "timed-out",
            Self::Fault => "fault",
        }
    }

    /// The status of the answer.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid | Self::Rejected => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Login => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::StepUp | Self::Purpose | Self::Suspended => {
                StatusCode::FORBIDDEN
            }
            Self::Limit | Self::OverQuota | Self::Conflict => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
