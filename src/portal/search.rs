//! `GET /search`: things by name, and places of the portal.

use askama::Template;
use axum::extract::State;

use wabe_access::resource::{self, Resource};
use wabe_kernel::ResourceKind;
use wabe_web::filters;
use wabe_web::{Cost, Failure, Member, Message, NavItem, Needs, Page, Query, Routes, View};

use crate::plugin;
use crate::reading::{icon, page_of, search_text, sees, shown_name};
use crate::{PORTAL, Portal};

/// Words that lead to a place beside its label; the messages `search-words-{place}`.
const WORDS: &str = "search-words-";

/// One thing that was found.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// What it is called.
    pub(crate) name: String,
    /// Where its page is.
    pub(crate) href: String,
    /// Its state.
    pub(crate) state: wabe_kernel::State,
}

/// Things of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Which kind.
    pub(crate) kind: ResourceKind,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// What was found.
    pub(crate) hits: Vec<Hit>,
}

/// A place of the portal.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The message of its label.
    pub(crate) text: &'static str,
    /// Where it is.
    pub(crate) href: &'static str,
    /// Its icon.
    pub(crate) icon: &'static str,
}

/// What was found.
#[derive(Template)]
#[template(path = "portal/search/results.html")]
pub(crate) struct SearchPage {
    /// What was searched for.
    pub(crate) q: String,
    /// Things, by kind.
    pub(crate) groups: Vec<Group>,
    /// Plugins that are installed.
    pub(crate) plugins: Vec<plugin::Hit>,
    /// Places.
    pub(crate) places: Vec<Place>,
}

impl SearchPage {
    /// How many things and places were found.
    #[must_use]
    pub(crate) fn total(&self) -> usize {
        self.groups
            .iter()
            .map(|group| group.hits.len())
            .sum::<usize>()
            + self.plugins.len()
            + self.places.len()
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/search", Needs::Member, search)
        .cost(Cost::Normal)
}

async fn search(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<SearchPage>, Failure> {
    let q = search_text(&query);
    if q.is_empty() {
        let page = SearchPage {
            q,
            groups: Vec::new(),
            plugins: Vec::new(),
            places: Vec::new(),
        };
        return Ok(member.at("search").page(page));
    }
    let (mut tx, scope) = portal.read(&member).await?;
    let found = resource::search(&mut tx, scope.customer(), &ascii(&q)).await?;
    let plugins = plugin::search(&mut tx, &scope, member.language, &q).await?;
    tx.rollback().await?;
    let seen = found
        .into_iter()
        .filter(|found| scope.has(sees(found.kind)));
    let groups = groups(seen.collect());
    let places = places(&member.view, &q);
    Ok(member.at("search").page(SearchPage {
        q,
        groups,
        plugins,
        places,
    }))
}

/// The text as names are stored: a domain with umlauts in its ASCII form.
fn ascii(q: &str) -> String {
    let domain: Result<wabe_kernel::DomainName, _> = q.parse();
    domain.map_or_else(|_no_domain| q.to_owned(), |domain| domain.to_string())
}

fn groups(found: Vec<Resource>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for item in found {
        let hit = Hit {
            href: page_of(item.kind, &item.id),
            state: item.state,
            name: shown_name(item.kind.word(), item.name),
        };
        if let Some(group) = groups.iter_mut().find(|group| group.kind == item.kind) {
            group.hits.push(hit);
        } else {
            let icon = icon(item.kind.word());
            groups.push(Group {
                kind: item.kind,
                icon,
                hits: vec![hit],
            });
        }
    }
    groups
}

/// The places whose label or words contain the text, as far as the visitor sees them.
fn places(view: &View, q: &str) -> Vec<Place> {
    let wanted = q.to_lowercase();
    let items = PORTAL.nav.iter().flat_map(|group| group.items);
    let known = |item: &NavItem| {
        let label = Message::new(view.language, item.text)
            .to_string()
            .to_lowercase();
        let words = Message::new(view.language, format!("{WORDS}{}", item.place)).to_string();
        label.contains(&wanted) || words.to_lowercase().contains(&wanted)
    };
    let found = items.filter(|item| view.sees(item) && known(item));
    found
        .map(|item| Place {
            text: item.text,
            href: item.href,
            icon: item.icon,
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use crate::samples::visitor;
    use wabe_kernel::{Language, State};
    use wabe_web::check::sample_view;
    use wabe_web::{Face, Sample, Texts, Theme, Visitor};

    impl Sample for SearchPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(visitor())
        }

        fn samples() -> Vec<Self> {
            let hit = |state| Hit {
                name: "donaudampfschifffahrtsgesellschaft.example".to_owned(),
                href: "/domains/dom_1".to_owned(),
                state,
            };
            let group = |kind: ResourceKind| Group {
                kind,
                icon: icon(kind.word()),
                hits: State::ALL.iter().map(|state| hit(*state)).collect(),
            };
            let q = || "<sonne> & Söhne".to_owned();
            let groups = ResourceKind::ALL.iter().map(|kind| group(*kind)).collect();
            let place = Place {
                text: "nav-trash",
                href: "/trash",
                icon: "trash",
            };
            let found = plugin::Hit {
                href: "/plugins/ins_1".to_owned(),
                name: "Dynamische Adresse & <mehr>".to_owned(),
                sign: "live",
                word: "Aktiv".to_owned(),
            };
            let nothing = |q| Self {
                q,
                groups: Vec::new(),
                plugins: Vec::new(),
                places: Vec::new(),
            };
            vec![
                Self {
                    q: q(),
                    groups,
                    plugins: vec![found],
                    places: vec![place],
                },
                nothing(q()),
                nothing(String::new()),
            ]
        }
    }

    #[test]
    fn the_page_is_sound_in_both_languages() {
        assert_eq!(
            wabe_web::check::check_samples::<SearchPage>(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn places_are_found_by_the_words_that_people_use() {
        let view = sample_view(&PORTAL, Some(visitor()), Language::De, Theme::Auto);
        let found = |q| {
            places(&view, q)
                .into_iter()
                .map(|place| place.href)
                .collect::<Vec<_>>()
        };
        assert!(found("Mailbox").contains(&"/mailboxes"));
        assert!(found("gelöscht").contains(&"/trash"));
        assert!(found("Schnabeltier").is_empty());
    }

    #[test]
    fn every_place_has_words_in_both_languages() {
        for item in PORTAL.nav.iter().flat_map(|group| group.items) {
            for id in [item.text.to_owned(), format!("{WORDS}{}", item.place)] {
                for language in Language::ALL {
                    assert!(Texts::global().has(language, &id), "{id}");
                }
            }
        }
    }

    #[test]
    fn a_domain_with_umlauts_is_searched_as_it_is_stored() {
        assert_eq!(ascii("bäcker.example"), "xn--bcker-gra.example");
        assert_eq!(ascii("Mein Shop"), "Mein Shop");
    }
}
