//! The text editor of the file manager: large texts, somebody else's changes, and nothing typed lost.

use crate::browser::{Browser, csrf_of};
use crate::client::{Answer, Api, text};
use crate::process::{Panel, shared, unique};
use serde_json::json;
use std::fmt::Write as _;

/// The largest text that is edited.
const MAX: usize = 1024 * 1024;

/// Somebody at the editor of one file.
struct Editor {
    browser: Browser,
    api: Api,
    webspace: String,
}

impl Editor {
    async fn new(panel: &Panel) -> Self {
        let (email, password) = panel.account("owner");
        let api = panel.api(&panel.token(&email, &[]));
        let asked = json!({ "name": format!("edit{}", unique()), "quota_bytes": 20_000_000 });
        let made = api.live("/webspaces", asked).await;
        Self {
            browser: Browser::logged_in(panel, (&email, &password)).await,
            api,
            webspace: format!("/webspaces/{}", text(&made, "id")),
        }
    }

    async fn put(&self, name: &str, content: &[u8]) {
        let path = format!("{}/files/{name}", self.webspace);
        let put = self.api.put(&path, content).await;
        assert!(matches!(put.status, 200 | 201), "{}", put.text());
    }

    async fn content(&self, name: &str) -> Vec<u8> {
        let path = format!("{}/files/{name}", self.webspace);
        self.api.get(&path).await.body
    }

    fn path(&self, name: &str) -> String {
        format!("{}/files/edit?path={name}", self.webspace)
    }

    async fn open(&self, name: &str) -> String {
        let page = self.browser.get(&self.path(name)).await;
        assert_eq!(page.status, 200);
        page.text()
    }

    /// Sends the form of `page` with another text, as a browser does.
    async fn save(&self, name: &str, page: &str, typed: &str) -> Answer {
        let typed = typed.replace('\n', "\r\n");
        let mut body = String::new();
        let csrf = csrf_of(page).unwrap();
        let mut fields = vec![
            ("csrf", csrf.as_str()),
            ("mark", hidden(page, "mark").unwrap()),
        ];
        fields.extend(hidden(page, "crlf").map(|crlf| ("crlf", crlf)));
        fields.push(("text", typed.as_str()));
        for (field, value) in fields {
            let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"");
            write!(body, "{head}\r\n\r\n{value}\r\n").unwrap();
        }
        body.push_str("--edge--\r\n");
        let request = self.browser.request("POST", &self.path(name));
        let kind = "multipart/form-data; boundary=edge";
        self.browser
            .send(request.header("content-type", kind).body(body))
            .await
    }
}

fn hidden<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    rest.split('"').next()
}

fn typed(page: &str) -> &str {
    let (_, rest) = page.split_once("<textarea").unwrap();
    let (_, rest) = rest.split_once(">\n").unwrap();
    rest.split("</textarea>").next().unwrap()
}

/// A text of exactly so many bytes, in short lines.
fn long(bytes: usize) -> String {
    let line = "ein Absatz mit Umlauten: äöü und ß\n";
    let mut text = line.repeat(bytes / line.len());
    text.push_str(&"x".repeat(bytes - text.len()));
    text
}

#[tokio::test]
async fn a_mebibyte_of_text_is_edited_and_its_line_ends_stay() {
    let panel = shared();
    let editor = Editor::new(&panel).await;
    let before = long(MAX);
    editor.put("lang.txt", before.as_bytes()).await;
    let page = editor.open("lang.txt").await;
    assert!(typed(&page) == before, "the editor shows another text");
    // Every line of it changed, and as large as it may be.
    let after = "\n".repeat(MAX);
    let saved = editor.save("lang.txt", &page, &after).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert!(editor.content("lang.txt").await == after.as_bytes());
    editor.put("dos.txt", b"eins\r\nzwei\r\n").await;
    let page = editor.open("dos.txt").await;
    assert_eq!(
        editor.save("dos.txt", &page, "eins\ndrei\n").await.status,
        303
    );
    assert_eq!(editor.content("dos.txt").await, b"eins\r\ndrei\r\n");
}

#[tokio::test]
async fn somebody_elses_change_is_never_overwritten_unseen() {
    let panel = shared();
    let editor = Editor::new(&panel).await;
    editor.put("index.html", b"one").await;
    let page = editor.open("index.html").await;
    editor.put("index.html", b"two, by somebody else").await;
    let refused = editor.save("index.html", &page, "<b>mine</b>").await;
    assert_eq!(refused.status, 422);
    assert_eq!(editor.content("index.html").await, b"two, by somebody else");
    let again = refused.text();
    assert_eq!(typed(&again), "&#60;b&#62;mine&#60;/b&#62;");
    assert!(
        again.contains("/files/download?path=index"),
        "no way to the other version"
    );
    // The old form stays refused; the page that told of the change may overwrite what it told of.
    assert_eq!(editor.save("index.html", &page, "mine").await.status, 422);
    assert_eq!(editor.save("index.html", &again, "mine").await.status, 303);
    assert_eq!(editor.content("index.html").await, b"mine");
    // Writing the same bytes again is no change.
    let page = editor.open("index.html").await;
    editor.put("index.html", b"mine").await;
    assert_eq!(editor.save("index.html", &page, "yours").await.status, 303);
}

#[tokio::test]
async fn a_file_that_went_is_made_again_only_when_nothing_came() {
    let panel = shared();
    let editor = Editor::new(&panel).await;
    editor.put("a.txt", b"one").await;
    let page = editor.open("a.txt").await;
    let file = format!("{}/files/a.txt", editor.webspace);
    editor.api.bare("DELETE", &file).await.expect(204);
    let gone = editor.save("a.txt", &page, "typed for an hour").await;
    assert_eq!(
        (gone.status, typed(&gone.text())),
        (422, "typed for an hour")
    );
    editor.put("a.txt", b"came meanwhile").await;
    let came = editor
        .save("a.txt", &gone.text(), "typed for an hour")
        .await;
    assert_eq!(
        (came.status, typed(&came.text())),
        (422, "typed for an hour")
    );
    assert_eq!(editor.content("a.txt").await, b"came meanwhile");
    let saved = editor
        .save("a.txt", &came.text(), "typed for an hour")
        .await;
    assert_eq!(saved.status, 303);
}

#[tokio::test]
async fn what_is_too_large_says_so_and_stays_in_the_page() {
    let panel = shared();
    let editor = Editor::new(&panel).await;
    editor.put("groß.txt", long(MAX + 1).as_bytes()).await;
    let page = editor.open("gro%C3%9F.txt").await;
    assert!(!page.contains("<textarea"));
    assert!(page.contains("1,0\u{a0}MB") && page.contains("/files/download?path=gro"));
    editor.put("b.txt", b"small").await;
    let page = editor.open("b.txt").await;
    let pasted = long(MAX + 1);
    let refused = editor.save("b.txt", &page, &pasted).await;
    assert_eq!(refused.status, 422);
    assert!(typed(&refused.text()) == pasted, "what was pasted is lost");
    assert_eq!(editor.content("b.txt").await, b"small");
    // A text beyond reason ends before it fills the memory.
    let absurd = editor.save("b.txt", &page, &long(5 * MAX)).await;
    assert_eq!(absurd.status, 413);
    assert_eq!(editor.content("b.txt").await, b"small");
}

#[tokio::test]
async fn half_a_form_empties_no_file() {
    let panel = shared();
    let editor = Editor::new(&panel).await;
    editor.put("c.txt", b"all of it").await;
    let page = editor.open("c.txt").await;
    let (csrf, mark) = (csrf_of(&page).unwrap(), hidden(&page, "mark").unwrap());
    let part = |name: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    for parts in [
        part("csrf", &csrf) + &part("mark", mark) + "--edge--\r\n",
        part("csrf", &csrf) + &part("text", "short") + "--edge--\r\n",
        part("csrf", &csrf) + &part("mark", "no mark") + &part("text", "short") + "--edge--\r\n",
        part("csrf", &csrf) + &part("mark", mark) + &part("text", "short"),
        part("mark", mark) + &part("text", "no token") + "--edge--\r\n",
    ] {
        let request = editor.browser.request("POST", &editor.path("c.txt"));
        let request = request.header("content-type", "multipart/form-data; boundary=edge");
        let answer = editor.browser.send(request.body(parts)).await;
        assert!(matches!(answer.status, 403 | 422), "{}", answer.status);
        assert_eq!(editor.content("c.txt").await, b"all of it");
    }
}
