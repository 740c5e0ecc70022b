//! What is wrong with a package has its sentences in both languages.

use wabe_drivers::sandbox::Reason;
use wabe_kernel::{Language, Problem};
use wabe_package::Defect;
use wabe_web::{Texts, texts};

#[test]
fn every_trouble_of_the_sandbox_has_words_in_both_languages() {
    for code in Reason::CODES {
        for language in Language::ALL {
            let id = format!("sandbox-{code}");
            assert!(Texts::global().has(language, &id), "{language}: {id}");
        }
    }
    let codes = [
        Reason::NotStarted,
        Reason::Unstartable(String::new()),
        Reason::Died(String::new()),
        Reason::Silent,
        Reason::Nonsense(String::new()),
        Reason::Hung,
        Reason::Stopped,
    ];
    assert_eq!(codes.map(|reason| reason.code()), Reason::CODES);
}

#[test]
fn every_flaw_says_where_what_and_what_next_in_both_languages() {
    for (code, names) in Defect::ARGUMENTS {
        // A problem names its code for as long as the program runs.
        let code: &'static str = Box::leak(format!("package-{code}").into_boxed_str());
        let mut problem = Problem::new(code).with("place", "plugin.toml:3");
        for name in *names {
            problem = problem.with(name, format!("<{name}>"));
        }
        for language in Language::ALL {
            let said = texts::known_problem(language, &problem);
            let said = said.unwrap_or_else(|| panic!("{language}: {code} has no message"));
            assert!(said.starts_with("plugin.toml:3: "), "{language}: {said}");
            assert!(
                said.ends_with('.') && !said.contains("{ $"),
                "{language}: {said}"
            );
            for name in *names {
                assert!(
                    said.contains(&format!("<{name}>")),
                    "{language}: {name}: {said}"
                );
            }
            let sentences = said.matches(". ").count();
            assert!(sentences >= 1, "{language}: no next step: {said}");
        }
    }
}
