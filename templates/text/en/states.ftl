# States, roles, kinds, steps.
state-pending = Being set up
state-live = Live
state-updating = Being changed
state-failed = Not live yet
state-suspended = Suspended
state-deleting = Being deleted

kind-webspace = Webspace
kind-domain = Domain
kind-mailbox = Mailbox
kind-alias = Alias address
kind-database = Database
kind-member = Login
engine-sqlite = SQLite

limit-storage_bytes = Storage
limit-webspaces = Webspaces
limit-domains = Domains
limit-mailboxes = Mailboxes
limit-aliases = Alias addresses
limit-databases = Databases
limit-members = Members
limit-installations = Plugins

role-owner = Owner
role-owner-text = May do everything, including ending the contract.
role-administrator = Administrator
role-administrator-text = May do everything except what only owners may.
role-webmaster = Webmaster
role-webmaster-text = Webspaces, files, domains and databases.
role-mail_manager = Mailbox manager
role-mail_manager-text = Mailboxes and alias addresses.
role-database_manager = Database manager
role-database_manager-text = Databases only.
role-viewer = Viewer
role-viewer-text = Sees the state but no content, and changes nothing.

staff-role-support = Support
staff-role-operator = Operations
staff-role-management = Management
staff-role-auditor = Audit
staff-role-privacy_officer = Privacy

step-make-folder = Make the folder
step-issue-certificate = Issue the SSL certificate
step-configure-site = Set up the website
step-hide-site = Take the website offline
step-probe-site = Check that the website answers
step-remove-site = Switch off the website
step-remove-folder = Delete the files
step-make-maildir = Make room for the mailbox
step-configure-mailbox = Set up the mailbox
step-hide-mailbox = Close login and delivery
step-remove-mailbox-entry = Switch off the mailbox
step-remove-maildir = Delete the messages
step-configure-alias = Set up the alias address
step-hide-alias = Close the alias address
step-remove-alias = Remove the alias address
step-make-database = Make the database
step-configure-database = Set up the database
step-hide-database = Close access to the database
step-remove-database = Delete the database
step-issue-redirect-certificate = Issue certificate
step-configure-redirect = Set up redirect
step-probe-redirect = Check the answer
step-remove-redirect = Switch redirect off
step-remove-redirect-folder = Delete the redirect's access log
