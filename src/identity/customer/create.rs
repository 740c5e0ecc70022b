//! Taking in a customer.

use crate::customer::set_contact::{SECOND, check_contact};
use crate::user::first::{FirstPassword, Person};
use crate::user::store as users;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::command::{Authority, Preparing};
use wabe_access::customer::{self, NewCustomer};
use wabe_access::member::{self, Member};
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk, Role, plan};
use wabe_kernel::id::{CustomerId, MemberId, UserId};
use wabe_kernel::{Language, Line, MailAddress, PersonName, Problem, Secret, fields};

fields! {
    /// Takes in a customer with its first owner. An owner who is a user already keeps their password.
    pub struct CreateCustomer {
        /// Its name.
        pub name: Line,
        /// The name of the plan it books.
        pub plan: Line,
        /// Where it is reached.
        pub contact_email: MailAddress,
        /// A second way, where the first depends on what is hosted here.
        pub second_contact_email: Option<MailAddress>,
        /// What its owner is called.
        pub owner_name: PersonName,
        /// Where its owner is reached.
        pub owner_email: MailAddress,
        /// A second address of a new owner, where the first depends on what is hosted here.
        pub owner_second_email: Option<MailAddress>,
        /// The owner's first password; made by the machine when absent.
        pub owner_password: Option<Secret>,
        /// Whether the owner gets a link by mail instead of a password.
        pub setup_by_mail: bool,
        /// The owner's language.
        pub language: Option<Language>,
    }
    prepared {
        first: FirstPassword,
    }
}

/// A customer that was just taken in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CustomerCreated {
    /// Its id.
    pub id: CustomerId,
    /// Its speakable number.
    pub number: String,
    /// Its owner.
    pub owner: UserId,
    /// The owner's password that the machine made; shown once, good for a day.
    pub initial_password: Option<String>,
}

impl CreateCustomer {
    fn owner(&self) -> Person<'_> {
        Person {
            name: &self.owner_name,
            email: &self.owner_email,
            second_email: self.owner_second_email.as_ref(),
            language: self.language.unwrap_or_default(),
        }
    }
}

/// The field of an owner's second address.
const OWNER_SECOND: &str = "owner_second_email";

impl CreateCustomer {
    /// A new owner must be reached without what is hosted here, too; who is a user already says that
    /// themselves.
    async fn check_owner(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let second = self.owner_second_email.as_ref();
        if second == Some(&self.owner_email) {
            let same = Problem::new("email-second-same");
            return Err(Refusal::field(OWNER_SECOND, same));
        }
        let known = users::find_by_email(door.tx(), &self.owner_email).await?;
        if known.is_none() {
            check_contact(door, OWNER_SECOND, &self.owner_email, second).await?;
        }
        Ok(())
    }
}

impl Command for CreateCustomer {
    const NAME: &'static str = "customer.create";
    const PERMISSION: Permission = Permission::HosterWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = CustomerCreated;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let chosen = ("owner_password", self.owner_password.as_ref());
        let by_mail = self.setup_by_mail;
        self.first = FirstPassword::prepare(with, &self.owner(), chosen, by_mail).await?;
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<CustomerCreated, Refusal> {
        let found = plan::find(door.tx(), self.plan.as_str()).await?;
        let booked = found.filter(|plan| !plan.limits.is_empty());
        let booked = booked.ok_or_else(|| Refusal::field("plan", Problem::new("no-such-plan")))?;
        let second = self.second_contact_email.as_ref();
        check_contact(door, SECOND, &self.contact_email, second).await?;
        self.check_owner(door).await?;
        let now = door.now();
        let new = NewCustomer {
            id: CustomerId::new(now, door.rng()),
            name: &self.name,
            plan: &booked,
            contact_email: &self.contact_email,
            second_contact_email: second,
        };
        let number = customer::insert(door.tx(), &new, now).await?;
        let owner = self.first.make(door, &self.owner()).await?;
        let place = Member {
            id: MemberId::new(now, door.rng()),
            user: owner.id,
            role: Role::Owner,
            created_at: now,
        };
        member::insert(door.tx(), new.id, &place).await?;
        let object = Object {
            kind: "customer",
            id: new.id.to_string(),
            name: self.name.to_string(),
        };
        let after = json!({
            "number": number, "name": self.name, "plan": booked.name,
            "contact_email": self.contact_email,
            "second_contact_email": self.second_contact_email, "owner": owner.id,
        });
        door.record(object, Value::Null, after);
        Ok(CustomerCreated {
            id: new.id,
            number: number.to_string(),
            owner: owner.id,
            initial_password: owner.initial_password.map(|made| made.expose().to_owned()),
        })
    }
}
