//! The configuration of a pool: a closed list of settings, written and read back.
//!
//! Values are refused unless they are made of letters that mean nothing to PHP-FPM's reader, so that there is
//! nothing to quote: it knows `$pool`, `${…}`, quotes, `;` and more. What could hold others, a data folder
//! with a blank in its path, has no PHP.

use std::path::Path;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::Place;
use crate::php::PoolValues;
use crate::php::limits::Limits;
use crate::php::status::{STATUS_PATH, Sockets};
use crate::strays;

/// Programs are started by nobody. PHP starts one itself for mail, and whoever sets its environment says what
/// else it loads, so that nobody does; nor is code loaded that is not PHP.
pub(crate) const NO_PROGRAMS: &str =
    "dl,exec,passthru,pcntl_exec,pcntl_fork,popen,proc_open,putenv,shell_exec,system";
/// Compiled code is kept in one place for all pools of a version. Scripts in here may ask what is in it and empty
/// it; nothing is in here.
const NOBODYS: &str = "/nonexistent/";

/// A value of PHP's own settings that is decided here and not by the application.
///
/// Source: the list of php.ini directives; whatever is not here stays PHP's standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ini {
    OpenBasedir,
    DisableFunctions,
    AllowUrlInclude,
    SendmailPath,
    SysTempDir,
    UploadTmpDir,
    SessionSavePath,
    ErrorLog,
    LogErrors,
    ExposePhp,
    MemoryLimit,
    MaxInputVars,
    MaxExecutionTime,
    UploadMaxFilesize,
    PostMaxSize,
    SessionCookieHttponly,
    SessionUseStrictMode,
    SessionGcProbability,
    SessionGcDivisor,
    SessionGcMaxlifetime,
    OpcacheRestrictApi,
    OpcacheRevalidateFreq,
    DisplayErrors,
    ErrorReporting,
    DateTimezone,
    DefaultCharset,
}

impl Ini {
    /// How a pool names it.
    const fn key(self) -> &'static str {
        match self {
            Self::OpenBasedir => "php_admin_value[open_basedir]",
            Self::DisableFunctions => "php_admin_value[disable_functions]",
            Self::AllowUrlInclude => "php_admin_flag[allow_url_include]",
            Self::SendmailPath => "php_admin_value[sendmail_path]",
            Self::SysTempDir => "php_admin_value[sys_temp_dir]",
            Self::UploadTmpDir => "php_admin_value[upload_tmp_dir]",
            Self::SessionSavePath => "php_admin_value[session.save_path]",
            Self::ErrorLog => "php_admin_value[error_log]",
            Self::LogErrors => "php_admin_flag[log_errors]",
            Self::ExposePhp => "php_admin_flag[expose_php]",
            Self::MemoryLimit => "php_admin_value[memory_limit]",
            Self::MaxInputVars => "php_admin_value[max_input_vars]",
            Self::MaxExecutionTime => "php_admin_value[max_execution_time]",
            Self::UploadMaxFilesize => "php_admin_value[upload_max_filesize]",
            Self::PostMaxSize => "php_admin_value[post_max_size]",
            Self::SessionCookieHttponly => "php_flag[session.cookie_httponly]",
            Self::SessionUseStrictMode => "php_flag[session.use_strict_mode]",
            Self::SessionGcProbability => "php_value[session.gc_probability]",
            Self::SessionGcDivisor => "php_value[session.gc_divisor]",
            Self::SessionGcMaxlifetime => "php_value[session.gc_maxlifetime]",
            Self::OpcacheRestrictApi => "php_admin_value[opcache.restrict_api]",
            Self::OpcacheRevalidateFreq => "php_value[opcache.revalidate_freq]",
            Self::DisplayErrors => "php_flag[display_errors]",
            Self::ErrorReporting => "php_value[error_reporting]",
            Self::DateTimezone => "php_value[date.timezone]",
            Self::DefaultCharset => "php_value[default_charset]",
        }
    }
}

/// A line: the head of a section, or a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Section(String),
    Setting(String, String),
}

/// A pool, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) lines: Vec<Line>,
    pub(super) text: String,
}

fn unfit(why: &str) -> StepFailure {
    StepFailure::new("php-failed", format_args!("{why} cannot stand in a pool"))
}

fn setting(key: &str, value: &str) -> Line {
    Line::Setting(key.to_owned(), value.to_owned())
}

fn text_of(path: &Path) -> Result<&str, StepFailure> {
    path.to_str().ok_or_else(|| unfit("a path that is no text"))
}

/// Where a pool keeps uploads and sessions.
pub(super) fn temporary(place: &Place) -> std::path::PathBuf {
    place.folder.join("tmp")
}

/// Who runs a pool.
#[derive(Debug, Clone, Copy)]
pub(super) enum By<'a> {
    /// A master of many that is whoever runs us; the pool is, too.
    Us,
    /// The same where that is root; this group reaches the socket.
    Root(&'a str),
    /// A master of its own with this folder, that is the pool's user from the start. Who reaches the socket, its
    /// folder says.
    Itself(&'a Path),
}

/// What a pool is made of.
pub(super) struct Given<'a> {
    pub(super) id: WebspaceId,
    pub(super) sockets: &'a Sockets,
    pub(super) place: &'a Place,
    pub(super) runs: &'a PoolValues,
    pub(super) limits: &'a Limits,
    pub(super) by: By<'a>,
}

impl Pool {
    /// The pool of a webspace; with the head of its master, where that is its own.
    ///
    /// Errors: `php-failed` when something cannot stand in a pool.
    pub(super) fn new(given: &Given<'_>) -> Result<Self, StepFailure> {
        let (sockets, runs) = (given.sockets, given.runs);
        let (mut lines, mode) = match given.by {
            By::Us | By::Root(_) => (Vec::new(), "0660"),
            By::Itself(folder) => (own_head(folder)?, "0666"),
        };
        lines.push(Line::Section(given.id.to_string()));
        lines.push(setting("listen", text_of(&sockets.requests)?));
        lines.push(setting("listen.mode", mode));
        if let Some(status) = &sockets.status {
            lines.push(setting("pm.status_listen", text_of(status)?));
        }
        if let By::Root(web_group) = given.by {
            lines.push(setting("user", "root"));
            lines.push(setting("group", "root"));
            lines.push(setting("listen.owner", "root"));
            lines.push(setting("listen.group", web_group));
        }
        lines.extend(PROCESSES.map(|(key, value)| setting(key, value)));
        let open_files = given.limits.open_files.to_string();
        lines.push(setting("rlimit_files", &open_files));
        let (children, seconds) = (runs.php.children, runs.php.max_execution_time);
        let children = given.limits.held(children);
        lines.push(setting("pm.max_children", &children.to_string()));
        lines.push(setting(TERMINATE, &format!("{seconds}s")));
        lines.push(setting(SLOW, text_of(&given.place.logs.join("slow.log"))?));
        for (ini, value) in values(given.place, runs)? {
            lines.push(setting(ini.key(), &value));
        }
        let text = write(&lines)?;
        Ok(Self { lines, text })
    }
}

/// After how long a request is ended that PHP itself did not end.
const TERMINATE: &str = "request_terminate_timeout";

/// The head of a master that has one pool only, and is nobody who could write elsewhere.
fn own_head(folder: &Path) -> Result<Vec<Line>, StepFailure> {
    Ok(vec![
        Line::Section("global".to_owned()),
        setting("error_log", text_of(&folder.join("fpm.log"))?),
        setting("log_level", "warning"),
        setting("daemonize", "no"),
        setting("process_control_timeout", "5s"),
    ])
}

/// Where a pool says what took long. PHP-FPM makes the file, but not its folder, and starts no pool at all where
/// that is missing.
const SLOW: &str = "slowlog";

/// The folder that must be there before a pool of these lines is read.
pub(super) fn folder_of_logs(lines: &[Line]) -> Option<&Path> {
    let slow = lines.iter().find_map(|line| match line {
        Line::Setting(key, value) if key == SLOW => Some(Path::new(value)),
        Line::Setting(..) | Line::Section(_) => None,
    });
    slow.and_then(Path::parent)
}

/// How the processes of a pool come and go.
const PROCESSES: [(&str, &str); 9] = [
    ("pm", "ondemand"),
    ("pm.status_path", STATUS_PATH),
    ("pm.process_idle_timeout", "10s"),
    ("pm.max_requests", "500"),
    ("request_slowlog_timeout", "5s"),
    ("rlimit_core", "0"),
    ("security.limit_extensions", ".php"),
    ("clear_env", "yes"),
    ("catch_workers_output", "no"),
];

fn values(place: &Place, runs: &PoolValues) -> Result<Vec<(Ini, String)>, StepFailure> {
    let temporary = temporary(place);
    let temporary = text_of(&temporary)?;
    let basedir = format!("{}/:{temporary}/", text_of(&place.files)?);
    let errors = place.logs.join("php.log");
    let fixed = [
        (Ini::DisableFunctions, NO_PROGRAMS),
        (Ini::AllowUrlInclude, "off"),
        (Ini::SendmailPath, "/bin/false"),
        (Ini::SysTempDir, temporary),
        (Ini::UploadTmpDir, temporary),
        (Ini::SessionSavePath, temporary),
        (Ini::ErrorLog, text_of(&errors)?),
        (Ini::LogErrors, "on"),
        (Ini::ExposePhp, "off"),
        (Ini::SessionCookieHttponly, "on"),
        (Ini::SessionUseStrictMode, "on"),
        // Debian leaves old sessions to a job of its own, which does not come here.
        (Ini::SessionGcProbability, "1"),
        (Ini::SessionGcDivisor, "100"),
        (Ini::OpcacheRestrictApi, NOBODYS),
    ];
    let mut all = vec![(Ini::OpenBasedir, basedir)];
    all.extend(fixed.map(|(ini, value)| (ini, value.to_owned())));
    all.extend(chosen(runs));
    Ok(all)
}

/// What the customer decides about within the plan. What nginx lets through, PHP takes.
fn chosen(runs: &PoolValues) -> [(Ini, String); 11] {
    let (php, upload) = (&runs.php, runs.upload_bytes.to_string());
    let shown = if php.display_errors { "on" } else { "off" };
    [
        (Ini::MemoryLimit, php.memory_limit.to_string()),
        (Ini::MaxInputVars, php.max_input_vars.to_string()),
        (Ini::MaxExecutionTime, php.max_execution_time.to_string()),
        (Ini::UploadMaxFilesize, upload.clone()),
        (Ini::PostMaxSize, upload),
        (Ini::DisplayErrors, shown.to_owned()),
        (Ini::ErrorReporting, php.error_reporting.mask().to_string()),
        (Ini::DateTimezone, php.date_timezone.to_string()),
        (Ini::DefaultCharset, php.default_charset.to_string()),
        (
            Ini::OpcacheRevalidateFreq,
            php.opcache_revalidate_freq.to_string(),
        ),
        (
            Ini::SessionGcMaxlifetime,
            php.session_gc_maxlifetime.to_string(),
        ),
    ]
}

/// The configuration of a master: what all pools share, and one pool that serves nobody, because a master
/// without any does not start.
pub(super) fn head(folder: &Path) -> Result<String, StepFailure> {
    let folder = text_of(folder)?;
    let within = |name: &str| format!("{folder}/{name}");
    write(&[
        Line::Section("global".to_owned()),
        setting("pid", &within("fpm.pid")),
        setting("error_log", &within("fpm.log")),
        setting("log_level", "warning"),
        setting("daemonize", "no"),
        setting("process_control_timeout", "5s"),
        // Only names of ours: a copy beside them would take the place of a pool.
        setting(
            "include",
            &within(&format!("pool/{}", strays::pattern(WebspaceId::PREFIX))),
        ),
        Line::Section("wabe".to_owned()),
        setting("listen", &within("nobody.sock")),
        setting("listen.mode", "0600"),
        setting("user", "nobody"),
        setting("group", "nogroup"),
        setting("pm", "ondemand"),
        setting("pm.max_children", "1"),
        setting("security.limit_extensions", ".none"),
    ])
}

/// The text of a configuration, after it was read back and found equal.
fn write(lines: &[Line]) -> Result<String, StepFailure> {
    let mut text = String::new();
    for line in lines {
        match line {
            Line::Section(name) => text.extend(["[", name, "]\n"]),
            Line::Setting(key, value) => text.extend([key, " = ", value, "\n"]),
        }
    }
    if parse(&text).as_deref() == Some(lines) {
        Ok(text)
    } else {
        Err(unfit("one of its values"))
    }
}

/// Reads what [`write`] writes; nothing for any other text, also where PHP-FPM would read it.
pub(super) fn parse(text: &str) -> Option<Vec<Line>> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    let value = |c: char| plain(c) || matches!(c, ',' | '*');
    let key = |c: char| plain(c) || matches!(c, '[' | ']');
    // Nobody but us says what is included.
    let names = |c: char| value(c) || matches!(c, '[' | ']');
    let all = |text: &str, fits: &dyn Fn(char) -> bool| !text.is_empty() && text.chars().all(fits);
    let line = |line: &str| {
        if let Some(name) = line.strip_prefix('[') {
            let name = name.strip_suffix(']')?;
            return all(name, &plain).then(|| Line::Section(name.to_owned()));
        }
        let (name, text) = line.split_once(" = ")?;
        let fits: &dyn Fn(char) -> bool = if name == "include" { &names } else { &value };
        (all(name, &key) && all(text, fits)).then(|| setting(name, text))
    };
    let whole = text.is_empty() || text.ends_with('\n');
    whole.then(|| text.split_terminator('\n').map(line).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::place;
    use proptest::prelude::*;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_kernel::{
        Field as _, Fields as _, PhpCeiling, PhpChildren, PhpSeconds, PhpSettings, PhpValues,
    };

    fn pool(folder: &str, by: By<'_>) -> Result<Pool, StepFailure> {
        pool_of(folder, by, &PoolValues::default())
    }

    fn pool_of(folder: &str, by: By<'_>, runs: &PoolValues) -> Result<Pool, StepFailure> {
        Pool::new(&Given {
            id: WebspaceId::from_uuid(Uuid::from_u128(7)),
            sockets: &Sockets {
                requests: "/srv/node/php/run/a.sock".into(),
                status: Some("/srv/node/php/run/a.status".into()),
            },
            place: &place(folder),
            runs,
            limits: &Limits::default(),
            by,
        })
    }

    /// What customers can choose, whatever they typed.
    fn settings() -> impl Strategy<Value = PhpSettings> {
        let line = prop_oneof![
            (prop::sample::select(PhpSettings::NAMES), texts())
                .prop_map(|(name, value)| format!("{name} = {value}")),
            (prop::sample::select(PhpSettings::NAMES), 0_u32..8_000)
                .prop_map(|(name, number)| format!("{name} = {number}")),
            prop::sample::select(vec![
                "display_errors = on",
                "error_reporting = all",
                "date_timezone = America/Argentina/Buenos_Aires",
                "default_charset = Windows-1252",
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(line, 0..3)
            .prop_map(|lines| PhpSettings::from_text(&lines.join("\n")).unwrap_or_default())
    }

    #[test]
    fn a_pool_is_shut_in_and_names_a_user_only_where_its_master_is_root() {
        let text = pool("/srv/node/web/a", By::Us).unwrap().text;
        for line in [
            "php_admin_value[open_basedir] = /srv/node/web/a/files/:/srv/node/web/a/tmp/",
            "pm = ondemand",
            "rlimit_files = 1024",
            "security.limit_extensions = .php",
            "slowlog = /srv/node/web/a/logs/slow.log",
            "php_admin_value[opcache.restrict_api] = /nonexistent/",
            "php_value[session.gc_probability] = 1",
            "pm.max_children = 5",
            "pm.status_listen = /srv/node/php/run/a.status",
            "request_terminate_timeout = 60s",
            "php_admin_value[memory_limit] = 128M",
            "php_admin_value[post_max_size] = 67108864",
            "php_flag[display_errors] = off",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("user = "));
        let text = pool("/srv/node/web/a", By::Root("www-data")).unwrap().text;
        assert!(text.contains("\nuser = root\ngroup = root\nlisten.owner = root\n"));
        assert!(text.contains("\nlisten.group = www-data\n"));
        let text = pool(
            "/srv/node/web/a",
            By::Itself(Path::new("/srv/node/php/own/a")),
        )
        .unwrap()
        .text;
        assert!(text.starts_with("[global]\nerror_log = /srv/node/php/own/a/fpm.log\n"));
        assert!(text.contains("\nslowlog = /srv/node/web/a/logs/slow.log\n"));
        assert!(!text.contains("user = ") && !text.contains("listen.group"));
    }

    #[test]
    fn a_master_reads_pools_of_ours_alone() {
        let text = head(Path::new("/srv/node/php/8.2")).unwrap();
        let mut lines = text.lines();
        let names = lines
            .find_map(|line| line.strip_prefix("include = "))
            .unwrap();
        assert!(
            names.starts_with("/srv/node/php/8.2/pool/web_[0-7][") && !names.contains('*'),
            "{names}"
        );
        // Nothing else that is set holds such letters.
        assert_eq!(parse("listen = /srv/[a]\n"), None);
    }

    #[test]
    fn what_the_reader_of_pools_would_take_for_something_else_is_refused() {
        for folder in [
            "/srv/a b",
            "/srv/$pool",
            "/srv/a;b",
            "/srv/\"",
            "/srv/a\nb",
            "/srv/ä",
            "/srv/a#b",
            "/srv/${x}",
            "/srv/a=b",
        ] {
            assert_eq!(
                pool(folder, By::Us).unwrap_err().code,
                "php-failed",
                "{folder:?}"
            );
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[\\[\\]a-z0-9 =;$\n./_-]{0,60}"]
    }

    proptest! {
        #[test]
        fn any_lines_are_written_as_they_are_or_refused(
            lines in prop::collection::vec(
                prop_oneof![
                    texts().prop_map(Line::Section),
                    (texts(), texts()).prop_map(|(key, value)| Line::Setting(key, value)),
                ],
                0..5,
            )
        ) {
            if let Ok(text) = write(&lines) {
                prop_assert_eq!(text.lines().count(), lines.len());
                prop_assert!(!text.contains([';', '$', '"', '\'', '#', '\\']));
            }
        }

        #[test]
        fn no_folder_and_no_group_brings_a_setting_with_it(
            folder in texts(),
            group in texts(),
        ) {
            let known = pool("/srv/a", By::Root("www-data"));
            let key = |line: &Line| match line {
                Line::Section(name) => name.clone(),
                Line::Setting(key, _) => key.clone(),
            };
            let keys = |pool: &Pool| pool.lines.iter().map(key).collect::<Vec<_>>();
            if let Ok(made) = pool(&format!("/srv/{folder}"), By::Root(&group)) {
                prop_assert_eq!(keys(&made), keys(&known.unwrap()));
                prop_assert_eq!(parse(&made.text), Some(made.lines.clone()));
                prop_assert_eq!(made.text.lines().count(), made.lines.len());
                prop_assert!(!made.text.contains(|c: char| c.is_control() && c != '\n'));
                prop_assert!(!made.text.contains(['$', '"', '\'', ';', '#', '\\']));
            }
        }

        #[test]
        fn no_setting_of_a_customer_brings_a_line_with_it(
            settings in settings(),
            upload_bytes in 1_u64..1 << 40,
        ) {
            let most = PhpCeiling {
                memory: "512M".parse().unwrap(),
                seconds: PhpSeconds::try_from(300).unwrap(),
                children: PhpChildren::try_from(9).unwrap(),
            };
            let php = PhpValues::of(&settings, &most);
            let made = pool_of("/srv/a", By::Us, &PoolValues { php, upload_bytes }).unwrap();
            let usual = pool("/srv/a", By::Us).unwrap();
            let key = |line: &Line| match line {
                Line::Section(name) => name.clone(),
                Line::Setting(key, _) => key.clone(),
            };
            let keys = |pool: &Pool| pool.lines.iter().map(key).collect::<Vec<_>>();
            prop_assert_eq!(keys(&made), keys(&usual));
            prop_assert_eq!(made.text.lines().count(), usual.text.lines().count());
            prop_assert_eq!(parse(&made.text), Some(made.lines.clone()));
            prop_assert!(!made.text.contains(['$', '"', '\'', ';', '#', '\\', '\r']));
        }

        #[test]
        fn any_text_is_a_pool_or_not(text in texts()) {
            if let Some(lines) = parse(&text) {
                prop_assert_eq!(write(&lines).ok(), Some(text));
            }
        }
    }
}
