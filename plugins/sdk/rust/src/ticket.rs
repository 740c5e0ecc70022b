//! Acts on tickets.

/// An act that staff or the customer may start from a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Action {
    /// The name in `#[wabe::action("…")]`.
    pub name: String,
    /// What the button says.
    pub title: String,
    /// One sentence.
    pub description: String,
}

impl Action {
    /// An act.
    pub fn new(
        name: impl Into<String>,
        title: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            description: description.into(),
        }
    }
}
