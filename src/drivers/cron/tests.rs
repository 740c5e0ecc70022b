//! Real programs, good ones and others, under their limits.

use super::*;
use crate::needs_root::needs_root;
use crate::php::NoOwners;
use std::os::unix::fs::PermissionsExt as _;
use tempfile::TempDir;
use wabe_kernel::CronOutcome;
use wabe_kernel::id::CronRunId;
use wabe_kernel::macros::uuid::Uuid;

/// A node with one webspace.
struct Bench {
    dir: TempDir,
    cron: Cron,
}

fn webspace() -> WebspaceId {
    WebspaceId::from_uuid(Uuid::from_u128(7))
}

impl Bench {
    fn new(without_users: WithoutUsers) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let parts = Parts {
            folders: crate::daemon::folders(&[]),
            owners: Arc::new(NoOwners),
            without_users,
        };
        let mut cron = Cron::new(dir.path(), parts);
        cron.within = Duration::from_mins(1);
        cron.farewell = Duration::from_millis(200);
        std::fs::create_dir_all(cron.folders(webspace()).files).unwrap();
        Self { dir, cron }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.cron.folders(webspace()).files.join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "a test's own file")]
    fn file(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A program of PHP that has none of the walls of scripts.
    fn program(&self, name: &str, code: &str) {
        self.file(name, &format!("#!/usr/bin/php\n<?php\n{code}\n"));
    }

    fn order(command: &str) -> CronOrder {
        CronOrder {
            run: CronRunId::from_uuid(Uuid::nil()),
            webspace: webspace(),
            php: Some("8.2".parse().unwrap()),
            command: command.parse().unwrap(),
        }
    }

    async fn run(&self, command: &str) -> CronEnded {
        self.cron.run(Self::order(command)).await
    }
}

fn bench() -> Bench {
    Bench::new(WithoutUsers::Everything)
}

#[tokio::test]
async fn a_script_runs_in_its_folder_with_its_arguments_and_four_words_of_environment() {
    let bench = bench();
    bench.file(
        "a.php",
        "<?php echo json_encode([array_slice($argv, 1), getcwd(), array_keys(getenv())]);",
    );
    let ended = bench.run("php a.php 'two words' -x").await;
    assert_eq!(ended.outcome, CronOutcome::Ok, "{ended:?}");
    let (given, folder, mut environment): (Vec<String>, String, Vec<String>) =
        serde_json::from_str(&ended.output).unwrap();
    assert_eq!(given, ["two words", "-x"]);
    assert_eq!(Path::new(&folder), bench.path("").canonicalize().unwrap());
    environment.sort();
    assert_eq!(environment, ["HOME", "LANG", "PATH", "TZ"]);
}

#[tokio::test]
async fn a_script_has_the_walls_of_its_site() {
    let bench = bench();
    bench.file(
        "a.php",
        "<?php ini_set('open_basedir', '/'); var_dump(@file_get_contents('/etc/passwd')); \
         var_dump(function_exists('exec'), function_exists('pcntl_fork'));",
    );
    let ended = bench.run("php a.php").await;
    assert_eq!(ended.output, "bool(false)\nbool(false)\nbool(false)\n");
}

#[tokio::test]
async fn what_a_program_says_and_how_it_ends_is_kept() {
    let bench = bench();
    bench.program("a", "fwrite(STDERR, \"no\\n\"); echo \"yes\\n\"; exit(3);");
    let ended = bench.run("./a").await;
    assert_eq!(ended.outcome, CronOutcome::Failed);
    assert_eq!((ended.exit, ended.signal), (Some(3), None));
    assert_eq!(ended.output, "no\nyes\n");
    // Nobody can say while uploading that a file is a program; that it is one is the job's to say.
    let mode = bench.path("a").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o100);
}

#[tokio::test]
async fn privileges_cannot_be_gained_and_nothing_can_be_read_from_the_input() {
    let bench = bench();
    bench.program(
        "a",
        "preg_match('/NoNewPrivs:\\s*(\\d)/', file_get_contents('/proc/self/status'), $found); \
         echo $found[1], strlen(stream_get_contents(STDIN)), posix_getpgid(0) === getmypid() ? 1 : 0;",
    );
    assert_eq!(bench.run("./a").await.output, "101");
}

#[tokio::test]
async fn what_takes_too_long_is_asked_to_end_and_then_ended_with_all_its_processes() {
    let mut bench = bench();
    bench.cron.within = Duration::from_secs(2);
    bench.program("polite", "while (true) { usleep(1000); }");
    let ended = bench.run("./polite").await;
    assert_eq!(
        (ended.outcome, ended.signal),
        (CronOutcome::Timeout, Some(15))
    );
    bench.program(
        "deaf",
        "pcntl_async_signals(true); pcntl_signal(SIGTERM, SIG_IGN); \
         if (pcntl_fork() === 0) { file_put_contents('child', getmypid()); } while (true) {}",
    );
    let ended = bench.run("./deaf").await;
    assert_eq!(
        (ended.outcome, ended.signal),
        (CronOutcome::Timeout, Some(9))
    );
    let child = std::fs::read_to_string(bench.path("child")).unwrap();
    assert!(is_gone(&child), "{child}");
}

/// Whether a process is gone, or dead and only not yet waited for, after a moment at most.
fn is_gone(process: &str) -> bool {
    let dead = || match std::fs::read_to_string(format!("/proc/{process}/stat")) {
        Ok(stat) => stat.rsplit_once(") ").unwrap().1.starts_with(['Z', 'X']),
        Err(_) => true,
    };
    (0..1_000).any(|_| {
        std::thread::yield_now();
        dead() || {
            std::thread::park_timeout(Duration::from_millis(5));
            false
        }
    })
}

#[tokio::test]
async fn a_flood_is_stopped_and_its_end_is_kept() {
    let bench = bench();
    bench.program("a", "while (true) { echo str_repeat('x', 8191), \"\\n\"; }");
    let ended = bench.run("./a").await;
    assert_eq!(
        (ended.outcome, ended.reason),
        (CronOutcome::Limit, Some("output"))
    );
    assert!(ended.cut);
    assert_eq!(ended.output.len(), wabe_kernel::cron::OUTPUT_BYTES_MAX);
}

#[tokio::test]
async fn many_processes_are_ended_together() {
    let bench = bench();
    bench.program(
        "a",
        "for ($n = 0; $n < 150; $n++) { if (pcntl_fork() === 0) { \
         file_put_contents('all', getmypid() . PHP_EOL, FILE_APPEND); sleep(600); exit; } } sleep(600);",
    );
    let ended = bench.run("./a").await;
    assert_eq!(
        (ended.outcome, ended.reason),
        (CronOutcome::Limit, Some("processes"))
    );
    let all = std::fs::read_to_string(bench.path("all")).unwrap();
    let first = all.lines().next().unwrap();
    assert!(is_gone(first), "{first}");
}

#[tokio::test]
async fn memory_is_bounded_and_said() {
    let bench = bench();
    bench.program(
        "a",
        "ini_set('memory_limit', -1); $kept = str_repeat('x', 1 << 31); echo 'all of it';",
    );
    let ended = bench.run("./a").await;
    assert_eq!(ended.outcome, CronOutcome::Failed);
    assert!(!ended.output.contains("all of it"), "{}", ended.output);
    bench.program("b", "$kept = str_repeat('x', 50 << 20); usleep(300000);");
    let ended = bench.run("./b").await;
    assert_eq!(ended.outcome, CronOutcome::Ok);
    assert!(ended.memory_bytes.unwrap() > 50 << 20, "{ended:?}");
}

#[tokio::test]
async fn a_run_ends_when_nobody_waits_for_it() {
    let bench = bench();
    bench.program("a", "file_put_contents('it', getmypid()); sleep(600);");
    let running = bench.cron.run(Bench::order("./a"));
    let begun = async {
        while !std::fs::read_to_string(bench.path("it")).is_ok_and(|text| !text.is_empty()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        ended = running => panic!("{ended:?}"),
        () = begun => {}
    }
    let process = std::fs::read_to_string(bench.path("it")).unwrap();
    assert!(is_gone(&process), "{process}");
}

#[tokio::test]
async fn what_is_not_a_program_of_the_webspace_is_not_started() {
    let bench = bench();
    bench.file("text", "echo a shell would run this\n");
    bench.file("a.php", "<?php echo 1;");
    std::os::unix::fs::symlink("/usr/bin/php", bench.path("link")).unwrap();
    std::fs::hard_link(bench.path("a.php"), bench.path("twice")).unwrap();
    for (command, reason) in [
        ("./text", "program-not-runnable"),
        ("./missing", "program-missing"),
        ("./link", "program-not-plain"),
        ("./twice", "program-not-plain"),
        ("php missing.php", "program-missing"),
        ("php link", "program-not-plain"),
        ("php .", "path"),
    ] {
        if command.parse::<wabe_kernel::CommandLine>().is_err() {
            assert_eq!(reason, "path", "{command}");
            continue;
        }
        assert_eq!(
            bench.run(command).await,
            CronEnded::never(reason),
            "{command}"
        );
    }
    let mut order = Bench::order("php a.php");
    order.php = None;
    assert_eq!(bench.cron.run(order).await, CronEnded::never("php-missing"));
    assert!(bench.dir.path().join("web").is_dir());
}

#[tokio::test]
async fn without_a_user_of_its_own_a_webspace_runs_nothing_unless_that_was_decided() {
    let bench = Bench::new(WithoutUsers::Nothing);
    bench.file("a.php", "<?php echo 1;");
    bench.program("a", "echo 1;");
    assert_eq!(bench.run("php a.php").await, CronEnded::never("no-user"));
    assert_eq!(bench.run("./a").await, CronEnded::never("no-user"));
    let bench = Bench::new(WithoutUsers::Php);
    bench.file("a.php", "<?php echo 1;");
    bench.program("a", "echo 1;");
    assert_eq!(bench.run("./a").await, CronEnded::never("no-user"));
    let ended = bench.run("php a.php").await;
    if rustix::process::geteuid().is_root() {
        assert_eq!(ended, CronEnded::never("no-user"));
    } else {
        assert_eq!(ended.output, "1");
    }
}

/// Everybody is this user.
struct All(&'static str, &'static str);

impl Owners for All {
    fn of(&self, _webspace: WebspaceId) -> Option<crate::php::Owner> {
        Some(crate::php::Owner {
            user: self.0.to_owned(),
            group: self.1.to_owned(),
        })
    }
}

#[tokio::test]
async fn a_program_runs_as_its_own_user_who_is_never_root() {
    let mut bench = bench();
    bench.cron.parts.owners = Arc::new(All("root", "root"));
    bench.program("a", "echo posix_geteuid(), ' ', count(posix_getgroups());");
    assert_eq!(bench.run("./a").await, CronEnded::never("no-user"));
    bench.cron.parts.owners = Arc::new(All("nobody", "nogroup"));
    needs_root();
    // The file of somebody else is not run, nor made executable.
    assert_eq!(
        bench.run("./a").await,
        CronEnded::never("program-not-plain")
    );
    let nobody = Account::of("nobody").unwrap().unwrap();
    nobody.own(&bench.path("a")).unwrap();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(bench.dir.path(), open).unwrap();
    let ended = bench.run("./a").await;
    assert!(ended.output.starts_with("65534 "), "{ended:?}");
}
