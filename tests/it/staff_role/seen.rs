//! Two people in their browsers: one asks for a role, the other gives it; a review and its table.

use crate::browser::Browser;
use crate::client::Answer;
use crate::process::Panel;

/// The id behind the first link of a page that begins like this.
fn linked(page: &str, begin: &str) -> String {
    let (_, rest) = page.split_once(&format!("href=\"{begin}")).unwrap();
    rest.split(['"', '/', '?']).next().unwrap().to_owned()
}

/// Sends a form of the desk.
async fn sent(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.token("/staff").await;
    let mut all = fields.to_vec();
    all.push(("csrf", &token));
    browser.post(path, &all).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_and_a_review_as_two_people_see_them() {
    let panel = Panel::demo();
    let boss = panel.account("management");
    let boss = Browser::logged_in(&panel, (&boss.0, &boss.1)).await;
    let operator = panel.account("operator");
    let operator = Browser::logged_in(&panel, (&operator.0, &operator.1)).await;
    assert_eq!(operator.get("/staff/people/new").await.status, 403);
    let typed = [
        ("name", "Neu & Neu"),
        ("email", "neu@hoster.example"),
        ("roles", "support"),
        ("purpose", "Vertretung <im> Team"),
    ];
    let answer = sent(&boss, "/staff/people", &typed).await;
    assert_eq!(answer.header("location"), "/staff/people?done=asked");
    let again = sent(&boss, "/staff/people", &typed).await;
    assert_eq!(again.status, 422);
    assert!(
        again.text().contains("Vertretung &#60;im&#62; Team"),
        "what was typed is lost"
    );
    let list = operator.get("/staff/people").await.text();
    let page = format!(
        "/staff/people/requests/{}",
        linked(&list, "/staff/people/requests/")
    );
    let grant = [
        ("act", "grant"),
        ("purpose", "x"),
        ("setup_by_mail", "true"),
    ];
    let own = sent(&boss, &page, &grant).await;
    assert_eq!(own.status, 403);
    let given = [
        ("act", "grant"),
        ("purpose", "Passt"),
        ("setup_by_mail", "false"),
    ];
    let given = sent(&operator, &page, &given).await;
    assert_eq!(given.status, 200, "{}", given.text());
    assert_eq!(operator.get(&page).await.status, 404);
    let begin = [("purpose", "Neue Leitung")];
    assert_eq!(
        sent(&operator, "/staff/access-reviews", &begin)
            .await
            .status,
        403
    );
    let opened = sent(&boss, "/staff/access-reviews", &begin).await;
    let page = opened.header("location").to_owned();
    assert!(page.starts_with("/staff/access-reviews/arv_"), "{page}");
    let twice = sent(&boss, "/staff/access-reviews", &begin).await;
    assert_eq!(twice.status, 409);
    let confirm = [("act", "confirm"), ("purpose", "x")];
    assert_eq!(sent(&operator, &page, &confirm).await.status, 403);
    let none = sent(&boss, &page, &confirm).await;
    assert_eq!(none.status, 422);
    let table = boss.get(&format!("{page}/rights.csv")).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert!(table.text().contains("mira@hoster.example,role,support"));
}
