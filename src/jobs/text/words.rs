//! Arguments and Fluent texts become sentences.

use crate::text::args::{one_line, paragraphs};
use crate::text::flow::flowed;
use crate::text::{Arg, Args, NoticeKind};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use jiff::tz::TimeZone;
use wabe_kernel::{Fault, Language, Line, MailAddress, Timestamp};

const GERMAN: &str = include_str!("../../../templates/text/de/notice.ftl");
const ENGLISH: &str = include_str!("../../../templates/text/en/notice.ftl");

/// What all letters of this installation have in common.
#[derive(Debug, Clone)]
pub struct Letterhead {
    /// The company that writes.
    pub company: Line,
    /// The portal's URL, without a slash at its end.
    pub portal_url: String,
    /// The address that writes.
    pub from: MailAddress,
    /// The time zone in which people are told times.
    pub zone: TimeZone,
}

/// The texts of all messages, embedded.
pub struct Texts {
    head: Letterhead,
    german: FluentBundle<FluentResource>,
    english: FluentBundle<FluentResource>,
}

fn bundle(language: Language, source: &str) -> Result<FluentBundle<FluentResource>, Fault> {
    let broken = Fault::new("read the texts of notices");
    let Ok(resource) = FluentResource::try_new(source.to_owned()) else {
        return Err(broken);
    };
    let Ok(tag) = language.tag().parse() else {
        return Err(broken);
    };
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    match bundle.add_resource(resource) {
        Ok(()) => Ok(bundle),
        Err(_doubled) => Err(broken),
    }
}

impl Texts {
    /// Reads the embedded texts, for letters of this house.
    ///
    /// # Errors
    /// A fault when a file is no Fluent; a test keeps that from happening.
    pub fn embedded(head: Letterhead) -> Result<Self, Fault> {
        Ok(Self {
            head,
            german: bundle(Language::De, GERMAN)?,
            english: bundle(Language::En, ENGLISH)?,
        })
    }

    /// What all letters have in common.
    #[must_use]
    pub const fn head(&self) -> &Letterhead {
        &self.head
    }

    const fn of(&self, language: Language) -> &FluentBundle<FluentResource> {
        match language {
            Language::De => &self.german,
            Language::En => &self.english,
        }
    }

    /// The text with this name; a fault when it or one of its arguments is missing.
    fn say(&self, language: Language, name: &str, args: &FluentArgs<'_>) -> Result<String, Fault> {
        let bundle = self.of(language);
        let pattern = bundle.get_message(name).and_then(|message| message.value());
        let pattern = pattern.ok_or(Fault::new("find a text"))?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        if errors.is_empty() {
            Ok(text.into_owned())
        } else {
            Err(Fault::new("fill in a text"))
        }
    }

    /// What a person calls this kind on the page of their preferences.
    ///
    /// # Errors
    /// A fault when there is no such text.
    pub fn label(&self, language: Language, kind: NoticeKind) -> Result<String, Fault> {
        let name = format!("notice-{kind}-label");
        self.say(language, &name, &FluentArgs::new())
    }

    /// The one line that stands for a message: the subject of the mail, and the notice in the portal.
    ///
    /// # Errors
    /// A fault when an argument is missing.
    pub fn subject(
        &self,
        language: Language,
        kind: NoticeKind,
        args: &Args,
    ) -> Result<String, Fault> {
        let args = self.worded(language, args)?;
        let subject = self.say(language, &format!("notice-{kind}-subject"), &args)?;
        Ok(one_line(&subject))
    }

    /// The whole text of a mail, broken into lines; it greets by `name` where there is one.
    ///
    /// # Errors
    /// A fault when an argument is missing.
    pub fn body(
        &self,
        language: Language,
        kind: NoticeKind,
        args: &Args,
        name: Option<&str>,
    ) -> Result<String, Fault> {
        let mut args = self.worded(language, args)?;
        let text = self.say(language, &format!("notice-{kind}-body"), &args)?;
        let greeting = match name {
            Some(name) => {
                args.set("name", one_line(name));
                "notice-greeting"
            }
            None => "notice-greeting-nameless",
        };
        args.set("greeting", self.say(language, greeting, &args)?);
        args.set("text", text);
        Ok(flowed(&self.say(language, "notice-letter", &args)?))
    }

    /// The arguments as words of this language, with what every text may use.
    fn worded(&self, language: Language, args: &Args) -> Result<FluentArgs<'static>, Fault> {
        let mut worded = FluentArgs::new();
        for (name, arg) in args.iter() {
            let words = match arg {
                Arg::Text(text) => one_line(text),
                Arg::Prose(text) => paragraphs(text),
                Arg::Count(count) => {
                    worded.set(name.to_owned(), *count);
                    continue;
                }
                Arg::Bytes(bytes) => self.size(language, *bytes)?,
                Arg::Time(at) => self.moment(language, *at, &self.head.zone)?,
                Arg::Reason(code) => self.reason(language, code)?,
                // No space and no line end: a link is one word.
                Arg::Link(link) => link.expose().split_whitespace().collect(),
            };
            worded.set(name.to_owned(), words);
        }
        worded.set("company", one_line(self.head.company.as_str()));
        worded.set("portal", one_line(&self.head.portal_url));
        Ok(worded)
    }

    fn reason(&self, language: Language, code: &str) -> Result<String, Fault> {
        let name = format!("notice-reason-{code}");
        if self.of(language).has_message(&name) {
            return self.say(language, &name, &FluentArgs::new());
        }
        let mut args = FluentArgs::new();
        args.set("code", one_line(code));
        self.say(language, "notice-reason-other", &args)
    }

    /// Decimal units with one decimal, as hosters count.
    fn size(&self, language: Language, bytes: i64) -> Result<String, Fault> {
        let (unit, factor) = match bytes {
            1_000_000_000.. => ("GB", 1_000_000_000),
            1_000_000.. => ("MB", 1_000_000),
            _ => ("kB", 1_000),
        };
        let tenths = bytes.max(0) / (factor / 10);
        let mut args = FluentArgs::new();
        args.set("whole", (tenths / 10).to_string());
        args.set("tenth", (tenths % 10).to_string());
        args.set("unit", unit);
        self.say(language, "notice-size", &args)
    }

    fn moment(&self, language: Language, at: Timestamp, zone: &TimeZone) -> Result<String, Fault> {
        let at = jiff::Timestamp::from_microsecond(at.0)
            .map_err(|error| Fault::because("put a time into words", error))?;
        let at = at.to_zoned(zone.clone());
        let mut args = FluentArgs::new();
        for (name, format) in [
            ("day", "%d"),
            ("month", "%m"),
            // A key to choose a month's name by: digits alone would be a number.
            ("named", "m%m"),
            ("year", "%Y"),
            ("clock", "%H:%M"),
            ("zone", "%Z"),
        ] {
            args.set(name, at.strftime(format).to_string());
        }
        self.say(language, "notice-moment", &args)
    }
}
