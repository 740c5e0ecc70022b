//! Files of nodes that somebody edited by hand: seen, kept, and answered by the hoster alone.

use crate::automation::desk::{desk, get, post};
use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Mode, Refusal, Role, Scope, StaffRole};
use wabe_audit::ChangeRecord;
use wabe_hosting::edited_file::{self, Answer, EditedFile};
use wabe_hosting::webspace;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{
    Aside, Clock as _, Edited, EditedSetting, Field as _, Hsts, PageRequest, Reading, State, Stray,
};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    what_was_edited_is_found_by_the_scan_and_touched_by_nobody,
    a_change_waits_for_the_answer_and_says_so,
    what_is_put_back_is_what_the_settings_say,
    what_is_left_is_asked_about_again_when_it_is_edited_again,
    what_is_taken_over_goes_by_the_customers_own_rules,
    what_waits_is_not_lost_to_what_is_taken_over,
    what_lies_beside_files_of_ours_is_told_at_the_desk,
    an_answer_is_about_what_was_shown_and_given_once,
    what_was_put_aside_is_not_left_and_holds_nothing_up,
    a_removed_webspace_leaves_no_edited_file,
    only_operators_answer_and_say_why,
    the_desk_shows_it_takes_an_answer_and_every_look_is_the_customers_to_read,
);

/// What somebody wrote; the digit makes it another text.
fn edited(digit: &str, reading: Reading) -> Edited {
    Edited {
        mark: digit.repeat(32).parse().unwrap(),
        difference: "-  a;\n+  b;\n".to_owned(),
        aside: None,
        reading,
    }
}

fn lines() -> Reading {
    Reading::Lines(vec!["+  b;".to_owned()])
}

/// A customer with a webspace that is live.
async fn shop(house: &House) -> (Tenant, String) {
    let tenant = house.tenant("Sonne").await;
    let made = house.run_json(&tenant.owner, "webspace.create", json!({ "name": "shop" }));
    let id = made.await.unwrap().object;
    house.settle().await;
    (tenant, id)
}

/// Lets somebody edit the file of a webspace, and the hour go by.
async fn edit(house: &House, id: &str, edited: Edited) {
    house.node.edit(id.parse().unwrap(), edited);
    house.clock.advance(3_700);
    house.reconciler.scan().await.unwrap();
}

async fn operator(house: &House) -> Actor {
    let purpose = "ticket 17".parse().unwrap();
    let actor = house.staff(StaffRole::Operator).await;
    actor.for_purpose(purpose).in_customer(HOUSE)
}

/// What the desk sees.
async fn seen(house: &House) -> Vec<EditedFile> {
    let operator = operator(house).await;
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &operator).await.unwrap();
    let mut found = Vec::new();
    for listed in edited_file::list(&mut tx, &scope).await.unwrap() {
        let file = edited_file::load(&mut tx, &scope, listed.webspace).await;
        let file = file.unwrap();
        assert_eq!((listed.answer, listed.waits), (file.answer, file.waits));
        assert_eq!(
            (listed.name, listed.found_at),
            (file.name.clone(), file.found_at)
        );
        found.push(file);
    }
    tx.rollback().await.unwrap();
    found
}

async fn answer(house: &House, verb: &str, (id, digit): (&str, &str)) -> Result<Value, Refusal> {
    let operator = operator(house).await;
    let input = json!({ "id": id, "mark": digit.repeat(32) });
    let name = format!("edited_file.{verb}");
    let done = house.run_json(&operator, &name, input).await;
    done.map(|done| done.output)
}

async fn site(house: &House, tenant: &Tenant, id: &str) -> webspace::Webspace {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let id: WebspaceId = id.parse().unwrap();
    let found = webspace::load(&mut tx, &scope, id, &house.facts).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

/// The last thing that the customer's change log says.
async fn told_last(house: &House, tenant: &Tenant) -> ChangeRecord {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let changes = house.recorder.after(&mut tx, tenant.id, 0, 100).await;
    tx.rollback().await.unwrap();
    changes.unwrap().pop().unwrap()
}

async fn what_was_edited_is_found_by_the_scan_and_touched_by_nobody(house: House) {
    let (tenant, id) = shop(&house).await;
    assert!(seen(&house).await.is_empty());
    let steps = house.node.steps().len();
    edit(&house, &id, edited("1", lines())).await;
    let found = seen(&house).await;
    assert_eq!(found.len(), 1);
    let file = &found[0];
    assert_eq!(
        (file.webspace.to_string(), file.customer, file.answer),
        (id.clone(), tenant.id, Answer::Open)
    );
    assert_eq!(file.difference, "-  a;\n+  b;\n");
    assert!(!file.waits && !file.may_be_taken_over() && file.may_be_left());
    // It is live as before, nothing was done to it, and another hour finds nothing new.
    let since = file.found_at;
    edit(&house, &id, edited("1", lines())).await;
    assert_eq!(seen(&house).await[0].found_at, since);
    assert_eq!(house.node.steps().len(), steps);
    assert_eq!(site(&house, &tenant, &id).await.standing.state, State::Live);
}

async fn a_change_waits_for_the_answer_and_says_so(house: House) {
    let (tenant, id) = shop(&house).await;
    edit(&house, &id, edited("1", lines())).await;
    let before = house.node.steps().len();
    let off = json!({ "id": id, "https_redirect": false });
    let set = house.run_json(&tenant.owner, "webspace.set_https_redirect", off);
    set.await.unwrap();
    house.settle().await;
    let standing = site(&house, &tenant, &id).await.standing;
    assert_eq!(standing.state, State::Live);
    assert_eq!(standing.waits_for(), Some("edited-by-hand"));
    assert_eq!(house.node.steps().len(), before);
    assert!(seen(&house).await[0].waits);
    answer(&house, "restore", (&id, "1")).await.unwrap();
    house.settle().await;
    let words = house.node.words();
    assert!(words.ends_with(&["restore-site", "configure-site", "probe-site"]));
    let standing = site(&house, &tenant, &id).await.standing;
    assert_eq!((standing.state, standing.reason), (State::Live, None));
    assert!(seen(&house).await.is_empty());
}

async fn what_is_put_back_is_what_the_settings_say(house: House) {
    let (tenant, id) = shop(&house).await;
    edit(&house, &id, edited("1", lines())).await;
    // A preview says what would be done, and does nothing.
    let operator = operator(&house).await;
    let spec = house.gate.command("edited_file.restore").unwrap();
    let input = json!({ "id": id, "mark": "1".repeat(32) });
    let input = input.as_object().unwrap().clone();
    let shown = (spec.run)(&house.gate, &operator, input, Mode::Preview, None).await;
    assert_eq!(
        shown.unwrap().steps,
        ["restore-site", "configure-site", "probe-site"]
    );
    assert_eq!(seen(&house).await.len(), 1);
    answer(&house, "restore", (&id, "1")).await.unwrap();
    house.settle().await;
    assert!(seen(&house).await.is_empty());
    // The customer reads of it, with the purpose.
    let told = told_last(&house, &tenant).await;
    assert_eq!(told.command, "edited_file.restore");
    assert_eq!(told.purpose.as_deref(), Some("ticket 17"));
    assert_eq!(
        (&told.before["edited_file"], &told.after["edited_file"]),
        (&json!("open"), &json!("restored"))
    );
}

async fn what_is_left_is_asked_about_again_when_it_is_edited_again(house: House) {
    let (tenant, id) = shop(&house).await;
    edit(&house, &id, edited("1", lines())).await;
    answer(&house, "leave", (&id, "1")).await.unwrap();
    edit(&house, &id, edited("1", lines())).await;
    let file = seen(&house).await.remove(0);
    assert_eq!(file.answer, Answer::Left);
    assert!(!file.may_be_left());
    let twice = answer(&house, "leave", (&id, "1")).await.unwrap_err();
    assert!(
        matches!(twice, Refusal::Conflict("edited-left")),
        "{twice:?}"
    );
    // What the customer changes waits as long as the mark stands.
    let set = json!({ "id": id, "hsts": "month" });
    let set = house
        .run_json(&tenant.owner, "webspace.set_hsts", set)
        .await;
    set.unwrap();
    house.settle().await;
    let standing = site(&house, &tenant, &id).await.standing;
    assert_eq!(standing.waits_for(), Some("edited-by-hand"));
    edit(&house, &id, edited("2", lines())).await;
    let file = seen(&house).await.remove(0);
    assert_eq!(
        (file.answer, file.mark.to_string()),
        (Answer::Open, "2".repeat(32))
    );
    // Once it is put back, what waited is done.
    answer(&house, "restore", (&id, "2")).await.unwrap();
    house.settle().await;
    let site = site(&house, &tenant, &id).await;
    assert_eq!((site.hsts, site.standing.reason), (Hsts::Month, None));
}

async fn what_is_taken_over_goes_by_the_customers_own_rules(house: House) {
    let (tenant, id) = shop(&house).await;
    let redirects = wabe_kernel::SiteRedirects::from_text("301 /alt https://a.example/").unwrap();
    let settings = vec![
        EditedSetting::UploadBytes(Some(8 << 20)),
        EditedSetting::Hsts(Hsts::Month),
        EditedSetting::Redirects(redirects.clone()),
    ];
    edit(&house, &id, edited("1", Reading::Settings(settings))).await;
    answer(&house, "take_over", (&id, "1")).await.unwrap();
    house.settle().await;
    let taken = site(&house, &tenant, &id).await;
    assert_eq!(taken.upload_bytes, Some(8 << 20));
    assert_eq!((taken.hsts, taken.redirects), (Hsts::Month, redirects));
    assert!(seen(&house).await.is_empty());
    let told = told_last(&house, &tenant).await;
    assert_eq!(told.command, "edited_file.take_over");
    assert_eq!(told.before["hsts"], "off");
    assert_eq!(told.after["hsts"], "month");
    // More than the plan allows is not taken over, and nothing of it is.
    let beyond = vec![
        EditedSetting::Hsts(Hsts::Years),
        EditedSetting::UploadBytes(Some(1 << 49)),
    ];
    edit(&house, &id, edited("2", Reading::Settings(beyond))).await;
    let refused = answer(&house, "take_over", (&id, "2")).await.unwrap_err();
    assert!(
        matches!(refused, Refusal::Conflict("edited-beyond")),
        "{refused:?}"
    );
    assert_eq!(site(&house, &tenant, &id).await.hsts, Hsts::Month);
    // What no setting says is not guessed.
    edit(&house, &id, edited("3", lines())).await;
    let refused = answer(&house, "take_over", (&id, "3")).await.unwrap_err();
    assert!(
        matches!(refused, Refusal::Conflict("edited-lines")),
        "{refused:?}"
    );
}

async fn what_waits_is_not_lost_to_what_is_taken_over(house: House) {
    let (tenant, id) = shop(&house).await;
    let redirects = |text: &str| wabe_kernel::SiteRedirects::from_text(text).unwrap();
    let by_hand = redirects("301 /alt https://a.example/");
    let reading = Reading::Settings(vec![EditedSetting::Redirects(by_hand.clone())]);
    edit(&house, &id, edited("1", reading)).await;
    assert!(seen(&house).await[0].may_be_taken_over());
    let own = "301 /neu https://b.example/";
    let set = json!({ "id": id, "redirects": [own] });
    let set = house.run_json(&tenant.owner, "webspace.set_redirects", set);
    let set = set.await.unwrap();
    // On its way, and while it waits.
    for waits in [false, true] {
        let file = seen(&house).await.remove(0);
        assert_eq!((file.waits, file.may_be_taken_over()), (waits, false));
        let refused = answer(&house, "take_over", (&id, "1")).await.unwrap_err();
        assert!(
            matches!(refused, Refusal::Conflict("edited-waits")),
            "{refused:?}"
        );
        house.settle().await;
    }
    let wanted = site(&house, &tenant, &id).await.redirects;
    assert_eq!(wanted, redirects(own));
    // Once the customer took it back, nothing is lost.
    let undone = house
        .gate
        .undo(&tenant.owner, set.change, Mode::Commit)
        .await;
    undone.unwrap();
    house.settle().await;
    answer(&house, "take_over", (&id, "1")).await.unwrap();
    house.settle().await;
    assert_eq!(site(&house, &tenant, &id).await.redirects, by_hand);
}

/// Writes down what a node found beside files of ours; answers how much of it is new.
async fn note(house: &House, seen: &[(&str, bool)]) -> usize {
    let stray = |(path, is_read): &(&str, bool)| Stray {
        path: (*path).to_owned(),
        is_read: *is_read,
    };
    let seen: Vec<Stray> = seen.iter().map(stray).collect();
    let mut tx = house.db.store.write().await.unwrap();
    let now = house.clock.now();
    let new = edited_file::note_strays(&mut tx, &seen, now).await.unwrap();
    tx.commit().await.unwrap();
    new.len()
}

async fn what_lies_beside_files_of_ours_is_told_at_the_desk(house: House) {
    const LIST: &str = "/staff/edited-files";
    const PATH: &str = "nginx/sites/x.conf";
    assert_eq!(note(&house, &[(PATH, false)]).await, 1);
    assert_eq!(note(&house, &[(PATH, false)]).await, 0);
    let desk = desk(&house).await;
    let shown = get(&desk, "operator", LIST).await.page;
    assert!(shown.contains(PATH), "{shown}");
    assert!(!shown.contains("is-warn"), "{shown}");
    assert_eq!(note(&house, &[(PATH, true)]).await, 1);
    let shown = get(&desk, "operator", LIST).await.page;
    assert!(shown.contains(PATH) && shown.contains("is-warn"), "{shown}");
    assert_eq!(note(&house, &[]).await, 0);
    let shown = get(&desk, "operator", LIST).await.page;
    assert!(!shown.contains(PATH), "{shown}");
}

async fn an_answer_is_about_what_was_shown_and_given_once(house: House) {
    let (_, id) = shop(&house).await;
    let missing = answer(&house, "restore", (&id, "1")).await.unwrap_err();
    assert!(matches!(missing, Refusal::NotFound), "{missing:?}");
    edit(&house, &id, edited("2", lines())).await;
    let other = answer(&house, "restore", (&id, "1")).await.unwrap_err();
    assert!(
        matches!(other, Refusal::Conflict("edited-since")),
        "{other:?}"
    );
    answer(&house, "restore", (&id, "2")).await.unwrap();
    let twice = answer(&house, "restore", (&id, "2")).await.unwrap_err();
    assert!(
        matches!(twice, Refusal::Conflict("edited-released")),
        "{twice:?}"
    );
    // A node that could not do it yet is asked again.
    house.node.fail("restore-site", "edited-again");
    house.settle().await;
    assert_eq!(seen(&house).await[0].answer, Answer::Released);
    house.clock.advance(3_700);
    house.settle().await;
    assert!(seen(&house).await.is_empty());
}

async fn what_was_put_aside_is_not_left_and_holds_nothing_up(house: House) {
    let (tenant, id) = shop(&house).await;
    let aside = Edited {
        aside: Some(Aside::Refused),
        ..edited("1", lines())
    };
    edit(&house, &id, aside).await;
    let left = answer(&house, "leave", (&id, "1")).await.unwrap_err();
    assert!(
        matches!(left, Refusal::Conflict("edited-aside")),
        "{left:?}"
    );
    let off = json!({ "id": id, "https_redirect": false });
    let set = house.run_json(&tenant.owner, "webspace.set_https_redirect", off);
    set.await.unwrap();
    house.settle().await;
    let standing = site(&house, &tenant, &id).await.standing;
    assert_eq!((standing.state, standing.reason), (State::Live, None));
    answer(&house, "restore", (&id, "1")).await.unwrap();
    house.settle().await;
    assert!(seen(&house).await.is_empty());
}

async fn a_removed_webspace_leaves_no_edited_file(house: House) {
    let (tenant, id) = shop(&house).await;
    edit(&house, &id, edited("1", lines())).await;
    answer(&house, "leave", (&id, "1")).await.unwrap();
    let gone = json!({ "id": id });
    let gone = house.run_json(&tenant.owner, "webspace.delete", gone).await;
    gone.unwrap();
    house.settle().await;
    assert!(house.node.words().ends_with(&["hide-site"]));
    house.clock.set(house.clock.now().plus_days(15));
    house.reconciler.empty_trash().await.unwrap();
    house.settle().await;
    assert!(
        house
            .node
            .words()
            .ends_with(&["remove-site", "remove-folder"])
    );
    assert!(seen(&house).await.is_empty());
}

async fn only_operators_answer_and_say_why(house: House) {
    let (tenant, id) = shop(&house).await;
    edit(&house, &id, edited("1", lines())).await;
    let input = json!({ "id": id, "mark": "1".repeat(32) });
    let silent = house.staff(StaffRole::Operator).await.in_customer(HOUSE);
    let support = house.staff(StaffRole::Support).await;
    let support = support.for_purpose("why not".parse().unwrap());
    let member = house.member(tenant.id, Role::Administrator).await;
    for verb in ["restore", "leave", "take_over"] {
        let name = format!("edited_file.{verb}");
        let refused = house.run_json(&silent, &name, input.clone()).await;
        assert!(matches!(refused, Err(Refusal::PurposeMissing)), "{verb}");
        for actor in [&support.clone().in_customer(HOUSE), &tenant.owner, &member] {
            let refused = house.run_json(actor, &name, input.clone()).await;
            assert!(matches!(refused, Err(Refusal::Forbidden)), "{verb}");
        }
    }
    assert_eq!(seen(&house).await[0].answer, Answer::Open);
}

async fn the_desk_shows_it_takes_an_answer_and_every_look_is_the_customers_to_read(house: House) {
    const ANSWER: &str = "/staff/edited-files/answer";
    let (tenant, id) = shop(&house).await;
    edit(&house, &id, edited("1", lines())).await;
    let desk = desk(&house).await;
    let (list, form) = ("/staff/edited-files", format!("{ANSWER}?webspace={id}"));
    for path in [list, form.as_str()] {
        assert_eq!(get(&desk, "support", path).await.status, 403, "{path}");
    }
    let shown = get(&desk, "operator", list).await;
    assert!(
        shown.status == 200 && shown.page.contains(&form),
        "{}",
        shown.page
    );
    let shown = get(&desk, "operator", &form).await.page;
    assert!(
        shown.contains("-  a;") && shown.contains("+  b;"),
        "{shown}"
    );
    // What no setting says is not offered as one.
    assert!(shown.contains("value=\"leave\"") && !shown.contains("value=\"take-over\""));
    let mut tx = house.db.store.read().await.unwrap();
    let first = PageRequest::first(10);
    let looks = house.streams.list_access(&mut tx, tenant.id, &first);
    let looks = looks.await.unwrap().items;
    tx.rollback().await.unwrap();
    let looks = looks.iter().filter(|look| look.area == "node.file");
    let looked_at: Vec<_> = looks.map(|look| look.object_id.as_deref()).collect();
    assert_eq!(looked_at, [Some(id.as_str())]);
    let (shown, other) = ("1".repeat(32), "2".repeat(32));
    for (mark, purpose, status) in [
        (&shown, "", 422),
        (&other, "ticket 17", 409),
        (&shown, "ticket 17", 303),
    ] {
        let fields = [
            ("webspace", id.as_str()),
            ("mark", mark.as_str()),
            ("act", "restore"),
            ("purpose", purpose),
        ];
        let said = post(&desk, "operator", ANSWER, &fields).await;
        assert_eq!(said.status, status, "{}", said.page);
    }
    house.settle().await;
    assert!(seen(&house).await.is_empty());
    let shown = get(&desk, "operator", list).await.page;
    assert!(!shown.contains(&form), "{shown}");
}
