use super::*;

/// A webspace in memory.
pub(crate) struct Memory {
    pub(crate) files: BTreeMap<String, (Vec<u8>, u64)>,
    budget: Budget,
    writes: usize,
}

const PLENTY: Budget = Budget {
    calls: 10_000,
    bytes: 1 << 30,
};

impl Memory {
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file =
            |(path, text): &(&str, &str)| ((*path).to_owned(), (text.as_bytes().to_vec(), 1));
        Self {
            files: files.iter().map(file).collect(),
            budget: PLENTY,
            writes: 0,
        }
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(
            self.files
                .get(path)
                .map(|(bytes, _)| bytes.clone())
                .unwrap_or_default(),
        )
        .unwrap()
    }

    fn change(&mut self, path: &str, text: &str) {
        let at = self.files.get(path).map_or(1, |(_, at)| at + 1);
        self.files
            .insert(path.to_owned(), (text.as_bytes().to_vec(), at));
    }

    /// The site's files.
    fn site(&self) -> BTreeMap<String, Vec<u8>> {
        let below = self
            .files
            .iter()
            .filter(|(path, _)| !path.starts_with("content/"));
        below
            .map(|(path, (bytes, _))| (path.clone(), bytes.clone()))
            .collect()
    }
}

impl Files for Memory {
    fn list(&mut self, path: &str) -> Result<Option<Vec<FileEntry>>, Problem> {
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        };
        let mut entries: BTreeMap<String, FileEntry> = BTreeMap::new();
        for (file, (bytes, modified_ms)) in &self.files {
            let Some(rest) = file.strip_prefix(&prefix) else {
                continue;
            };
            let (name, is_folder) = rest
                .split_once('/')
                .map_or((rest, false), |(name, _)| (name, true));
            entries.insert(
                name.to_owned(),
                FileEntry {
                    name: name.to_owned(),
                    is_folder,
                    size: bytes.len() as u64,
                    modified_ms: *modified_ms,
                },
            );
        }
        Ok(Some(entries.into_values().collect()).filter(|all: &Vec<_>| !all.is_empty()))
    }

    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        Ok(self.files.get(path).map(|(bytes, _)| bytes.clone()))
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), Problem> {
        self.writes += 1;
        self.files.insert(path.to_owned(), (content.to_vec(), 1));
        Ok(())
    }

    fn delete(&mut self, path: &str) -> Result<(), Problem> {
        self.files.remove(path);
        Ok(())
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }
}

fn build(memory: &mut Memory, index: &mut Index, settings: &Settings) -> Report {
    memory.writes = 0;
    Site::new(settings, index, memory, "").build().unwrap()
}

fn example() -> Memory {
    Memory::of(&[
        ("content/index.md", "# Start\n[more](docs/a.md)"),
        ("content/docs/a.md", "# A\n![p](p.png)"),
        ("content/docs/p.png", "PNG"),
        ("content/later.md", "---\ndraft: true\n---\n# Later"),
    ])
}

#[test]
fn a_folder_becomes_a_site_and_only_changes_are_written() {
    let (mut memory, mut index, settings) = (example(), Index::new(), Settings::default());
    let report = build(&mut memory, &mut index, &settings);
    assert_eq!((report.pages, report.written, report.left), (2, 4, 0));
    assert!(memory.text("index.html").contains("href=\"docs/a.html\""));
    assert!(
        memory
            .text("docs/a.html")
            .contains("href=\"../markdown-site.css\"")
    );
    assert_eq!(memory.text("docs/p.png"), "PNG");
    assert!(!memory.files.contains_key("later.html"));

    assert_eq!(build(&mut memory, &mut index, &settings).written, 0);
    memory.change("content/docs/a.md", "# A\nmore");
    assert_eq!(build(&mut memory, &mut index, &settings).written, 1);
    memory.change("content/docs/a.md", "# B\nmore");
    assert_eq!(
        build(&mut memory, &mut index, &settings).written,
        2,
        "the title is on every page"
    );
}

#[test]
fn what_is_gone_or_withdrawn_is_deleted() {
    let (mut memory, mut index, settings) = (example(), Index::new(), Settings::default());
    memory.change("content/later.md", "# Later");
    build(&mut memory, &mut index, &settings);
    assert!(memory.files.contains_key("later.html"));
    memory.files.remove("content/docs/p.png");
    memory.change("content/later.md", "---\ndraft: true\n---\n# Later");
    let report = build(&mut memory, &mut index, &settings);
    assert_eq!(report.deleted, 2);
    assert!(!memory.files.contains_key("later.html") && !memory.files.contains_key("docs/p.png"));
}

#[test]
fn files_of_somebody_else_stay() {
    let (mut memory, mut index, mut settings) = (example(), Index::new(), Settings::default());
    memory.change("index.html", "<h1>My own</h1>");
    let report = build(&mut memory, &mut index, &settings);
    assert_eq!(report.in_the_way, ["index.html"]);
    assert_eq!(memory.text("index.html"), "<h1>My own</h1>");
    settings.replace = true;
    assert!(
        build(&mut memory, &mut index, &settings)
            .in_the_way
            .is_empty()
    );
    assert!(memory.text("index.html").contains(layout::MARK));
}

#[test]
fn a_site_without_a_first_page_gets_a_list() {
    let mut memory = Memory::of(&[("content/a.md", "# A"), ("content/b.md", "# B")]);
    let (mut index, settings) = (Index::new(), Settings::default());
    build(&mut memory, &mut index, &settings);
    assert!(
        memory
            .text("index.html")
            .contains("<a href=\"a.html\">A</a>")
    );
    memory.change("content/README.md", "# Hello");
    build(&mut memory, &mut index, &settings);
    assert!(
        memory
            .text("index.html")
            .contains("<h1 id=\"hello\">Hello</h1>")
    );
}

#[test]
fn slices_of_any_size_lead_to_the_same_site() {
    let pages: Vec<(String, String)> = (0..40)
        .map(|n| {
            (
                format!("content/d{}/p{n}.md", n % 3),
                format!("# Page {n}\ntext"),
            )
        })
        .collect();
    let pages: Vec<(&str, &str)> = pages
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    let settings = Settings::default();
    let mut whole = Memory::of(&pages);
    build(&mut whole, &mut Index::new(), &settings);
    for calls in [13, 17, 40, 100] {
        let (mut sliced, mut index) = (Memory::of(&pages), Index::new());
        let mut runs = 0;
        loop {
            runs += 1;
            assert!(runs < 100, "{calls} calls do not get to an end");
            sliced.budget = Budget {
                calls,
                bytes: 1 << 30,
            };
            if build(&mut sliced, &mut index, &settings).left == 0 {
                break;
            }
        }
        assert_eq!(sliced.site(), whole.site(), "{calls} calls");
        assert!(runs > 1);
    }
}
