//! Commands over HTTP: one operation per command, except that the `set_*` commands of an item share
//! its PATCH.

mod act;
mod ask;
mod confirmation;
mod patch;
mod run;
mod undo;
mod write_down;

#[cfg(test)]
pub(crate) use patch::split;
pub(crate) use run::replayed;

use crate::book::{Answers, Book, Operation, Sends};
use crate::call::DRY_RUN;
use crate::json::Lines;
use crate::ways::{self, Act, Way};
use wabe_access::{CommandSpec, Permission};
use wabe_web::Cost;

/// Adds the operations of these commands.
pub(crate) fn operations(mut book: Book, commands: &[CommandSpec]) -> Book {
    let found = |way: &'static Way| {
        let spec = commands.iter().find(|spec| spec.name == way.command);
        spec.map(|spec| (way, *spec))
    };
    let known: Vec<(&'static Way, CommandSpec)> = ways::all().filter_map(found).collect();
    for (way, spec) in &known {
        if way.act != Act::Patch {
            book = single(book, way, *spec);
        }
    }
    let mut items: Vec<&'static Way> = Vec::new();
    for (way, _) in known.iter().filter(|(way, _)| way.act == Act::Patch) {
        if !items.iter().any(|item| item.path == way.path) {
            items.push(way);
        }
    }
    for item in items {
        let same = known
            .iter()
            .filter(|(way, _)| way.act == Act::Patch && way.path == item.path);
        book = patched(book, item, same.map(|(_, spec)| *spec).collect());
    }
    let book = ask::operation(act::operation(undone(book)));
    confirmation::operation(write_down::operation(book))
}

fn single(book: Book, way: &'static Way, spec: CommandSpec) -> Book {
    let operation = Operation {
        id: spec.name.replace('.', "_"),
        method: if way.act == Act::Delete {
            "DELETE"
        } else {
            "POST"
        },
        path: way.path,
        permission: Some(spec.permission),
        id_kind: id_kind(way),
        specs: vec![spec],
        sends: if way.act == Act::Delete {
            Sends::Nothing
        } else {
            Sends::Fields
        },
        answers: run::answers(way, &spec),
        query: DRY_RUN,
        example: way.example,
        cost: Cost::Normal,
        endless: false,
    };
    let lines = Lines::of(&(spec.input)());
    book.add(operation, move |api, call| {
        run::run(api, call, way, (spec, lines))
    })
}

fn patched(book: Book, way: &'static Way, specs: Vec<CommandSpec>) -> Book {
    let noun = way.command.split('.').next().unwrap_or("");
    let operation = Operation {
        id: format!("{noun}_change"),
        method: "PATCH",
        path: way.path,
        permission: common(&specs),
        id_kind: id_kind(way),
        specs: specs.clone(),
        sends: Sends::Fields,
        answers: way
            .noun
            .schema()
            .map_or(Answers::Nothing, |one| Answers::Json(200, one)),
        query: DRY_RUN,
        example: way.example,
        cost: Cost::Normal,
        endless: false,
    };
    book.add(operation, move |api, call| {
        patch::run(api, call, way, specs.clone())
    })
}

/// What all of them need; the gate asks for each, where they differ.
fn common(specs: &[CommandSpec]) -> Option<Permission> {
    let first = specs.first()?.permission;
    specs
        .iter()
        .all(|spec| spec.permission == first)
        .then_some(first)
}

fn id_kind(way: &Way) -> Option<&'static str> {
    way.noun.id_kind_in(way.path)
}

fn undone(book: Book) -> Book {
    let path = "/api/v1/changes/{id}/undo";
    let operation = Operation::get(
        "change_undo",
        path,
        Permission::ChangeRead,
        Answers::Json(200, || schemars::schema_for!(undo::Undone)),
    );
    let operation = operation
        .by("POST", Sends::Nothing)
        .id("chg")
        .query(DRY_RUN);
    book.add(operation, undo::run)
}
