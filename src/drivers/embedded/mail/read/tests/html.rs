//! HTML of strangers.

use proptest::prelude::{Strategy, prop};
use proptest::{prop_assert, proptest};

use crate::embedded::mail::read::prune::prune;
use crate::embedded::mail::read::sanitise::sanitise;

/// What must never be in HTML that leaves.
const FORBIDDEN: [&str; 19] = [
    "<script",
    "<style",
    "<form",
    "<input",
    "<iframe",
    "<object",
    "<embed",
    "<svg",
    "<img",
    "<meta",
    "<link",
    "<base",
    "javascript:",
    "url(",
    " src",
    " style=",
    " class=",
    " id=",
    " onerror",
];

pub(super) fn assert_safe(html: &str) {
    let lower = html.to_ascii_lowercase();
    for word in FORBIDDEN {
        assert!(!lower.contains(word), "{word} in {html}");
    }
}

#[test]
fn html_of_strangers_loses_everything_that_acts_or_loads() {
    for (input, output) in [
        ("a<script>alert(1)</script>b", "ab"),
        ("<style>@import url(//x)</style><p>x</p>", "<p>x</p>"),
        (
            "<p style='background:url(http://x)' class=a id=b>x</p>",
            "<p>x</p>",
        ),
        ("<img src=x onerror=alert(1)>", ""),
        (
            "<img src=http://far.test/t.gif alt='A <b> sun'>",
            "[A &lt;b&gt; sun]",
        ),
        ("<img src=cid:1 alt='logo' dir=ltr>x", "[logo]x"),
        (
            "<a href='javascript:alert(1)'>x</a>",
            "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        (
            "<a href=' JaVaScRiPt:alert(1)'>x</a>",
            "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        (
            "<a href='/settings'>x</a>",
            "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        (
            "<a href='data:text/html,x' target=_self rel=opener>x</a>",
            "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        ("<form action=//x><input name=a>t</form>", "t"),
        ("<meta http-equiv=refresh content='0;url=//x'>t", "t"),
        ("<svg onload=alert(1)><script>1</script></svg>t", "t"),
        (
            "<svg><style><img src=x onerror=alert(1)></style></svg>t",
            "t",
        ),
        (
            "<math><mtext><table><mglyph><style><img src=x onerror=1></style></mglyph></table></mtext></math>",
            "",
        ),
        (
            "<table background=//x><tr><td background=//x colspan=2>c</td></tr></table>",
            "<table><tbody><tr><td colspan=\"2\">c</td></tr></tbody></table>",
        ),
        ("<iframe srcdoc='<script>1</script>'></iframe>t", "t"),
        ("<video poster=//x><source srcset=//x></video>t", "t"),
        ("<base href=//x><link rel=stylesheet href=//x>t", "t"),
        ("<body background=//x onload=1>t</body>", "t"),
        ("<!-- <img src=//x> -->t", "t"),
    ] {
        let clean = sanitise(input);
        assert_eq!(clean, output, "{input}");
        assert_safe(&clean);
    }
    let link = sanitise("<a href='https://far.test/?a=1&b=2'>x</a>");
    assert!(
        link.contains("href=\"https://far.test/?a=1&amp;b=2\""),
        "{link}"
    );
    assert!(sanitise("<a href='mailto:a@b.test'>x</a>").contains("mailto:"));
    // An image in a value is text, whatever it looks like.
    assert_safe(&sanitise("<a href='https://x.test/<img alt=\"y\">'>t</a>"));
    assert_safe(&sanitise("<img alt='\"><script>alert(1)</script>'>"));
}

#[test]
fn deep_and_repeating_html_stays_small() {
    // Depth costs its square; text left bold is repeated in each paragraph behind it.
    let layers: Vec<String> = (0..5_000).map(|n| format!("<b lang=x{n}>")).collect();
    let layers = layers.concat();
    for hostile in [
        "<div>".repeat(50_000),
        "<div><b><a><font>".repeat(10_000),
        format!("<p>{layers}{}", "<p>x</p>".repeat(10_000)),
        format!("<table><tr><td>{layers}{}", "<table>x".repeat(10_000)),
        "<svg>".repeat(50_000),
        "</b>".repeat(50_000),
    ] {
        let depth = scan_depth(&prune(&hostile));
        assert!(depth <= 200, "{depth}");
        let clean = sanitise(&hostile);
        assert_safe(&clean);
        assert!(clean.len() <= 1024 * 1024, "{}", clean.len());
    }
}

/// How deep the tags of balanced HTML are nested.
fn scan_depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.checked_sub(1).unwrap();
        } else if !["br", "col>", "hr", "img"]
            .iter()
            .any(|void| tag.starts_with(void))
        {
            depth += 1;
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[test]
fn careless_html_keeps_its_looks() {
    for (input, output) in [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        (
            "<ul><li>a<li>b<b>c</ul>d",
            "<ul><li>a</li><li>b<b>c</b></li></ul>d",
        ),
        (
            "<b><table><tr><td>x</b>y</td></tr></table>z",
            "<b><table><tbody><tr><td>xy</td></tr></tbody></table>z</b>",
        ),
        ("1 < 2 & 3 > 2<br/>x", "1 &lt; 2 &amp; 3 &gt; 2<br>x"),
        (
            "<P ALIGN=left>x</P><!-- c --><![if !mso]>y<![endif]>",
            "<p>x</p>y",
        ),
        (
            "<a href=https://x.test>1<a href=https://y.test>2",
            "<a href=\"https://x.test\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">1</a><a href=\"https://y.test\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">2</a>",
        ),
        ("<head><title>t</title><style>x", ""),
        ("<p title=\"a>b\" lang='de'>x<", "<p lang=\"de\">x&lt;</p>"),
    ] {
        assert_eq!(sanitise(input), output, "{input}");
    }
}

/// Pieces of tags, whole and broken.
fn markup() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<a href=",
        "</a>",
        "javascript:1",
        "<img",
        " alt=",
        " src=x",
        " onerror=1",
        " style='",
        " class=\"",
        "<svg>",
        "</svg>",
        "<script>",
        "</script>",
        "<style>",
        "</style",
        "<math>",
        "<mtext>",
        "<title>",
        "</title>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<form>",
        "<iframe",
        "<noscript>",
        "</noscript>",
        "<select>",
        "<template>",
        "&lt;",
        "&quot;",
        "&#60;",
        "<",
        ">",
        "/",
        "=",
        "\"",
        "'",
        " ",
        "x",
        "\0",
        "\u{fffd}",
        "https://x.test/",
        "</",
        "<li>",
        "<plaintext>",
        "<xmp>",
        "<textarea>",
    ])
}

/// What stands in tags, without the values of attributes.
fn tags(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut tag, mut quoted) = (None::<String>, false);
    for c in html.chars() {
        match (c, &mut tag) {
            ('<', None) => tag = Some(String::new()),
            ('"', Some(_)) => quoted = !quoted,
            ('>', Some(_)) if !quoted => found.extend(tag.take()),
            (c, Some(tag)) if !quoted => tag.push(c),
            _ => {}
        }
    }
    found
}

proptest! {
    #[test]
    fn any_markup_leaves_safe(words in prop::collection::vec(markup(), 0..40)) {
        let html = words.concat();
        prop_assert!(scan_depth(&prune(&html)) <= 200);
        let clean = sanitise(&html);
        for word in ["<script", "<style", "<img", "<svg", "<form", "<iframe", "<math"] {
            prop_assert!(!clean.contains(word), "{html} became {clean}");
        }
        for tag in tags(&clean) {
            for word in [" src", " style", " on", "javascript", " class"] {
                prop_assert!(!tag.contains(word), "{html} became {clean}");
            }
        }
    }
}
