//! What the API does not do, and why.

/// Commands on a customer's behalf that no token runs, and why. `docs/api.md` lists them too.
pub const NOT_OFFERED: &[(&str, &str)] = &[
    (
        "domain.withdraw",
        "only the panel itself takes a proof back",
    ),
    (
        "member.accept",
        "whoever holds an invitation's link is no member yet",
    ),
    (
        "user.set_password",
        "a token must not take over the login of its owner",
    ),
    (
        "user.enrol_totp",
        "a token must not take over the login of its owner",
    ),
    (
        "user.remove_totp",
        "a token must not take over the login of its owner",
    ),
    (
        "user.renew_recovery_codes",
        "a token must not take over the login of its owner",
    ),
    (
        "user.add_passkey",
        "a token must not take over the login of its owner",
    ),
    (
        "user.rename_passkey",
        "a token must not take over the login of its owner",
    ),
    (
        "user.remove_passkey",
        "a token must not take over the login of its owner",
    ),
    (
        "user.set_phone_pin",
        "a token must not say who its owner is",
    ),
    (
        "user.confirm_email",
        "whoever holds a mailed link need not hold a token",
    ),
    (
        "user.undo_email",
        "whoever holds a mailed link need not hold a token",
    ),
    (
        "instruction.confirm",
        "whoever holds a mailed link need not hold a token",
    ),
    (
        "instruction.decline",
        "whoever holds a mailed link need not hold a token",
    ),
    (
        "installation.update",
        "the panel itself takes new versions to where they are installed",
    ),
    (
        "mailbox.reset_password",
        "staff do it in a ticket; a token sets a password of its own with `set_password`",
    ),
    (
        "database.reset_password",
        "staff do it in a ticket; a token makes one with `set_password`",
    ),
    (
        "webspace.reset_upload_password",
        "staff do it in a ticket; a token makes one with `set_upload_password`",
    ),
    (
        "ticket.collect_secret",
        "a new password in a ticket is read by a person, once",
    ),
    ("user.unlock", "a login is a person's own affair"),
    (
        "ticket.keep_action",
        "the panel itself writes into a conversation what staff changed",
    ),
    (
        "ticket.keep_run",
        "the panel itself writes into a conversation what a plugin found",
    ),
    (
        "ticket_view.save",
        "it is a page of the desk, which tokens do not see",
    ),
    (
        "ticket_view.delete",
        "it is a page of the desk, which tokens do not see",
    ),
    (
        "approval.stop",
        "who owns a customer, and who reads what it keeps, is for people to say",
    ),
    (
        "customer.export",
        "everything that is kept of a customer is for its owners, in person",
    ),
    (
        "erasure.stop",
        "that everything of a customer is removed is for its owners to stop, in person",
    ),
    ("run.finish", "the panel itself ends runs"),
    (
        "plugin_message.send",
        "only a plugin writes in a plugin's name",
    ),
];
