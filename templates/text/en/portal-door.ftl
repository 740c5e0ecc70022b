# Logging in, a new password, unlocking, an invitation.
login-title = Log in
login-lead = Manage webspaces, mailboxes and databases.
login-email = Email address
login-password = Password
login-button = Log in
login-refused = Logging in is not possible.
login-refused-text = Address or password is not right, or this device is briefly locked after several failed attempts. If the account is locked, an unlock link is in your mailbox.
login-new-password = New password
login-locked-out = I cannot get into my account
login-promise = What our team changes in your customer account is in the change log, with the reason.
login-done-password = Your new password is in force. Please log in with it.
login-done-unlocked = The lock is lifted. Please log in.
login-done-invitation = You have accepted the invitation. Please log in.
login-done-logout = You are logged out.

door-forgot = Forgot your password?
door-back = To the login

side-desk-title = Switch to the staff desk
side-desk-lead = There you find customers and contracts. Your own customer account stays in the portal, and you can go back there at any time.
side-portal-title = Switch to the portal
side-portal-lead = There you work in your own customer account. The way back to the staff desk asks for your password again later.
side-button = Switch
side-stay = Stay here
prove-title = Please confirm that it is you
prove-lead = This step needs your password once more. Then you go on where you were.
prove-button = Confirm
problem-proof-needed = Please confirm this step with your password. Everything else is kept.
proof-field = Your password
proof-field-hint = For safety, because you logged in a while ago.

reset-title = Request a new password
reset-lead = We send you a link with which you set a new password. Your present one stays in force until then.
reset-button = Request the link
reset-sent-title = Look into your mailbox
reset-sent-lead = If there is an account with this email address, a link is on its way there.
reset-sent-text = The link works for 30 minutes and once. A new link replaces the one before.
reset-sent-nothing = Nothing there? Please look into the spam folder as well, and check whether you use this address with us. After a few requests we pause for an hour.

new-password-title = Set a new password
new-password-lead = Then all your sessions end and your API tokens are revoked. Websites and mailboxes run on unchanged.
new-password-field = New password
new-password-button = Set the password
setup-title = Set up your login
setup-lead = Welcome. Only your password is missing; then you log in with your email address.

link-void-title = This link no longer works
link-void-lead = It was used already, replaced by a newer one, or has run out. Nothing was changed.
link-void-helps = Request a new link for your password here. Whoever invited you can send a new invitation. Another email address is entered once more in your account.
link-void-again = Request a new link

unlock-title = Unlock the login
unlock-lead = After several failed attempts, logging in from unknown devices is locked for a while. One click lifts the lock.
unlock-button = Unlock now
unlock-not-me = The failed attempts were not yours? Then there is nothing to do; your password was not guessed.

email-confirm-title = Confirm the email address
email-confirm-lead = { $address } shall belong to your login to the portal. One click confirms that.
email-confirm-button = Confirm the email address
email-confirm-not-me = You did not ask for this? Just close this page; nothing changes without your confirmation.
email-confirmed-title = Your new email address is in force
email-confirmed-lead = Log in with it from now on; your password stays the same.
email-confirmed-text = Your former address was sent a link that takes this back for three days.
email-confirmed-on = To the portal
email-open-title = One confirmation is missing
email-open-lead = This email address is confirmed. Once the other one is confirmed too, both are in force.
email-open-text = The link for the other one is in its mailbox. Until then you log in as before.
email-undo-title = Take the change back
email-undo-lead = Then logging in is possible only with { $address } again.
email-undo-sessions = All sessions end
email-undo-sessions-sub = on known devices too; API tokens are revoked
email-undo-password = The password until now is no longer valid
email-undo-password-sub = you set a new one right away
email-undo-button = Take it back and go on
email-undo-was-me = You changed the address yourself? Then just close this page.

invitation-title = Accept the invitation
invitation-lead = You are invited to use the customer account { $customer }.
invitation-role = Your role
invitation-may = With it you may
invitation-name = Your name
invitation-known = You have an account with this email address already and log in with your usual password.
invitation-button = Accept the invitation
invitation-not-me = You expect no invitation? Just close this page; nothing changes without your consent.
