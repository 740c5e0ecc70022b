//! Loops, floods and growth: what each is ended by.

use crate::run::tests::guests::{component, handler};
use crate::run::tests::{
    ROOMY, RUNNER, Silent, Stub, compiled, done, handle, limit, order, run, trap,
};
use crate::run::{Unloadable, runtime};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use wabe_package::limits::{LimitName, Limits};
use wabe_package::wire::{Answer, Ending};

/// A little processor time; whoever gets it all has used it.
const SHORT: Limits = Limits {
    cpu_ms: 20,
    ..ROOMY
};

const KV: &str = r#"(import "wabe:plugin/kv@1.0.0" "get" (func $get (param i32 i32 i32)))"#;
const LOG: &str =
    r#"(import "wabe:plugin/log@1.0.0" "write" (func $log (param i32 i32 i32 i32 i32 i32)))"#;

#[test]
fn a_loop_is_ended_by_its_processor_time() {
    let ended = handle("", "(loop $on (br $on))", SHORT);
    assert_eq!(limit(&ended), LimitName::Cpu);
    assert!(ended.usage.cpu_us >= 20_000);
}

#[test]
fn a_loop_is_ended_wherever_the_guest_hides_it() {
    let forever = "(func $forever (loop $on (br $on)))";
    let start = handler(&format!("{forever} (start $forever)"), "");
    let initialize = handler(r#"(func (export "_initialize") (loop $on (br $on)))"#, "");
    let after = handler(
        r#"(func (export "cabi_post_wabe:plugin/events@1.0.0#handle") (param i32) (loop $on (br $on)))"#,
        "",
    );
    let realloc = component(
        "events",
        r#"(module (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (loop $on (br $on)) (unreachable))
            (func (export "wabe:plugin/events@1.0.0#handle") (param i32) (result i32)
                (i32.const 64)))"#,
    );
    for hidden in [start, initialize, after, realloc] {
        let ended = run(compiled(&hidden), order(SHORT), Stub::denying());
        assert_eq!(limit(&ended), LimitName::Cpu);
    }
}

#[test]
fn a_loop_of_large_fills_is_ended_too() {
    let code = "(drop (memory.grow (i32.const 900)))
        (loop $on (memory.fill (i32.const 0) (i32.const 7) (i32.const 58000000)) (br $on))";
    let ended = handle("", code, SHORT);
    assert_eq!(limit(&ended), LimitName::Cpu);
    assert!(ended.usage.memory_bytes > 58_000_000);
}

#[test]
fn loops_leave_their_worker_to_others() {
    // Without any limit that could end them in the time of a test: only the neighbours' ends do.
    let guests = runtime(1).unwrap();
    let looping = Arc::new(compiled(&handler("", "(loop $on (br $on))")));
    let stop = CancellationToken::new();
    let loops: Vec<_> = (0..8)
        .map(|_| {
            let (looping, stop) = (Arc::clone(&looping), stop.clone());
            guests.spawn(async move {
                let order = order(ROOMY);
                let host = Stub::denying();
                RUNNER.run(&looping, &order, host, stop.cancelled()).await
            })
        })
        .collect();
    let neighbour = |code: &str, limits: Limits| {
        let guest = compiled(&handler(KV, code));
        guests.spawn(async move {
            let never = std::future::pending();
            RUNNER
                .run(&guest, &order(limits), Arc::new(Silent), never)
                .await
        })
    };
    let healthy = neighbour("", ROOMY);
    let waiting = neighbour(
        "(call $get (i32.const 0) (i32.const 3) (i32.const 128))",
        Limits {
            wall_ms: 10,
            ..ROOMY
        },
    );
    guests.block_on(async {
        done(&healthy.await.unwrap());
        assert_eq!(limit(&waiting.await.unwrap()), LimitName::Wall);
        stop.cancel();
        for ended in loops {
            assert_eq!(ended.await.unwrap().ending, Ending::Cancelled);
        }
    });
}

#[test]
fn waiting_is_ended_by_the_wall() {
    let code = "(call $get (i32.const 0) (i32.const 3) (i32.const 128))";
    let limits = Limits {
        wall_ms: 30,
        ..ROOMY
    };
    let ended = run(
        compiled(&handler(KV, code)),
        order(limits.clone()),
        Arc::new(Silent),
    );
    assert_eq!(limit(&ended), LimitName::Wall);
    assert_eq!(ended.usage.calls, 1);
    // Sleeping is waiting as well, and no processor time.
    let sleep = r#"(import "wasi:clocks/monotonic-clock@0.2.6" "subscribe-duration"
            (func $after (param i64) (result i32)))
        (import "wasi:io/poll@0.2.6" "[method]pollable.block" (func $block (param i32)))"#;
    let code = "(call $block (call $after (i64.const 3600000000000)))";
    let ended = handle(sleep, code, limits);
    assert_eq!(limit(&ended), LimitName::Wall);
    assert!(ended.usage.cpu_us < 30_000);
}

#[test]
fn memory_is_ended_by_the_sum_of_all_memories() {
    let grow = "(loop $on (br_if $on (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))";
    let ended = handle("", grow, ROOMY);
    assert_eq!(limit(&ended), LimitName::Memory);
    assert!(ended.usage.memory_bytes <= ROOMY.memory_bytes);

    let two = "(component
        (core module $large (memory 600))
        (core instance (instantiate $large))
        (core instance (instantiate $large)))";
    let two = crate::run::tests::inputs::with_inner(two);
    let ended = run(compiled(&two), order(ROOMY), Stub::denying());
    assert_eq!(limit(&ended), LimitName::Memory);
}

#[test]
fn a_maximum_of_the_guests_own_is_heard_by_the_guest() {
    let own = crate::run::tests::inputs::with_inner(
        "(component (core module $m (memory 1 3) (table $t 1 3 funcref)
            (func $start
                (if (i32.ne (memory.grow (i32.const 2)) (i32.const 1)) (then (unreachable)))
                (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))
                (if (i32.ne (table.grow $t (ref.null func) (i32.const 3)) (i32.const -1))
                    (then (unreachable))))
            (start $start))
        (core instance (instantiate $m)))",
    );
    done(&run(compiled(&own), order(ROOMY), Stub::denying()));
}

#[test]
fn more_memories_than_there_are_places_are_refused_before_anything_runs() {
    let many = "(component
        (core module $one (memory 1))
        (core instance (instantiate $one)) (core instance (instantiate $one))
        (core instance (instantiate $one)) (core instance (instantiate $one))
        (core instance (instantiate $one)))";
    let refused = RUNNER.compile(&wat::parse_str(many).unwrap());
    assert!(matches!(
        refused.err(),
        Some(Unloadable::Limit(LimitName::Tables, _))
    ));
    let large = "(component (core module $m (memory 32768)) (core instance (instantiate $m)))";
    let refused = RUNNER.compile(&wat::parse_str(large).unwrap());
    assert!(matches!(
        refused.err(),
        Some(Unloadable::Limit(LimitName::Memory, _))
    ));
}

#[test]
fn tables_are_ended_by_the_sum_of_their_elements() {
    let table = "(table $t 10 funcref)";
    let code = "(loop $on (br_if $on (i32.ne
        (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))";
    let ended = handle(table, code, ROOMY);
    assert_eq!(limit(&ended), LimitName::Tables);
    assert!(ended.usage.table_elements <= ROOMY.table_elements);

    let ended = handle("(table 15000 funcref) (table 15000 funcref)", "", ROOMY);
    assert_eq!(limit(&ended), LimitName::Tables);
}

#[test]
fn a_table_of_millions_is_refused_before_anything_runs() {
    let large = "(component
        (core module $m (table 10000000 funcref)) (core instance (instantiate $m)))";
    let refused = RUNNER.compile(&wat::parse_str(large).unwrap());
    assert!(matches!(
        refused.err(),
        Some(Unloadable::Limit(LimitName::Tables, _))
    ));
}

#[test]
fn recursion_is_ended_by_the_stack() {
    let deep = "(func $deep (param i64 i64 i64 i64) (result i64)
        (i64.add (i64.const 1) (call $deep
            (local.get 1) (local.get 2) (local.get 3) (local.get 0))))";
    let code = "(drop (call $deep (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)))";
    let ended = handle(deep, code, ROOMY);
    assert_eq!(limit(&ended), LimitName::Stack);
}

#[test]
fn a_giant_text_is_not_even_copied() {
    let code = "(drop (memory.grow (i32.const 600)))
        (call $log (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 30000000)
            (i32.const 0) (i32.const 0))";
    let ended = handle(LOG, code, ROOMY);
    assert_eq!(limit(&ended), LimitName::CallBytes);
    assert_eq!(ended.usage.log_lines, 0);
}

#[test]
fn a_list_of_millions_of_nothings_is_not_even_copied() {
    let fetch = r#"(import "wabe:plugin/http@1.0.0" "fetch"
        (func $fetch (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))"#;
    let asking = |headers: u32| {
        let zeros = "(i32.const 0)".repeat(4);
        let after = "(i32.const 0)".repeat(4);
        let code = format!(
            "(drop (memory.grow (i32.const 600)))
            (call $fetch {zeros} (i32.const 200000) (i32.const {headers}) {after} (i32.const 128))"
        );
        let host = Stub::denying();
        let ended = run(
            compiled(&handler(fetch, &code)),
            order(ROOMY),
            Arc::clone(&host) as Arc<_>,
        );
        (ended, host.asked().len())
    };
    let (ended, asked) = asking(2_000_000);
    assert_eq!((limit(&ended), asked), (LimitName::CallBytes, 0));
    // A list that may pass is not free either.
    let (ended, asked) = asking(10_000);
    done(&ended);
    assert_eq!(asked, 1);
    assert!(ended.usage.calls_bytes >= 160_000);
}

#[test]
fn a_giant_result_is_not_taken() {
    // Outcome: ok, no effects, and data of 30 MB.
    let code = "(drop (memory.grow (i32.const 600)))
        (i32.store (i32.const 80) (i32.const 30000000))";
    let ended = handle("", code, ROOMY);
    assert_eq!(limit(&ended), LimitName::Result);
    // Small enough to be copied, and still more than a run may give back.
    let ended = handle(
        "",
        "(drop (memory.grow (i32.const 10)))
            (i32.store (i32.const 76) (i32.const 200000))
            (i32.store (i32.const 80) (i32.const 100000))",
        Limits {
            result_bytes: 65_536,
            ..ROOMY
        },
    );
    assert_eq!(limit(&ended), LimitName::Result);
}

#[test]
fn too_many_effects_are_not_taken() {
    // 51 effects of four empty texts each, all at address 1024.
    let code = "(i32.store (i32.const 68) (i32.const 1024))
        (i32.store (i32.const 72) (i32.const 51))";
    let ended = handle("", code, ROOMY);
    assert_eq!(limit(&ended), LimitName::Effects);
    let ended = handle(
        "",
        code,
        Limits {
            effects: 51,
            ..ROOMY
        },
    );
    assert_eq!(done(&ended).effects.len(), 51);
}

#[test]
fn handles_are_ended_by_their_number() {
    let streams = r#"(import "wasi:cli/stderr@0.2.6" "get-stderr" (func $open (result i32)))"#;
    let ended = handle(streams, "(loop $on (drop (call $open)) (br $on))", ROOMY);
    assert_eq!(limit(&ended), LimitName::Handles);
}

#[test]
fn handles_of_a_guests_own_are_ended_by_their_number() {
    let own = "(component
        (type $r (resource (rep i32)))
        (core func $new (canon resource.new $r))
        (core module $m (import \"\" \"new\" (func $new (param i32) (result i32)))
            (func $start (loop $on (drop (call $new (i32.const 1))) (br $on))) (start $start))
        (core instance (instantiate $m (with \"\" (instance (export \"new\" (func $new)))))))";
    let own = crate::run::tests::inputs::with_inner(own);
    let ended = run(compiled(&own), order(ROOMY), Stub::denying());
    assert_eq!(limit(&ended), LimitName::Handles);
}

#[test]
fn calls_are_ended_by_their_number_and_their_bytes() {
    let key = "(loop $on (call $get (i32.const 0) (i32.const 3) (i32.const 128)) (br $on))";
    let nothing = || Stub::new(Ok(Answer::Versioned { found: None }));
    let calling = |code: &str, limits: Limits| {
        let guest = compiled(&handler(KV, code));
        run(guest, order(limits), nothing())
    };
    let ended = calling(key, ROOMY);
    assert_eq!(limit(&ended), LimitName::KvCalls);
    assert_eq!(ended.usage.kv_calls, ROOMY.kv_calls + 1);

    let many = Limits {
        kv_calls: u32::MAX,
        ..ROOMY
    };
    let ended = calling(key, many.clone());
    assert_eq!(limit(&ended), LimitName::Calls);

    let long = "(drop (memory.grow (i32.const 10)))
        (loop $on (call $get (i32.const 200000) (i32.const 100000) (i32.const 128)) (br $on))";
    let ended = calling(long, many);
    assert_eq!(limit(&ended), LimitName::CallsBytes);
}

#[test]
fn fuel_ends_the_same_run_at_the_same_place_everywhere() {
    let counted = |fuel: u64| Limits { fuel, ..ROOMY };
    let code = "(loop $on (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $on (i32.lt_u (local.get $i) (i32.const 100000))))";
    let first = handle("", code, counted(1_000_000_000));
    done(&first);
    let used = first.usage.fuel.unwrap();
    assert!(used > 100_000);
    let second = handle("", code, counted(used));
    done(&second);
    assert_eq!(second.usage.fuel, Some(used));
    assert_eq!(limit(&handle("", code, counted(used / 2))), LimitName::Fuel);
}

#[test]
fn a_trap_is_told_with_its_place() {
    let ended = handle(
        "(func $half (param i32) (result i32) (i32.div_u (i32.const 7) (local.get 0)))",
        "(drop (call $half (i32.const 0)))",
        ROOMY,
    );
    let message = trap(&ended);
    assert!(message.contains("integer divide by zero"), "{message}");
    assert!(
        message.contains("half") && message.contains("handle"),
        "{message}"
    );
}
