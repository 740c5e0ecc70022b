# Actions in tickets for which an instruction is not enough, and what is left for the customer there.
ticket-action-mailbox-reset-password = New password for the mailbox
ticket-words-mailbox-reset-password = mail forgotten reset log in wrong
ticket-action-webspace-reset-upload-password = New SFTP password for the webspace
ticket-words-webspace-reset-upload-password = site ftp upload forgotten reset
ticket-action-webspace-reissue-certificate = Issue the certificate anew
ticket-words-webspace-reissue-certificate = site ssl https expired unsafe warning new
ticket-action-webspace-retry = Try setting up the webspace again now
ticket-words-webspace-retry = site stuck error failed once more
ticket-action-domain-retry = Try setting up the domain again now
ticket-words-domain-retry = stuck error failed once more
ticket-action-mailbox-retry = Try setting up the mailbox again now
ticket-words-mailbox-retry = stuck error failed once more
ticket-action-alias-retry = Try setting up the alias again now
ticket-words-alias-retry = forwarding stuck error failed once more
ticket-action-database-retry = Try setting up the database again now
ticket-words-database-retry = sql stuck error failed once more
ticket-action-user-unlock = Open a locked login
ticket-words-user-unlock = log in locked unlock cannot get in password wrong

done-mailbox-reset-password = New password for “{ $name }”. Only who may manage the mailbox can see it, once.
done-webspace-reset-upload-password = New SFTP password for “{ $name }”. Only who may manage the webspace can see it, once.
done-webspace-reissue-certificate = New certificate for “{ $name }” ordered.
done-webspace-retry = Setting up “{ $name }” is tried again.
done-domain-retry = Setting up “{ $name }” is tried again.
done-mailbox-retry = Setting up “{ $name }” is tried again.
done-alias-retry = Setting up “{ $name }” is tried again.
done-database-retry = Setting up “{ $name }” is tried again.
done-user-unlock = The login of { $name } is open again.
done-ticket-collect-secret = Saw a new password of the ticket “{ $name }”.
act-webspace-reissue-certificate = have certificates issued anew
act-webspace-retry = have setting up webspaces tried again
act-domain-retry = have setting up domains tried again
act-mailbox-retry = have setting up mailboxes tried again
act-alias-retry = have setting up alias addresses tried again
act-database-retry = have setting up databases tried again
field-failure = Trouble
field-locked_until = Locked until

conflict-acts-not-consented = An instruction is not enough for this: whoever runs the customer's account consents to it in this ticket first. Nothing was changed.
conflict-not-failed = Nothing failed here. There is nothing to try again.
conflict-no-certificate = No certificate of this webspace was seen yet. It is issued by itself.
conflict-certificate-ordered = A new certificate is ordered already. The present one serves until it is there.
conflict-login-not-locked = This login is not locked.
conflict-guesses-spent = All tries of the month are used up for this login. Only the link in the email opens it again.
conflict-works-here = This person works for us. We do not open their login on instruction.
conflict-handover-gone = Somebody saw this password already, or its time is up. Please set a new one yourself, or ask us once more.

ticket-handovers = New passwords for you
ticket-handovers-text = Set anew on your instruction and your consent. We do not see them. Whoever may set them can see them: once, and within three days.
ticket-handover-show = Show once
ticket-handover-until = sealed, can be seen until { $at }
ticket-handover-others = sealed until { $at }; whoever may manage it can see it
ticket-handover-seen = seen on { $at }, deleted since
ticket-handover-over = nobody saw it; deleted
ticket-handover-title = Your new password, this once
ticket-handover-once = Write it down now: it is deleted afterwards, also with us. Mail and SFTP programs need it from now on.

portal-retry-now = Try again now
webspace-certificate-again = Issue anew
webspace-certificate-again-text = The present one serves until the new one is there.

staff-action-consent = takes consent
staff-action-waits = This takes consent: whoever runs the customer's account agrees to such actions in this ticket, and can take that back at any time.
staff-action-ask-consent = Ask for consent
staff-action-secret = The new password then lies in the ticket. Only who may set it at the customer can see it, once; we never do.
staff-action-secret-no-back = It cannot be undone: nobody knows the password that was there. Programs need the new one at once.
