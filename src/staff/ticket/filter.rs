//! What of the queue is wanted, as the address says it.

use wabe_kernel::Timestamp;
use wabe_kernel::id::UserId;
use wabe_support::ticket::queue::QueueFilter;
use wabe_support::ticket::{Category, Lane, Priority, Status};
use wabe_support::view::{Due, TicketView};
use wabe_web::Query;

/// The words by which an address narrows the queue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// `working`, `waiting` or `done`.
    pub(crate) lane: String,
    /// A state.
    pub(crate) status: String,
    /// An employee, or `me`.
    pub(crate) owner: String,
    /// A priority.
    pub(crate) priority: String,
    /// A category.
    pub(crate) category: String,
    /// `overdue` or `today`.
    pub(crate) due: String,
}

fn kept<T: std::str::FromStr>(text: &str) -> String {
    text.parse::<T>()
        .map_or_else(|_wrong| String::new(), |_| text.to_owned())
}

impl Wanted {
    /// What the address says; words that nobody knows count as none.
    pub(super) fn of(query: &Query) -> Self {
        let owner = query.get("owner");
        let due = query.get("due");
        Self {
            lane: query
                .get("lane")
                .parse::<Lane>()
                .unwrap_or(Lane::Working)
                .word()
                .to_owned(),
            status: kept::<Status>(query.get("status")),
            owner: if owner == "me" {
                owner.to_owned()
            } else {
                kept::<UserId>(owner)
            },
            priority: kept::<Priority>(query.get("priority")),
            category: kept::<Category>(query.get("category")),
            due: if matches!(due, "overdue" | "today") {
                due.to_owned()
            } else {
                String::new()
            },
        }
    }

    /// What a view that was kept says.
    pub(super) fn kept(view: &TicketView) -> Self {
        let owner = view.owner.map(|owner| owner.to_string());
        Self {
            lane: view.lane.word().to_owned(),
            status: view.status.map_or("", Status::word).to_owned(),
            owner: if view.mine {
                "me".to_owned()
            } else {
                owner.unwrap_or_default()
            },
            priority: view.priority.map_or("", Priority::word).to_owned(),
            category: view.category.map_or("", Category::word).to_owned(),
            due: view.due.map_or("", Due::word).to_owned(),
        }
    }

    /// The same, as the queue understands it.
    pub(super) fn filter(&self, me: UserId, now: Timestamp) -> QueueFilter {
        QueueFilter {
            lane: self.lane.parse().unwrap_or(Lane::Working),
            status: self.status.parse().ok(),
            owner: if self.owner == "me" {
                Some(me)
            } else {
                self.owner.parse().ok()
            },
            priority: self.priority.parse().ok(),
            category: self.category.parse().ok(),
            due_before: match self.due.as_str() {
                "overdue" => Some(now),
                "today" => Some(now.plus_days(1)),
                _ => None,
            },
        }
    }

    /// Whether anything but the lane is said.
    pub(crate) fn is_narrow(&self) -> bool {
        [
            &self.status,
            &self.owner,
            &self.priority,
            &self.category,
            &self.due,
        ]
        .iter()
        .any(|word| !word.is_empty())
    }

    /// The words as a query string, without the leading mark.
    pub(crate) fn query(&self) -> String {
        let parts = [
            ("lane", &self.lane),
            ("status", &self.status),
            ("owner", &self.owner),
            ("priority", &self.priority),
            ("category", &self.category),
            ("due", &self.due),
        ];
        let said = parts.iter().filter(|(_, word)| !word.is_empty());
        let said: Vec<String> = said.map(|(name, word)| format!("{name}={word}")).collect();
        said.join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_nobody_knows_count_as_none() {
        let mut query = Query::default();
        for (name, word) in [("lane", "nowhere"), ("status", "open"), ("priority", "<b>")] {
            query.0.insert(name.to_owned(), word.to_owned());
        }
        let wanted = Wanted::of(&query);
        assert_eq!(wanted.query(), "lane=working&status=open");
        assert!(wanted.is_narrow());
    }
}
