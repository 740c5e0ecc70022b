//! Reading what the machine says.

use crate::configuration;
use crate::difference::difference;
use crate::ledger::Ledger;
use crate::look::release::named;
use crate::look::{installed_in, listening_in, names_in, number_of};
use crate::machine::Release;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

#[test]
fn releases_are_told_apart() {
    let bookworm = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n";
    let said = "Debian GNU/Linux 12 (bookworm)".to_owned();
    assert_eq!(named(bookworm), (said, Some(Release::Bookworm)));
    assert_eq!(
        named("ID=debian\nVERSION_ID='13'\n").1,
        Some(Release::Trixie)
    );
    assert_eq!(named("ID=ubuntu\nVERSION_ID=\"12\"\n").1, None);
    assert_eq!(named(""), ("an unknown system".to_owned(), None));
}

#[test]
fn only_what_is_wholly_installed_counts() {
    let lines =
        "installed\tnginx\t1.22.1-9\nconfig-files\tphp8.2-fpm\t8.2.7\nnot-installed\tx\t\nodd\n";
    let found: Vec<_> = installed_in(lines).into_iter().collect();
    assert_eq!(found, [("nginx".to_owned(), "1.22.1-9".to_owned())]);
}

#[test]
fn only_sockets_that_listen_count() {
    let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
        0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0\n   \
        1: 0100007F:1F90 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1\n";
    assert_eq!(listening_in(table), [(80, 4711)]);
    let six = "header\n   0: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A \
        00000000:00000000 00:00000000 00000000     0        0 99 1 0 100 0 0 10 0\n";
    assert_eq!(listening_in(six), [(443, 99)]);
}

#[test]
fn names_of_sites_are_told_once_without_what_terminals_obey() {
    let text = "server { listen 80; server_name a.example.org\n  b.example.org a.example.org; }\n\
        # server_name hidden.example.org;\nserver { server_name _; }\nserver{server_name c\u{1b}[31m d.example.org;}";
    assert_eq!(
        names_in(text),
        ["a.example.org", "b.example.org", "d.example.org"]
    );
}

#[test]
fn numbers_are_those_of_the_whole_name() {
    let list = "wabed:x:1:1::/:\nwabe:x:998:997:Wabe:/var/lib/wabe:/usr/sbin/nologin\n";
    assert_eq!(number_of(list, "wabe"), Some(998));
    assert_eq!(number_of("wabe:x:997:\n", "wabe"), Some(997));
    assert_eq!(number_of("wabe:x\nwabe:x:many\n", "wabe"), None);
}

#[test]
fn differences_are_the_lines_that_one_of_both_has() {
    assert_eq!(difference("a\nb\nc\n", "a\nc\nd\n"), "-b\n+d\n");
    assert_eq!(difference("", "a\n"), "+a\n");
    assert_eq!(difference("same\n", "same\n"), "");
}

/// The lines of `text` without those that a difference marks with `sign`.
fn remainder(text: &str, marked: &str, sign: char) -> Vec<String> {
    let mut taken: Vec<&str> = marked
        .lines()
        .filter_map(|line| line.strip_prefix(sign))
        .collect();
    let mut rest = Vec::new();
    for line in text.lines() {
        if taken.first() == Some(&line) {
            taken.remove(0);
        } else {
            rest.push(line.to_owned());
        }
    }
    rest
}

proptest! {
    #[test]
    fn any_text_as_what_the_machine_says(text in any::<String>()) {
        drop((named(&text), installed_in(&text), listening_in(&text), number_of(&text, "wabe")));
        for name in names_in(&text) {
            prop_assert!(name.chars().all(|c| c.is_ascii_graphic()));
        }
    }

    #[test]
    fn any_words_as_the_names_of_a_site(text in "(server_name|[a-z.]{1,8}|[;{}#\n ]){0,60}") {
        prop_assert!(names_in(&text).len() <= 8);
    }

    #[test]
    fn any_bytes_as_a_ledger_and_a_configuration(bytes in any::<Vec<u8>>()) {
        let is_object = bytes.starts_with(b"{");
        prop_assert!(Ledger::read(&bytes).is_err() || is_object);
        if let Ok(table) = configuration::read(&bytes) {
            prop_assert!(configuration::holds(&table, &table));
            prop_assert_eq!(configuration::ports(&table).len(), 6);
        }
    }

    #[test]
    fn what_is_merged_holds_what_was_wanted(
        present in "(a|b|c)( = 1\n)", wanted in "(\\[(a|b|c)\\]\nx = 2\n)", more in "(a|b|c) = 3\n",
    ) {
        for (present, wanted) in [(&present, &wanted), (&wanted, &more), (&present, &more)] {
            let read = |text: &String| configuration::read(text.as_bytes()).unwrap();
            let merged = configuration::merged(read(present), &read(wanted));
            prop_assert!(configuration::holds(&merged, &read(wanted)));
        }
    }

    #[test]
    fn a_difference_leaves_what_both_have(before in "([abc]\n){0,9}", after in "([abc]\n){0,9}") {
        let marked = difference(&before, &after);
        let (removed, added) = (marked.matches('-').count(), marked.matches('+').count());
        prop_assert_eq!(before.lines().count() - removed, after.lines().count() - added);
        if removed == 0 {
            prop_assert_eq!(remainder(&after, &marked, '+').len(), before.lines().count());
        }
        prop_assert_eq!(before == after, marked.is_empty());
    }
}
