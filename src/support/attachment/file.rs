//! Files before they are kept: looked at, cleaned, counted.

use crate::attachment::kind::FileKind;
use crate::attachment::name::FileName;
use crate::attachment::strip::stripped;
use crate::attachment::{FILE_BYTES_MAX, FILES_MAX, MESSAGE_BYTES_MAX, megabytes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use wabe_access::Command;
use wabe_kernel::{Field, Problem};

/// What a harmless file that every scanner must find begins with, in two halves, so that no scanner
/// finds it here. Source: EICAR, 2003.
const HARMFUL: [&[u8]; 2] = [
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$",
    b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
];

/// A file as somebody sent it.
#[derive(Clone)]
pub struct Sent {
    /// What they call it.
    pub name: String,
    /// What is in it; of one that is too large, its beginning will do.
    pub bytes: Vec<u8>,
}

/// A file that may be kept.
#[derive(Clone)]
pub struct NewFile {
    pub(crate) name: FileName,
    pub(crate) kind: FileKind,
    pub(crate) size: i64,
    pub(crate) digest: String,
    /// Its bytes, as columns hold them.
    pub(crate) content: Arc<str>,
}

impl fmt::Debug for NewFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "NewFile({} {}, {} bytes)",
            self.kind, self.digest, self.size
        )
    }
}

impl NewFile {
    /// Looks at a file: what it is, how large, whether it may stay. A picture loses what its maker wrote
    /// beside it.
    ///
    /// # Errors
    /// `file-empty`, `file-too-large`, `file-harmful`.
    pub fn read(sent: Sent) -> Result<Self, Problem> {
        let Sent { name, bytes } = sent;
        let name = FileName::cleaned(&name);
        if bytes.is_empty() {
            return Err(Problem::new("file-empty").with("name", name));
        }
        if bytes.len() > FILE_BYTES_MAX {
            let problem = Problem::new("file-too-large").with("name", name);
            return Err(problem.with("max", megabytes(i64::try_from(FILE_BYTES_MAX).unwrap_or(0))));
        }
        if is_harmful(&bytes) {
            return Err(Problem::new("file-harmful").with("name", name));
        }
        let kind = FileKind::of(&bytes);
        let bytes = stripped(kind, &bytes).unwrap_or(bytes);
        Ok(Self {
            name,
            kind,
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            digest: digest(&bytes),
            content: STANDARD.encode(&bytes).into(),
        })
    }
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    wabe_kernel::hex(&Sha256::digest(bytes))
}

fn is_harmful(bytes: &[u8]) -> bool {
    let whole = HARMFUL.concat();
    bytes.windows(whole.len()).any(|part| part == whole)
}

/// The files of one message.
#[derive(Debug, Clone, Default)]
pub struct Files {
    pub(crate) all: Vec<NewFile>,
    /// How many of those that came were not taken.
    pub(crate) left_out: usize,
}

impl Files {
    /// Looks at each of them.
    ///
    /// # Errors
    /// As [`NewFile::read`]; `too-many-files`, `files-too-large`.
    pub fn of(sent: Vec<Sent>) -> Result<Self, Problem> {
        if sent.len() > FILES_MAX {
            return Err(Problem::new("too-many-files").with("max", FILES_MAX));
        }
        let files: Result<Vec<NewFile>, Problem> = sent.into_iter().map(NewFile::read).collect();
        let files = Self {
            all: files?,
            left_out: 0,
        };
        if usize::try_from(files.size()).unwrap_or(usize::MAX) > MESSAGE_BYTES_MAX {
            let max = megabytes(i64::try_from(MESSAGE_BYTES_MAX).unwrap_or(0));
            return Err(Problem::new("files-too-large").with("max", max));
        }
        Ok(files)
    }

    /// Those that may stay; the others are counted.
    #[must_use]
    pub fn those_that_fit(sent: Vec<Sent>) -> Self {
        let mut files = Self::default();
        for one in sent {
            let room = MESSAGE_BYTES_MAX.saturating_sub(usize::try_from(files.size()).unwrap_or(0));
            let fits = files.all.len() < FILES_MAX && one.bytes.len() <= room;
            match NewFile::read(one) {
                Ok(file) if fits => files.all.push(file),
                _ => files.left_out = files.left_out.saturating_add(1),
            }
        }
        files
    }

    /// Bytes of all of them.
    pub(crate) fn size(&self) -> i64 {
        self.all.iter().map(|file| file.size).sum()
    }

    /// What the record says of a change with these files: their names and digests.
    pub(crate) fn said(&self, mut change: Value) -> Value {
        if let Some(members) = change.as_object_mut()
            && !self.all.is_empty()
        {
            let one = |file: &NewFile| json!(format!("{} (sha256 {})", file.name, file.digest));
            members.insert("files".to_owned(), self.all.iter().map(one).collect());
        }
        change
    }
}

/// A command that takes files along.
pub trait WithFiles: Command {
    /// The same with these files.
    #[must_use]
    fn with_files(self, files: Files) -> Self;
}

/// The bytes of a file; in JSON their Base64.
#[derive(Clone)]
pub struct FileBytes(pub Vec<u8>);

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBytes({} bytes)", self.0.len())
    }
}

impl Field for FileBytes {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.len() / 4 * 3 > FILE_BYTES_MAX + 3 {
            return Err(Problem::new("too-long").with("max", FILE_BYTES_MAX));
        }
        let bytes = STANDARD.decode(text);
        let bytes = bytes.map_err(|_form| Problem::new("not-base64"))?;
        if bytes.is_empty() {
            return Err(Problem::new("required"));
        }
        Ok(Self(bytes))
    }
}

impl schemars::JsonSchema for FileBytes {
    fn schema_name() -> Cow<'static, str> {
        "FileBytes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "contentEncoding": "base64" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sent(name: &str, bytes: &[u8]) -> Sent {
        Sent {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        }
    }

    fn refused(sent: Vec<Sent>) -> &'static str {
        Files::of(sent).unwrap_err().code
    }

    // 3.13 T7
    #[test]
    fn what_cannot_stay_is_refused_before_it_is_kept() {
        let harmful = HARMFUL.concat();
        assert_eq!(refused(vec![sent("a.com", &harmful)]), "file-harmful");
        let wrapped = [b"before ".as_slice(), &harmful].concat();
        assert_eq!(refused(vec![sent("a.txt", &wrapped)]), "file-harmful");
        assert_eq!(refused(vec![sent("a", b"")]), "file-empty");
        let large = vec![b'a'; FILE_BYTES_MAX + 1];
        assert_eq!(refused(vec![sent("a", &large)]), "file-too-large");
        let many = vec![sent("a", b"a"); FILES_MAX + 1];
        assert_eq!(refused(many), "too-many-files");
        let heavy = vec![sent("a", &large[1..]); 3];
        assert_eq!(refused(heavy), "files-too-large");
    }

    #[test]
    fn the_record_names_a_file_and_its_digest() {
        let files = Files::of(vec![sent("../geheim.txt", b"abc")]).unwrap();
        let said = files.said(json!({ "id": 1 }));
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(said["files"][0], format!("geheim.txt (sha256 {digest})"));
        assert_eq!(
            Files::default().said(json!({ "id": 1 })),
            json!({ "id": 1 })
        );
    }

    proptest! {
        #[test]
        fn any_text_as_the_bytes_of_a_file(text in any::<String>()) {
            drop(FileBytes::from_text(&text));
            drop(FileBytes::from_json(&Value::String(text)));
        }

        #[test]
        fn any_file_is_kept_or_refused(
            name in any::<String>(),
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            if let Ok(file) = NewFile::read(Sent { name, bytes }) {
                prop_assert_eq!(digest(&STANDARD.decode(&*file.content).unwrap()), file.digest);
            }
        }
    }
}
