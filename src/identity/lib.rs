//! Who somebody is: users, passwords, second factors, lockout, sessions, recovery, invitations, API tokens; and the
//! commands over members, customers, plans and staff.
//!
//! Invariants: a secret is kept as a hash only and answered at most once, where it is made; every
//! refusal of a login is one answer; what is slow happens outside of transactions; nothing here knows
//! what is hosted. Start reading at [`identity`], then [`login`].

pub mod access_review;
pub mod address_change;
pub mod approval;
pub mod customer;
pub mod desk;
pub mod diagnosis;
pub mod erasure;
pub mod export;
pub mod factor;
pub mod factor_loss;
pub mod identity;
pub mod invitation;
pub mod lockout;
pub mod login;
pub mod member;
pub mod outbox;
pub mod passkey;
pub mod password;
pub mod phone_pin;
pub mod profile;
pub mod recovery;
pub mod second_address;
pub mod secret_token;
pub mod session;
pub mod staff;
pub mod token;
pub mod user;

#[cfg(test)]
mod tests;

pub use desk::Desk;
pub use identity::{Identity, Parts, Pause, RealPause};
pub use login::attempt::Attempt;
pub use login::half::{Stage, Step, Stepped};
pub use login::outcome::{LoggedIn, LoginOutcome};
pub use outbox::{HostedDomains, MailKind, Outbox, OutgoingMail};
pub use password::hashing::{Passwords, PoolSettings};
pub use password::pepper::Pepper;
pub use password::phc::Cost;
pub use profile::Profile;
pub use session::model::Session;

use wabe_access::CommandSpec;

/// Every command of this room.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<user::set_password::SetPassword>(),
    CommandSpec::of::<user::set_profile::SetProfile>(),
    CommandSpec::of::<user::set_phone::SetPhone>(),
    CommandSpec::of::<user::set_email::SetEmail>(),
    CommandSpec::of::<user::confirm_email::ConfirmEmail>(),
    CommandSpec::of::<user::undo_email::UndoEmail>(),
    CommandSpec::of::<user::disable::DisableUser>(),
    CommandSpec::of::<user::enable::EnableUser>(),
    CommandSpec::of::<user::unlock::UnlockUser>(),
    CommandSpec::of::<factor::enrol_totp::EnrolTotp>(),
    CommandSpec::of::<factor::remove_totp::RemoveTotp>(),
    CommandSpec::of::<factor::renew_codes::RenewCodes>(),
    CommandSpec::of::<passkey::add::AddPasskey>(),
    CommandSpec::of::<passkey::rename::RenamePasskey>(),
    CommandSpec::of::<passkey::remove::RemovePasskey>(),
    CommandSpec::of::<factor::require::SetFactorRequired>(),
    CommandSpec::of::<factor_loss::decide::ApproveFactorLoss>(),
    CommandSpec::of::<factor_loss::decide::RefuseFactorLoss>(),
    CommandSpec::of::<phone_pin::set::SetPhonePin>(),
    CommandSpec::of::<phone_pin::prove::ProveByPhone>(),
    CommandSpec::of::<invitation::invite::InviteMember>(),
    CommandSpec::of::<invitation::renew::RenewInvitation>(),
    CommandSpec::of::<invitation::revoke::RevokeInvitation>(),
    CommandSpec::of::<invitation::accept::AcceptInvitation>(),
    CommandSpec::of::<member::set_role::SetRole>(),
    CommandSpec::of::<member::remove::RemoveMember>(),
    CommandSpec::of::<token::create::CreateToken>(),
    CommandSpec::of::<token::revoke::RevokeToken>(),
    CommandSpec::of::<token::revoke_hoster::RevokeHosterToken>(),
    CommandSpec::of::<customer::create::CreateCustomer>(),
    CommandSpec::of::<customer::set_plan::SetPlan>(),
    CommandSpec::of::<customer::suspend::SuspendCustomer>(),
    CommandSpec::of::<customer::resume::ResumeCustomer>(),
    CommandSpec::of::<customer::set_contact::SetContact>(),
    CommandSpec::of::<customer::create_plan::CreatePlan>(),
    CommandSpec::of::<export::ask::ExportCustomer>(),
    CommandSpec::of::<approval::request_owner::RequestOwner>(),
    CommandSpec::of::<approval::request_extension::RequestExtension>(),
    CommandSpec::of::<approval::request_export::RequestExport>(),
    CommandSpec::of::<approval::request_erasure::RequestErasure>(),
    CommandSpec::of::<approval::decide::ApproveDeed>(),
    CommandSpec::of::<approval::decide::RefuseDeed>(),
    CommandSpec::of::<approval::decide::RetractDeed>(),
    CommandSpec::of::<approval::stop::StopDeed>(),
    CommandSpec::of::<erasure::stop::StopErasure>(),
    CommandSpec::of::<erasure::begin::BeginErasure>(),
    CommandSpec::of::<erasure::finish::FinishErasure>(),
    CommandSpec::of::<staff::create::CreateStaff>(),
    CommandSpec::of::<staff::request::RequestStaffRole>(),
    CommandSpec::of::<staff::request::RetractStaffRole>(),
    CommandSpec::of::<staff::decide::GrantStaffRole>(),
    CommandSpec::of::<staff::decide::RefuseStaffRole>(),
    CommandSpec::of::<staff::withdraw::WithdrawStaffRole>(),
    CommandSpec::of::<staff::leave::LeaveStaff>(),
    CommandSpec::of::<access_review::open::OpenAccessReview>(),
    CommandSpec::of::<access_review::decide::ConfirmAccess>(),
    CommandSpec::of::<access_review::decide::WithdrawAccess>(),
];

/// Every statement of this room, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<wabe_store::Statement> {
    [
        access_review::store::STATEMENTS,
        address_change::store::STATEMENTS,
        approval::store::STATEMENTS,
        erasure::store::STATEMENTS,
        export::store::STATEMENTS,
        factor::store::STATEMENTS,
        factor_loss::store::STATEMENTS,
        invitation::store::STATEMENTS,
        lockout::alarm::STATEMENTS,
        lockout::store::STATEMENTS,
        login::store::STATEMENTS,
        passkey::store::STATEMENTS,
        phone_pin::store::STATEMENTS,
        recovery::store::STATEMENTS,
        session::alive::STATEMENTS,
        session::store::STATEMENTS,
        staff::request_store::STATEMENTS,
        staff::used::STATEMENTS,
        token::store::STATEMENTS,
        user::read::STATEMENTS,
        user::store::STATEMENTS,
    ]
    .concat()
}
