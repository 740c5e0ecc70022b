//! Filling in what differs. Pure.

/// What placeholders stand for.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The customer's name.
    pub customer: String,
    /// The name of whoever asked.
    pub name: String,
    /// The ticket's number.
    pub number: String,
    /// What the ticket is about.
    pub object: String,
}

/// A reply with its placeholders filled in. What is filled in is not looked at again, and braces that are
/// no placeholder stay.
#[must_use]
pub fn fill(body: &str, facts: &Facts) -> String {
    let known = [
        ("{customer}", &facts.customer),
        ("{name}", &facts.name),
        ("{number}", &facts.number),
        ("{object}", &facts.object),
    ];
    let mut filled = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('{') {
        let (before, behind) = rest.split_at(at);
        filled.push_str(before);
        let place = known.iter().find(|(place, _)| behind.starts_with(place));
        let (text, taken) = place.map_or(("{", 1), |(place, text)| (text.as_str(), place.len()));
        filled.push_str(text);
        rest = behind.get(taken..).unwrap_or_default();
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_once_and_braces_stay() {
        let facts = Facts {
            customer: "{name}".to_owned(),
            name: "Ada".to_owned(),
            number: "T10234".to_owned(),
            object: String::new(),
        };
        let filled = fill(
            "Guten Tag {name}, {number} von {customer}: { {x} {object}.",
            &facts,
        );
        assert_eq!(filled, "Guten Tag Ada, T10234 von {name}: { {x} .");
    }
}
