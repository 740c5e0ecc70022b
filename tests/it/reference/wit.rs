//! The interfaces of `wit/`, for people.

use super::table;
use crate::repository::root;
use std::fmt::Write as _;
use wit_parser::{Docs, Function, Interface, Resolve, Type, TypeDefKind, WorldItem};

/// Entry points, calls, and the types that both speak about.
pub(super) fn chapters() -> (String, String, String) {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(root().join("wit")).unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    let exported = |name: &str| {
        let mut found = resolve.worlds[world].exports.values();
        found.any(|item| {
            matches!(item, WorldItem::Interface { id, .. }
                if resolve.interfaces[*id].name.as_deref() == Some(name))
        })
    };
    let (mut entries, mut calls, mut types) = (
        "A component exports those that it has; what `plugin.toml` names as triggers must be among them.\n".to_owned(),
        "Every call links. What the customer did not grant answers the problem `denied`, whose `how` says what to do.\n"
            .to_owned(),
        String::new(),
    );
    for (name, id) in &resolve.packages[package].interfaces {
        let interface = &resolve.interfaces[*id];
        let text = described(&resolve, interface);
        if name == "types" {
            types = text;
        } else {
            let chapter = if exported(name) {
                &mut entries
            } else {
                &mut calls
            };
            write!(chapter, "\n### {name}\n\n{text}").unwrap();
        }
    }
    (entries, calls, types)
}

fn said(docs: &Docs) -> &str {
    docs.contents.as_deref().unwrap_or_default().trim()
}

fn described(resolve: &Resolve, interface: &Interface) -> String {
    let mut text = format!("{}\n", said(&interface.docs));
    if !interface.functions.is_empty() {
        let functions = interface.functions.values();
        let rows = functions.map(|function| {
            vec![
                signature(resolve, function),
                said(&function.docs).to_owned(),
            ]
        });
        write!(text, "\n{}", table(&["function", ""], rows)).unwrap();
    }
    for (name, id) in &interface.types {
        let found = &resolve.types[*id];
        let TypeDefKind::Record(record) = &found.kind else {
            continue;
        };
        write!(text, "\n**`{name}`**").unwrap();
        if found.docs.contents.is_some() {
            write!(text, ": {}", said(&found.docs)).unwrap();
        }
        let rows = record.fields.iter().map(|field| {
            let kind = format!("`{}`", spelled(resolve, &field.ty));
            vec![
                format!("`{}`", field.name),
                kind,
                said(&field.docs).to_owned(),
            ]
        });
        write!(text, "\n\n{}", table(&["field", "type", ""], rows)).unwrap();
    }
    text
}

fn signature(resolve: &Resolve, function: &Function) -> String {
    let parameters = function.params.iter();
    let parameters: Vec<String> = parameters
        .map(|one| format!("{}: {}", one.name, spelled(resolve, &one.ty)))
        .collect();
    let answer = function.result.as_ref();
    let answer = answer.map(|kind| format!(" -> {}", spelled(resolve, kind)));
    let answer = answer.unwrap_or_default();
    format!("`{}({}){answer}`", function.name, parameters.join(", "))
}

/// A type as `wit/` spells it.
fn spelled(resolve: &Resolve, kind: &Type) -> String {
    let id = match kind {
        Type::Bool => return "bool".to_owned(),
        Type::U8 => return "u8".to_owned(),
        Type::U16 => return "u16".to_owned(),
        Type::U32 => return "u32".to_owned(),
        Type::U64 => return "u64".to_owned(),
        Type::String => return "string".to_owned(),
        Type::Id(id) => *id,
        other => panic!("{other:?} is new in wit/"),
    };
    let found = &resolve.types[id];
    if let Some(name) = &found.name {
        return name.clone();
    }
    let spell = |kind: &Type| spelled(resolve, kind);
    match &found.kind {
        TypeDefKind::List(of) => format!("list<{}>", spell(of)),
        TypeDefKind::Option(of) => format!("option<{}>", spell(of)),
        TypeDefKind::Tuple(of) => {
            let of: Vec<String> = of.types.iter().map(spell).collect();
            format!("tuple<{}>", of.join(", "))
        }
        TypeDefKind::Result(of) => {
            let side = |of: &Option<Type>| of.as_ref().map_or("_".to_owned(), spell);
            format!("result<{}, {}>", side(&of.ok), side(&of.err))
        }
        other => panic!("{other:?} is new in wit/"),
    }
}
