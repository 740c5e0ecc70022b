//! Changing where one is called.

use crate::user::store;
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal};
use wabe_kernel::{PhoneNumber, PhoneSpelling, fields};

fields! {
    /// Sets one's own telephone number, or takes it away. It helps the hoster's people to find who calls, and never
    /// proves who that is.
    pub struct SetPhone {
        /// The number, with country or area; none when left out.
        pub phone: Option<PhoneSpelling>,
    }
}

impl Command for SetPhone {
    const NAME: &'static str = "user.set_phone";
    const PERMISSION: Permission = Permission::SelfWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let id = door.actor().user.ok_or(Refusal::Forbidden)?;
        let house = &door.tools().house.calling_code;
        let spelled = self.phone.as_ref();
        let phone = spelled.map(|spelled| spelled.number(house)).transpose();
        let phone = phone.map_err(|problem| Refusal::field("phone", problem))?;
        let tx = door.tx();
        tx.unscope().await?;
        let user = store::find(tx, id).await?.ok_or(Refusal::NotFound)?;
        store::set_phone(tx, id, phone.as_ref()).await?;
        tx.rescope().await?;
        let object = Object {
            kind: "user",
            id: id.to_string(),
            name: user.name.to_string(),
        };
        // The record is the customer's, and plugins hear of it: what is dialled is nobody's but this person's.
        let said =
            |phone: Option<&PhoneNumber>| json!({ "phone": phone.map(PhoneNumber::shortened) });
        door.record(object, said(user.phone.as_ref()), said(phone.as_ref()));
        Ok(())
    }
}
