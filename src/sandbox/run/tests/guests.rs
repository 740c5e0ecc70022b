//! Guests written by hand: a core module in text, made a component by the house's own `wit/`.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What a guest needs around its own code: memory, an allocator, and an answer that is all zero, which
/// is success with nothing in it.
pub(crate) const FRAME: &str = r#"
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (block $fits
            (br_if $fits (i32.le_u (global.get $next)
                (i32.mul (memory.size) (i32.const 65536))))
            (drop (memory.grow (i32.const 64))))
        (local.get $at))
"#;

/// Parts of WASI that the fixtures import, as its own files have them.
const WASI: &str = "
    package wasi:io@0.2.6;
    interface error { resource error; }
    interface poll { resource pollable { block: func(); } }
    interface streams {
        use error.{error};
        variant stream-error { last-operation-failed(error), closed }
        resource output-stream {
            blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
        }
    }
    package wasi:cli@0.2.6 {
        interface stderr { use wasi:io/streams@0.2.6.{output-stream}; get-stderr: func() -> output-stream; }
        interface environment { get-environment: func() -> list<tuple<string, string>>; }
        interface exit { exit: func(status: result); }
    }
    package wasi:clocks@0.2.6 {
        interface monotonic-clock {
            use wasi:io/poll@0.2.6.{pollable};
            now: func() -> u64;
            resolution: func() -> u64;
            subscribe-duration: func(when: u64) -> pollable;
        }
        interface wall-clock {
            record datetime { seconds: u64, nanoseconds: u32 }
            now: func() -> datetime;
        }
    }
    package wasi:random@0.2.6 {
        interface random { get-random-u64: func() -> u64; get-random-bytes: func(len: u64) -> list<u8>; }
    }
    package wasi:filesystem@0.2.6 {
        interface types { resource descriptor; }
        interface preopens {
            use types.{descriptor};
            get-directories: func() -> list<tuple<descriptor, string>>;
        }
    }
    package wasi:sockets@0.2.6 {
        interface network { resource network; enum error-code { unknown, access-denied } enum ip-address-family { ipv4, ipv6 } }
        interface instance-network { use network.{network}; instance-network: func() -> network; }
        interface tcp { resource tcp-socket; }
        interface tcp-create-socket {
            use network.{error-code, ip-address-family};
            use tcp.{tcp-socket};
            create-tcp-socket: func(family: ip-address-family) -> result<tcp-socket, error-code>;
        }
    }
    package wasi:http@0.2.6 {
        interface outgoing-handler { handle: func(request: string); }
    }
    package test:guest {
        world events { include wabe:plugin/event-handler@1.0.0; include all; }
        world tasks { include wabe:plugin/scheduled-task@1.0.0; include all; }
        world everything { include wabe:plugin/plugin@1.0.0; include all; }
        world nothing { include all; }
        world all {
            import wasi:io/streams@0.2.6;
            import wasi:io/poll@0.2.6;
            import wasi:cli/stderr@0.2.6;
            import wasi:cli/environment@0.2.6;
            import wasi:cli/exit@0.2.6;
            import wasi:clocks/monotonic-clock@0.2.6;
            import wasi:clocks/wall-clock@0.2.6;
            import wasi:random/random@0.2.6;
            import wasi:filesystem/preopens@0.2.6;
            import wasi:sockets/instance-network@0.2.6;
            import wasi:sockets/tcp-create-socket@0.2.6;
            import wasi:http/outgoing-handler@0.2.6;
        }
    }
";

/// A component of this world of the tests, from the text of its core module.
pub(crate) fn component(world: &str, module: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
    resolve.push_dir(folder).unwrap();
    let package = resolve.push_str("wasi.wit", WASI).unwrap();
    let test = resolve
        .package_names
        .iter()
        .find(|(name, _)| name.namespace == "test")
        .map_or(package, |(_, id)| *id);
    let world = resolve.select_world(&[test], Some(world)).unwrap();
    let mut module = wat::parse_str(module).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    let encoder = ComponentEncoder::default().validate(true);
    encoder.module(&module).unwrap().encode().unwrap()
}

/// A component whose event handler is this code, in front of the answer; with what it imports and
/// keeps, and with its frame.
pub(crate) fn handler(around: &str, code: &str) -> Vec<u8> {
    component(
        "events",
        &format!(
            r#"(module {around} {FRAME}
                (func $handle (export "wabe:plugin/events@1.0.0#handle") (param $in i32) (result i32)
                    (local $i i32)
                    {code}
                    (i32.const 64)))"#
        ),
    )
}
