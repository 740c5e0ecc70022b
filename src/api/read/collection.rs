//! Lists and items of the resources.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::noun::{COLLECTIONS, Noun, shown};
use crate::paging::SEARCHABLE;
use crate::problem::{Kind, Problem};

/// Adds the operations.
pub(super) fn operations(mut book: Book) -> Book {
    for collection in COLLECTIONS {
        let noun = collection.noun;
        let Some(schema) = noun.schema() else {
            continue;
        };
        let (word, needs) = (collection.word, collection.permission);
        let list = Operation::get(
            &format!("{word}_list"),
            collection.list,
            needs,
            Answers::List(schema),
        );
        let list = match noun.id_kind_in(collection.list) {
            Some(kind) => list.id(kind),
            None => list,
        };
        book = if collection.paged {
            let list = list.query(SEARCHABLE);
            book.add(list, move |api, call| page(api, call, noun))
        } else {
            book.add(list, move |api, call| whole(api, call, noun))
        };
        let item = Operation::get(
            &format!("{word}_show"),
            collection.item,
            needs,
            Answers::Json(200, schema),
        );
        let item = match noun.id_kind_in(collection.item) {
            Some(kind) => item.id(kind),
            None => item,
        };
        book = book.add(item, move |api, call| one(api, call, noun));
    }
    book
}

async fn page(api: Api, call: Call, noun: Noun) -> Answer {
    let wanted = call.page()?;
    let mut look = call.look(&api).await?;
    let found = noun.list(&mut look, &wanted).await?;
    look.end().await?;
    answer::ok(&found)
}

async fn whole(api: Api, call: Call, noun: Noun) -> Answer {
    let mut look = call.look(&api).await?;
    let found = noun.all(&mut look, &call.ids()).await?;
    look.end().await?;
    Ok(answer::all(&found))
}

async fn one(api: Api, call: Call, noun: Noun) -> Answer {
    let found = shown(noun, &api, &call, &call.ids()).await?;
    answer::ok(&found.ok_or(Problem::of(Kind::NotFound))?)
}
