//! What a browser is called on pages and in mails, made from its `User-Agent`.

const BROWSERS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

fn named(text: &str, known: &[(&str, &'static str)]) -> Option<&'static str> {
    let found = known.iter().find(|(mark, _)| text.contains(mark));
    found.map(|(_, name)| *name)
}

/// Browser and system in short, `Firefox, Linux`; only words from our own list, empty when unknown.
#[must_use]
pub fn summarise(user_agent: &str) -> String {
    let parts = [named(user_agent, &BROWSERS), named(user_agent, &SYSTEMS)];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    // 3.5 T8: nothing of the header gets further than our own words.
    #[test]
    fn only_known_words_leave_a_user_agent() {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        assert_eq!(summarise(agent), "Firefox, Linux");
        assert_eq!(summarise("\r\nSet-Cookie: a=b\0<script>"), "");
    }
}
