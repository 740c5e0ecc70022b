//! Styles, scripts, icons and fonts: embedded, and served under names that hold their content's hash,
//! so that a browser may keep them for ever.
//!
//! Links between assets (`url(fonts/…)` in the style sheet) are rewritten to the hashed names before
//! the file that holds them is hashed itself. Compression happens once, in the background.

use crate::failure::Failure;
use crate::headers::Immutable;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri, header};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

#[derive(RustEmbed)]
#[folder = "../../static/"]
struct Files;

struct Asset {
    kind: &'static str,
    plain: Bytes,
    brotli: OnceLock<Bytes>,
}

/// All assets of this process.
pub struct Assets {
    /// `app.css` to `/assets/app.1a2b3c4d5e.css`.
    paths: BTreeMap<String, String>,
    /// By address.
    assets: BTreeMap<String, Asset>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::load);

impl Assets {
    /// The one set of this process.
    #[must_use]
    pub fn global() -> &'static Self {
        &ASSETS
    }

    fn load() -> Self {
        // Licences lie beside what they are about; they are no assets.
        let served = |name: &String| !matches!(name.rsplit('.').next(), Some("md" | "txt"));
        let mut names: Vec<String> = Files::iter()
            .map(|name| name.to_string())
            .filter(served)
            .collect();
        // What is linked to comes before what links to it.
        names.sort_by_key(|name| (name.rsplit('.').next() == Some("css"), name.clone()));
        let mut all = Self {
            paths: BTreeMap::new(),
            assets: BTreeMap::new(),
        };
        for name in names {
            if let Some(file) = Files::get(&name) {
                all.add(name, file.data.into_owned());
            }
        }
        all
    }

    fn add(&mut self, name: String, mut content: Vec<u8>) {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name.as_str(), ""));
        if ending == "css"
            && let Ok(text) = std::str::from_utf8(&content)
        {
            content = self.linked(text).into_bytes();
        }
        let hash = wabe_kernel::hex(Sha256::digest(&content).get(..5).unwrap_or_default());
        let path = format!("/assets/{}.{hash}.{ending}", stem.replace('/', "-"));
        let asset = Asset {
            kind: kind(ending),
            plain: content.into(),
            brotli: OnceLock::new(),
        };
        self.assets.insert(path.clone(), asset);
        self.paths.insert(name, path);
    }

    /// The style sheet with the addresses of what it links to.
    fn linked(&self, css: &str) -> String {
        self.paths.iter().fold(css.to_owned(), |css, (name, path)| {
            css.replace(&format!("url(\"{name}\")"), &format!("url(\"{path}\")"))
        })
    }

    /// The address of an asset by its name in `static/`; an address that does not exist when there is
    /// none, which the test over all pages finds.
    #[must_use]
    pub fn path(&self, name: &str) -> &str {
        self.paths
            .get(name)
            .map_or("/assets/missing", String::as_str)
    }

    /// All addresses.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.values().map(String::as_str)
    }

    /// Compresses everything that gets smaller; takes about a second of one core, so it is called once
    /// after the start on a thread of its own. Until it is through, answers are compressed one by one.
    pub fn compress(&self) {
        for asset in self.assets.values().filter(|asset| squeezable(asset.kind)) {
            asset.brotli.get_or_init(|| brotli(&asset.plain));
        }
    }

    /// The bytes that a browser with brotli loads for this asset.
    #[must_use]
    pub fn weight(&self, path: &str) -> Option<usize> {
        let asset = self.assets.get(path)?;
        Some(asset.brotli.get().map_or(asset.plain.len(), Bytes::len))
    }
}

fn kind(ending: &str) -> &'static str {
    match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn squeezable(kind: &str) -> bool {
    kind.starts_with("text/") || kind == "image/svg+xml"
}

fn brotli(plain: &[u8]) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 20,
        size_hint: plain.len(),
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    match brotli::BrotliCompress(&mut &*plain, &mut packed, &params) {
        Ok(_) => packed.into(),
        // Writing into memory does not fail; if it did, the plain file would still be right.
        Err(_) => Bytes::new(),
    }
}

/// Serves an asset by its hashed address.
pub(crate) async fn serve(uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    let asset = Assets::global()
        .assets
        .get(uri.path())
        .ok_or(Failure::NotFound)?;
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|text| text.to_str().ok());
    let brotli = accepted.is_some_and(|text| {
        text.split(',')
            .any(|coding| matches!(coding.trim(), "br" | "br;q=1" | "br;q=1.0"))
    });
    let packed = asset
        .brotli
        .get()
        .filter(|packed| brotli && !packed.is_empty());
    let mut response = packed.unwrap_or(&asset.plain).clone().into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed.is_some() {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response.extensions_mut().insert(Immutable);
    Ok(response)
}
