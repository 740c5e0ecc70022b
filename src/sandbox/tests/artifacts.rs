//! Only what the panel sealed is loaded, and only unchanged.

use crate::guests::handler;
use crate::{Folder, KEY, Panel, order};
use wabe_package::seal::seal;
use wabe_package::wire::Ending;

#[test]
fn what_was_tampered_with_is_refused_and_the_others_still_run() {
    let folder = Folder::new();
    let healthy = folder.add(&handler("", ""));
    let other = folder.add(&handler("", "(drop (i32.const 1))"));
    let artifact = std::fs::read(folder.path().join(format!("{healthy}.cwasm"))).unwrap();
    let right = seal(KEY, &healthy, &artifact);
    let renamed = healthy.replace(|letter: char| letter.is_ascii_digit(), "a");
    let (_, word) = healthy.split_once('-').unwrap();
    let named = |digit: char| format!("{}-{word}", digit.to_string().repeat(64));

    let mut flipped = artifact.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    folder.put(&named('1'), &flipped, &seal(KEY, &named('1'), &artifact));
    folder.put(
        &named('2'),
        &artifact,
        &seal(b"another key", &named('2'), &artifact),
    );
    folder.put(&named('3'), &artifact, &right);
    folder.put(&named('4'), &artifact, b"");
    folder.put(
        &named('5'),
        &artifact[..100],
        &seal(KEY, &named('5'), &artifact[..100]),
    );
    std::fs::write(
        folder.path().join(format!("{}.cwasm", named('6'))),
        &artifact,
    )
    .unwrap();
    let module = b"\0asm\x01\0\0\0";
    folder.put(&named('7'), module, &seal(KEY, &named('7'), module));

    let mut panel = Panel::start(&folder, 4);
    let mut wrong: Vec<String> = "12345678".chars().map(named).collect();
    wrong.extend([
        renamed,
        "../secret".to_owned(),
        format!("{}-0123456789abcdef", "1".repeat(64)),
        String::new(),
    ]);
    for (run, name) in (1..).zip(&wrong) {
        panel.run(order(run, name, "ins_a"));
        let ending = panel.end(run);
        assert!(
            matches!(ending, Ending::Artifact { .. }),
            "{name} {ending:?}"
        );
    }
    for (run, name) in (100..).zip([healthy, other]) {
        panel.run(order(run, &name, "ins_a"));
        assert!(matches!(panel.end(run), Ending::Done { .. }));
    }
}

#[test]
fn an_artifact_that_is_compiled_again_runs_without_a_restart() {
    let folder = Folder::new();
    let component = handler("", "");
    let name = folder.add(&component);
    let path = folder.path().join(format!("{name}.seal"));
    std::fs::remove_file(&path).unwrap();
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(1, &name, "ins_a"));
    assert!(matches!(panel.end(1), Ending::Artifact { .. }));
    folder.add(&component);
    panel.run(order(2, &name, "ins_a"));
    assert!(matches!(panel.end(2), Ending::Done { .. }));
}

#[test]
fn what_lies_outside_of_the_folder_is_out_of_reach() {
    let (folder, outside) = (Folder::new(), Folder::new());
    let name = outside.add(&handler("", ""));
    for ending in ["cwasm", "seal"] {
        let file = format!("{name}.{ending}");
        std::os::unix::fs::symlink(outside.path().join(&file), folder.path().join(&file)).unwrap();
    }
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(1, &name, "ins_a"));
    let ending = panel.end(1);
    panel.socket.shutdown(std::net::Shutdown::Both).unwrap();
    let (_, words) = panel.exit();
    // A kernel that cannot keep it away is told about.
    let denied = matches!(&ending, Ending::Artifact { message } if message.contains("denied"));
    assert!(denied || words.contains("Landlock"), "{ending:?} {words}");
}
