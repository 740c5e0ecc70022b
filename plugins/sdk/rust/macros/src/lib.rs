//! The attributes that make a function an entry point. They add a line that names the function to
//! the kit and leave the function itself alone, so that a test calls it like any other.
//!
//! Written without a parser for Rust: all they need from a function is its name, and every plugin's
//! first build is faster by the time such a parser takes.
#![deny(missing_docs)]

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Runs when something happened: `#[wabe::event("mailbox.*")]`.
///
/// The topic is a command's name; each of its words may be `*`. When several functions fit a topic,
/// the one with the fewest stars runs.
///
/// `fn(&Context, &Event<T>) -> Result<R>`, with `T` the payload, such as `Change`, and `R` what
/// becomes an `Outcome`.
#[proc_macro_attribute]
pub fn event(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry(
        "event",
        Name::Needed("a topic, such as \"mailbox.*\""),
        attribute,
        item,
    )
}

/// Runs by the clock: `#[wabe::task("nightly")]`, by the name of the schedule in `plugin.toml`.
///
/// `fn(&Context, &Task) -> Result<R>`, with `R` what becomes a `Slice`.
#[proc_macro_attribute]
pub fn task(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry(
        "task",
        Name::Needed("the name of a schedule in plugin.toml"),
        attribute,
        item,
    )
}

/// Answers requests from outside: `#[wabe::webhook]`, or `#[wabe::webhook("update")]` for those
/// whose path begins with `/update`.
///
/// `fn(&Context, &Request) -> Result<R>`, with `R` what becomes a `Reply`.
#[proc_macro_attribute]
pub fn webhook(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry("webhook", Name::Or(""), attribute, item)
}

/// Shows a form and takes what was typed: `#[wabe::form("main")]`, by its name in `plugin.toml`.
///
/// `fn(&Context, &Form) -> Result<R>`, with `R` what becomes a `Page`.
#[proc_macro_attribute]
pub fn form(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry(
        "form",
        Name::Needed("the name of a form in plugin.toml"),
        attribute,
        item,
    )
}

/// Shows a card on the dashboard: `#[wabe::card]`, or `#[wabe::card("status")]` by the name of the
/// form in `plugin.toml` that has `card = true`. Without a name it is `card`.
///
/// `fn(&Context) -> Result<R>`, with `R` what becomes a `Page`.
#[proc_macro_attribute]
pub fn card(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry("card", Name::Or("card"), attribute, item)
}

/// Says which acts there are on a ticket: `#[wabe::ticket]`. Each act is a function with `action`.
///
/// `fn(&Context, &T) -> Result<Vec<Action>>`, with `T` the ticket.
#[proc_macro_attribute]
pub fn ticket(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry("ticket", Name::None, attribute, item)
}

/// Carries out an act on a ticket: `#[wabe::action("summarise")]`.
///
/// `fn(&Context, &T, &Input) -> Result<R>`, with `T` the ticket and `R` what becomes a `Page`.
#[proc_macro_attribute]
pub fn action(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entry(
        "action",
        Name::Needed("the name of an action"),
        attribute,
        item,
    )
}

/// What an attribute has in its brackets.
enum Name {
    None,
    Or(&'static str),
    Needed(&'static str),
}

fn entry(kind: &str, name: Name, attribute: TokenStream, item: TokenStream) -> TokenStream {
    let name = match name_in(name, attribute) {
        Ok(name) => name,
        Err((span, text)) => return both(item, complaint(span, &text)),
    };
    let Some(function) = function_name(&item) else {
        let text =
            format!("#[wabe::{kind}] belongs on a function: `fn name(context: &Context, …)`");
        return both(item, complaint(Span::call_site(), &text));
    };
    both(item, registration(kind, name, function))
}

/// The text in the brackets.
fn name_in(name: Name, attribute: TokenStream) -> Result<Literal, (Span, String)> {
    let mut tokens = attribute.into_iter();
    let (first, rest) = (tokens.next(), tokens.next());
    match (name, first, rest) {
        (_, _, Some(extra)) => Err((
            extra.span(),
            "one text in the brackets is enough".to_owned(),
        )),
        (Name::None, Some(extra), None) => {
            Err((extra.span(), "this attribute takes no name".to_owned()))
        }
        (Name::Needed(_) | Name::Or(_), Some(TokenTree::Literal(literal)), None)
            if literal.to_string().starts_with('"') =>
        {
            Ok(literal)
        }
        (Name::Needed(what), Some(other), None) => {
            Err((other.span(), format!("write {what}, as a text")))
        }
        (Name::Or(_), Some(other), None) => {
            Err((other.span(), "write a text in quotation marks".to_owned()))
        }
        (Name::Needed(what), None, None) => Err((Span::call_site(), format!("name {what}"))),
        (Name::Or(default), None, None) => Ok(Literal::string(default)),
        (Name::None, None, None) => Ok(Literal::string("")),
    }
}

/// The word after `fn` outside of all brackets.
fn function_name(item: &TokenStream) -> Option<Ident> {
    let mut tokens = item.clone().into_iter();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(word) if word.to_string() == "fn") {
            return match tokens.next() {
                Some(TokenTree::Ident(name)) => Some(name),
                _ => None,
            };
        }
    }
    None
}

/// `::wabe::__register!(kind, "name", function);`
fn registration(kind: &str, name: Literal, function: Ident) -> TokenStream {
    let span = function.span().resolved_at(Span::mixed_site());
    let comma = || TokenTree::Punct(Punct::new(',', Spacing::Alone));
    let arguments = TokenStream::from_iter([
        TokenTree::Ident(Ident::new(kind, span)),
        comma(),
        TokenTree::Literal(name),
        comma(),
        TokenTree::Ident(function),
    ]);
    invocation("__register", span, arguments)
}

/// `::core::compile_error!("text");`
fn complaint(span: Span, text: &str) -> TokenStream {
    let mut text = Literal::string(text);
    text.set_span(span);
    let arguments = TokenStream::from(TokenTree::Literal(text));
    invocation("compile_error", span, arguments)
}

fn invocation(name: &str, span: Span, arguments: TokenStream) -> TokenStream {
    let home = if name == "compile_error" {
        "core"
    } else {
        "wabe"
    };
    let punct = |character, spacing| {
        let mut punct = Punct::new(character, spacing);
        punct.set_span(span);
        TokenTree::Punct(punct)
    };
    let mut group = Group::new(Delimiter::Parenthesis, arguments);
    group.set_span(span);
    TokenStream::from_iter([
        punct(':', Spacing::Joint),
        punct(':', Spacing::Alone),
        TokenTree::Ident(Ident::new(home, span)),
        punct(':', Spacing::Joint),
        punct(':', Spacing::Alone),
        TokenTree::Ident(Ident::new(name, span)),
        punct('!', Spacing::Alone),
        TokenTree::Group(group),
        punct(';', Spacing::Alone),
    ])
}

fn both(item: TokenStream, more: TokenStream) -> TokenStream {
    item.into_iter().chain(more).collect()
}
