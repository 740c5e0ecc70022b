//! What is a command line, and what only a shell would understand.

use super::*;
use proptest::prelude::*;

fn parts(text: &str) -> (Program, Vec<String>) {
    let line: CommandLine = text.parse().unwrap();
    (line.program().clone(), line.arguments().to_vec())
}

fn file(path: &str) -> Program {
    Program::File(path.parse().unwrap())
}

fn php(path: &str) -> Program {
    Program::Php(path.parse().unwrap())
}

#[test]
fn words_are_told_apart_as_a_shell_does() {
    for (text, program, arguments) in [
        ("php cron.php", php("cron.php"), vec![]),
        (
            "php ./app/cron.php --all",
            php("app/cron.php"),
            vec!["--all"],
        ),
        ("  ./import   a  b ", file("import"), vec!["a", "b"]),
        (
            "bin/import 'a b' \"c d\"",
            file("bin/import"),
            vec!["a b", "c d"],
        ),
        (
            "bin/import a\\ b x'y'\"z\"",
            file("bin/import"),
            vec!["a b", "xyz"],
        ),
        ("bin/x '' \"\"", file("bin/x"), vec!["", ""]),
        ("bin/x \"\\\"\\\\\\$\\n\"", file("bin/x"), vec!["\"\\$\\n"]),
        (
            "bin/x '$HOME | *' a#b a~",
            file("bin/x"),
            vec!["$HOME | *", "a#b", "a~"],
        ),
        ("php 'meine datei.php'", php("meine datei.php"), vec![]),
    ] {
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        assert_eq!(parts(text), (program, arguments), "{text}");
    }
}

#[test]
fn what_a_shell_would_act_on_is_refused_with_its_place() {
    for (text, code, place) in [
        ("php a.php | mail", "command-pipe", "11"),
        ("php a.php > log", "command-redirect", "11"),
        ("php a.php 2>&1", "command-redirect", "12"),
        ("php a.php; ./b", "command-several", "10"),
        ("php a.php && ./b", "command-several", "11"),
        ("php a.php $HOME", "command-expansion", "11"),
        ("php a.php \"$HOME\"", "command-expansion", "12"),
        ("php a.php `id`", "command-expansion", "11"),
        ("php a.php *.txt", "command-expansion", "11"),
        ("php a.php ~/x", "command-expansion", "11"),
        ("php a.php # note", "command-comment", "11"),
        ("php 'a.php", "command-open-quote", "5"),
        ("php \"a.php", "command-open-quote", "5"),
        ("php a.php \\", "command-backslash", "11"),
        ("php a.php\n./b", "command-control", "10"),
    ] {
        let problem = text.parse::<CommandLine>().unwrap_err();
        assert_eq!(problem.code, code, "{text}");
        let said = problem.args.iter().find(|(name, _)| *name == "place");
        assert_eq!(said.map(|(_, at)| at.as_str()), Some(place), "{text}");
    }
}

#[test]
fn programs_are_php_and_files_of_the_webspace() {
    for (text, code) in [
        ("", "required"),
        ("php", "command-no-script"),
        ("php -r phpinfo", "command-php-option"),
        ("php /etc/passwd", "command-path-outside"),
        ("php ../other/a.php", "path-leaves-folder"),
        ("python3 a.py", "command-program"),
        ("sh -c id", "command-program"),
        ("/bin/sh -c id", "command-path-outside"),
        ("a/../../b", "path-leaves-folder"),
        ("./", "command-no-script"),
        ("PATH=/tmp php a.php", "command-program"),
    ] {
        let problem = text.parse::<CommandLine>().unwrap_err();
        assert_eq!(problem.code, code, "{text}");
    }
    let many = format!("bin/x{}", " a".repeat(64));
    assert_eq!(many.parse::<CommandLine>().unwrap_err().code, "too-many");
}

proptest! {
    #[test]
    fn any_text_is_a_command_line_that_round_trips_or_is_refused(
        text in "(php |\\./|bin/)[a-z'\"\\\\ $|.-]{0,20}|\\PC{0,40}",
    ) {
        if let Ok(line) = text.parse::<CommandLine>() {
            prop_assert_eq!(line.to_string().parse::<CommandLine>().unwrap(), line);
        }
    }

    #[test]
    fn any_arguments_survive_being_written_and_read(words in proptest::collection::vec("\\PC{0,12}", 0..8)) {
        let written: Vec<String> = words.iter().map(|word| words::quoted(word)).collect();
        let text = format!("bin/x {}", written.join(" "));
        match text.parse::<CommandLine>() {
            Ok(line) => prop_assert_eq!(line.arguments(), words.as_slice()),
            Err(problem) => prop_assert_eq!(problem.code, "command-control"),
        }
    }
}
