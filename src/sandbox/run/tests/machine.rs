//! What a guest can learn of the machine and of others: nothing.

use crate::run::tests::guests::handler;
use crate::run::tests::{ROOMY, Stub, compiled, done, handle, order, run, trap};
use wabe_package::bytes::Blob;

/// An answer whose data are 16 bytes at 1024, as hexadecimal digits.
const TELL: &str = "
    (func $digit (param i32) (result i32)
        (i32.add (local.get 0) (select (i32.const 48) (i32.const 87)
            (i32.lt_u (local.get 0) (i32.const 10)))))
    (func $tell (local $i i32) (local $byte i32)
        (loop $on
            (local.set $byte (i32.load8_u (i32.add (i32.const 1024) (local.get $i))))
            (i32.store8 (i32.add (i32.const 2048) (i32.shl (local.get $i) (i32.const 1)))
                (call $digit (i32.shr_u (local.get $byte) (i32.const 4))))
            (i32.store8 (i32.add (i32.const 2049) (i32.shl (local.get $i) (i32.const 1)))
                (call $digit (i32.and (local.get $byte) (i32.const 15))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $on (i32.lt_u (local.get $i) (i32.const 16))))
        (i32.store (i32.const 76) (i32.const 2048))
        (i32.store (i32.const 80) (i32.const 32)))";

#[test]
fn clocks_stand_still_at_the_runs_own_time() {
    let clocks = format!(
        r#"(import "wasi:clocks/monotonic-clock@0.2.6" "now" (func $now (result i64)))
        (import "wasi:clocks/monotonic-clock@0.2.6" "resolution" (func $step (result i64)))
        (import "wasi:clocks/wall-clock@0.2.6" "now" (func $wall (param i32)))
        {TELL}"#
    );
    let same = "(loop $on
            (br_if $on (i32.and
                (i64.eqz (call $now))
                (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                    (i32.const 10000)))))
        (if (i32.ne (local.get $i) (i32.const 10000)) (then (unreachable)))
        (if (i64.ne (call $step) (i64.const 1000000)) (then (unreachable)))
        (call $wall (i32.const 1024)) (call $tell)";
    let ended = handle(&clocks, same, ROOMY);
    let (seconds, nanoseconds) = (1_800_000_000_u64, 123_000_000_u32);
    let mut told = seconds.to_le_bytes().to_vec();
    told.extend_from_slice(&nanoseconds.to_le_bytes());
    assert!(done(&ended).data.starts_with(&hexadecimal(&told)));
}

#[test]
fn randomness_comes_from_the_seed_and_nowhere_else() {
    let random = format!(
        r#"(import "wasi:random/random@0.2.6" "get-random-u64" (func $random (result i64))) {TELL}"#
    );
    let code = "(i64.store (i32.const 1024) (call $random))
        (i64.store (i32.const 1032) (call $random)) (call $tell)";
    let guest = || compiled(&handler(&random, code));
    let drawn = |seed: u8| {
        let mut order = order(ROOMY);
        order.seed = Blob(vec![seed; 32]);
        done(&run(guest(), order, Stub::denying())).data.clone()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
}

#[test]
fn random_bytes_are_drawn_in_small_amounts() {
    let random = r#"(import "wasi:random/random@0.2.6" "get-random-bytes"
        (func $random (param i64 i32)))"#;
    let ended = handle(
        random,
        "(call $random (i64.const 1000000) (i32.const 1024))",
        ROOMY,
    );
    assert!(!trap(&ended).is_empty());
}

#[test]
fn there_are_no_folders_no_sockets_and_no_environment() {
    let around = format!(
        r#"(import "wasi:filesystem/preopens@0.2.6" "get-directories" (func $folders (param i32)))
        (import "wasi:cli/environment@0.2.6" "get-environment" (func $words (param i32)))
        (import "wasi:sockets/tcp-create-socket@0.2.6" "create-tcp-socket"
            (func $socket (param i32 i32)))
        {TELL}"#
    );
    // Two empty lists; then a refusal, `access-denied`.
    let code = "(i64.store (i32.const 1024) (i64.const -1))
        (call $folders (i32.const 1024))
        (i32.store (i32.const 1024) (i32.const 0))
        (call $words (i32.const 1032))
        (i32.store (i32.const 1032) (i32.const 0))
        (call $socket (i32.const 0) (i32.const 1040))
        (i32.store8 (i32.const 1024) (i32.load8_u (i32.const 1040)))
        (i32.store8 (i32.const 1025) (i32.load8_u (i32.const 1044)))
        (call $tell)";
    let ended = handle(&around, code, ROOMY);
    assert_eq!(done(&ended).data, format!("0101{}", "0".repeat(28)));

    let network = r#"(import "wasi:sockets/instance-network@0.2.6" "instance-network"
        (func $network (result i32)))"#;
    let ended = handle(network, "(drop (call $network))", ROOMY);
    assert!(
        trap(&ended).contains("wabe:plugin/http"),
        "{}",
        trap(&ended)
    );
}

#[test]
fn leaving_is_told_as_such() {
    let exit = r#"(import "wasi:cli/exit@0.2.6" "exit" (func $exit (param i32)))"#;
    let ended = handle(exit, "(call $exit (i32.const 1))", ROOMY);
    assert!(trap(&ended).contains("exit(1)"));
}

#[test]
fn no_run_finds_what_another_left_behind() {
    let fill = "(drop (memory.grow (i32.const 900)))
        (memory.fill (i32.const 131072) (i32.const 90) (i32.const 58000000))
        (loop $on
            (table.set $t (local.get $i) (ref.func $handle))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $on (i32.lt_u (local.get $i) (i32.const 1000))))";
    let scan = "(drop (memory.grow (i32.const 900)))
        (local.set $i (i32.const 131072))
        (loop $on
            (if (i64.ne (i64.load (local.get $i)) (i64.const 0)) (then (unreachable)))
            (local.set $i (i32.add (local.get $i) (i32.const 8)))
            (br_if $on (i32.lt_u (local.get $i) (i32.const 58982400))))
        (local.set $i (i32.const 0))
        (loop $on
            (if (i32.eqz (ref.is_null (table.get $t (local.get $i)))) (then (unreachable)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $on (i32.lt_u (local.get $i) (i32.const 1000))))";
    let table = "(table $t 1000 funcref) (elem declare func $handle)";
    for _ in 0..8 {
        done(&handle(table, fill, ROOMY));
        done(&handle(table, scan, ROOMY));
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
