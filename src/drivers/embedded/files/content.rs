//! The file layer as the faces of the panel see it.

use std::sync::Arc;
use wabe_kernel::content::{ByteSource, ContentError, Entry, Files, Mark, PhpStatus, RuleFile};
use wabe_kernel::desired::{Wish, Working};
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{Bytes, LogQuery, RelPath, SiteLog};

use crate::embedded::files::beneath::handle;
use crate::embedded::files::handle::{Download, Place};
use crate::embedded::files::{Upload, WebFiles, blocking, list, log_tail, rule_file};

/// Writes everything that comes and makes it visible.
async fn filled(mut upload: Upload, from: &mut dyn ByteSource) -> Result<Bytes, ContentError> {
    while let Some(piece) = from.next().await {
        upload.write(Place::End, piece?).await?;
    }
    upload.publish().await
}

impl Files for WebFiles {
    fn list<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<Vec<Entry>, ContentError>> {
        let path = path.clone();
        Box::pin(self.reading(web, move |root| list::folder(root, &path)))
    }

    fn stat<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<Entry, ContentError>> {
        let path = path.clone();
        Box::pin(self.reading(web, move |root| list::one(root, &path)))
    }

    fn read<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<(Bytes, Box<dyn ByteSource>), ContentError>> {
        let path = path.clone();
        Box::pin(self.reading(web, move |root| {
            let file = root.file(&path, false)?;
            let size = handle(&file)?.size;
            let source: Box<dyn ByteSource> = Box::new(Download::of(file, size));
            Ok((size, source))
        }))
    }

    fn write<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
        from: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(async move { filled(self.upload(web, path, false).await?, from).await })
    }

    fn replace<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
        seen: Option<Mark>,
        from: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(async move {
            let mut upload = self.upload(web, path, seen.is_none()).await?;
            upload.only_over(seen);
            filled(upload, from).await
        })
    }

    fn make_folder<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        let path = path.clone();
        Box::pin(self.changing(web, move |ground| ground.make_folder(&path)))
    }

    fn rename<'a>(
        &'a self,
        web: WebspaceId,
        from: &'a RelPath,
        to: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        Box::pin(self.moved(web, from, to, false))
    }

    fn delete<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        let path = path.clone();
        Box::pin(self.changing(web, move |ground| ground.delete(&path)))
    }

    fn unzip<'a>(
        &'a self,
        web: WebspaceId,
        archive: &'a RelPath,
    ) -> Working<'a, Result<u64, ContentError>> {
        Box::pin(self.unpack(web, archive))
    }

    fn usage(&self, web: WebspaceId) -> Working<'_, Result<Bytes, ContentError>> {
        Box::pin(async move { Ok(self.fill(web).await?.used) })
    }

    fn log(
        &self,
        web: WebspaceId,
        asked: LogQuery,
    ) -> Working<'_, Result<Vec<String>, ContentError>> {
        Box::pin(self.reading(web, move |root| log_tail::tail(root, &asked)))
    }

    fn log_mark(&self, web: WebspaceId, log: SiteLog) -> Working<'_, Result<u64, ContentError>> {
        Box::pin(self.reading(web, move |root| log_tail::mark(root, log)))
    }

    fn php(&self, web: WebspaceId) -> Working<'_, Result<Option<PhpStatus>, ContentError>> {
        Box::pin(async move {
            let site = self.node.index.site(web).ok_or(ContentError::NotFound)?;
            match &*site {
                Wish::Present(webspace) => match webspace.php {
                    Some(version) => self.node.doors.php(web, version).await,
                    None => Ok(None),
                },
                Wish::Hidden(_) | Wish::Gone => Ok(None),
            }
        })
    }

    fn rule_files(&self, web: WebspaceId) -> Working<'_, Result<Vec<RuleFile>, ContentError>> {
        Box::pin(self.reading(web, rule_file::all))
    }

    fn redirect_log(
        &self,
        domain: DomainId,
        lines: usize,
    ) -> Working<'_, Result<Vec<String>, ContentError>> {
        let doors = Arc::clone(&self.node.doors);
        Box::pin(blocking(move || {
            log_tail::of_redirect(doors.redirect_logs(domain), lines)
        }))
    }
}
