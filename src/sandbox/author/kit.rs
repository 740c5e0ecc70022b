//! Templates and kits, as they are in the house.

use rust_embed::RustEmbed;

/// Embeds folders of a kit, each as a type of its own.
macro_rules! folders {
    ($($name:ident $folder:literal;)+) => {
        $(
            #[derive(RustEmbed)]
            #[folder = $folder]
            struct $name;
        )+
    };
}

folders! {
    RustSource "../../plugins/sdk/rust/src";
    RustMacros "../../plugins/sdk/rust/macros";
    RustTemplate "../../plugins/sdk/rust/template";
    JsLibrary "../../plugins/sdk/js/lib";
    JsBuild "../../plugins/sdk/js/build";
    JsWit "../../plugins/sdk/js/wit";
    JsTemplate "../../plugins/sdk/js/template";
}

/// The files beside the folders of the kit for Rust.
const RUST_FILES: [(&str, &[u8]); 1] = [(
    "Cargo.toml",
    include_bytes!("../../../plugins/sdk/rust/Cargo.toml"),
)];
/// The files beside the folders of the kit for JavaScript.
const JS_FILES: [(&str, &[u8]); 3] = [
    (
        "package.json",
        include_bytes!("../../../plugins/sdk/js/package.json"),
    ),
    (
        "index.js",
        include_bytes!("../../../plugins/sdk/js/index.js"),
    ),
    (
        "index.d.ts",
        include_bytes!("../../../plugins/sdk/js/index.d.ts"),
    ),
];

/// A language to begin in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Rust
    Rust,
    /// JavaScript or TypeScript
    Js,
}

/// Where the kit lies in a project.
const VENDOR: &str = "vendor/wabe-plugin/";

impl Language {
    /// The files of a fresh project of this name, by their paths.
    pub(crate) fn files(self, name: &str) -> Vec<(String, Vec<u8>)> {
        let (template, kit, beside): (_, _, &[(&str, &[u8])]) = match self {
            Self::Rust => (
                folder::<RustTemplate>(""),
                vec![
                    folder::<RustSource>("src/"),
                    folder::<RustMacros>("macros/"),
                ],
                &RUST_FILES,
            ),
            Self::Js => (
                folder::<JsTemplate>(""),
                vec![
                    folder::<JsLibrary>("lib/"),
                    folder::<JsBuild>("build/"),
                    folder::<JsWit>("wit/"),
                ],
                &JS_FILES,
            ),
        };
        let beside = beside
            .iter()
            .map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
        let vendored = kit.into_iter().flatten().chain(beside);
        let vendored = vendored.map(|(path, bytes)| (format!("{VENDOR}{path}"), bytes));
        let named = template
            .into_iter()
            .map(|(path, bytes)| (path, named(bytes, name)));
        let mut files: Vec<_> = named.chain(vendored).collect();
        files.sort();
        files
    }
}

/// The files of a folder, with what their paths begin with.
fn folder<Folder: RustEmbed>(below: &str) -> Vec<(String, Vec<u8>)> {
    Folder::iter()
        .filter_map(|path| {
            let bytes = Folder::get(&path)?.data.into_owned();
            Some((format!("{below}{path}"), bytes))
        })
        .collect()
}

/// A file of the template with the project's name in it.
fn named(bytes: Vec<u8>, name: &str) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => text.replace("{{name}}", name).into_bytes(),
        Err(other) => other.into_bytes(),
    }
}
