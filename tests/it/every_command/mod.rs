//! Every command passes once, in the roles and scopes of both engines. A command that is new stands
//! here before it stands anywhere else: this test lists what it has not seen pass.

mod certificates;
mod databases;
mod webspaces;

use crate::on_both_engines;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wabe_access::actor::HOUSE;
use wabe_access::command::BoxedCommand;
use wabe_access::{Actor, Mode, StaffRole};
use wabe_automation::run::{self, RunFilter};
use wabe_identity::MailKind;
use wabe_identity::factor::code::step_of;
use wabe_identity::passkey::challenge::Purpose;
use wabe_kernel::PageRequest;
use wabe_kernel::id::{InstallationId, RunId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_package::SigningKey;
use wabe_support::action::{KeepRun, RunFound, act};
use wabe_testkit::{
    Authenticator, House, PASSWORD, Tenant, capability, done, failed, guest, manifest, package,
};

on_both_engines!(every_command_passes);

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f laptop";

/// Commands on their way, and what passed.
struct Script {
    house: House,
    tenant: Tenant,
    operator: Actor,
    /// The installation that the script works with.
    installed: String,
    passed: BTreeSet<String>,
}

impl Script {
    async fn run(&mut self, actor: &Actor, name: &str, input: Value) -> Value {
        let done = self.house.run_json(actor, name, input).await;
        let done = done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        self.passed.insert(name.to_owned());
        let mut output = done.output;
        if output.get("id").is_none() {
            output = json!({ "id": done.object, "output": output });
        }
        output
    }

    /// As the owner; answers the id of what it is about.
    async fn own(&mut self, name: &str, input: Value) -> String {
        let owner = self.tenant.owner.clone();
        self.run(&owner, name, input).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// As an operator with a purpose.
    async fn hoster(&mut self, name: &str, input: Value) -> Value {
        let operator = self.operator.clone();
        self.run(&operator, name, input).await
    }

    /// What every resource can go through.
    async fn lifecycle(&mut self, noun: &str, id: &str, suspends: bool) {
        if suspends {
            self.own(
                &format!("{noun}.suspend"),
                json!({ "id": id, "reason": "holiday" }),
            )
            .await;
            self.own(&format!("{noun}.resume"), json!({ "id": id }))
                .await;
        }
        for verb in ["delete", "restore"] {
            self.own(&format!("{noun}.{verb}"), json!({ "id": id }))
                .await;
        }
        self.house.settle().await;
    }

    async fn domains(&mut self) {
        let id = self
            .own("domain.create", json!({ "name": "sonne.example.com" }))
            .await;
        let records = self.proof(&id).await;
        self.house.lookup.set_txt(&records.0, &[records.1.as_str()]);
        self.own("domain.verify", json!({ "id": id })).await;
        let redirect = json!({ "id": id, "redirect": "https://www.example.org/" });
        self.own("domain.set_redirect", redirect).await;
        let other = self.house.tenant("Mond").await;
        let claim = json!({ "name": "mond.sonne.example.com" });
        let claimed = self.run(&other.owner, "domain.create", claim).await;
        self.own(
            "domain.consent",
            json!({ "id": id, "claim": claimed["id"] }),
        )
        .await;
        self.lifecycle("domain", &id, false).await;
        let import = json!({ "customer": self.tenant.id, "name": "moved.example.com" });
        let moved = self.hoster("domain.import", import).await;
        let system = Actor::system(self.tenant.id);
        self.run(&system, "domain.withdraw", json!({ "id": moved["id"] }))
            .await;
        self.own("domain.create", json!({ "name": "sonne.test" }))
            .await;
    }

    /// Where the proof of a domain is looked for, and what must stand there.
    async fn proof(&self, id: &str) -> (String, String) {
        let mut tx = self.house.db.store.read_for(self.tenant.id).await.unwrap();
        let scope = wabe_access::Scope::system(self.tenant.id);
        let id = id.parse().unwrap();
        let found = wabe_hosting::domain::load(&mut tx, &scope, id)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        let proofs = found.with_proofs(&self.house.facts).proofs.unwrap();
        (proofs.txt_name, proofs.txt_value)
    }

    async fn mail(&mut self) {
        let input = json!({ "address": "info@sonne.test", "password": PASSWORD });
        let id = self.own("mailbox.create", input).await;
        self.own(
            "mailbox.set_quota",
            json!({ "id": id, "quota_bytes": 2_000_000_000_i64 }),
        )
        .await;
        self.own(
            "mailbox.set_password",
            json!({ "id": id, "password": PASSWORD }),
        )
        .await;
        let input = json!({ "address": "hallo@sonne.test", "targets": ["info@sonne.test"] });
        let alias = self.own("alias.create", input).await;
        let targets = json!({ "id": alias, "targets": ["info@sonne.test"] });
        self.own("alias.set_targets", targets).await;
        self.lifecycle("alias", &alias, true).await;
        self.lifecycle("mailbox", &id, true).await;
    }

    async fn members(&mut self) {
        let invite = |name: &str| json!({ "email": format!("{name}@wabe.test"), "role": "viewer" });
        let id = self.own("member.invite", invite("anna")).await;
        self.own("member.renew_invitation", json!({ "id": id }))
            .await;
        let token = self.house.mails.token(MailKind::Invitation).unwrap();
        let system = Actor::system(self.tenant.id);
        let accept = json!({ "token": token, "name": "Anna Berg", "password": PASSWORD });
        let member = self.run(&system, "member.accept", accept).await;
        let role = json!({ "id": member["id"], "role": "webmaster" });
        self.own("member.set_role", role).await;
        self.own("member.remove", json!({ "id": member["id"] }))
            .await;
        let id = self.own("member.invite", invite("berta")).await;
        self.own("member.revoke_invitation", json!({ "id": id }))
            .await;
        let token = json!({
            "name": "deploy", "scopes": ["database:write"], "days": 30, "sensitive": true,
        });
        let token = self.own("token.create", token).await;
        self.own("token.revoke", json!({ "id": token })).await;
    }

    async fn oneself(&mut self) {
        let profile = json!({ "name": "Maria Sonne", "language": "en", "theme": "dark" });
        let contact = json!({ "contact_email": "new@wabe.test", "contact_phone": "030 123456" });
        self.own("customer.set_contact", contact).await;
        let wish = json!({ "kind": "quota-80", "wanted": false });
        self.own("user.set_profile", profile.clone()).await;
        for number in [json!("030 123456"), json!(null)] {
            self.own("user.set_phone", json!({ "phone": number })).await;
        }
        self.own("notice.set_preferences", wish.clone()).await;
        let weekly = json!({ "cadence": "weekly" });
        self.own("notice.set_access_digest", weekly).await;
        let password =
            json!({ "old_password": PASSWORD, "new_password": "Wq8-abendrot zwei Zelte" });
        self.own("user.set_password", password).await;
        // Staff have affairs of their own too, under the number of the house.
        let staff = json!({
            "name": "Otto Wirt", "email": "otto@wabe.test", "roles": ["support"],
            "password": PASSWORD, "setup_by_mail": false,
        });
        let system = Actor::system(HOUSE);
        let user = self.run(&system, "staff.create", staff).await["output"]["user"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let program = Actor {
            user: Some(user),
            ..Actor::system(HOUSE)
        };
        let token = json!({
            "name": "ci", "scopes": ["plugin:read"], "days": 1, "sensitive": false,
        });
        let token = self.run(&program, "token.create", token).await;
        self.hoster("hoster_token.revoke", json!({ "id": token["id"] }))
            .await;
        let staff = Actor::staff(user, wabe_kernel::Clock::now(self.house.clock.as_ref()));
        self.run(&staff, "user.set_profile", profile).await;
        self.run(&staff, "notice.set_preferences", wish).await;
        let password =
            json!({ "old_password": PASSWORD, "new_password": "Wq8-abendrot zwei Zelte" });
        self.run(&staff, "user.set_password", password).await;
        self.factor().await;
        self.addresses().await;
    }

    /// A second factor, wanted of everybody, and without it again.
    async fn factor(&mut self) {
        let user = self.tenant.owner.user.unwrap();
        self.house.identity.begin_totp(user).await.unwrap();
        let app = self.house.identity.pending_totp(user).await.unwrap();
        let now = wabe_kernel::Clock::now(self.house.clock.as_ref());
        let code = app.unwrap().code(step_of(now)).unwrap();
        self.own("user.enrol_totp", json!({ "code": code.expose() }))
            .await;
        for required in [true, false] {
            let wish = json!({ "factor_required": required });
            self.own("customer.set_factor_required", wish).await;
        }
        self.own("user.renew_recovery_codes", json!({})).await;
        self.own("user.remove_totp", json!({})).await;
        let about = user.to_string();
        let asking = self
            .house
            .identity
            .ask_passkey(user, (Purpose::Add, &about));
        let challenge = asking.await.unwrap().challenge;
        let key = Authenticator::new(&self.house.facts.portal_url, 7);
        let owner = self.tenant.owner.clone();
        let input = key.create("Phone", &challenge);
        let added = self.run(&owner, "user.add_passkey", input).await["id"].clone();
        let renamed = json!({ "id": added, "label": "Key ring" });
        self.own("user.rename_passkey", renamed).await;
        self.own("user.remove_passkey", json!({ "id": added }))
            .await;
    }

    /// Another address to log in with, and back.
    async fn addresses(&mut self) {
        let wanted = json!({ "email": "maria@elsewhere.test" });
        self.own("user.set_email", wanted).await;
        let system = Actor::system(self.tenant.id);
        for (verb, kind) in [
            ("confirm_email", MailKind::ConfirmEmail),
            ("undo_email", MailKind::LoginEmailChanged),
        ] {
            let token = json!({ "token": self.house.mails.token(kind).unwrap() });
            self.run(&system, &format!("user.{verb}"), token).await;
        }
    }

    /// Plugins, with a guest that does what it is told.
    async fn plugins(&mut self) {
        let limits = json!({ "plan": "Plenty", "limits": { "event": { "cpu_ms": 500 } } });
        self.hoster("plan.set_run_limits", limits).await;
        let key = SigningKey::new(self.house.rng.as_ref()).unwrap().public();
        let key = json!({ "name": "Author", "public_key": key.write() });
        let key = self.hoster("trusted_key.add", key).await;
        self.hoster("trusted_key.remove", json!({ "id": key["id"] }))
            .await;
        let officer = self.house.staff(StaffRole::PrivacyOfficer).await;
        let officer = officer.for_purpose("review".parse().unwrap());
        let rest = [
            capability("events:webspace.*", false),
            capability("mail", true),
            capability("secret:token", true),
            "[[secret]]\nname = \"token\"\n[secret.title]\nde = \"T\"\nen = \"T\"\n".to_owned(),
            "[[trigger]]\nkind = \"event\"\ntopic = \"webspace.create\"\n".to_owned(),
        ];
        let more = format!("{}{}", rest.concat(), capability("schedule", true));
        let mut versions = Vec::new();
        for (version, rest) in [("1.0.0", rest.concat()), ("2.0.0", more)] {
            let file = STANDARD.encode(package(&manifest("talk", version, &rest)));
            let uploaded = self
                .hoster("plugin.upload", json!({ "package": file }))
                .await;
            let release = json!({ "id": uploaded["id"], "note": "looked at" });
            self.run(&officer, "plugin.release", release).await;
            versions.push(uploaded["id"].clone());
            if version == "1.0.0" {
                self.installation().await;
            }
        }
        let id = self.installed.clone();
        let system = Actor::system(self.tenant.id);
        self.run(&system, "installation.update", json!({ "id": id }))
            .await;
        let granted = json!({ "events:webspace.*": true, "mail": true });
        let approved = json!({ "id": id, "version": "2.0.0", "capabilities": granted });
        self.own("installation.approve_update", approved).await;
        self.own("installation.rollback", json!({ "id": id })).await;
        self.own("installation.delete", json!({ "id": id })).await;
        let gone = json!({ "id": versions[1], "reason": "over" });
        self.hoster("plugin.withdraw", gone).await;
    }

    async fn installation(&mut self) {
        let granted = json!({ "events:webspace.*": true, "mail": true, "secret:token": true });
        let input = json!({ "plugin": "talk", "capabilities": granted });
        let id = self.own("installation.create", input).await;
        let secret = json!({ "id": id, "name": "token", "value": "two words and a number 7" });
        self.own("installation.set_secret", secret).await;
        self.own(
            "installation.set_settings",
            json!({ "id": id, "settings": {} }),
        )
        .await;
        let granted = json!({ "id": id, "capabilities": granted });
        self.own("installation.set_capabilities", granted).await;
        self.own("installation.pause", json!({ "id": id })).await;
        self.own("installation.resume", json!({ "id": id })).await;
        self.house
            .plugins
            .sandbox
            .set(guest(|_order| failed(false)));
        self.own("webspace.create", json!({ "name": "told" })).await;
        self.house.run_plugins().await;
        self.house.plugins.sandbox.set(guest(|_order| {
            let args = r#"{"subject":"a","text":"b"}"#;
            done(&[("plugin_message.send", "", args, "")])
        }));
        let run = self.one_run().await;
        self.own("run.retry", json!({ "id": run })).await;
        self.own("run.replay", json!({ "id": run })).await;
        self.own("run.release", json!({ "id": run })).await;
        self.house.run_plugins().await;
        for change in self.changes().await {
            if ["run.finish", "plugin_message.send"].contains(&change.as_str()) {
                self.passed.insert(change);
            }
        }
        self.installed = id;
    }

    /// The first run of the customer.
    async fn one_run(&self) -> RunId {
        let mut tx = self.house.db.store.read_for(self.tenant.id).await.unwrap();
        let scope = wabe_access::Scope::system(self.tenant.id);
        let (filter, page) = (RunFilter::default(), PageRequest::first(10));
        let found = run::list(&mut tx, &scope, filter, &page).await.unwrap();
        tx.rollback().await.unwrap();
        found.items[0].id
    }

    /// The commands that stand in the customer's record.
    async fn changes(&self) -> Vec<String> {
        let mut tx = self.house.db.store.read_for(self.tenant.id).await.unwrap();
        let (filter, page) = (wabe_audit::ChangeFilter::default(), PageRequest::first(200));
        let found = self
            .house
            .recorder
            .list(&mut tx, self.tenant.id, &filter, &page);
        let found = found.await.unwrap();
        tx.rollback().await.unwrap();
        found
            .items
            .into_iter()
            .map(|change| change.command)
            .collect()
    }

    /// Lost factors; rights at the hoster; what takes two people; a telephone PIN, wrong and right.
    async fn lost_factors(&mut self) {
        crate::access_help::decisions(&self.house).await;
        let all = [
            crate::staff_role::all_of_it(&self.house).await,
            crate::known_problem::all_of_it(&self.house).await,
            crate::sensitive_action::everyday::all_of_it(&self.house).await,
            crate::four_eyes::all_of_it(&self.house).await,
        ];
        self.passed
            .extend(all.into_iter().flatten().map(str::to_owned));
        crate::phone_pin::both(&self.house).await;
        let losses = ["approve_factor_loss", "refuse_factor_loss"];
        let verbs = losses
            .into_iter()
            .chain(["set_phone_pin", "prove_by_phone"]);
        self.passed.extend(verbs.map(|verb| format!("user.{verb}")));
        let by_telephone = crate::telephone::both(&self.house).await;
        self.passed.extend(by_telephone.map(str::to_owned));
        let by_letter = Box::pin(crate::letters::all_of_it(&self.house)).await;
        self.passed.extend(by_letter.map(str::to_owned));
    }

    async fn tickets(&mut self) {
        let asked = json!({ "subject": "Postfach voll", "body": "Bitte helfen Sie." });
        let id = self.own("ticket.create", asked).await;
        self.own("ticket.reply", json!({ "id": id, "body": "Noch etwas." }))
            .await;
        let support = self.house.staff(StaffRole::Support).await;
        let owner = support.user.unwrap();
        for (verb, field, value) in [
            ("assign", "owner", json!(owner)),
            ("note", "body", json!("Kennt sich aus.")),
            ("answer", "body", json!("Erledigt.")),
            ("set_priority", "priority", json!("high")),
            ("set_category", "category", json!("email")),
            ("set_status", "status", json!("open")),
        ] {
            let mut input = json!({ "id": id });
            input[field] = value;
            self.run(&support, &format!("ticket.{verb}"), input).await;
        }
        let file = json!({ "id": id, "name": "log.txt", "file": "YWJj" });
        self.own("ticket.attach", file).await;
        let secret = json!({ "id": id, "name": "login", "value": "two words and a number 7" });
        self.own("ticket.put_secret", secret).await;
        let kept = self.kept_secret(&id).await;
        let reveal = json!({ "id": id, "secret": kept });
        self.run(&support, "ticket.reveal_secret", reveal).await;
        let given = self.instruction(&support, &id).await;
        self.own("instruction.end", json!({ "id": given })).await;
        self.consents(&support, &id).await;
        self.own("ticket.solve", json!({ "id": id })).await;
        self.own("ticket.reopen", json!({ "id": id })).await;
        let now = wabe_kernel::Clock::now(self.house.clock.as_ref());
        let day = now.plus_days(3).to_string();
        let aside = json!({ "id": id, "day": day[..10] });
        self.run(&support, "ticket.follow_up", aside).await;
        let call = json!({ "customer": self.tenant.id, "subject": "Anruf" });
        self.run(&support, "ticket.call", call).await;
        self.house.clock.advance(4 * 86_400);
        let system = Actor::system(self.tenant.id);
        self.run(&system, "ticket.lapse", json!({ "id": id })).await;
    }

    /// What staff ask to see, what is answered, and what is looked at.
    async fn consents(&mut self, support: &Actor, ticket: &str) {
        let wish = json!({ "id": ticket, "reason": "Um nachzusehen." });
        let asked = self.run(support, "consent.ask", wish.clone()).await;
        self.own("consent.refuse", json!({ "id": asked["id"] }))
            .await;
        let asked = self.run(support, "consent.ask", wish).await;
        let consent = asked["id"].clone();
        self.own("consent.give", json!({ "id": consent })).await;
        let open = json!({ "id": ticket, "consent": consent });
        let look = self.run(support, "access.open", open.clone()).await;
        let close = json!({ "id": ticket, "access": look["id"] });
        self.run(support, "access.close", close).await;
        let look = self.run(support, "access.open", open).await;
        self.own("access.end", json!({ "id": look["id"] })).await;
        self.own("consent.withdraw", json!({ "id": consent })).await;
    }

    /// The secret of a ticket.
    async fn kept_secret(&self, ticket: &str) -> wabe_kernel::id::TicketSecretId {
        let mut tx = self.house.db.store.read_for(self.tenant.id).await.unwrap();
        let ticket = ticket.parse().unwrap();
        let found = wabe_support::secret::list(&mut tx, self.tenant.id, ticket);
        let found = found.await.unwrap();
        tx.rollback().await.unwrap();
        found[0].id
    }

    /// The answers that staff send again and again.
    async fn canned_replies(&mut self) {
        let reply = json!({ "title": "Greeting", "body": "Hello {name}" });
        let made = self.hoster("canned_reply.create", reply).await;
        let set = json!({ "id": made["id"], "title": "Greeting", "body": "Hi {name}" });
        self.hoster("canned_reply.set", set).await;
        self.hoster("canned_reply.delete", json!({ "id": made["id"] }))
            .await;
    }

    /// An instruction in a ticket, and what staff do on it.
    async fn instruction(&mut self, support: &Actor, ticket: &str) -> String {
        self.own("domain.create", json!({ "name": "mehr.test" }))
            .await;
        let input = json!({ "address": "voll@mehr.test", "password": PASSWORD });
        let mailbox = self.own("mailbox.create", input).await;
        let words = json!({ "id": ticket, "object": mailbox, "quote": "Bitte mehr Platz." });
        let given = self.own("instruction.give", words).await;
        let id = ticket.parse().unwrap();
        let input = json!({ "id": mailbox, "quota_bytes": 3_000_000_000_i64 });
        let (place, input) = ((id, "mailbox.set_quota"), input.as_object().unwrap());
        let done = act(&self.house.gate, support, place, input, Mode::Commit).await;
        done.unwrap();
        let found = RunFound {
            by: support.user.unwrap(),
            object: mailbox,
            run: RunId::from_uuid(Uuid::from_u128(1)),
            installation: InstallationId::from_uuid(Uuid::from_u128(1)),
            plugin: "Doctor".to_owned(),
            text: "All is well.".to_owned(),
        };
        let keep: BoxedCommand = Box::new(KeepRun::of(id, found));
        let (gate, panel) = (&self.house.gate, Actor::system(self.tenant.id));
        let kept = gate.run_then(&panel, Vec::new(), vec![keep], Mode::Commit);
        kept.await.unwrap();
        let (kept, made) = (["keep_action", "keep_run"], self.changes().await);
        let kept = kept.map(|verb| format!("ticket.{verb}")).into_iter();
        self.passed.extend(kept.filter(|one| made.contains(one)));
        given
    }

    async fn hosters(&mut self) {
        let plan = json!({
            "name": "Small", "storage_bytes": 50_000_000_000_i64, "webspaces": 5, "domains": 5,
            "mailboxes": 5, "aliases": 5, "databases": 5, "members": 5,
        });
        self.hoster("plan.create", plan).await;
        let targets = json!({ "plan": "Small", "answer_hours": 4, "solution_hours": 24 });
        self.hoster("plan.set_targets", targets).await;
        let customer = json!({
            "name": "Stern", "plan": "Small", "contact_email": "stern@wabe.test",
            "owner_name": "Sara Stern", "owner_email": "sara@wabe.test", "setup_by_mail": true,
        });
        let made = self.hoster("customer.create", customer).await;
        let number = made["number"].clone();
        self.hoster(
            "customer.set_plan",
            json!({ "customer": number, "plan": "Plenty" }),
        )
        .await;
        self.hoster(
            "customer.suspend",
            json!({ "customer": number, "reason": "unpaid" }),
        )
        .await;
        self.hoster("customer.resume", json!({ "customer": number }))
            .await;
        self.hoster("user.disable", json!({ "id": made["owner"] }))
            .await;
        self.hoster("user.enable", json!({ "id": made["owner"] }))
            .await;
    }
}

async fn every_command_passes(house: House) {
    let (house, passed) = all(house).await;
    let every = house.gate.commands().iter().map(|spec| spec.name);
    let missing: Vec<&str> = every.filter(|name| !passed.contains(*name)).collect();
    assert!(missing.is_empty(), "did not pass: {missing:?}");
}

/// The house after the whole script, and the commands that passed.
pub(crate) async fn all(house: House) -> (House, BTreeSet<String>) {
    let tenant = house.tenant("Sonne").await;
    let purpose = "contract".parse().unwrap();
    let operator = house
        .staff(StaffRole::Operator)
        .await
        .for_purpose(purpose)
        .in_customer(HOUSE);
    let mut script = Script {
        house,
        tenant,
        operator,
        installed: String::new(),
        passed: BTreeSet::new(),
    };
    script.domains().await;
    script.webspaces().await;
    script.mail().await;
    script.databases().await;
    script.certificates().await;
    script.members().await;
    script.plugins().await;
    script.oneself().await;
    script.hosters().await;
    script.canned_replies().await;
    script.tickets().await;
    script.lost_factors().await;
    script.house.gate.forget_keys().await.unwrap();
    (script.house, script.passed)
}
