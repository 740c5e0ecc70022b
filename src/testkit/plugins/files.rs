//! Files of webspaces in memory, as far as plugins use them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use wabe_kernel::content::{
    ByteSource, ContentError, Entry, EntryKind, Files, Mark, OpenFile, PhpStatus, RuleFile,
};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{Bytes, LogQuery, RelPath, SiteLog, Timestamp};

/// Files by webspace and path.
#[derive(Default)]
pub struct MemoryFiles(Mutex<BTreeMap<(WebspaceId, String), Vec<u8>>>);

struct Whole(Option<Vec<u8>>);

impl ByteSource for Whole {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let piece = self.0.take().map(Ok);
        Box::pin(async move { piece })
    }
}

impl MemoryFiles {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<(WebspaceId, String), Vec<u8>>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a file holds.
    #[must_use]
    pub fn content(&self, web: WebspaceId, path: &str) -> Option<Vec<u8>> {
        self.with(|files| files.get(&(web, path.to_owned())).cloned())
    }

    /// Puts a file there.
    pub fn put(&self, web: WebspaceId, path: &str, content: &[u8]) {
        self.with(|files| files.insert((web, path.to_owned()), content.to_vec()));
    }

    fn entry(&self, web: WebspaceId, path: &str) -> Option<Entry> {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        let folder = format!("{path}/");
        self.with(|files| {
            let inside = |(key, _): (&(WebspaceId, String), _)| {
                key.0 == web && (path.is_empty() || key.1.starts_with(&folder))
            };
            let (kind, size) = match files.get(&(web, path.to_owned())) {
                Some(content) => (EntryKind::File, content.len()),
                None if files.iter().any(inside) => (EntryKind::Folder, 0),
                None => return None,
            };
            Some(Entry {
                name,
                kind,
                size: Bytes::try_from(size).unwrap_or(0),
                modified_at: Timestamp(0),
            })
        })
    }
}

fn refused<T>() -> Result<T, ContentError> {
    Err(ContentError::Refused("not-in-memory"))
}

impl Files for MemoryFiles {
    fn list<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<Vec<Entry>, ContentError>> {
        let folder = path.to_string();
        let names: std::collections::BTreeSet<String> = self.with(|files| {
            let beneath = files.keys().filter(|(of, _)| *of == web);
            let rest = beneath.filter_map(|(_, path)| {
                if folder.is_empty() {
                    Some(path.as_str())
                } else {
                    path.strip_prefix(&folder)?.strip_prefix('/')
                }
            });
            rest.filter_map(|rest| rest.split('/').next())
                .map(str::to_owned)
                .collect()
        });
        let whole = |name: &String| {
            if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            }
        };
        let entries = names
            .iter()
            .filter_map(|name| self.entry(web, &whole(name)));
        let entries: Vec<Entry> = entries.collect();
        Box::pin(async move { Ok(entries) })
    }

    fn stat<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<Entry, ContentError>> {
        let found = self.entry(web, &path.to_string());
        Box::pin(async move { found.ok_or(ContentError::NotFound) })
    }

    fn read<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<OpenFile, ContentError>> {
        let found = self.content(web, &path.to_string());
        Box::pin(async move {
            let content = found.ok_or(ContentError::NotFound)?;
            let size = Bytes::try_from(content.len()).unwrap_or(0);
            let source: Box<dyn ByteSource> = Box::new(Whole(Some(content)));
            Ok((size, source))
        })
    }

    fn write<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
        from: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(async move {
            let mut content = Vec::new();
            while let Some(piece) = from.next().await {
                content.extend(piece?);
            }
            self.put(web, &path.to_string(), &content);
            Ok(Bytes::try_from(content.len()).unwrap_or(0))
        })
    }

    fn replace<'a>(
        &'a self,
        _web: WebspaceId,
        _path: &'a RelPath,
        _seen: Option<Mark>,
        _from: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(async { refused() })
    }

    fn make_folder<'a>(
        &'a self,
        _web: WebspaceId,
        _path: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        Box::pin(async { refused() })
    }

    fn rename<'a>(
        &'a self,
        _web: WebspaceId,
        _from: &'a RelPath,
        _to: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        Box::pin(async { refused() })
    }

    fn delete<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        let gone = self.with(|files| files.remove(&(web, path.to_string())).is_some());
        Box::pin(async move {
            if gone {
                Ok(())
            } else {
                Err(ContentError::NotFound)
            }
        })
    }

    fn unzip<'a>(
        &'a self,
        _web: WebspaceId,
        _archive: &'a RelPath,
    ) -> Working<'a, Result<u64, ContentError>> {
        Box::pin(async { refused() })
    }

    fn usage(&self, _web: WebspaceId) -> Working<'_, Result<Bytes, ContentError>> {
        Box::pin(async { Ok(0) })
    }

    fn log(
        &self,
        _web: WebspaceId,
        _asked: LogQuery,
    ) -> Working<'_, Result<Vec<String>, ContentError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn log_mark(&self, _web: WebspaceId, _log: SiteLog) -> Working<'_, Result<u64, ContentError>> {
        Box::pin(async { Ok(0) })
    }

    fn php(&self, _web: WebspaceId) -> Working<'_, Result<Option<PhpStatus>, ContentError>> {
        Box::pin(async { Ok(None) })
    }

    fn rule_files(&self, _web: WebspaceId) -> Working<'_, Result<Vec<RuleFile>, ContentError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn redirect_log(
        &self,
        _domain: DomainId,
        _lines: usize,
    ) -> Working<'_, Result<Vec<String>, ContentError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
