//! The catalogue of pages: one example of each kind, from which everything else is found out.

use super::table;
use serde_json::{Map, Value, json};
use wabe_package::Page;
use wabe_package::ui::{BYTES_MAX, DEPTH_MAX, KINDS, NODES_MAX, Node};

/// What each is for, and an example with all fields that it can have.
const EXAMPLES: [(&str, &str); 17] = [
    (
        "a heading below the page's own; 2 or 3",
        r#"{"kind":"heading","text":"Routers","level":2}"#,
    ),
    (
        "a paragraph; line breaks are kept",
        r#"{"kind":"text","text":"Two routers report."}"#,
    ),
    (
        "names with their values",
        r#"{"kind":"fields","items":[{"label":"Address","value":"192.0.2.1"}]}"#,
    ),
    (
        "a table; a cell is a text, a number or a node that fits into a line",
        r#"{"kind":"table","caption":"Routers","columns":["Name","State"],
            "rows":[["home",{"kind":"badge","text":"fresh","tone":"good"}]]}"#,
    ),
    (
        "a word with a colour",
        r#"{"kind":"badge","text":"fresh","tone":"good"}"#,
    ),
    (
        "something that stands out",
        r#"{"kind":"callout","tone":"warning","title":"Quiet for a day",
            "nodes":[{"kind":"text","text":"Is it switched on?"}]}"#,
    ),
    (
        "sends the page's fields, and its own name with its value",
        r#"{"kind":"button","text":"Forget","name":"forget","value":"home","primary":false}"#,
    ),
    (
        "a line to type",
        r#"{"kind":"text-field","name":"host","label":"Host","hint":"","error":"","required":true,
            "value":"home","max_length":40}"#,
    ),
    (
        "a number to type",
        r#"{"kind":"number-field","name":"minutes","label":"Minutes","hint":"","error":"","required":true,
            "value":5,"min":1,"max":60,"step":1}"#,
    ),
    (
        "a choice",
        r#"{"kind":"select","name":"host","label":"Host","hint":"","error":"","required":true,
            "value":"a","options":[{"value":"a","label":"First"}]}"#,
    ),
    (
        "yes or no; sends `true`, or nothing",
        r#"{"kind":"checkbox","name":"mail","label":"By mail","hint":"","error":"","required":false,
            "checked":true}"#,
    ),
    (
        "lines to type",
        r#"{"kind":"textarea","name":"note","label":"Note","hint":"","error":"","required":false,
            "value":"","max_length":400}"#,
    ),
    (
        "a link to a path of the portal, or to a host that `links` in `plugin.toml` names",
        r#"{"kind":"link","text":"Domains","href":"/domains"}"#,
    ),
    (
        "text in a fixed width, to copy",
        r#"{"kind":"code","text":"?host=home"}"#,
    ),
    (
        "how far something is",
        r#"{"kind":"progress","label":"Pages","value":3,"max":12}"#,
    ),
    (
        "a small line of numbers, oldest first",
        r#"{"kind":"chart-spark","label":"Visits","values":[3,5,4]}"#,
    ),
    (
        "what stands where there is nothing yet",
        r#"{"kind":"empty-state","title":"No router yet","text":"It reports by itself.",
            "nodes":[{"kind":"link","text":"How","href":"/plugins"}]}"#,
    ),
];

fn read(nodes: &[Value]) -> Option<Page> {
    let page = json!({ "v": 1, "nodes": nodes }).to_string();
    Page::read(&page, &[]).ok()
}

/// The fields of a kind, those marked that may be left out.
fn fields(example: &Map<String, Value>) -> Vec<String> {
    let kind = &example["kind"];
    let page = read(&[Value::Object(example.clone())]);
    let page = page.unwrap_or_else(|| panic!("the example of {kind} is no page"));
    let shown = serde_json::to_value(&page.nodes[0]).unwrap();
    let shown = shown.as_object().unwrap();
    assert!(!matches!(page.nodes[0], Node::Unsupported { .. }), "{kind}");
    assert!(
        shown.keys().all(|name| example.contains_key(name)) && shown.len() == example.len(),
        "the example of {kind} has not the fields of the catalogue: {shown:?}"
    );
    let names = example.keys().filter(|name| *name != "kind");
    names
        .map(|name| {
            let mut without = example.clone();
            without.remove(name);
            let optional = read(&[Value::Object(without)]).is_some();
            format!("`{name}`{}", if optional { "?" } else { "" })
        })
        .collect()
}

/// The chapter.
pub(super) fn chapter() -> String {
    let examples = EXAMPLES.map(|(about, text)| (about, serde_json::from_str(text).unwrap()));
    let examples: [(&str, Value); 17] = examples;
    let kinds: Vec<&str> = examples
        .iter()
        .filter_map(|(_, one)| one["kind"].as_str())
        .collect();
    assert_eq!(kinds, KINDS);
    let rows = examples.iter().map(|(about, example)| {
        let example = example.as_object().unwrap();
        let kind = example["kind"].as_str().unwrap();
        vec![
            format!("`{kind}`"),
            (*about).to_owned(),
            fields(example).join(", "),
        ]
    });
    let nodes: Vec<Value> = examples
        .iter()
        .map(|(_, example)| example.clone())
        .collect();
    assert!(read(&nodes).is_some());
    let sample = [&nodes[0], &nodes[3], &nodes[7], &nodes[6]];
    let lines: Vec<String> = sample.iter().map(|node| format!("    {node}")).collect();
    format!(
        "A page is JSON from this catalogue, drawn by the portal's own components: at most {NODES_MAX} nodes, {DEPTH_MAX} \
         levels, {} KiB. A question mark marks what may be left out. Tones are `neutral`, `info`, `good`, `warning` and \
         `bad`. `badge`, `button`, `link`, `code`, `progress` and `chart-spark` fit into a line, so into cells and values \
         too. A kind that a panel does not know is shown as such; fields that it does not know fall away.\n\n{}\n\
         ```json\n{{\n  \"v\": 1,\n  \"nodes\": [\n{}\n  ]\n}}\n```\n",
        BYTES_MAX >> 10,
        table(&["`kind`", "what it is", "fields"], rows),
        lines.join(",\n")
    )
}
