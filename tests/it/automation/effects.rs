//! Effects: commands of the customer, in one transaction with everything else a run leaves behind.

use super::{databases, detail, ends, everything, installed, is, listener, make_database, runs};
use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::{ActorKind, Mode, Role, StaffRole};
use wabe_testkit::{Guest, House, Tenant, done, guest};

on_both_engines!(
    an_effect_is_a_change_of_the_customer_by_the_plugin,
    effects_pass_together_or_not_at_all,
    what_was_not_granted_is_not_applied,
    the_things_of_another_customer_are_out_of_reach,
    a_key_counts_once,
    a_chain_ends_at_its_depth,
    a_plugin_may_no_more_than_who_granted_it,
    a_plugin_of_somebody_shut_out_rests,
    effects_equal_the_commands_of_the_customer,
    a_message_reaches_whoever_sees_plugins,
);

async fn ready(house: &House) -> Tenant {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    tenant
}

async fn an_effect_is_a_change_of_the_customer_by_the_plugin(house: House) {
    let tenant = ready(&house).await;
    house.plugins.sandbox.set(guest(|order| {
        assert!(matches!(&order.entry, wabe_package::Entry::Event { topic, .. } if topic == "database.create"));
        done(&[("database.create", "", r#"{"name":"copy"}"#, "copy")])
    }));
    make_database(&house, &tenant.owner, "shop").await;
    assert_eq!(house.run_plugins().await, 2);
    assert_eq!(databases(&house, &tenant).await, ["copy", "shop"]);
    let first = runs(&house, &tenant).await.remove(0);
    let shown = detail(&house, &tenant, first.id).await;
    let effect = &shown.effects[0];
    assert_eq!(
        (effect.before.is_null(), &effect.after["name"]),
        (true, &"copy".into())
    );
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let change = house
        .recorder
        .load(&mut tx, tenant.id, effect.change.unwrap())
        .await;
    tx.rollback().await.unwrap();
    let change = change.unwrap().unwrap();
    assert_eq!(change.actor_kind, "plugin");
    assert_eq!(change.actor_user, tenant.owner.user);
    assert_eq!(change.actor_installation, Some(first.installation));
}

async fn effects_pass_together_or_not_at_all(house: House) {
    let tenant = ready(&house).await;
    house.plugins.sandbox.set(guest(|_order| {
        done(&[
            ("database.create", "", r#"{"name":"one"}"#, "a"),
            ("database.create", "", r#"{"name":"one"}"#, "b"),
        ])
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(databases(&house, &tenant).await, ["shop"]);
    assert_eq!(
        ends(&house, &tenant).await,
        [is("failed", Some("effect-refused"))]
    );
    let run = runs(&house, &tenant).await.remove(0);
    assert!(run.message.unwrap().starts_with("effect 1"));
}

async fn what_was_not_granted_is_not_applied(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house
        .install(&tenant, "watch", json!({ "events:database.*": true }))
        .await;
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"copy"}"#, "copy")])
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(databases(&house, &tenant).await, ["shop"]);
    assert_eq!(
        ends(&house, &tenant).await,
        [is("failed", Some("effect-denied"))]
    );
}

async fn the_things_of_another_customer_are_out_of_reach(house: House) {
    let tenant = ready(&house).await;
    let other = house.tenant("Mond").await;
    let foreign = make_database(&house, &other.owner, "theirs").await;
    let before = wabe_testkit::snapshot(&house.db.location).await;
    house.plugins.sandbox.set(guest(move |_order| {
        done(&[(
            "database.set_quota",
            &foreign,
            r#"{"quota_bytes":5000000}"#,
            "",
        )])
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(
        ends(&house, &tenant).await,
        [is("failed", Some("effect-refused"))]
    );
    let run = runs(&house, &tenant).await.remove(0);
    assert_eq!(run.message.unwrap(), "effect 0: there is no such thing");
    let after = wabe_testkit::snapshot(&house.db.location).await;
    let theirs = |all: &std::collections::BTreeMap<String, Vec<String>>| -> Vec<String> {
        let rows = all["database"].iter().chain(&all["change"]);
        let id = other.id.to_string();
        rows.filter(|row| row.contains(&id)).cloned().collect()
    };
    assert_eq!(theirs(&before), theirs(&after));
}

async fn a_key_counts_once(house: House) {
    let tenant = ready(&house).await;
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"once"}"#, "the-key")])
    }));
    make_database(&house, &tenant.owner, "first").await;
    house.run_plugins().await;
    let id = {
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let scope = wabe_access::Scope::system(tenant.id);
        let page = wabe_kernel::PageRequest::first(10);
        let list = wabe_hosting::database::list(&mut tx, &scope, &page)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        list.items
            .iter()
            .find(|one| one.name.to_string() == "once")
            .unwrap()
            .id
    };
    house
        .run_json(&tenant.owner, "database.delete", json!({ "id": id }))
        .await
        .unwrap();
    make_database(&house, &tenant.owner, "second").await;
    house.run_plugins().await;
    assert_eq!(databases(&house, &tenant).await, ["first", "second"]);
    let last = runs(&house, &tenant).await.pop().unwrap();
    assert_eq!(last.state.word(), "done");
    let shown = detail(&house, &tenant, last.id).await;
    assert_eq!(shown.effects[0].state.word(), "repeated");
    // A month later it counts again.
    house.clock.advance(31 * 86_400);
    house.plugins.engine.purge().await.unwrap();
    make_database(&house, &tenant.owner, "third").await;
    house.run_plugins().await;
    assert!(
        databases(&house, &tenant)
            .await
            .contains(&"once".to_owned())
    );
}

async fn a_chain_ends_at_its_depth(house: House) {
    let tenant = ready(&house).await;
    house.plugins.sandbox.set(guest(|order| {
        let wabe_package::Entry::Event { payload, .. } = &order.entry else {
            panic!("no event")
        };
        let payload: Value = serde_json::from_str(payload).unwrap();
        let name = format!("{}x", payload["object"]["name"].as_str().unwrap());
        done(&[(
            "database.create",
            "",
            &json!({ "name": name }).to_string(),
            "",
        )])
    }));
    make_database(&house, &tenant.owner, "a").await;
    house.run_plugins().await;
    assert_eq!(
        databases(&house, &tenant).await,
        ["a", "ax", "axx", "axxx", "axxxx", "axxxxx"]
    );
    let last = ends(&house, &tenant).await.pop().unwrap();
    assert_eq!(last, is("dropped", Some("depth")));
}

async fn a_plugin_of_somebody_shut_out_rests(house: House) {
    let tenant = ready(&house).await;
    let colleague = house.member(tenant.id, Role::Administrator).await;
    let operator = house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("a stolen laptop".parse().unwrap());
    let who = json!({ "id": tenant.owner.user });
    house
        .run_json(&operator, "user.disable", who)
        .await
        .unwrap();
    make_database(&house, &colleague, "shop").await;
    house.run_plugins().await;
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = wabe_access::Scope::of(&mut tx, &colleague).await.unwrap();
    let page = wabe_kernel::PageRequest::first(10);
    let filter = wabe_automation::run::RunFilter::default();
    let found = wabe_automation::run::list(&mut tx, &scope, filter, &page).await;
    tx.rollback().await.unwrap();
    let run = found.unwrap().items.remove(0);
    assert_eq!(run.code.as_deref(), Some("granter-gone"));
}

async fn a_plugin_may_no_more_than_who_granted_it(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    let administrator = house.member(tenant.id, Role::Administrator).await;
    let input = json!({ "plugin": "watch", "capabilities": everything() });
    let made = house
        .run_json(&administrator, "installation.create", input)
        .await
        .unwrap();
    let id = made.object.parse().unwrap();
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"copy"}"#, "")])
    }));
    let members = {
        let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
        let found = wabe_access::member::list(&mut tx, tenant.id).await.unwrap();
        tx.rollback().await.unwrap();
        found
    };
    let member = members
        .iter()
        .find(|one| Some(one.user) == administrator.user)
        .unwrap();
    let role = json!({ "id": member.id, "role": "mail_manager" });
    house
        .run_json(&tenant.owner, "member.set_role", role)
        .await
        .unwrap();
    make_database(&house, &tenant.owner, "first").await;
    house.run_plugins().await;
    assert_eq!(
        ends(&house, &tenant).await,
        [is("failed", Some("effect-refused"))]
    );
    house
        .run_json(&tenant.owner, "member.remove", json!({ "id": member.id }))
        .await
        .unwrap();
    make_database(&house, &tenant.owner, "second").await;
    house.run_plugins().await;
    assert_eq!(
        ends(&house, &tenant).await[1],
        is("failed", Some("granter-gone"))
    );
    assert_eq!(databases(&house, &tenant).await, ["first", "second"]);
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.installation.paused_by.unwrap().word(), "granter");
    let resumed = house
        .run_json(&tenant.owner, "installation.resume", json!({ "id": id }))
        .await;
    assert!(matches!(
        resumed,
        Err(wabe_access::Refusal::Conflict("granter-gone"))
    ));
    let granted = json!({ "id": id, "capabilities": everything() });
    house
        .run_json(&tenant.owner, "installation.set_capabilities", granted)
        .await
        .unwrap();
    house
        .run_json(&tenant.owner, "installation.resume", json!({ "id": id }))
        .await
        .unwrap();
}

/// Commands that follow from a number, valid and invalid ones.
fn commands(seed: u64) -> Vec<(&'static str, Value)> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut dice = |end: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % end
    };
    let count = 1 + dice(4);
    let one = |_| match dice(4) {
        0 => (
            "database.create",
            json!({ "name": format!("db{}", dice(3)) }),
        ),
        1 => (
            "database.create",
            json!({ "name": format!("db{}", dice(3)), "quota_bytes": 1 }),
        ),
        2 => ("database.create", json!({ "name": "UPPER" })),
        _ => (
            "database.create",
            json!({ "name": format!("n{}", dice(50)), "quota_bytes": 2_000_000 }),
        ),
    };
    (0..count).map(one).collect()
}

/// A guest that asks for these commands when it hears of `trigger`, and for nothing otherwise.
fn asks_for(commands: &[(&'static str, Value)], seed: u64, trigger: String) -> Guest {
    let effect = |(place, (name, input)): (usize, &(&str, Value))| {
        (
            (*name).to_owned(),
            input.to_string(),
            format!("{seed}-{place}"),
        )
    };
    let effects: Vec<_> = commands.iter().enumerate().map(effect).collect();
    guest(move |order| {
        let wabe_package::Entry::Event { payload, .. } = &order.entry else {
            panic!("no event")
        };
        // What the effects themselves cause is answered with nothing.
        if !payload.contains(&trigger) {
            return done(&[]);
        }
        let effects: Vec<_> = effects
            .iter()
            .map(|(kind, args, key)| (kind.as_str(), "", args.as_str(), key.as_str()))
            .collect();
        done(&effects)
    })
}

/// The same commands by their customer, together or not at all; whether they passed.
async fn directly(house: &House, tenant: &Tenant, commands: &[(&'static str, Value)]) -> bool {
    let parse = |(name, input): &(&str, Value)| {
        let spec = house.gate.command(name).unwrap();
        (spec.parse)(input.as_object().unwrap())
    };
    let Ok(parsed) = commands.iter().map(parse).collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    let all = house
        .gate
        .run_all(&tenant.owner, parsed, Mode::Commit, None);
    Box::pin(all).await.is_ok()
}

async fn effects_equal_the_commands_of_the_customer(house: House) {
    let theirs = ready(&house).await;
    let own = house.tenant("Mond").await;
    for seed in 1..25_u64 {
        let commands = commands(seed);
        let trigger = format!("trigger{seed}");
        let guest = asks_for(&commands, seed, trigger.clone());
        house.plugins.sandbox.set(guest);
        make_database(&house, &theirs.owner, &trigger).await;
        make_database(&house, &own.owner, &trigger).await;
        house.run_plugins().await;
        let passed = directly(&house, &own, &commands).await;
        let about = format!("seed {seed}: {commands:?}");
        let have = [
            databases(&house, &theirs).await,
            databases(&house, &own).await,
        ];
        assert_eq!(have[0], have[1], "{about}");
        let run = runs(&house, &theirs).await;
        let run = run.iter().rfind(|run| run.depth == 0).unwrap();
        assert_eq!(run.state.word() == "done", passed, "{about}");
    }
    let counted = async |tenant: &Tenant| -> Vec<i64> {
        let uses = house.usage(tenant.id).await.into_iter();
        let of = uses.filter(|one| one.limit.word() != "installations");
        of.map(|one| one.used).collect()
    };
    assert_eq!(counted(&theirs).await, counted(&own).await);
}

async fn a_message_reaches_whoever_sees_plugins(house: House) {
    let tenant = ready(&house).await;
    house.member(tenant.id, Role::Viewer).await;
    house.plugins.sandbox.set(guest(|_order| {
        let args = r#"{"subject":"Eine neue Datenbank","text":"Zeile 1\n\nZeile 2"}"#;
        done(&[("plugin_message.send", "", args, "")])
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    assert_eq!(rows["notice"].len(), 1);
    assert_eq!(rows["outgoing_mail"].len(), 1);
    // Nobody else says so in a plugin's name.
    let input = json!({ "subject": "x", "text": "y" });
    assert!(matches!(tenant.owner.kind, ActorKind::Member));
    let refused = house
        .run_json(&tenant.owner, "plugin_message.send", input)
        .await;
    assert!(matches!(refused, Err(wabe_access::Refusal::Forbidden)));
}
