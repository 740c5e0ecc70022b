# Mailboxes, alias addresses, messages; and what they share with databases.

## Shared

thing-state = State
thing-use = Use
thing-actions = Actions
thing-facts = Facts
thing-id = Id
thing-made = Made on
thing-more = More actions for { $name }
thing-changes = Latest changes
thing-changes-all = All changes
thing-preview = Preview
thing-preview-same = It is set like this already.
thing-step-live = Then live
thing-apply = Apply
thing-quota = Storage
thing-quota-hint = For example 2 GB or 500 MB. What is stored stays, even when you make it smaller.
thing-ending = Suspend and delete
thing-suspend = Suspend
thing-resume = Lift the suspension
thing-delete = Move to trash
thing-delete-differs = This does not match the name yet.
thing-nothing-title = Nothing found
thing-shown =
    { $count ->
        [one] 1 entry on this page
       *[other] { $count } entries on this page
    }
thing-happens = What will happen
thing-happens-live = Live, mostly in under 2 seconds
thing-happens-undo = You can undo it afterwards.

suspend-title-mailbox = Suspend { $name }
suspend-title-alias = Suspend { $name }
suspend-title-database = Suspend { $name }
suspend-lead-mailbox = New mail is refused, what is there stays. You can lift the suspension at any time.
suspend-lead-alias = The alias address takes nothing any more. You can lift the suspension at any time.
suspend-lead-database = Nobody can reach the database any more, its data stays. You can lift the suspension at any time.
suspend-button-mailbox = Suspend mailbox
suspend-button-alias = Suspend alias address
suspend-button-database = Suspend database
suspend-reason = Reason
suspend-reason-hint = Shown wherever the suspension is shown, and in the change log.
resume-lead-mailbox = The mailbox will take mail again.
resume-lead-alias = The alias address will take mail again.
resume-lead-database = The database can be reached again.

delete-title-mailbox = Move { $name } to the trash?
delete-title-alias = Move { $name } to the trash?
delete-title-database = Move { $name } to the trash?
delete-text = Everything stays in the trash for 14 days. After that it is deleted for good.
delete-button = Move to trash
delete-type = To be sure, please type: { $name }
delete-stops-mailbox = New mail to this address is refused.
delete-stops-alias = Mail to this address is refused.
delete-stops-database = Programs cannot reach the database any more.
delete-keeps-mailbox = The mail that is there stays in the trash.
delete-keeps-alias = The mailboxes it delivers to stay as they are.
delete-keeps-database = The tables stay in the trash.
delete-back = For 14 days you get everything back with one click.

## Mailboxes

mailboxes-title = Mailboxes
mailboxes-tab = Mailboxes
aliases-tab = Alias addresses
mailboxes-lead = Every mailbox has its own address, its own password and its own storage.
mailboxes-search = Find a mailbox
mailboxes-search-hint = Address or a part of it
mailboxes-empty-title = Your first own mail address
mailboxes-empty-text = A mailbox receives under your own domain. An address and a password are enough; it is ready at once.
mailboxes-nothing-text = No mailbox contains “{ $text }”. Perhaps it is an alias address or lies in the trash.
mailbox-address = Address
mailbox-messages = Messages
mailbox-open-inbox = Open inbox
mailbox-open-inbox-of = Open the inbox of { $name }
mailbox-tabs = Pages of { $name }
mailbox-tab-show = Overview
mailbox-tab-messages = Inbox
mailbox-tab-settings = Settings
mailbox-quota = Storage of the mailbox
mailbox-quota-hint = For example 1 GB. You can change it later.

mailbox-create-title = Create mailbox
mailbox-create-lead = An address and a password are enough. Everything else can be changed later.
mailbox-create-button = Create mailbox
mailbox-local = Name before the @
mailbox-local-hint = For example info or firstname.lastname.
mailbox-domain = Domain
mailbox-password = Password
mailbox-password-hint = A short sentence is enough, special characters are not needed. “Suggest a password” fills one in.
mailbox-password-suggested = Our suggestion. Please note it down now: we do not show it again after saving.
mailbox-suggest = Suggest a password
mailbox-no-domain-title = A domain comes first
mailbox-no-domain-text = Mail addresses lie on a proved domain. Add one and prove that it is yours.
mailbox-no-domain-button = Add domain
mailbox-happens-room = Room for { $quota }
mailbox-happens-room-sub = from the storage of your plan
mailbox-happens-receive = The address takes mail
mailbox-happens-receive-sub = from outside as well, once your domain points to us
mailbox-happens-read = Inbox in the portal

mailbox-latest = Latest messages
mailbox-latest-all = Inbox
mailbox-latest-empty = Nothing has arrived yet. Send a test mail to { $name }.
mailbox-programs = Servers and login
mailbox-programs-lead = This is how the mailbox is set up here.
mailbox-programs-for = Purpose
mailbox-programs-server = Server
mailbox-programs-port = Port
mailbox-programs-arrive = Where new mail arrives
mailbox-programs-smtp = SMTP, receiving only
mailbox-programs-incoming = Incoming
mailbox-programs-incoming-text = Read it in the portal. This installation offers no IMAP and no POP3.
mailbox-programs-outgoing = Outgoing
mailbox-programs-outgoing-text = Sending from this address is not set up in this installation.
mailbox-programs-none = none
mailbox-programs-user = User
mailbox-programs-password = Password
mailbox-programs-password-text = the password of this mailbox, never shown
mailbox-aliases-empty = No alias address delivers into this mailbox.

mailbox-settings-title = Settings of { $name }
mailbox-change-password = Change password
mailbox-new-password = New password
mailbox-new-password-hint = Counts at once; the old one opens nothing any more. A short sentence is enough.

## Alias addresses

aliases-title = Alias addresses
aliases-lead = An alias address has no storage of its own. It delivers into your mailboxes.
aliases-search = Find an alias address
aliases-search-hint = Address or a part of it
aliases-empty-title = One address, several readers
aliases-empty-text = With an alias address such as contact@, mail reaches one or more of your mailboxes.
aliases-nothing-text = No alias address contains “{ $text }”. Perhaps it is a mailbox or lies in the trash.
alias-create-title = Create alias address
alias-create-lead = Choose the address and the mailboxes it delivers to.
alias-create-button = Create alias address
alias-local-hint = For example contact or orders.
alias-delivery = Delivery
alias-targets = Delivers to
alias-targets-hint = One to twenty of your mailboxes.
alias-no-mailbox-title = A mailbox comes first
alias-no-mailbox-text = An alias address delivers into mailboxes. Create one first.
alias-happens-receive = The address takes mail
alias-happens-receive-sub = each chosen mailbox gets its own copy

## Messages

messages-title = Inbox of { $name }
messages-empty-title = This is where your mail arrives
messages-empty-text = The inbox is empty. Send a test mail to { $name }.
messages-newer = Newer
messages-older = Older
messages-shown =
    { $count ->
        [one] 1 message on this page
       *[other] { $count } messages on this page
    }
messages-noted = Every look into this mailbox stays in the access log for 45 days.
message-here = Message
message-new = unread
message-no-subject = (no subject)
message-subject = Subject
message-from = From
message-to = To
message-received = Arrived
message-size = Size
message-text = Text of the message
message-no-text = This message has no text.
message-as-html = Show with formatting
message-html-back = Back to the message
message-html-note = This is how the sender laid it out. Pictures, programs and forms are removed, nothing is loaded.
message-attachments = Attachments
message-attachments-hint = Open attachments only when you know the sender.
message-download = Download
message-delete = Delete
message-deleted = Message deleted.
message-delete-title = Delete this message for good?
message-delete-text = There is no trash for single messages.
message-delete-final = Delete for good
message-delete-goes = “{ $subject }” from { $from } with all attachments
message-delete-stays = All other messages stay as they are.
