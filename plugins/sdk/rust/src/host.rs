//! The capabilities as the host offers them. Outside of the sandbox there is no host.

#[cfg(target_family = "wasm")]
pub(crate) use inside::*;
#[cfg(not(target_family = "wasm"))]
pub(crate) use outside::*;

/// Calls through to the generated bindings.
#[cfg(target_family = "wasm")]
mod inside {
    use crate::bindings::wabe::plugin as bindings;
    use crate::failure::{Problem, Result};
    use crate::files::Entry;
    use crate::kv::Versioned;

    impl From<bindings::types::Problem> for Problem {
        fn from(problem: bindings::types::Problem) -> Self {
            let bindings::types::Problem { code, message, how } = problem;
            Self { code, message, how }
        }
    }

    pub(crate) fn log_write(level: &str, message: &str, fields: &str) {
        bindings::log::write(level, message, fields);
    }

    pub(crate) fn kv_get(key: &str) -> Result<Option<Versioned>, Problem> {
        let found = bindings::kv::get(key)?;
        Ok(found.map(|bindings::kv::Versioned { value, version }| Versioned { value, version }))
    }

    pub(crate) fn kv_set(
        key: &str,
        value: &[u8],
        expect: Option<u64>,
        ttl_s: Option<u32>,
    ) -> Result<u64, Problem> {
        Ok(bindings::kv::set(key, value, expect, ttl_s)?)
    }

    pub(crate) fn kv_delete(key: &str) -> Result<bool, Problem> {
        Ok(bindings::kv::delete(key)?)
    }

    pub(crate) fn kv_keys(
        prefix: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<String>, Option<String>), Problem> {
        let listing = bindings::kv::keys(prefix, cursor, limit)?;
        Ok((listing.keys, listing.next))
    }

    pub(crate) fn http_fetch(
        request: crate::http::Request,
    ) -> Result<crate::http::Response, Problem> {
        let response = bindings::http::fetch(&bindings::http::Request {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body,
            timeout_ms: request.timeout_ms,
        })?;
        Ok(crate::http::Response {
            status: response.status,
            headers: response.headers,
            body: response.body,
        })
    }

    pub(crate) fn secrets_use_in(name: &str) -> Result<String, Problem> {
        Ok(bindings::secrets::use_in(name)?)
    }

    pub(crate) fn records_query(query: &str) -> Result<String, Problem> {
        Ok(bindings::records::query(query)?)
    }

    pub(crate) fn files_read(webspace: &str, path: &str) -> Result<Vec<u8>, Problem> {
        Ok(bindings::files::read(webspace, path)?)
    }

    pub(crate) fn files_write(webspace: &str, path: &str, content: &[u8]) -> Result<(), Problem> {
        Ok(bindings::files::write(webspace, path, content)?)
    }

    pub(crate) fn files_list(webspace: &str, path: &str) -> Result<Vec<Entry>, Problem> {
        let entries = bindings::files::list(webspace, path)?;
        let entry = |entry: bindings::files::Entry| Entry {
            name: entry.name,
            is_folder: entry.directory,
            size: entry.size,
            modified_ms: entry.modified_ms,
        };
        Ok(entries.into_iter().map(entry).collect())
    }

    pub(crate) fn files_delete(webspace: &str, path: &str) -> Result<(), Problem> {
        Ok(bindings::files::delete(webspace, path)?)
    }

    pub(crate) fn crypto_hmac_verify(
        secret: &str,
        algorithm: &str,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, Problem> {
        Ok(bindings::crypto::hmac_verify(
            secret, algorithm, message, signature,
        )?)
    }
}

/// Answers `unavailable`: a unit test of an author runs on the author's machine.
#[cfg(not(target_family = "wasm"))]
mod outside {
    use crate::failure::{Problem, Result};
    use crate::files::Entry;
    use crate::kv::Versioned;

    fn nowhere<T>() -> Result<T, Problem> {
        Err(Problem {
            code: "unavailable".to_owned(),
            message: "there is no host outside of the sandbox".to_owned(),
            how: "test what calls the host with `wabe plugin test`".to_owned(),
        })
    }

    pub(crate) fn log_write(_level: &str, _message: &str, _fields: &str) {}

    pub(crate) fn kv_get(_key: &str) -> Result<Option<Versioned>, Problem> {
        nowhere()
    }

    pub(crate) fn kv_set(
        _key: &str,
        _value: &[u8],
        _expect: Option<u64>,
        _ttl_s: Option<u32>,
    ) -> Result<u64, Problem> {
        nowhere()
    }

    pub(crate) fn kv_delete(_key: &str) -> Result<bool, Problem> {
        nowhere()
    }

    pub(crate) fn kv_keys(
        _prefix: &str,
        _cursor: Option<&str>,
        _limit: u32,
    ) -> Result<(Vec<String>, Option<String>), Problem> {
        nowhere()
    }

    pub(crate) fn http_fetch(
        _request: crate::http::Request,
    ) -> Result<crate::http::Response, Problem> {
        nowhere()
    }

    pub(crate) fn secrets_use_in(_name: &str) -> Result<String, Problem> {
        nowhere()
    }

    pub(crate) fn records_query(_query: &str) -> Result<String, Problem> {
        nowhere()
    }

    pub(crate) fn files_read(_webspace: &str, _path: &str) -> Result<Vec<u8>, Problem> {
        nowhere()
    }

    pub(crate) fn files_write(
        _webspace: &str,
        _path: &str,
        _content: &[u8],
    ) -> Result<(), Problem> {
        nowhere()
    }

    pub(crate) fn files_list(_webspace: &str, _path: &str) -> Result<Vec<Entry>, Problem> {
        nowhere()
    }

    pub(crate) fn files_delete(_webspace: &str, _path: &str) -> Result<(), Problem> {
        nowhere()
    }

    pub(crate) fn crypto_hmac_verify(
        _secret: &str,
        _algorithm: &str,
        _message: &[u8],
        _signature: &[u8],
    ) -> Result<bool, Problem> {
        nowhere()
    }
}
