# What a look at a thing found, and what to do about it.

diagnosis = Check
diagnosis-title-webspace = Why is my site down?
diagnosis-title-mailbox = Where is my mail?
diagnosis-title-domain = Is my domain right?
diagnosis-title-member = Why can this person not log in?
diagnosis-title-login = Why can I not log in?
diagnosis-title-upload = Why can I not upload?
staff-diagnosis-title-webspace = Check the site
staff-diagnosis-title-mailbox = Check the delivery
staff-diagnosis-title-domain = Check the domain
staff-diagnosis-title-login = Check the login
diagnosis-again = Check again
diagnosis-help = Ask for help
diagnosis-bad =
    { $count ->
        [one] One thing is wrong. Below is what it is and how to mend it.
       *[other] { $count } things are wrong. Below is what they are and how to mend them.
    }
diagnosis-note = Nothing is broken. A few things are worth knowing.
diagnosis-good = Everything that we look at is in order.
diagnosis-open = To be seen to
diagnosis-order = Looked at and in order

finding-way-settings = Settings
finding-way-page = Open
finding-way-files = Files
finding-way-hosts = Names
finding-way-trash = Trash
finding-way-access = SFTP and keys
finding-way-unlock = Unlock
finding-way-letter = Send the link
finding-way-password = Change password
finding-way-factors = Second factor

finding-in-trash = It has been in the trash since { $at }.
finding-in-trash-advice = Restore it, and it works again with everything in it.
finding-switched-off = It is switched off: { $reason }
finding-switched-off-advice = Lift the suspension on its page. If we switched it off, ask us: only we can switch it on again.
finding-failed = The last change did not get through: { $failure }
finding-failed-advice = We try again by ourselves; on its page you can have it tried at once. If it stays like this, ask for help and this page comes along.
finding-under-way = A change has been on its way since { $at }.
finding-under-way-advice = That takes seconds as a rule. Check again then.
finding-live-in-part = It is live, but does not answer to all of its names: it is not proved that one is yours, or another customer has proved it.
finding-live-in-part-advice = Open the page of the domain: it says what is missing. Or take the name off the webspace.
finding-host-anothers = { $host } is verified for another customer and does not lead to this webspace.
finding-host-anothers-advice = Take the address off the webspace, or settle with the other customer whose it is.
finding-waits = It waits until its domain is proved again. Nothing arrives before.
finding-waits-advice = Open the page of the domain: it says what is missing, and looks by itself.
finding-live = It is live, and every change has arrived.

finding-full = There is no room left: { $percent } % are taken.
finding-full-advice = Delete what is not needed, or give it more room in the settings.
finding-nearly-full = { $percent } % of its room are taken.
finding-nearly-full-advice = Make room in time: nothing more can be stored when it is full.
finding-room = There is room: { $percent } % are taken.

finding-no-hosts = It has no name of yours yet. It answers at { $host }.
finding-no-hosts-advice = Give it a name of one of your domains.
finding-host-local = { $host } works on this machine only.
finding-host-local-advice = Names like this are for trying things out: nobody else's browser finds them.
finding-host-silent = We could not find out where { $host } leads.
finding-host-silent-advice = The name servers did not answer just now. Check again in a few minutes.
finding-host-missing = { $host } leads nowhere.
finding-host-missing-advice = Whoever keeps the DNS of the domain has to add an A or AAAA record with { $wanted }.
finding-host-elsewhere = { $host } leads to { $found }, and that is not here.
finding-host-elsewhere-advice = Whoever keeps the DNS of the domain has to change the record to { $wanted }. Others may see the old one for some hours.
finding-host-partly = { $host } leads here, and elsewhere too: { $found }.
finding-host-partly-advice = Some visitors end up elsewhere. Leave only { $wanted }, in the AAAA records too.
finding-host-here = { $host } leads here.

finding-certificate-none = There is no certificate yet.
finding-certificate-none-advice = It is obtained by itself as soon as the names lead here.
finding-certificate-over = The certificate ended on { $at }.
finding-certificate-over-advice = It should have been renewed by itself. Have it issued anew, or ask for help.
finding-certificate-stands-in = So far a certificate stands in that nobody signed.
finding-certificate-stands-in-advice = The website answers, and browsers warn. Its domains say what is in the way of a certificate, and what to do.
finding-certificate-missing = The certificate is not for { $host } yet.
finding-certificate-missing-advice = Until it is, browsers warn visitors of this name. It is renewed by itself once the name leads here.
finding-certificate-good = The certificate is for all its names, until { $at }.

finding-start-missing = The folder { $folder } has no start page.
finding-start-missing-advice = Upload an index.html there, or choose the folder that holds yours in the settings.
finding-start-there = There is a start page in { $folder }.

finding-domain-unproved = It is not proved yet that { $domain } is yours.
finding-domain-unproved-advice = Until it is, nothing is served and no mail arrives under this name. Its page says how to prove it.
finding-domain-proved = { $domain } has been proved to be yours since { $at }.
finding-domain-unused = No webspace uses { $domain } or a name below it.
finding-domain-unused-advice = Add the name to a webspace, or redirect it.

finding-mail-local = Mail to { $domain } arrives from this machine only.
finding-mail-local-advice = Names like this are for trying things out: nobody else's mail server finds them.
finding-mail-silent = We could not find out where mail to { $domain } goes.
finding-mail-silent-advice = The name servers did not answer just now. Check again in a few minutes.
finding-mail-missing = { $domain } has no MX record: nobody knows where its mail goes.
finding-mail-missing-advice = Whoever keeps the DNS of the domain has to add an MX record with { $wanted }.
finding-mail-elsewhere = Mail to { $domain } goes to { $found }, and that is not here.
finding-mail-elsewhere-advice = Whoever keeps the DNS of the domain has to change the MX record to { $wanted }.
finding-mail-partly = Some mail to { $domain } goes elsewhere: { $found }.
finding-mail-partly-advice = Leave only the MX record { $wanted }, or mail is spread over two places.
finding-mail-here = Mail to { $domain } arrives here.
finding-spf-missing = { $domain } has no SPF record.
finding-spf-missing-advice = Others may take mail from this domain for spam. Add a TXT record that begins with v=spf1.
finding-spf-twice = { $domain } has more than one SPF record, so none counts.
finding-spf-twice-advice = Make one TXT record of them that begins with v=spf1.
finding-spf-there = { $domain } has an SPF record.
finding-mail-none = No mail has arrived yet.
finding-mail-none-advice = Send one from another address. If it does not come within minutes, ask for help.
finding-mail-some = Messages in it: { $count }

finding-login-open = The password is set, and nothing is locked.
finding-login-last = The last login that worked was on { $at }.
finding-login-never = Nobody has logged in with this address yet.
finding-login-never-advice = The letter with the link, or with the invitation, says how.
finding-login-disabled = The login has been shut since { $at }.
finding-login-disabled-advice = Only we can open it again. Ask for help, and this page comes along.
finding-login-suspended = The customer account is suspended: { $reason }
finding-login-suspended-advice = Logging in and asking for help still work. Nothing else can be changed until we lift it.
finding-login-locked = After several wrong passwords, unknown browsers are locked out until { $at }.
finding-login-locked-advice = A browser that logged in before still works. The link in the letter unlocks at once; it goes to the address of the login.
finding-login-spent = So many wrong passwords came from unknown browsers that none is checked until { $at }.
finding-login-spent-advice = A browser that logged in before still works. The link in the letter unlocks at once; it goes to the address of the login.
finding-login-codes-locked = After too many wrong codes of the second factor, none is checked until { $at }.
finding-login-codes-locked-advice = Wait until then. If the codes are still wrong, look whether the clock of the phone is right.
finding-login-setup-waits = No password has been set yet. The link in the letter works until { $at }.
finding-login-setup-waits-advice = Look in the mailbox of this address, in the spam folder too, or have the letter sent again.
finding-login-setup-over = No password has been set yet, and the link in the letter works no longer.
finding-login-setup-over-advice = Have the letter sent again. It goes to the address of the login.
finding-login-password-taken = The password was taken away on { $at }, with a change of addresses that was taken back.
finding-login-password-taken-advice = Have a link to a new one sent to the address of the login.
finding-login-initial = The first password has not been changed yet. It works until { $at }.
finding-login-initial-advice = At the next login, another one is asked for.
finding-login-initial-over = The first password was never changed, and has not worked since { $at }.
finding-login-initial-over-advice = Have a link to a new one sent to the address of the login.
finding-login-password-old = The password is older than the { $days } days that are allowed here.
finding-login-password-old-advice = Logging in works; another one is asked for before anything else.
finding-login-password-change = The password has to be changed.
finding-login-password-change-advice = Logging in works; another one is asked for before anything else.
finding-login-tries-strange = Wrong passwords in a row from browsers that this login does not know: { $count }. Networks today: { $networks }.
finding-login-tries-strange-advice = If the person did not do that themselves, somebody else is guessing. Known browsers go on working; a long password of its own keeps others out.
finding-login-tries-known = Wrong passwords in a row from browsers that this login knows: { $count }.
finding-login-tries-known-advice = Probably a slip, or an old password that a browser has stored.
finding-login-network-waits = From a network where logins failed for many people, this one was not even checked.
finding-login-network-waits-advice = That is over after ten minutes. From another network it works now.
finding-login-factor = A second factor is set up.
finding-login-factor-lost = The second factor was reported lost. Nobody decides about it before { $at }.
finding-login-factor-lost-advice = Whoever still has it, or a recovery code, logs in with that, and the report is over.
finding-login-factor-lost-due = The second factor was reported lost. We have been able to decide about it since { $at }.
finding-login-factor-lost-due-advice = Ask for help so that somebody looks at it. Whoever still has the factor, or a recovery code, logs in with that.
finding-login-factor-wanted = { $customer } wants everybody to have a second factor, and there is none yet.
finding-login-factor-wanted-advice = It is set up at the next login, with an authenticator app or a passkey.
finding-login-factor-missing = A second factor is needed, and there is none yet.
finding-login-factor-missing-advice = It is set up at the next login, with an authenticator app or a passkey.
finding-login-codes-none = There is one second factor and no recovery code for the day it is lost.
finding-login-codes-none-advice = Make new recovery codes, or add another factor.

finding-upload-open = The SFTP login is open.
finding-upload-locked = After several wrong passwords, no SFTP password is checked until { $at }.
finding-upload-locked-advice = Wait until then, and look at the password in the program: it may be an old one. SSH keys go on working.
finding-upload-no-way = There is neither a password nor a key for SFTP.
finding-upload-no-way-advice = Make a password, or add the public key of the program.
finding-upload-keys-only = There is no password for SFTP, only keys: { $count }
finding-upload-keys-only-advice = A program that asks for a password needs one first.
finding-upload-password = There is a password for SFTP.
finding-upload-facts = The program needs the server { $server } and the login { $login }.

staff-diagnosis-back = Back to the ticket
staff-diagnosis-noted = This look is noted, and the customer sees it with the ticket. What lies in the thing was not read.
access-area-ticket-diagnosis = Looked why something does not work, in order to help
api-op-staff-ticket-diagnosis = Why what a ticket is about does not work, for staff whom somebody asked.
api-op-member-diagnosis = Why a member cannot log in, with the way to mend it.
api-op-webspace-access-diagnosis = Why nobody can upload, with the way to mend it.
api-op-webspace-diagnosis = Why a site is down, with the way to mend it.
api-op-mailbox-diagnosis = Where mail is, with the way to mend it.
api-op-domain-diagnosis = Whether a domain is right, with the way to mend it.
