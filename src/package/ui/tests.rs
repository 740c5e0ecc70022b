use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn hosts() -> Vec<String> {
    vec!["www.example.org".to_owned()]
}

fn read(nodes: &Value) -> Result<Page, Vec<Flaw>> {
    Page::read(&json!({"v": 1, "nodes": nodes}).to_string(), &hosts())
}

fn codes(nodes: &Value) -> Vec<(&'static str, String)> {
    read(nodes)
        .unwrap_err()
        .into_iter()
        .map(|f| (f.defect.code(), f.key))
        .collect()
}

fn everything() -> Value {
    json!([
        {"kind": "heading", "text": "Domains", "level": 3},
        {"kind": "text", "text": "One\nTwo"},
        {"kind": "fields", "items": [{"label": "Name", "value": "a"}, {"label": "State", "value": {"kind": "badge", "text": "live", "tone": "good"}}]},
        {"kind": "table", "caption": "All", "columns": ["A", "B"], "rows": [["1", {"kind": "link", "text": "x", "href": "/domains"}]]},
        {"kind": "callout", "tone": "warning", "title": "Look", "nodes": [{"kind": "text", "text": "here"}]},
        {"kind": "button", "text": "Save", "name": "act", "value": "save", "primary": true},
        {"kind": "text-field", "name": "host", "label": "Host", "value": "a", "max_length": 20},
        {"kind": "number-field", "name": "count", "label": "Count", "value": 3, "min": 0, "max": 9, "step": 1},
        {"kind": "select", "name": "which", "label": "Which", "value": "a", "options": [{"value": "a", "label": "A"}]},
        {"kind": "checkbox", "name": "yes", "label": "Yes", "checked": true},
        {"kind": "textarea", "name": "long", "label": "Long", "required": true},
        {"kind": "link", "text": "More", "href": "https://www.example.org/more?x=1#y"},
        {"kind": "code", "text": "a\n  b"},
        {"kind": "progress", "label": "Used", "value": 3, "max": 10},
        {"kind": "chart-spark", "label": "Visits", "values": [1, 2.5, 3]},
        {"kind": "empty-state", "title": "Nothing yet", "text": "Start", "nodes": []},
        {"kind": "hologram", "text": "from the future"},
    ])
}

#[test]
fn every_kind_is_read_and_written_again() {
    let page = read(&everything()).unwrap();
    assert_eq!(page.nodes.len(), KINDS.len());
    assert_eq!(
        page.nodes[16],
        Node::Unsupported {
            name: "hologram".to_owned()
        }
    );
    assert_eq!(page.fields().len(), 5);
    let written = serde_json::to_value(Page::of(page.nodes[..16].to_vec())).unwrap();
    let kinds: Vec<_> = written["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["kind"].as_str().unwrap())
        .collect();
    assert!(
        KINDS
            .iter()
            .all(|kind| *kind == "badge" || kinds.contains(kind))
    );
    assert_eq!(
        Page::read(&written.to_string(), &hosts()).unwrap().nodes,
        page.nodes[..16]
    );
}

#[test]
fn text_is_plain() {
    let page =
        read(&json!([{"kind": "text", "text": "a\u{1b}]0;x\u{7}\r\n\u{202e}b\tc", "html": "<b>"}]))
            .unwrap();
    assert_eq!(
        page.nodes,
        [Node::Text {
            text: "a]0;x\nb c".to_owned()
        }]
    );
}

#[test]
fn links_lead_to_the_portal_or_to_declared_hosts() {
    let link = |href: &str| read(&json!([{"kind": "link", "text": "x", "href": href}])).is_ok();
    for good in [
        "/",
        "/domains?q=a",
        "https://www.example.org",
        "https://www.example.org:443/x",
    ] {
        assert!(link(good), "{good}");
    }
    for bad in [
        "",
        "domains",
        "//evil.example",
        "/\\evil.example",
        "/a/../..",
        "/a//b",
        "/%2fevil",
        "/%2E%2e/x",
        "http://www.example.org",
        "https://evil.example",
        "https://www.example.org@evil.example",
        "https://www.example.org.evil.example",
        "https://www.example.org:8443",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:/www.example.org",
        "/a b",
        "/a\"b",
        "HTTPS://www.example.org",
        " /a",
    ] {
        assert!(!link(bad), "{bad}");
    }
    assert_eq!(
        codes(&json!([{"kind": "link", "text": "x", "href": "ftp://x"}])),
        [("bad-link", "nodes[0].href".to_owned())]
    );
}

#[test]
fn what_does_not_fit_is_named_by_its_path() {
    let nodes = json!([
        {"kind": "text"},
        {"kind": "callout", "nodes": [{"kind": "text", "text": 7}]},
        {"kind": "text-field", "name": "Bad Name", "label": ""},
        {"kind": "table", "columns": ["A"], "rows": [["1", "2"]]},
        {"kind": "progress", "label": "x", "value": 11, "max": 10},
        {"kind": "table", "columns": ["A"], "rows": [[{"kind": "table"}]]},
        "text",
    ]);
    let expected = [
        ("missing", "nodes[0].text"),
        ("wrong-type", "nodes[1].nodes[0].text"),
        ("bad-name", "nodes[2].name"),
        ("empty", "nodes[2].label"),
        ("bad-number", "nodes[3].rows[0]"),
        ("bad-number", "nodes[4].value"),
        ("not-a-choice", "nodes[5].rows[0][0].kind"),
        ("wrong-type", "nodes[6]"),
    ];
    assert_eq!(
        codes(&nodes),
        expected.map(|(code, key)| (code, key.to_owned()))
    );
    let version = Page::read("{\"nodes\":[]}", &[]).unwrap_err();
    assert_eq!(version[0].defect.code(), "missing");
    assert_eq!(
        Page::read("<p>", &[]).unwrap_err()[0].defect.code(),
        "not-json"
    );
}

#[test]
fn pages_stay_small() {
    let many = vec![json!({"kind": "text", "text": "x"}); NODES_MAX + 1];
    assert_eq!(codes(&json!(many))[0].0, "too-many");
    assert!(read(&json!(many[..NODES_MAX])).is_ok());
    let cells = vec![vec![json!({"kind": "badge", "text": "x"}); 10]; 21];
    let table = json!([{"kind": "table", "columns": vec!["A"; 10], "rows": cells}]);
    assert_eq!(codes(&table)[0].0, "too-many");
    let nested = |depth: usize| {
        (1..depth).fold(
            json!([{"kind": "text", "text": "x"}]),
            |inner, _| json!([{"kind": "callout", "nodes": inner}]),
        )
    };
    assert!(read(&nested(DEPTH_MAX)).is_ok());
    assert_eq!(codes(&nested(DEPTH_MAX + 1))[0].0, "too-deep");
    let long = json!([{"kind": "text", "text": "x".repeat(BYTES_MAX)}]);
    assert_eq!(codes(&long)[0].0, "too-long");
}

#[test]
fn a_page_as_text_says_everything_but_what_is_pressed_or_filled_in() {
    let page = json!([
        { "kind": "heading", "text": "Addresses", "level": 2 },
        { "kind": "fields", "items": [
            { "label": "State", "value": { "kind": "badge", "text": "fine", "tone": "good" } },
            { "label": "Host", "value": "a.test" } ] },
        { "kind": "table", "caption": "c", "columns": ["Who", "What"], "rows": [["a", "b"]] },
        { "kind": "callout", "tone": "bad", "title": "Full", "nodes": [
            { "kind": "text", "text": "Give it room." },
            { "kind": "button", "text": "Go", "name": "act", "value": "go" } ] },
        { "kind": "progress", "label": "Used", "value": 3, "max": 4 },
        { "kind": "link", "text": "More", "href": "https://www.example.org/x" },
        { "kind": "text-field", "name": "host", "label": "Host" },
        { "kind": "hologram" },
    ]);
    let blocks = [
        "Addresses",
        "State: fine\nHost: a.test",
        "Who | What\na | b",
        "Full\nGive it room.",
        "Used: 75\u{a0}%",
        "More (https://www.example.org/x)",
    ];
    assert_eq!(read(&page).unwrap().plain(), blocks.join("\n\n"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![proptest::sample::select(vec![
        "kind", "text", "label", "name", "nodes", "items", "rows", "columns", "value", "href",
        "options", "values", "v"
    ]),];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        proptest::sample::select(KINDS.to_vec()).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(key.clone(), inner, 0..6).prop_map(|map| map
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v))
                .collect::<Value>()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_a_page_or_refused(nodes in proptest::collection::vec(any_json(), 0..6)) {
        if let Ok(page) = read(&json!(nodes)) {
            let known = page.nodes.iter().all(|node| !matches!(node, Node::Unsupported { .. }));
            let text = serde_json::to_string(&page).unwrap();
            let escape = text.contains('\u{1b}');
            prop_assert!(!escape);
            if known {
                prop_assert_eq!(Page::read(&text, &hosts()).unwrap(), page);
            }
        }
    }
}
