//! Where rooms that must not know each other meet: identity's mail goes into the queue, the queue asks
//! identity for people, identity asks hosting which domains are here, pages ask identity who looks.

use crate::look;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use wabe_access::{ActorKind, Permission, Scope, grant, member, resource};
use wabe_audit::Streams;
use wabe_identity::approval::read as approvals;
use wabe_identity::factor_loss::store::WAIT_SECONDS;
use wabe_identity::outbox::{HostedDomains, MailKind, Outbox, OutgoingMail};
use wabe_identity::recovery::store::LinkKind;
use wabe_identity::staff::used::Uses;
use wabe_identity::user::model::User;
use wabe_identity::user::store as user;
use wabe_identity::{Identity, Session};
use wabe_jobs::mail::{self, Outgoing, People, Person, Recipient};
use wabe_jobs::notice;
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{SessionId, UserId};
use wabe_kernel::{Clock, DomainName, Fault, Language, Rng, Secret, Timestamp, hex};
use wabe_store::{Store, Tx};
use wabe_web::{Bearer, ProvedBy, Sessions, Theme, Visitor};

/// Identity's letters, queued.
pub struct QueuedMail {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// The portal's address, for links.
    pub portal_url: String,
}

/// Seconds that a link in a letter of this kind is good for.
const fn link_seconds(kind: MailKind) -> i64 {
    match kind {
        MailKind::Setup => LinkKind::Setup.seconds(),
        MailKind::Invitation => 14 * 86_400,
        MailKind::LoginEmailChanged => LinkKind::EmailUndo.seconds(),
        // Until somebody may decide, not until the link is void.
        MailKind::FactorLossAsked => WAIT_SECONDS,
        MailKind::ErasureComing => LinkKind::ErasureKeep.seconds(),
        _ => LinkKind::Reset.seconds(),
    }
}

/// Whether a letter also goes to the second address of its person. Letters about a change of
/// addresses, a lost second factor, the owners of a customer or its end name everybody they go to by
/// themselves.
const fn goes_to_both(kind: MailKind) -> bool {
    !matches!(
        kind,
        MailKind::EmailChanged
            | MailKind::ConfirmEmail
            | MailKind::EmailTaken
            | MailKind::LoginEmailChanged
            | MailKind::LoginEmailRestored
            | MailKind::FactorLossAsked
            | MailKind::FactorLossStopped
            | MailKind::FactorLossApproved
            | MailKind::FactorLossRefused
            | MailKind::OwnerChangeAsked
            | MailKind::OwnerChangeOff
            | MailKind::OwnerChanged
            | MailKind::ErasureComing
            | MailKind::ErasureOff
    )
}

const fn notice_kind(kind: MailKind) -> NoticeKind {
    match kind {
        MailKind::Reset => NoticeKind::Reset,
        MailKind::Unlock => NoticeKind::Unlock,
        MailKind::Setup => NoticeKind::Setup,
        MailKind::Invitation => NoticeKind::MemberInvited,
        MailKind::PasswordChanged => NoticeKind::PasswordChanged,
        MailKind::NewLogin => NoticeKind::NewLogin,
        MailKind::TokenCreated => NoticeKind::TokenCreated,
        MailKind::EmailChanged => NoticeKind::ContactChanged,
        MailKind::ConfirmEmail => NoticeKind::ConfirmEmail,
        MailKind::EmailTaken => NoticeKind::EmailTaken,
        MailKind::LoginEmailChanged => NoticeKind::LoginEmailChanged,
        MailKind::LoginEmailRestored => NoticeKind::LoginEmailRestored,
        MailKind::FactorAdded => NoticeKind::FactorAdded,
        MailKind::FactorRemoved => NoticeKind::FactorRemoved,
        MailKind::RecoveryCodeUsed => NoticeKind::RecoveryCodeUsed,
        MailKind::RecoveryCodesRenewed => NoticeKind::RecoveryCodesRenewed,
        MailKind::PasskeyCopied => NoticeKind::PasskeyCopied,
        MailKind::LoginAlarm => NoticeKind::LoginAlarm,
        MailKind::FactorLossAsked => NoticeKind::FactorLossAsked,
        MailKind::FactorLossStopped => NoticeKind::FactorLossStopped,
        MailKind::FactorLossApproved => NoticeKind::FactorLossApproved,
        MailKind::FactorLossRefused => NoticeKind::FactorLossRefused,
        MailKind::FactorLossDue => NoticeKind::FactorLossDue,
        MailKind::FactorLossLate => NoticeKind::FactorLossLate,
        MailKind::StaffRequested => NoticeKind::StaffRequested,
        MailKind::StaffRequestLate => NoticeKind::StaffRequestLate,
        MailKind::StaffGranted => NoticeKind::StaffGranted,
        MailKind::StaffRefused => NoticeKind::StaffRefused,
        MailKind::AccessReviewOpened => NoticeKind::AccessReviewOpened,
        MailKind::AccessReviewOverdue => NoticeKind::AccessReviewOverdue,
        MailKind::OwnerChangeAsked => NoticeKind::OwnerChangeAsked,
        MailKind::OwnerChangeOff => NoticeKind::OwnerChangeOff,
        MailKind::OwnerChanged => NoticeKind::OwnerChanged,
        MailKind::ErasureComing => NoticeKind::ErasureComing,
        MailKind::ErasureOff => NoticeKind::ErasureOff,
        MailKind::ConsentExtended => NoticeKind::ConsentExtended,
        MailKind::ApprovalWaiting => NoticeKind::ApprovalWaiting,
        MailKind::ApprovalLate => NoticeKind::ApprovalLate,
        MailKind::ApprovalApproved => NoticeKind::ApprovalApproved,
        MailKind::ApprovalRefused => NoticeKind::ApprovalRefused,
        MailKind::ApprovalStopped => NoticeKind::ApprovalStopped,
        MailKind::PhonePinSet => NoticeKind::PhonePinSet,
        MailKind::PhonePinLocked => NoticeKind::PhonePinLocked,
        MailKind::UploadUnlock => NoticeKind::UploadUnlock,
        MailKind::SecondEmailMissing => NoticeKind::SecondEmailMissing,
        MailKind::SecondContactMissing => NoticeKind::SecondContactMissing,
    }
}

/// Everybody a letter goes to: a known person at the addresses they have, or exactly its address.
fn recipients(letter: OutgoingMail, known: Option<User>) -> Vec<Recipient> {
    let Some(user) = known else {
        return vec![Recipient::Address(Person {
            name: None,
            address: letter.to,
            language: letter.language,
        })];
    };
    let second = user.second_email.filter(|_| goes_to_both(letter.kind));
    let second = second.map(|address| {
        Recipient::Address(Person {
            name: Some(user.name),
            address,
            language: user.language,
        })
    });
    std::iter::once(Recipient::User(user.id))
        .chain(second)
        .collect()
}

impl QueuedMail {
    fn args(&self, letter: &OutgoingMail, kind: NoticeKind) -> Args {
        let now = self.clock.now();
        let until = now.plus_seconds(link_seconds(letter.kind));
        kind.args().iter().fold(Args::new(), |args, name| {
            match (*name, letter.args.get(name)) {
                ("link", _) => {
                    let path = letter.path.as_ref().map_or("/", Secret::expose);
                    args.link("link", Secret::new(format!("{}{path}", self.portal_url)))
                }
                ("until", _) => args.time("until", until),
                ("at", _) => args.time("at", now),
                ("count" | "usual", Some(number)) => {
                    args.count(name, number.parse().unwrap_or_default())
                }
                ("message", Some(text)) => args.prose("message", text.as_str()),
                ("token", _) => {
                    args.text("token", letter.args.get("name").map_or("–", String::as_str))
                }
                (name, value) => args.text(name, value.map_or("–", String::as_str)),
            }
        })
    }
}

impl Outbox for QueuedMail {
    fn queue<'a>(&'a self, tx: &'a mut Tx, letter: OutgoingMail) -> Working<'a, Result<(), Fault>> {
        Box::pin(async move {
            let kind = notice_kind(letter.kind);
            let args = self.args(&letter, kind);
            let found = user::find_by_email(tx, &letter.to).await?;
            for to in recipients(letter, found) {
                let outgoing = Outgoing {
                    to,
                    kind,
                    args: args.clone(),
                    until: None,
                };
                mail::queue(tx, self.clock.now(), self.rng.as_ref(), &outgoing).await?;
            }
            Ok(())
        })
    }
}

/// Who can be written to.
pub struct Addressees(pub Store);

impl People for Addressees {
    fn person(&self, id: UserId) -> Working<'_, Result<Option<Person>, Fault>> {
        Box::pin(async move {
            let mut tx = self.0.read().await?;
            let found = user::find(&mut tx, id).await?;
            tx.rollback().await?;
            Ok(found.map(|user| Person {
                address: user.email,
                language: user.language,
                name: Some(user.name),
            }))
        })
    }
}

/// Which domains' mail is kept here.
pub struct Hosted;

impl HostedDomains for Hosted {
    fn is_hosted<'a>(
        &'a self,
        tx: &'a mut Tx,
        name: &'a DomainName,
    ) -> Working<'a, Result<bool, Fault>> {
        Box::pin(async move {
            let names = std::iter::once(name.clone()).chain(name.ancestors());
            for name in names {
                if wabe_hosting::domain::proved(tx, &name).await?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}

/// Who looks at a page, and who sent a token.
pub struct Visitors {
    /// The database.
    pub store: Store,
    /// Sessions and tokens.
    pub identity: Arc<Identity>,
    /// Where looks of staff are noted.
    pub streams: Arc<Streams>,
    /// What staff used today.
    pub uses: Uses,
}

impl Visitors {
    async fn visitor(&self, token: &Secret) -> Result<Option<Visitor>, Fault> {
        let Some(session) = self.identity.find_session(token.expose()).await? else {
            return Ok(None);
        };
        let (actor, now) = (session.actor(), self.identity.clock().now());
        let mut tx = self.store.read().await?;
        let Some(person) = user::find(&mut tx, session.user).await? else {
            return Ok(None);
        };
        let permissions = match Scope::of(&mut tx, &actor).await {
            Ok(scope) => scope.permissions().clone(),
            Err(wabe_access::Refusal::Fault(fault)) => return Err(fault),
            Err(_) => BTreeSet::new(),
        };
        let brief = match session.customer {
            Some(id) => look::brief(&mut tx, id).await?,
            None => None,
        };
        let look = if session.staff {
            look::of(&mut tx, &session, now).await?
        } else {
            None
        };
        let watched = match session.customer {
            Some(id) => grant::of_customer(&mut tx, id, now).await?,
            None => Vec::new(),
        };
        let memberships = member::of_user(&mut tx, session.user).await?;
        let counts = self.counts(&mut tx, &session, now).await?;
        tx.rollback().await?;
        let name = person.name.to_string();
        Ok(Some(Visitor {
            session: session.id,
            user: session.user,
            initials: wabe_web::session::initials(&name),
            name,
            email: person.email.to_string(),
            language: person.language,
            theme: person.theme.to_string().parse().unwrap_or(Theme::Auto),
            staff: session.staff,
            actor,
            permissions,
            customer: brief,
            customers: i64::try_from(memberships.len()).unwrap_or(0),
            on_both_sides: session.works_here && !memberships.is_empty(),
            look,
            watched: watched.iter().map(|look| look.until).max(),
            counts,
            csrf: csrf(&session.csrf_token()),
            must_change_password: session.must_change_password,
            authenticated_at: session.proved_at(),
            proved_by: ProvedBy::of(session.has_app, session.has_passkey),
        }))
    }

    async fn counts(
        &self,
        tx: &mut Tx,
        session: &Session,
        now: Timestamp,
    ) -> Result<BTreeMap<&'static str, i64>, Fault> {
        use wabe_kernel::ResourceKind as K;
        let mut counts = BTreeMap::new();
        if session.staff {
            let waiting = approvals::waiting(tx, now).await?;
            counts.insert("approvals", waiting);
        }
        let Some(customer) = session.customer else {
            return Ok(counts);
        };
        for (kind, _, count) in resource::counts(tx, customer).await? {
            let place = match kind {
                K::Webspace => "webspaces",
                K::Domain => "domains",
                K::Mailbox => "mailboxes",
                K::Database => "databases",
                K::Alias => continue,
            };
            *counts.entry(place).or_insert(0) += count;
        }
        let unread = notice::unread_count(tx, session.user, customer).await?;
        if unread > 0 {
            counts.insert("notices", unread);
        }
        Ok(counts)
    }
}

/// Identity's form token in the form that the pages' forms carry: 64 hexadecimal digits.
fn csrf(token: &str) -> Secret {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(token)
        .unwrap_or_default();
    Secret::new(hex(&bytes))
}

impl Sessions for Visitors {
    fn find<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Visitor>, Fault>> {
        Box::pin(self.visitor(token))
    }

    fn alive(&self, session: SessionId) -> Working<'_, Result<bool, Fault>> {
        Box::pin(async move { self.identity.is_alive(session).await })
    }

    fn note_look<'a>(
        &'a self,
        visitor: &'a Visitor,
        area: &'a str,
        object: Option<&'a str>,
        client: IpAddr,
    ) -> Working<'a, Result<(), Fault>> {
        Box::pin(look::note(
            &self.store,
            &self.streams,
            visitor,
            (area, object, client),
        ))
    }

    fn note_use(&self, user: UserId, permission: Permission) -> Working<'_, Result<(), Fault>> {
        let now = self.identity.clock().now();
        Box::pin(self.uses.note(&self.store, (user, permission), now))
    }

    fn bearer<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Bearer>, Fault>> {
        Box::pin(async move {
            let Some(actor) = self.identity.authenticate_token(token.expose()).await? else {
                return Ok(None);
            };
            let (ActorKind::Token(id), Some(owner)) = (actor.kind, actor.user) else {
                return Ok(None);
            };
            let mut tx = self.store.read().await?;
            let scope = Scope::of(&mut tx, &actor).await;
            let owner = user::find(&mut tx, owner).await?;
            tx.rollback().await?;
            let permissions = match scope {
                Ok(scope) => scope.permissions().clone(),
                Err(wabe_access::Refusal::Fault(fault)) => return Err(fault),
                Err(_) => return Ok(None),
            };
            let language = owner.map_or(Language::En, |owner| owner.language);
            Ok(Some(Bearer {
                token: id,
                actor,
                permissions,
                language,
            }))
        })
    }
}
