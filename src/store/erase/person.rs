//! What is a person's, who belongs to nobody else.

use crate::erase::{Disposal, goes};

/// In the order in which it is done.
pub(super) const ALL: &[Disposal] = &[
    goes!(Leaves, "session", "session", "id", 200 at once, "SELECT id FROM session WHERE user_id = $1"),
    goes!(Leaves, "half_login", "half_login", "token_hash", 200 at once,
        "SELECT token_hash FROM half_login WHERE user_id = $1"),
    goes!(Leaves, "mailed_token", "mailed_token", "token_hash", 200 at once,
        "SELECT token_hash FROM mailed_token WHERE user_id = $1"),
    goes!(Leaves, "api_token_person", "api_token", "id", 200 at once,
        "SELECT id FROM api_token WHERE user_id = $1"),
    goes!(Leaves, "device", "device", "id", 200 at once, "SELECT id FROM device WHERE user_id = $1"),
    goes!(Leaves, "password_history", "password_history", "id", 200 at once,
        "SELECT id FROM password_history WHERE user_id = $1"),
    goes!(Leaves, "totp_factor", "totp_factor", "user_id", 200 at once,
        "SELECT user_id FROM totp_factor WHERE user_id = $1"),
    goes!(Leaves, "recovery_code", "recovery_code", "code_hash", 200 at once,
        "SELECT code_hash FROM recovery_code WHERE user_id = $1"),
    goes!(Leaves, "passkey", "passkey", "id", 200 at once, "SELECT id FROM passkey WHERE user_id = $1"),
    goes!(Leaves, "phone_pin", "phone_pin", "user_id", 200 at once,
        "SELECT user_id FROM phone_pin WHERE user_id = $1"),
    goes!(Leaves, "factor_guess", "factor_guess", "user_id", 200 at once,
        "SELECT user_id FROM factor_guess WHERE user_id = $1"),
    goes!(Leaves, "factor_loss_person", "factor_loss", "id", 200 at once,
        "SELECT id FROM factor_loss WHERE user_id = $1"),
    // Letters to every address that they have or had, before the addresses go.
    goes!(Leaves, "outgoing_mail_person", "outgoing_mail", "id", 200 at once,
        "SELECT id FROM outgoing_mail WHERE user_id = $1"),
    goes!(Leaves, "outgoing_mail_address", "outgoing_mail", "id", 200 at once,
        "SELECT o.id FROM wabe_user u JOIN outgoing_mail o ON o.recipient IN (u.email, u.second_email) \
         WHERE u.id = $1"),
    goes!(Leaves, "outgoing_mail_former", "outgoing_mail", "id", 200 at once,
        "SELECT o.id FROM address_change a JOIN outgoing_mail o \
         ON o.recipient IN (a.old_email, a.old_second_email, a.new_email, a.new_second_email) \
         WHERE a.user_id = $1"),
    goes!(Leaves, "address_change", "address_change", "id", 200 at once,
        "SELECT id FROM address_change WHERE user_id = $1"),
    goes!(Leaves, "notice_person", "notice", "id", 200 at once,
        "SELECT id FROM notice WHERE user_id = $1"),
    goes!(Leaves, "notice_preference", "notice_preference", "(user_id, kind)", 200 at once,
        "SELECT user_id, kind FROM notice_preference WHERE user_id = $1"),
];
