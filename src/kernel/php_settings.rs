//! What customers may say about the PHP of a webspace, and what comes of it within a plan.
//!
//! Each value is one of a range or a list, so that nothing of it can stand for something else in the configuration
//! of PHP. What is not here is the hoster's: what programs PHP starts, which files it sees.

use crate::field::{Field, FieldErrors, Fields, Problem};
use crate::php_value::{
    PhpCharset, PhpChildren, PhpErrors, PhpInputVars, PhpMemory, PhpRevalidation, PhpSeconds,
    PhpSession, PhpZone,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

crate::fields! {
    /// What a customer decided about the PHP of a webspace. What is absent is as usual.
    #[derive(PartialEq, Eq, Default, Serialize)]
    pub struct PhpSettings {
        /// The most memory that one request takes, as `256M`; within the plan.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub memory_limit: Option<PhpMemory>,
        /// How long a request may take, in seconds; within the plan.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub max_execution_time: Option<PhpSeconds>,
        /// How many fields of a form are read.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub max_input_vars: Option<PhpInputVars>,
        /// Whether visitors see what PHP complains about.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub display_errors: Option<bool>,
        /// What PHP complains about: `all`, `no-deprecated`, `no-notices`, `errors` or `none`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub error_reporting: Option<PhpErrors>,
        /// The time zone of dates, as `Europe/Berlin`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub date_timezone: Option<PhpZone>,
        /// The character set of answers: `UTF-8`, `ISO-8859-1`, `ISO-8859-15` or `Windows-1252`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub default_charset: Option<PhpCharset>,
        /// After how many seconds it is looked whether a file was changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub opcache_revalidate_freq: Option<PhpRevalidation>,
        /// How long a visitor's session lasts at least without a visit, in seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub session_gc_maxlifetime: Option<PhpSession>,
    }
}

/// The first thing that is wrong, said of its setting.
fn first(errors: FieldErrors) -> Problem {
    let first = errors.0.into_iter().next();
    first.map_or_else(
        || Problem::new("not-php-settings"),
        |(name, problem)| problem.of_setting(&name),
    )
}

/// In JSON an object; as a text one setting a line, `memory_limit = 256M`. None when absent.
impl Field for PhpSettings {
    const REQUIRED: bool = false;

    fn from_json(value: &Value) -> Result<Self, Problem> {
        let object = value.as_object().ok_or(Problem::new("not-php-settings"))?;
        <Self as Fields>::from_json(object).map_err(first)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        let mut typed = BTreeMap::new();
        for (number, line) in (1_usize..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let wrong = || Problem::new("not-php-settings").in_line(number, line);
            let (name, value) = line.split_once('=').ok_or_else(wrong)?;
            let name = name.trim();
            let is_new = Self::NAMES.contains(&name)
                && typed
                    .insert(name.to_owned(), value.trim().to_owned())
                    .is_none();
            if !is_new {
                return Err(wrong());
            }
        }
        <Self as Fields>::from_form(&typed).map_err(first)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// The most that a plan lets PHP take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhpCeiling {
    /// Of memory, in one request.
    pub memory: PhpMemory,
    /// How long a request may take.
    pub seconds: PhpSeconds,
    /// How many requests are worked on at the same time.
    pub children: PhpChildren,
}

/// What a plan says unless somebody says otherwise: 256 megabytes, five minutes, five requests.
impl Default for PhpCeiling {
    fn default() -> Self {
        Self {
            memory: PhpMemory::OF_PLANS,
            seconds: PhpSeconds::OF_PLANS,
            children: PhpChildren::default(),
        }
    }
}

impl PhpCeiling {
    /// Looks whether no setting goes beyond it.
    ///
    /// # Errors
    /// `php-beyond-plan`, said of the first that does, with the most there is.
    pub fn holds(&self, settings: &PhpSettings) -> Result<(), Problem> {
        let beyond = |most: String, name| {
            let problem = Problem::new("php-beyond-plan").with("max", most);
            Err(problem.of_setting(name))
        };
        if settings.memory_limit > Some(self.memory) {
            return beyond(self.memory.to_string(), "memory_limit");
        }
        if settings.max_execution_time > Some(self.seconds) {
            return beyond(self.seconds.to_string(), "max_execution_time");
        }
        Ok(())
    }
}

/// Who decided about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhpOrigin {
    /// Nobody: it is as usual.
    Usual,
    /// The plan.
    Plan,
    /// The customer.
    Own,
}

impl PhpOrigin {
    /// The word in the names of messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Plan => "plan",
            Self::Own => "own",
        }
    }
}

/// A setting as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhpRow {
    /// Which one, as in [`PhpSettings`]; or `children`.
    pub name: &'static str,
    /// Its value, as a form carries it.
    pub value: String,
    /// Who decided about it.
    pub origin: PhpOrigin,
}

/// What the PHP of a webspace runs with: what its customer chose, as far as the plan goes, and what is usual.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PhpValues {
    /// The most memory that one request takes.
    pub memory_limit: PhpMemory,
    /// How long a request may take.
    pub max_execution_time: PhpSeconds,
    /// How many fields of a form are read.
    pub max_input_vars: PhpInputVars,
    /// Whether visitors see what PHP complains about.
    pub display_errors: bool,
    /// What PHP complains about.
    pub error_reporting: PhpErrors,
    /// The time zone of dates.
    pub date_timezone: PhpZone,
    /// The character set of answers.
    pub default_charset: PhpCharset,
    /// After how many seconds it is looked whether a file was changed.
    pub opcache_revalidate_freq: PhpRevalidation,
    /// How long a session lasts.
    pub session_gc_maxlifetime: PhpSession,
    /// How many requests are worked on at the same time.
    pub children: PhpChildren,
}

/// What was chosen, or what is usual, and no more than the most.
fn within<T: Ord + Copy + Default>(chosen: Option<T>, most: T) -> (T, PhpOrigin) {
    let (value, origin) = free(chosen);
    if value > most {
        (most, PhpOrigin::Plan)
    } else {
        (value, origin)
    }
}

fn free<T: Default>(chosen: Option<T>) -> (T, PhpOrigin) {
    chosen.map_or_else(
        || (T::default(), PhpOrigin::Usual),
        |own| (own, PhpOrigin::Own),
    )
}

impl PhpValues {
    /// What comes of these settings within a plan.
    #[must_use]
    pub fn of(settings: &PhpSettings, most: &PhpCeiling) -> Self {
        Self {
            memory_limit: within(settings.memory_limit, most.memory).0,
            max_execution_time: within(settings.max_execution_time, most.seconds).0,
            max_input_vars: settings.max_input_vars.unwrap_or_default(),
            display_errors: settings.display_errors.unwrap_or_default(),
            error_reporting: settings.error_reporting.unwrap_or_default(),
            date_timezone: settings.date_timezone.unwrap_or_default(),
            default_charset: settings.default_charset.unwrap_or_default(),
            opcache_revalidate_freq: settings.opcache_revalidate_freq.unwrap_or_default(),
            session_gc_maxlifetime: settings.session_gc_maxlifetime.unwrap_or_default(),
            children: most.children,
        }
    }

    /// The same for people, one after the other.
    #[must_use]
    pub fn rows(settings: &PhpSettings, most: &PhpCeiling) -> Vec<PhpRow> {
        fn row<T: ToString>(name: &'static str, (value, origin): (T, PhpOrigin)) -> PhpRow {
            let value = value.to_string();
            PhpRow {
                name,
                value,
                origin,
            }
        }
        let (shown, from) = free(settings.display_errors);
        let display_errors = if shown { "on" } else { "off" };
        vec![
            row("memory_limit", within(settings.memory_limit, most.memory)),
            row(
                "max_execution_time",
                within(settings.max_execution_time, most.seconds),
            ),
            row("children", (most.children, PhpOrigin::Plan)),
            row("max_input_vars", free(settings.max_input_vars)),
            row("display_errors", (display_errors, from)),
            row("error_reporting", free(settings.error_reporting)),
            row("date_timezone", free(settings.date_timezone)),
            row("default_charset", free(settings.default_charset)),
            row(
                "opcache_revalidate_freq",
                free(settings.opcache_revalidate_freq),
            ),
            row(
                "session_gc_maxlifetime",
                free(settings.session_gc_maxlifetime),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(value: &Value) -> Result<PhpSettings, Problem> {
        <PhpSettings as Field>::from_json(value)
    }

    fn ceiling(megabytes: u32, seconds: i64) -> PhpCeiling {
        PhpCeiling {
            memory: format!("{megabytes}M").parse().unwrap(),
            seconds: PhpSeconds::try_from(seconds).unwrap(),
            children: PhpChildren::try_from(3).unwrap(),
        }
    }

    #[test]
    fn settings_read_back_as_they_were_written_and_lines_mean_the_same() {
        let sent = json!({
            "memory_limit": "256M", "max_execution_time": 120, "max_input_vars": 5000,
            "display_errors": true, "error_reporting": "no-notices", "date_timezone": "Europe/Berlin",
            "default_charset": "ISO-8859-15", "opcache_revalidate_freq": 0,
            "session_gc_maxlifetime": 3600,
        });
        let read = settings(&sent).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), sent);
        assert_eq!(serde_json::from_value::<PhpSettings>(sent).unwrap(), read);
        let text = "memory_limit = 256M\nmax_execution_time=120\n\nmax_input_vars = 5000\n\
                    display_errors = on\nerror_reporting = no-notices\ndate_timezone = Europe/Berlin\n\
                    default_charset = ISO-8859-15\nopcache_revalidate_freq = 0\n\
                    session_gc_maxlifetime = 3600";
        assert_eq!(PhpSettings::from_text(text), Ok(read));
        assert_eq!(settings(&json!({})), Ok(PhpSettings::default()));
        assert_eq!(
            serde_json::to_value(PhpSettings::default()).unwrap(),
            json!({})
        );
    }

    #[test]
    fn what_is_no_setting_of_a_customer_is_refused_by_name() {
        for (sent, setting) in [
            (json!({ "disable_functions": "" }), "disable_functions"),
            (json!({ "open_basedir": "/" }), "open_basedir"),
            (json!({ "memory_limit": "15M" }), "memory_limit"),
            (json!({ "memory_limit": -1 }), "memory_limit"),
            (json!({ "max_execution_time": 0 }), "max_execution_time"),
            (json!({ "display_errors": "stderr" }), "display_errors"),
            (json!({ "error_reporting": "E_ALL" }), "error_reporting"),
            (json!({ "date_timezone": "Europe/berlin" }), "date_timezone"),
            (json!({ "default_charset": "utf-8\nx" }), "default_charset"),
            (
                json!({ "session_gc_maxlifetime": 604_801 }),
                "session_gc_maxlifetime",
            ),
        ] {
            let problem = settings(&sent).unwrap_err();
            let said = problem
                .args
                .iter()
                .find(|(name, _)| *name == Problem::OF_SETTING);
            assert_eq!(said.map(|(_, name)| name.as_str()), Some(setting), "{sent}");
        }
        for text in [
            "memory_limit",
            "a = b",
            "max_input_vars = 200\nmax_input_vars = 200",
        ] {
            assert!(PhpSettings::from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_plan_is_the_most_and_nobody_gets_less_than_is_usual_without_it() {
        let chosen =
            settings(&json!({ "memory_limit": "512M", "max_execution_time": 30 })).unwrap();
        let (wide, narrow) = (ceiling(1024, 300), ceiling(64, 20));
        assert_eq!(wide.holds(&chosen), Ok(()));
        assert_eq!(narrow.holds(&chosen).unwrap_err().code, "php-beyond-plan");
        assert_eq!(narrow.holds(&PhpSettings::default()), Ok(()));
        let texts = |most: &PhpCeiling| {
            let values = PhpValues::of(&chosen, most);
            (
                values.memory_limit.to_string(),
                values.max_execution_time.get(),
            )
        };
        assert_eq!(texts(&wide), ("512M".to_owned(), 30));
        assert_eq!(texts(&narrow), ("64M".to_owned(), 20));
        let usual = PhpValues::of(&PhpSettings::default(), &narrow);
        assert_eq!(usual.memory_limit.to_string(), "64M");
        assert_eq!(usual.children.get(), 3);
    }

    #[test]
    fn people_see_who_decided() {
        let chosen = settings(&json!({ "memory_limit": "512M", "display_errors": true })).unwrap();
        let rows = PhpValues::rows(&chosen, &ceiling(256, 300));
        let row = |name: &str| {
            let found = rows.iter().find(|row| row.name == name).unwrap();
            (found.value.clone(), found.origin)
        };
        assert_eq!(row("memory_limit"), ("256M".to_owned(), PhpOrigin::Plan));
        assert_eq!(row("display_errors"), ("on".to_owned(), PhpOrigin::Own));
        assert_eq!(
            row("max_execution_time"),
            ("60".to_owned(), PhpOrigin::Usual)
        );
        assert_eq!(row("children"), ("3".to_owned(), PhpOrigin::Plan));
        for name in PhpSettings::NAMES {
            assert!(rows.iter().any(|row| row.name == *name), "{name}");
        }
    }
}
