//! Numbering a customer's changes: whoever holds the row goes first.

use wabe_store::{Opening, statements, walled};

macro_rules! number {
    () => {
        "UPDATE customer SET change_seq = change_seq + 1 WHERE id = $1 \
         RETURNING change_seq, suspended_reason, erasing_at"
    };
}

/// Numbers a change and puts up its customer's wall.
pub(crate) const OPENING: Opening = Opening {
    plain: NUMBER,
    walled: walled!("access.gate.open", number!()),
};

statements! {
    NUMBER = "access.gate.number" => number!();
}
