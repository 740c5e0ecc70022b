//! Roles and what they permit. Deny by default: a permission that no list names is nobody's.

use crate::words;
use std::collections::BTreeSet;
use wabe_kernel::ResourceKind;

words! {
    /// What one act needs. The word is also the scope of an API token.
    Permission {
        /// See webspaces, their state and logs.
        WebspaceRead = "webspace:read",
        /// Create and change webspaces.
        WebspaceWrite = "webspace:write",
        /// Read files of webspaces.
        FileRead = "file:read",
        /// Write files of webspaces.
        FileWrite = "file:write",
        /// See domains.
        DomainRead = "domain:read",
        /// Claim, prove and delete domains.
        DomainWrite = "domain:write",
        /// See mailboxes and aliases, not what is in them.
        MailboxRead = "mailbox:read",
        /// Create and change mailboxes and aliases.
        MailboxWrite = "mailbox:write",
        /// Read received mail.
        MailRead = "mail:read",
        /// See databases.
        DatabaseRead = "database:read",
        /// Create and change databases.
        DatabaseWrite = "database:write",
        /// Run SQL, import and export.
        SqlUse = "sql:use",
        /// See the record of changes.
        ChangeRead = "change:read",
        /// See members and invitations.
        MemberRead = "member:read",
        /// Invite, change and remove members.
        MemberWrite = "member:write",
        /// See the customer's plan and use.
        CustomerRead = "customer:read",
        /// Change the customer's contact addresses.
        CustomerWrite = "customer:write",
        /// One's own affairs: password, sessions, notices, language.
        SelfWrite = "self:write",
        /// See plugins, installations and their runs.
        AutomationRead = "automation:read",
        /// Install plugins, grant them rights, and take those back.
        AutomationWrite = "automation:write",
        /// See tickets: one's own, and those about what one sees anyway.
        TicketRead = "ticket:read",
        /// Open tickets and answer in them.
        TicketWrite = "ticket:write",
        /// See and make one's own API tokens.
        TokenWrite = "token:write",
        /// Staff: find customers and see their contract data.
        HosterRead = "hoster:read",
        /// Staff: create and suspend customers, book plans.
        HosterWrite = "hoster:write",
        /// Staff: see tickets at the desk.
        TicketDesk = "ticket:desk",
        /// Staff: work on tickets. What they touch of a customer is the ticket itself.
        TicketWork = "ticket:work",
        /// Staff: see who works here, make and end staff users.
        StaffWrite = "staff:write",
        /// Staff: see the catalogue of plugins and what waits in it.
        PluginRead = "plugin:read",
        /// Staff: upload and withdraw plugins, keep the trusted keys.
        PluginWrite = "plugin:write",
        /// Staff: release a reviewed plugin to customers.
        PluginRelease = "plugin:release",
        /// Staff: turn the signs that customers are told back into people.
        SignRead = "sign:read",
        /// Staff: see who works here, what they may do, and the reviews of that.
        RightRead = "right:read",
        /// Staff: ask for a role for somebody.
        RightRequest = "right:request",
        /// Staff: take roles away, and end whoever leaves.
        RightEnd = "right:end",
        /// Staff: confirm or withdraw rights in a review.
        RightReview = "right:review",
        /// Staff: decide what a colleague asked for that takes two people.
        ApprovalDecide = "approval:decide",
    }
}

words! {
    /// What a member may do in a customer.
    Role {
        /// Everything, including ending it.
        Owner = "owner",
        /// Everything except the owners' own affairs.
        Administrator = "administrator",
        /// Webspaces, files, domains, databases.
        Webmaster = "webmaster",
        /// Mailboxes and aliases.
        MailManager = "mail_manager",
        /// Databases.
        DatabaseManager = "database_manager",
        /// Sees the state of things, not their content.
        Viewer = "viewer",
    }
}

words! {
    /// What an employee of the hoster may do.
    StaffRole {
        /// Helps customers through tickets.
        Support = "support",
        /// Runs contracts and machines.
        Operator = "operator",
        /// Sees figures.
        Management = "management",
        /// Sees the record.
        Auditor = "auditor",
        /// Watches over personal data.
        PrivacyOfficer = "privacy_officer",
    }
}

const OWN: [Permission; 2] = [Permission::SelfWrite, Permission::TokenWrite];

/// What every member may: whoever has a question may ask it.
const ASKS: [Permission; 2] = [Permission::TicketRead, Permission::TicketWrite];

/// What no member of a customer may.
const HOSTER: [Permission; 14] = [
    Permission::HosterRead,
    Permission::HosterWrite,
    Permission::TicketDesk,
    Permission::TicketWork,
    Permission::StaffWrite,
    Permission::PluginRead,
    Permission::PluginWrite,
    Permission::PluginRelease,
    Permission::SignRead,
    Permission::RightRead,
    Permission::RightRequest,
    Permission::RightEnd,
    Permission::RightReview,
    Permission::ApprovalDecide,
];

impl Permission {
    /// What it takes to change things of a kind.
    #[must_use]
    pub const fn to_change(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Webspace => Self::WebspaceWrite,
            ResourceKind::Domain => Self::DomainWrite,
            ResourceKind::Mailbox | ResourceKind::Alias => Self::MailboxWrite,
            ResourceKind::Database => Self::DatabaseWrite,
        }
    }

    /// True for what people judge about other people's work and rights, which no program does.
    #[must_use]
    pub const fn is_judgement(self) -> bool {
        matches!(
            self,
            Self::PluginRelease
                | Self::RightRequest
                | Self::RightEnd
                | Self::RightReview
                | Self::ApprovalDecide
        )
    }

    /// True for a person's own affairs, which nothing does in their name.
    #[must_use]
    pub fn is_own(self) -> bool {
        OWN.contains(&self)
    }
}

impl Role {
    /// What this role permits.
    #[must_use]
    pub fn permissions(self) -> BTreeSet<Permission> {
        use Permission as P;
        let everything = Permission::ALL.iter().filter(|p| !HOSTER.contains(p));
        let webmaster = [
            P::WebspaceRead,
            P::WebspaceWrite,
            P::FileRead,
            P::FileWrite,
            P::DomainRead,
            P::DomainWrite,
            P::DatabaseRead,
            P::DatabaseWrite,
            P::SqlUse,
            P::ChangeRead,
            P::CustomerRead,
        ];
        let mail = [
            P::MailboxRead,
            P::MailboxWrite,
            P::MailRead,
            P::DomainRead,
            P::ChangeRead,
            P::CustomerRead,
        ];
        let database = [
            P::DatabaseRead,
            P::DatabaseWrite,
            P::SqlUse,
            P::ChangeRead,
            P::CustomerRead,
        ];
        let viewer = [
            P::WebspaceRead,
            P::DomainRead,
            P::MailboxRead,
            P::DatabaseRead,
            P::ChangeRead,
            P::CustomerRead,
        ];
        let given: Vec<Permission> = match self {
            Self::Owner | Self::Administrator => everything.copied().collect(),
            Self::Webmaster => webmaster.to_vec(),
            Self::MailManager => mail.to_vec(),
            Self::DatabaseManager => database.to_vec(),
            Self::Viewer => viewer.to_vec(),
        };
        given.into_iter().chain(OWN).chain(ASKS).collect()
    }

    /// True when somebody with this role may give or take `other`: only owners deal with owners.
    #[must_use]
    pub const fn may_assign(self, other: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Administrator => !matches!(other, Self::Owner),
            _ => false,
        }
    }
}

impl StaffRole {
    /// What this role permits. Nothing of it reaches customers' data.
    #[must_use]
    pub fn permissions(self) -> BTreeSet<Permission> {
        use Permission as P;
        let given: &[Permission] = match self {
            Self::Auditor => &[P::HosterRead, P::RightRead, P::SelfWrite],
            // Whoever asks for a role does not give it. Source: control MWK-3-02.
            Self::Management => &[
                P::HosterRead,
                P::RightRead,
                P::RightRequest,
                P::RightEnd,
                P::RightReview,
                P::ApprovalDecide,
                P::SelfWrite,
            ],
            Self::Support => &[P::HosterRead, P::TicketDesk, P::TicketWork, P::SelfWrite],
            // Whoever uploads does not release. Source: controls MWK-1c-01, MWK-4-08.
            Self::PrivacyOfficer => &[
                P::HosterRead,
                P::TicketDesk,
                P::PluginRead,
                P::PluginRelease,
                P::SignRead,
                P::RightRead,
                P::RightEnd,
                P::RightReview,
                P::ApprovalDecide,
                P::SelfWrite,
            ],
            Self::Operator => &[
                P::HosterRead,
                P::HosterWrite,
                P::TicketDesk,
                P::TicketWork,
                P::StaffWrite,
                P::RightRead,
                P::RightEnd,
                P::PluginRead,
                P::PluginWrite,
                P::ApprovalDecide,
                P::SelfWrite,
            ],
        };
        given.iter().copied().collect()
    }

    /// The permissions whose use tells that the role is used: what everybody here has says nothing.
    #[must_use]
    pub fn telling(self) -> BTreeSet<Permission> {
        let mut all = self.permissions();
        all.remove(&Permission::SelfWrite);
        if all.len() > 1 {
            all.remove(&Permission::HosterRead);
        }
        all
    }
}
