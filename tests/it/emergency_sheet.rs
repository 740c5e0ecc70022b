//! The telephone PIN and the emergency sheet as pages: what they ask for, what they show, and that no
//! secret ever comes back.

use crate::browser::Browser;
use crate::process::Panel;

const PIN: &str = "407592";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_is_recognised_by_what_they_set_and_the_sheet_holds_no_secret() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let owner = Browser::logged_in(&panel, (&email, &password)).await;
    let sheet = owner.get("/account/emergency-sheet").await;
    assert_eq!(sheet.status, 200);
    for part in [
        "K1",
        &email,
        "/access-help",
        "Kein zweiter Faktor eingerichtet",
    ] {
        assert!(sheet.text().contains(part), "{part}: {}", sheet.text());
    }
    let token = owner.token("/account/phone-pin").await;
    let set = async |pin: &str| {
        let fields = [("csrf", token.as_str()), ("pin", pin)];
        owner.post("/account/phone-pin", &fields).await
    };
    for wrong in ["", "111111", "12345"] {
        let answer = set(wrong).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(!answer.text().contains("value=\"111111\""));
    }
    let done = set(PIN).await;
    assert_eq!(done.header("location"), "/account/phone-pin?done=1");
    let sheet = owner.get("/account/emergency-sheet").await.text();
    assert!(sheet.contains("Nennen Sie Ihre Telefon-PIN") && !sheet.contains(PIN));
    assert!(!owner.get("/account/phone-pin").await.text().contains(PIN));
    // A ticket of theirs, and the desk.
    let token = owner.token("/tickets/new").await;
    let fields = [
        ("csrf", token.as_str()),
        ("subject", "Anruf"),
        ("body", "Bitte helfen."),
    ];
    let asked = owner.post("/tickets", &fields).await;
    let (_, id) = asked.header("location").split_once("tkt_").unwrap();
    let id: String = id.chars().take_while(char::is_ascii_alphanumeric).collect();
    let page = format!("/staff/tickets/tkt_{id}");
    let (email, password) = panel.account("support");
    let desk = Browser::logged_in(&panel, (&email, &password)).await;
    let shown = desk.get(&page).await.text();
    let (_, rest) = shown.split_once("name=\"user\"").unwrap();
    let (_, user) = rest.split_once("value=\"usr_").unwrap();
    let user: String = user
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let user = format!("usr_{user}");
    let token = desk.token(&page).await;
    for (pin, status) in [("000000", 409), (PIN, 303)] {
        let fields = [("csrf", token.as_str()), ("user", &user), ("pin", pin)];
        let answer = desk.post(&format!("{page}/caller"), &fields).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(!answer.text().contains(&format!("value=\"{pin}\"")));
    }
    let shown = desk.get(&page).await.text();
    assert!(shown.contains("mit der Telefon-PIN ausgewiesen"), "{shown}");
    // Whoever works here has their own page.
    let away = desk.get("/account/emergency-sheet").await;
    assert_eq!(away.header("location"), "/staff/account");
}
