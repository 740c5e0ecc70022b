//! The list of changes, with its filters.

use askama::Template;
use axum::extract::State;
use wabe_access::Permission;
use wabe_audit::ChangeKind;
use wabe_identity::user::read::members;
use wabe_kernel::id::UserId;
use wabe_web::filters;
use wabe_web::{Choice, Failure, Member, Message, Page, Query};

use crate::Portal;
use crate::activity::filter::{Filter, NOUNS};
use crate::activity::line::Line;
use crate::activity::people::People;
use crate::days::{Day, by_day};
use crate::plugin::names;
use crate::reading::listing;
use crate::undo::{self, DoneBar};

/// The list.
#[derive(Template)]
#[template(path = "portal/activity/list.html")]
pub(crate) struct ListPage {
    pub(crate) filter: Filter,
    pub(crate) kinds: Vec<KindLink>,
    pub(crate) nouns: Vec<Choice>,
    pub(crate) people: Vec<Choice>,
    pub(crate) days: Vec<Day<Line>>,
    /// The address of the older changes; empty when these are the oldest.
    pub(crate) next: String,
    /// The same changes as a table.
    pub(crate) csv: String,
    pub(crate) done: Option<DoneBar>,
}

impl ListPage {
    /// Whether nothing was filtered out.
    pub(crate) fn is_open(&self) -> bool {
        self.filter.is_open()
    }

    /// The chosen kind.
    pub(crate) fn kind(&self) -> &'static str {
        self.filter.kind.map_or("", ChangeKind::word)
    }

    /// The chosen person.
    pub(crate) fn person(&self) -> String {
        self.filter
            .person
            .map(|user| user.to_string())
            .unwrap_or_default()
    }
}

/// One quick filter.
#[derive(Debug, Clone)]
pub(crate) struct KindLink {
    pub(crate) href: String,
    /// The message of its label.
    pub(crate) text: &'static str,
    pub(crate) current: bool,
}

/// The quick filters: everything, each kind of change that happens here, and what plugins did.
pub(super) fn kinds(filter: &Filter) -> Vec<KindLink> {
    let all = [
        (None, "activity-kind-all"),
        (Some(ChangeKind::Create), "activity-kind-create"),
        (Some(ChangeKind::Change), "activity-kind-change"),
        (Some(ChangeKind::Delete), "activity-kind-delete"),
    ];
    let link = |(kind, text)| KindLink {
        href: Filter {
            kind,
            plugins: false,
            ..filter.clone()
        }
        .href("/activity", None),
        text,
        current: kind == filter.kind && !filter.plugins,
    };
    let plugins = KindLink {
        href: Filter {
            kind: None,
            plugins: true,
            ..filter.clone()
        }
        .href("/activity", None),
        text: "activity-by-plugins",
        current: filter.plugins,
    };
    all.map(link).into_iter().chain([plugins]).collect()
}

/// The nouns, for a choice.
pub(super) fn nouns(language: wabe_kernel::Language) -> Vec<Choice> {
    let choice = |noun: &str| Choice {
        value: noun.to_owned(),
        title: Message::new(language, format!("activity-noun-{noun}")).to_string(),
        text: String::new(),
    };
    NOUNS.map(choice).to_vec()
}

fn person(user: UserId, name: &str) -> Choice {
    Choice {
        value: user.to_string(),
        title: name.to_owned(),
        text: String::new(),
    }
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let filter = Filter::of(&query);
    let (mut tx, scope) = portal.read(&member).await?;
    scope.needs(Permission::ChangeRead)?;
    let (customer, wanted) = (scope.customer(), filter.changes());
    let page = listing(&query);
    let mut found = portal
        .gate
        .recorder()
        .list(&mut tx, customer, &wanted, &page)
        .await?;
    names::tell(&mut tx, &scope, member.language, &mut found.items).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    let known = if scope.has(Permission::MemberRead) {
        members(&mut tx, &scope).await?
    } else {
        Vec::new()
    };
    tx.rollback().await?;
    let people = People::of(&portal, &member, &found.items).await?;
    let lines = found
        .items
        .iter()
        .map(|record| Line::of(&portal, &member, &people, record));
    let language = member.language;
    // Who may not see the members sees only who stands on the page anyway.
    let choices = if known.is_empty() {
        people
            .names()
            .map(|(user, name)| person(user, name))
            .collect()
    } else {
        known
            .iter()
            .map(|known| person(known.user, &known.name.to_string()))
            .collect()
    };
    Ok(member.at("activity").page(ListPage {
        kinds: kinds(&filter),
        nouns: nouns(language),
        people: choices,
        days: by_day(language, lines, |line| line.at),
        next: found
            .next
            .map(|next| filter.href("/activity", Some(&next)))
            .unwrap_or_default(),
        csv: filter.href("/activity.csv", None),
        filter,
        done,
    }))
}
