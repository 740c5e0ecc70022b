//! Making a staff user, or giving one more roles.

use crate::user::first::{FirstPassword, Person};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::command::{Authority, Preparing};
use wabe_access::{ActorKind, Command, Door, Object, Permission, Refusal, Risk, StaffRole, member};
use wabe_kernel::id::UserId;
use wabe_kernel::{Language, MailAddress, PersonName, Problem, Secret, fields};

fields! {
    /// Makes a user of the hoster's own, or gives one more roles. Only the panel's command line does this,
    /// on the machine itself; people ask for a role, and somebody else gives it.
    pub struct CreateStaff {
        /// What they are called.
        pub name: PersonName,
        /// Where they are reached.
        pub email: MailAddress,
        /// What they may do.
        pub roles: Vec<StaffRole>,
        /// Their first password; made by the machine when absent.
        pub password: Option<Secret>,
        /// Whether they get a link by mail instead of a password.
        pub setup_by_mail: bool,
    }
    prepared {
        first: FirstPassword,
    }
}

/// A staff user that was just made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StaffCreated {
    /// Which user.
    pub user: UserId,
    /// The password that the machine made; shown once, good for a day.
    pub initial_password: Option<String>,
}

impl CreateStaff {
    fn person(&self) -> Person<'_> {
        Person {
            name: &self.name,
            email: &self.email,
            second_email: None,
            language: Language::default(),
        }
    }
}

impl Command for CreateStaff {
    const NAME: &'static str = "staff.create";
    const PERMISSION: Permission = Permission::StaffWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = StaffCreated;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        if self.roles.is_empty() {
            return Err(Refusal::field("roles", Problem::new("required")));
        }
        let chosen = ("password", self.password.as_ref());
        let by_mail = self.setup_by_mail;
        self.first = FirstPassword::prepare(with, &self.person(), chosen, by_mail).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<StaffCreated, Refusal> {
        if door.actor().kind != ActorKind::System {
            return Err(Refusal::Conflict("staff-request-missing"));
        }
        let made = self.first.make(door, &self.person()).await?;
        let now = door.now();
        let before = member::staff_roles(door.tx(), made.id).await?;
        for role in &self.roles {
            member::insert_staff(door.tx(), made.id, *role, now).await?;
        }
        let after = member::staff_roles(door.tx(), made.id).await?;
        let object = Object {
            kind: "staff",
            id: made.id.to_string(),
            name: self.email.to_string(),
        };
        let before = if before.is_empty() {
            Value::Null
        } else {
            json!({ "roles": before })
        };
        let after = json!({ "name": self.name, "email": self.email, "roles": after });
        door.record(object, before, after);
        Ok(StaffCreated {
            user: made.id,
            initial_password: made.initial_password.map(|made| made.expose().to_owned()),
        })
    }
}
