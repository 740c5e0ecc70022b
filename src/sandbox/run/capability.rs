//! The capabilities: each call is counted, handed to the host, and its answer given to the guest.
//!
//! Nothing is decided here but limits. Whether a call is granted, only the host knows.

use crate::run::bindings::wabe::plugin::{crypto, files, http, kv, log, records, secrets, types};
use crate::run::cell::Cell;
use crate::run::exceeded::Exceeded;
use wabe_package::bytes::Blob;
use wabe_package::limits::LimitName;
use wabe_package::wire::{Answer, FetchRequest, HostCall, Problem};

/// What an item of a list weighs besides its text: an empty one is not free.
const ITEM_BYTES: usize = 16;

type Answered<T> = wasmtime::Result<Result<T, types::Problem>>;

impl Cell {
    /// Asks the host, and takes from its answer what this call is answered with.
    async fn ask<T>(&mut self, call: HostCall, take: fn(Answer) -> Option<T>) -> Answered<T> {
        let name = call.name();
        let number = self.admit(&call)?;
        let answer = match self.host.call(number, call).await {
            Ok(answer) => answer,
            Err(problem) => return Ok(Err(told(problem))),
        };
        self.count_bytes(answer_bytes(&answer))?;
        Ok(take(answer).ok_or_else(|| {
            let message = format!("the host gave {name} the answer of another call");
            told(Problem::new("unavailable", message, "try again later"))
        }))
    }

    /// Counts a call before it is made; its number.
    fn admit(&self, call: &HostCall) -> Result<u32, Exceeded> {
        let limits = &self.limits;
        self.count_bytes(call_bytes(call))?;
        let (calls, fetches, kv_calls) = self.tally.with(|usage| {
            usage.calls = usage.calls.saturating_add(1);
            match call {
                HostCall::Fetch(_) => usage.fetches = usage.fetches.saturating_add(1),
                HostCall::KvGet { .. }
                | HostCall::KvSet { .. }
                | HostCall::KvDelete { .. }
                | HostCall::KvKeys { .. } => usage.kv_calls = usage.kv_calls.saturating_add(1),
                _ => {}
            }
            (usage.calls, usage.fetches, usage.kv_calls)
        });
        within(LimitName::Calls, calls, limits.calls, "host calls")?;
        within(
            LimitName::Fetches,
            fetches,
            limits.fetches,
            "requests to other hosts",
        )?;
        within(
            LimitName::KvCalls,
            kv_calls,
            limits.kv_calls,
            "calls of the store",
        )?;
        Ok(calls)
    }

    fn count_bytes(&self, bytes: usize) -> Result<(), Exceeded> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let sum = self.tally.with(|usage| {
            usage.calls_bytes = usage.calls_bytes.saturating_add(bytes);
            usage.calls_bytes
        });
        let most = self.limits.calls_bytes;
        if sum > most {
            let message =
                format!("the host calls of one run may carry {most} bytes, these carried {sum}");
            return Err(Exceeded::new(LimitName::CallsBytes, message));
        }
        Ok(())
    }
}

fn within(limit: LimitName, count: u32, most: u32, what: &str) -> Result<(), Exceeded> {
    if count > most {
        return Err(Exceeded::new(
            limit,
            format!("a run may make {most} {what}"),
        ));
    }
    Ok(())
}

fn told(problem: Problem) -> types::Problem {
    types::Problem {
        code: problem.code,
        message: problem.message,
        how: problem.how,
    }
}

/// What a call carries to the host, in bytes.
fn call_bytes(call: &HostCall) -> usize {
    let pairs = |pairs: &[(String, String)]| -> usize {
        pairs
            .iter()
            .map(|(name, value)| name.len() + value.len() + ITEM_BYTES)
            .sum()
    };
    match call {
        HostCall::KvGet { key } | HostCall::KvDelete { key } => key.len(),
        HostCall::KvSet { key, value, .. } => key.len() + value.0.len(),
        HostCall::KvKeys { prefix, cursor, .. } => {
            prefix.len() + cursor.as_ref().map_or(0, String::len)
        }
        HostCall::Fetch(request) => {
            let head = request.method.len() + request.url.len() + pairs(&request.headers);
            head + request.body.0.len()
        }
        HostCall::UseSecret { name } => name.len(),
        HostCall::Query { query } => query.len(),
        HostCall::FileRead { webspace, path }
        | HostCall::FileList { webspace, path }
        | HostCall::FileDelete { webspace, path } => webspace.len() + path.len(),
        HostCall::FileWrite {
            webspace,
            path,
            content,
        } => webspace.len() + path.len() + content.0.len(),
        HostCall::HmacVerify {
            secret,
            algorithm,
            message,
            signature,
        } => secret.len() + algorithm.len() + message.0.len() + signature.0.len(),
    }
}

/// What an answer carries to the guest, in bytes.
fn answer_bytes(answer: &Answer) -> usize {
    match answer {
        Answer::Versioned { found } => found.as_ref().map_or(0, |(value, _)| value.0.len()),
        Answer::Keys { keys, .. } => keys.iter().map(|key| key.len() + ITEM_BYTES).sum(),
        Answer::Fetched(response) => {
            let pairs = response.headers.iter();
            let head: usize = pairs
                .map(|(name, value)| name.len() + value.len() + ITEM_BYTES)
                .sum();
            head + response.body.0.len()
        }
        Answer::Text { text } => text.len(),
        Answer::Content { content } => content.0.len(),
        Answer::Files { files } => files.iter().map(|file| file.name.len() + ITEM_BYTES).sum(),
        Answer::Version { .. } | Answer::Flag { .. } | Answer::Nothing => 0,
    }
}

impl types::Host for Cell {}

impl log::Host for Cell {
    fn write(&mut self, level: String, message: String, fields: String) -> wasmtime::Result<()> {
        self.tally.log(|log| log.write(&level, &message, &fields));
        Ok(())
    }
}

impl kv::Host for Cell {
    async fn get(&mut self, key: String) -> Answered<Option<kv::Versioned>> {
        self.ask(HostCall::KvGet { key }, |answer| match answer {
            Answer::Versioned { found } => Some(found.map(|(value, version)| kv::Versioned {
                value: value.0,
                version,
            })),
            _ => None,
        })
        .await
    }

    async fn set(
        &mut self,
        key: String,
        value: Vec<u8>,
        expect: Option<u64>,
        ttl_s: Option<u32>,
    ) -> Answered<u64> {
        let value = Blob(value);
        let call = HostCall::KvSet {
            key,
            value,
            expect,
            ttl_s,
        };
        self.ask(call, |answer| match answer {
            Answer::Version { version } => Some(version),
            _ => None,
        })
        .await
    }

    async fn delete(&mut self, key: String) -> Answered<bool> {
        self.ask(HostCall::KvDelete { key }, |answer| flag(&answer))
            .await
    }

    async fn keys(
        &mut self,
        prefix: String,
        cursor: Option<String>,
        limit: u32,
    ) -> Answered<kv::Listing> {
        let call = HostCall::KvKeys {
            prefix,
            cursor,
            limit,
        };
        self.ask(call, |answer| match answer {
            Answer::Keys { keys, next } => Some(kv::Listing { keys, next }),
            _ => None,
        })
        .await
    }
}

impl http::Host for Cell {
    async fn fetch(&mut self, request: http::Request) -> Answered<http::Response> {
        let call = HostCall::Fetch(FetchRequest {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: Blob(request.body),
            timeout_ms: request.timeout_ms,
        });
        self.ask(call, |answer| match answer {
            Answer::Fetched(response) => Some(http::Response {
                status: response.status,
                headers: response.headers,
                body: response.body.0,
            }),
            _ => None,
        })
        .await
    }
}

impl secrets::Host for Cell {
    async fn use_in(&mut self, name: String) -> Answered<String> {
        self.ask(HostCall::UseSecret { name }, text).await
    }
}

impl records::Host for Cell {
    async fn query(&mut self, query: String) -> Answered<String> {
        self.ask(HostCall::Query { query }, text).await
    }
}

impl files::Host for Cell {
    async fn read(&mut self, webspace: String, path: String) -> Answered<Vec<u8>> {
        self.ask(
            HostCall::FileRead { webspace, path },
            |answer| match answer {
                Answer::Content { content } => Some(content.0),
                _ => None,
            },
        )
        .await
    }

    async fn write(&mut self, webspace: String, path: String, content: Vec<u8>) -> Answered<()> {
        let content = Blob(content);
        self.ask(
            HostCall::FileWrite {
                webspace,
                path,
                content,
            },
            |answer| nothing(&answer),
        )
        .await
    }

    async fn list(&mut self, webspace: String, path: String) -> Answered<Vec<files::Entry>> {
        self.ask(
            HostCall::FileList { webspace, path },
            |answer| match answer {
                Answer::Files { files } => {
                    let entry = |file: wabe_package::wire::FileEntry| files::Entry {
                        name: file.name,
                        directory: file.directory,
                        size: file.size,
                        modified_ms: file.modified_ms,
                    };
                    Some(files.into_iter().map(entry).collect())
                }
                _ => None,
            },
        )
        .await
    }

    async fn delete(&mut self, webspace: String, path: String) -> Answered<()> {
        self.ask(HostCall::FileDelete { webspace, path }, |answer| {
            nothing(&answer)
        })
        .await
    }
}

impl crypto::Host for Cell {
    async fn hmac_verify(
        &mut self,
        secret: String,
        algorithm: String,
        message: Vec<u8>,
        signature: Vec<u8>,
    ) -> Answered<bool> {
        let (message, signature) = (Blob(message), Blob(signature));
        let call = HostCall::HmacVerify {
            secret,
            algorithm,
            message,
            signature,
        };
        self.ask(call, |answer| flag(&answer)).await
    }
}

fn flag(answer: &Answer) -> Option<bool> {
    match answer {
        Answer::Flag { yes } => Some(*yes),
        _ => None,
    }
}

fn text(answer: Answer) -> Option<String> {
    match answer {
        Answer::Text { text } => Some(text),
        _ => None,
    }
}

fn nothing(answer: &Answer) -> Option<()> {
    matches!(answer, Answer::Nothing).then_some(())
}
