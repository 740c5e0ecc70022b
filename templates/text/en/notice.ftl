### What people are told: mails, and notices in the portal.
### Order of every message: what happened, what still works, what to do.

notice-greeting = Hello { $name },
notice-greeting-nameless = Hello,
notice-letter =
    { $greeting }

    { $text }

    Kind regards
    - { $company }
    - { $portal }

    This email was sent automatically. We never ask for your password by email.

notice-size = { $whole }.{ $tenth } { $unit }
notice-moment = { $day } { $named ->
        [m01] January
        [m02] February
        [m03] March
        [m04] April
        [m05] May
        [m06] June
        [m07] July
        [m08] August
        [m09] September
        [m10] October
        [m11] November
       *[m12] December
    } { $year }, { $clock } ({ $zone })

## Reasons

notice-reason-other = Technical reason: “{ $code }”.
notice-reason-cron-failed = The program reported an error or could not be started.
notice-reason-cron-timeout = The program took too long and was ended.
notice-reason-cron-limit = The program took more than it may and was ended.
notice-reason-certificate-failed = The certificate could not be issued.
notice-reason-certificate-name-not-permitted = No certificate may be issued for this name.
notice-reason-certificate-forbidden = A CAA record of the domain permits other authorities only.
notice-reason-certificate-silent = The name servers of the domain did not answer.
notice-reason-certificate-nowhere = The domain leads nowhere.
notice-reason-certificate-not-reached = The authority did not find us under the domain.
notice-reason-certificate-limited = Too many certificates were issued for the domain lately.
notice-reason-certificate-refused = The authority issues nothing for the domain.
notice-reason-certificate-away = The authority did not answer.
notice-reason-certificate-late = The authority did not finish in time.
notice-reason-certificate-unusable = What the authority sent could not be used.
notice-reason-files-failed = The files could not be written.
notice-reason-address-taken = The address is already taken.
notice-reason-host-taken = The name is already taken.
notice-reason-probe-failed = The final check did not succeed.
notice-reason-mail-disk = The mail storage could not be reached.
notice-reason-plugin-in-row = It failed twenty times in a row.
notice-reason-plugin-half = More than half of its last hundred runs failed.
notice-reason-plugin-withdrawn = Your hoster withdrew this version.
notice-reason-plugin-granter = Whoever granted its rights is no member any more.
notice-reason-value-yes = yes
notice-reason-value-no = no
notice-reason-value-none = nothing

## Password and login

notice-reset-label = New password requested
notice-reset-subject = Your link for a new password
notice-reset-body =
    a new password was requested for your login to the portal. Your present password stays valid until
    you set a new one.

    Set a new password (valid once, until { $until }):

    { $link }

    You did not request this? Then there is nothing to do.

notice-unlock-label = Login locked for a while
notice-unlock-subject = Login locked for a while: your unlock link
notice-unlock-body =
    after several failed attempts, logging in from unknown devices is locked for a while. On devices
    where you have logged in before you can still log in. Your websites and mailboxes run unchanged.

    Unlock now (valid once, until { $until }):

    { $link }

    This was not you? Then there is nothing to do: without this link the lock stays.

notice-upload-unlock-label = SFTP login locked for a while
notice-upload-unlock-subject = { $object }: SFTP login locked for a while
notice-upload-unlock-body =
    after several failed attempts, the SFTP login { $name } of the webspace { $object } takes no password
    for a while. The website runs unchanged, so does the file manager in the portal, and with an SSH key
    you still get in.

    Unlock now (valid once for everybody who gets this email, until { $until }):

    { $link }

    Instead you can set a new SFTP password in the portal; the lock does not hold for that. The failed
    attempts were not yours? The password was not guessed. With an SSH key nobody can lock you out.

notice-second-email-missing-label = Second email address missing
notice-second-email-missing-subject = Please name a second email address
notice-second-email-missing-body =
    you log in with { $address }. This address is kept with us now: when something is disturbed here, we do
    not reach you there, and a link to a new password would not arrive either.

    For now everything runs unchanged. Please name a second address with another provider in your
    account, under email address: { $portal }

notice-second-contact-missing-label = Second contact address missing
notice-second-contact-missing-subject = Please name a second contact address
notice-second-contact-missing-body =
    the contact address { $address } of { $customer } is kept with us now: when something is disturbed here,
    we do not reach you there.

    For now everything runs unchanged. Please name a second one with another provider in the portal,
    under contact addresses: { $portal }

notice-setup-label = Set up your login
notice-setup-subject = Your login to the portal of { $company }
notice-setup-body =
    a login to the portal of { $company } was made for you. Only your password is missing.

    Set up your login (valid once, until { $until }):

    { $link }

    After that, log in with your email address. If the link has expired, simply request a new one on
    the login page: { $portal }

notice-member-invited-label = Invitation to become a member
notice-member-invited-subject = Invitation to the customer account { $customer }
notice-member-invited-body =
    you are invited to become a member of the customer account { $customer } at { $company }.

    See and accept the invitation (valid once, until { $until }):

    { $link }

    You do not expect an invitation? Then there is nothing to do; nothing changes unless you agree.

notice-initial-password-changed-label = Own password set
notice-initial-password-changed-subject = Your login is ready
notice-initial-password-changed-body =
    you set your own password on { $at }. Your login is ready; the initial password is no longer valid.

    Log in here: { $portal }

    This was not you? Then request a new password on the login page at once, and write to us.

notice-password-changed-label = Password changed
notice-password-changed-subject = Your password was changed
notice-password-changed-body =
    your password for the portal was changed on { $at }. All other sessions were ended; your websites
    and mailboxes run unchanged.

    This was you? Then everything is fine.

    This was not you? Then request a new password on the login page at once, and write to us:
    { $portal }

notice-new-login-label = Login from a new device
notice-new-login-subject = New login to your portal
notice-new-login-body =
    a device that we do not know yet has logged in to your portal.

    - Time: { $at }
    - Device: { $device }
    - IP address (shortened): { $address }

    This was you? Then everything is fine.

    This was not you? Then please change your password at once and end the foreign session under
    “Security”: { $portal }

notice-contact-changed-label = Contact address changed
notice-contact-changed-subject = A contact address was changed
notice-contact-changed-body =
    on { $at } a contact address of the customer account { $customer } was changed. The new address is
    (shortened): { $address }. Your websites and mailboxes run unchanged.

    This was you? Then everything is fine.

    This was not you? Then please change your password at once and write to us: { $portal }

notice-confirm-email-label = Confirm an email address
notice-confirm-email-subject = Please confirm this email address
notice-confirm-email-body =
    this email address shall belong to a login to the portal of { $company }. Nothing changes until you
    confirm that.

    Confirm the email address (valid once, until { $until }):

    { $link }

    You did not ask for this? Then there is nothing to do.

notice-email-taken-label = Your email address was given once more
notice-email-taken-subject = Your email address belongs to your login already
notice-email-taken-body =
    on { $at } somebody gave this email address for another login to the portal. It belongs to your
    login and stays there. Nothing has changed, and whoever gave it learns nothing about you.

    This was you? Then log in with this email address, or take another one for the other login:
    { $portal }

    This was not you? Then there is nothing to do.

notice-login-email-changed-label = Email address to log in with changed
notice-login-email-changed-subject = Your email address to log in with was changed
notice-login-email-changed-body =
    on { $at } the email addresses of your login to the portal were changed. You now log in with
    (shortened): { $address }. Your websites and mailboxes run unchanged.

    This was you? Then everything is fine.

    This was not you? This link takes the change back, ends all sessions and leads to a new password
    (valid once, until { $until }):

    { $link }

notice-login-email-restored-label = Change of the email address taken back
notice-login-email-restored-subject = The change of your email address was taken back
notice-login-email-restored-body =
    on { $at } the latest change of the email addresses of your login was taken back. Logging in is
    possible only with (shortened): { $address }. All sessions were ended, the password until then is no
    longer valid, and the API tokens are revoked. Your websites and mailboxes run unchanged.

    This was you? Then set a new password now, if you have not done so. The login page sends you a link
    for that: { $portal }

    This was not you? Then please write to us at once.

notice-token-created-label = API token made
notice-token-created-subject = An API token was made
notice-token-created-body =
    on { $at } the API token “{ $token }” was made in your name. Whoever knows it can work in your portal
    with it.

    This was you? Then everything is fine.

    This was not you? Then revoke the API token at once and change your password: { $portal }

notice-tokens-revoked-label = API tokens revoked
notice-tokens-revoked-subject = API tokens were revoked
notice-tokens-revoked-body =
    on { $at } { $count ->
        [one] one API token was
       *[other] { $count } API tokens were
    } revoked. Programs that work with them have no access any more. Your websites and mailboxes run
    unchanged.

    Make new API tokens in the portal: { $portal }

    This was not you? Then please change your password and write to us.

## For whoever runs this

notice-factor-added-label = Second factor set up
notice-factor-added-subject = A second factor was set up for your login
notice-factor-added-body =
    on { $at } a second factor was set up for your login. From now on we ask for it when you log in.
    Your websites and mailboxes go on as before.

    Was that you? Then all is well.

    Was it not you? Then please change your password at once and write to us: { $portal }

notice-factor-removed-label = Second factor removed
notice-factor-removed-subject = A second factor of your login was removed
notice-factor-removed-body =
    on { $at } a second factor of your login was removed. Your websites and mailboxes go on as before.

    Was that you? Then all is well.

    Was it not you? Then please change your password at once and write to us: { $portal }

notice-recovery-code-used-label = Recovery code used
notice-recovery-code-used-subject = A recovery code was used for your login
notice-recovery-code-used-body =
    on { $at } somebody logged in with your password and one of your recovery codes. Recovery codes
    that are left: { $count }. Your websites and mailboxes go on as before.

    Was that you? Then all is well. You get new recovery codes under “Your account”.

    Was it not you? Then please change your password at once and write to us: { $portal }

notice-recovery-codes-renewed-label = New recovery codes
notice-recovery-codes-renewed-subject = Your recovery codes are others now
notice-recovery-codes-renewed-body =
    on { $at } new recovery codes were made for your login. The old ones are good no more. Your
    websites and mailboxes go on as before.

    Was that you? Then all is well.

    Was it not you? Then please change your password at once and write to us: { $portal }

notice-passkey-copied-label = Passkey refused
notice-passkey-copied-subject = Your passkey was refused: there may be a copy of it
notice-passkey-copied-body =
    on { $at } we refused your passkey “{ $name }”. Its counter did not go on as it should. That happens
    when there are two of the same key. Nobody was logged in with it.

    Please remove this passkey under “Your account”, “Second factor”, and add a new one: { $portal }

    Was it not you? Then somebody knows your password, too. Please change it at once.

notice-login-alarm-label = Unusually many failed logins
notice-login-alarm-subject = Unusually many logins fail
notice-login-alarm-body =
    as of { $at }, { $count } logins have failed within this hour, counted over all accounts. Usual
    { $usual ->
        [one] is one
       *[other] are { $usual }
    } an hour. The locks work: accounts and networks that stand out must wait, and known devices still
    get in.

    The security log says from which networks the attempts come. Please see whether it is an attack or
    a fault, for instance a program with an old password: { $portal }

    This is the only message for this hour.

## Quota

notice-quota-80-label = Quota 80 % used
notice-quota-80-subject = { $object }: quota 80 % used
notice-quota-80-body =
    { $object } uses { $used } of { $max }. { $noun ->
        [mailbox] The mailbox still receives mail.
        [webspace] The webspace and your website run unchanged.
        [database] The database works unchanged.
       *[other] Everything runs unchanged.
    }

    The portal shows what takes up space, and lets you raise the quota: { $portal }

notice-quota-95-label = Quota almost used up
notice-quota-95-subject = { $object }: quota almost used up
notice-quota-95-body =
    { $object } uses { $used } of { $max }. { $noun ->
        [mailbox] The mailbox still receives mail; once it is full, new mail is refused.
        [webspace] Your website runs; once the webspace is full, no more files can be uploaded.
        [database] The database still works; once it is full, it cannot store anything more.
       *[other] Everything still runs; once the quota is used up, nothing more can be stored.
    }

    Please make room or raise the quota: { $portal }

notice-quota-100-label = Quota used up
notice-quota-100-subject = { $object } is full
notice-quota-100-body =
    { $object } is full ({ $used } of { $max }). { $noun ->
        [mailbox] New mail is refused, and its sender is told. The mail you have stays readable.
        [webspace] New files can no longer be uploaded. Your website stays reachable.
        [database] The database cannot store anything more. Reading and deleting still work.
       *[other] Nothing new can be stored. What is there stays.
    }

    Please make room or raise the quota: { $portal }

## Website, domain, change

notice-certificate-failing-label = Certificate not issued yet
notice-certificate-failing-subject = { $object }: certificate not renewed yet
notice-certificate-failing-body =
    the certificate for { $object } could not be issued or renewed yet. { $reason }

    The present certificate is valid until { $until }; until then the website is reachable as before.

    We try again on { $next }. Please check in the portal whether the domain still points to us:
    { $portal }

notice-cron-failing-label = Cron job failed
notice-cron-failing-subject = { $object }: cron job “{ $name }” failed
notice-cron-failing-body =
    the cron job “{ $name }” of webspace { $object } did not go well on { $at }. { $reason }

    It goes on running by its schedule. We write again as soon as it is fine. Its output is in the customer
    portal: { $portal }

notice-cron-recovered-label = Cron job fine again
notice-cron-recovered-subject = { $object }: cron job “{ $name }” is fine again
notice-cron-recovered-body =
    the cron job “{ $name }” of webspace { $object } ran without an error on { $at } again.

    There is nothing for you to do. The history is in the customer portal: { $portal }

notice-change-failed-label = Not live yet
notice-change-failed-subject = { $object }: not everything is live yet
notice-change-failed-body =
    after several attempts, the server does not have everything that is set for the { $noun ->
        [mailbox] mailbox
        [alias] alias
        [webspace] webspace
        [database] database
        [domain] domain
       *[other] object
    } { $object }. { $reason } Your settings and your data are kept.

    We try again on { $next }. There is nothing you need to do; the portal shows how it stands:
    { $portal }

notice-domain-verified-label = Domain verified
notice-domain-verified-subject = { $object } is verified
notice-domain-verified-body =
    your domain { $object } is verified. From now on you can use it for websites, mailboxes and aliases.

    To the portal: { $portal }

notice-domain-missing-label = Proof of a domain missing
notice-domain-missing-subject = { $object }: we no longer see your proof
notice-domain-missing-body =
    the regular check no longer found the proof for { $object }. Until { $until } website and mailboxes
    run unchanged; we keep checking.

    Please see whether the domain is still yours and its proof is still there: the DNS record, the file
    or the name servers. If we do not see it on { $until } either, the domain is no longer verified. The
    portal shows how it stands: { $portal }

notice-domain-lost-label = Domain no longer verified
notice-domain-lost-subject = { $object } is no longer verified
notice-domain-lost-body =
    two checks in a row did not find the proof for { $object }. From now on no website is reached under
    this name, and mail to it is refused. Files, mailboxes and the mail in them are kept.

    If the domain is still yours, put one of the proofs in place that the portal shows. We check by
    ourselves, and everything runs again: { $portal }

notice-plugin-paused-label = Plugin paused
notice-plugin-paused-subject = { $object }: your plugin is paused
notice-plugin-paused-body =
    Your plugin { $object } is paused. { $reason } Everything else goes on unchanged.

    The portal shows what happened, and lets you start the plugin again: { $portal }

notice-plugin-update-label = New version of a plugin
notice-plugin-update-subject = { $object }: the new version { $version } needs your consent
notice-plugin-update-body =
    There is version { $version } of your plugin { $object }. It asks for more than before. Until you
    agree, the present version goes on unchanged.

    The portal shows what it asks for, and why: { $portal }

notice-access-digest-label = Digest of accesses
notice-access-digest-subject =
    { $count ->
        [one] We accessed { $customer } once
       *[other] We accessed { $customer } { $count } times
    }
notice-access-digest-body =
    between { $from } and { $until }, people of ours, or programs of theirs, saw or changed this in the
    account { $customer }:

    { $message }

    { $more ->
        [0] The signs stand for people; our privacy officer can resolve them.
        [one] One earlier access is not listed here. The signs stand for people; our privacy officer can resolve them.
       *[other] { $more } earlier accesses are not listed here. The signs stand for people; our privacy officer can resolve them.
    }

    Everything, also as a table: { $portal }/accesses

    How often this email comes, or never: { $portal }/notices/preferences

notice-plugin-message-label = Messages of plugins
notice-plugin-message-subject = { $object }: { $subject }
notice-plugin-message-body =
    Your plugin { $object } writes to you:

    { $message }

    This message comes from the plugin, not from us. What it may do, you change in the portal: { $portal }

## Tickets

notice-ticket-answered-label = Answers to tickets
notice-ticket-answered-subject = Answer to your ticket { $object }
notice-ticket-answered-body =
    There is an answer to your ticket { $object }:

    { $message }

    { $over ->
        [1] In this ticket we { $changed ->
            [0] changed nothing.
            [one] made 1 change. If it can be undone, the conversation has a button for that.
           *[other] made { $changed } changes. What can be undone has a button for that in the conversation.
        } { $read ->
            [0] We read nothing of your content.
           *[other] { "" }
        } { $mail ->
            [0] { "" }
            [one] We read email once.
           *[other] We read email { $mail } times.
        } { $files ->
            [0] { "" }
            [one] We read files once.
           *[other] We read files { $files } times.
        } { $rows ->
            [0] { "" }
            [one] We read tables once.
           *[other] We read tables { $rows } times.
        } { $logs ->
            [0] { "" }
            [one] We read logs once.
           *[other] We read logs { $logs } times.
        } { $seen ->
            [0] { "" }
            [one] We looked at settings once.
           *[other] We looked at settings { $seen } times.
        }
       *[other] { "" }
    }
    { $letters ->
        [1] Answer to this email or in the portal, which also has the whole conversation:
       *[other] Answer in the portal, which also has the whole conversation:
    }

    { $link }

notice-consent-asked-label = Requests for consent
notice-consent-asked-subject = Request for consent in your ticket { $object }
notice-consent-asked-body =
    in your ticket { $object } we ask for consent to look at the pages of your account:

    { $message }

    We see how everything is set up. What we ask for beyond that is here, and you can leave out each part of
    it:

    - read mail: { $mail ->
        [1] we ask for this
       *[other] no
    }
    - read files: { $files ->
        [1] we ask for this
       *[other] no
    }
    - read tables: { $rows ->
        [1] we ask for this
       *[other] no
    }
    - carry out confidential actions: { $acts ->
        [1] we ask for this
       *[other] no
    }

    You answer with one click:

    { $link }

notice-instruction-by-telephone-label = Instructions by telephone
notice-instruction-by-telephone-subject = Instruction by telephone in the ticket { $object }
notice-instruction-by-telephone-body =
    in the ticket { $object } we wrote down an instruction about { $thing } on the telephone.
    { $caller } proved themselves with the telephone PIN and said:

    { $message }

    With it we may change the settings of { $thing } while the ticket is open; what is in it stays shut. You
    can end the instruction at any time with one click:

    { $link }

    Was this call not what you wanted? Then please end the instruction right away, set a new telephone PIN,
    and write to us.

notice-instruction-by-mail-label = Instructions confirmed by email
notice-instruction-by-mail-subject = Instruction confirmed by email in the ticket { $object }
notice-instruction-by-mail-body =
    there is an instruction about { $thing } in the ticket { $object }. It came by email and was confirmed on
    the page behind the link that we sent to the email address of the login:

    { $message }

    With it we may change the settings of { $thing } while the ticket is open; what is in it stays closed.
    You can end the instruction with one click at any time:

    { $link }

    This was not what you wanted? Then please end the instruction at once, change the password of your
    mailbox and write to us.

notice-instruction-asked-label = Requests to confirm an email
notice-instruction-asked-subject = Please confirm: { $thing } in your ticket { $object }
notice-instruction-asked-body =
    an email in the ticket { $object }, which seems to be from you, says:

    { $message }

    For us to change something about { $thing }, please confirm that with one click on the page behind this
    link. It works until { $until }, once:

    { $link }

    You did not write that? Then say so on the same page; we change nothing.

notice-consent-by-telephone-label = Requests for consent answered by telephone
notice-consent-by-telephone-subject = { $answer ->
        [given] Consent by telephone in the ticket { $object }
       *[other] Consent refused by telephone in the ticket { $object }
    }
notice-consent-by-telephone-body =
    in the ticket { $object } we had asked for consent to look at the pages of your account:

    { $message }

    { $answer ->
        [given] It was given on the telephone until { $until }; { $caller } proved themselves with the telephone PIN. With it we see how everything is set up. It reaches this far beyond that:
       *[other] It was refused on the telephone; { $caller } proved themselves with the telephone PIN. We do not see your pages:
    }

    - read mail: { $mail ->
        [1] yes
       *[other] no
    }
    - read files: { $files ->
        [1] yes
       *[other] no
    }
    - read tables: { $rows ->
        [1] yes
       *[other] no
    }
    - carry out confidential actions: { $acts ->
        [1] yes
       *[other] no
    }

    { $answer ->
        [given] You can take the consent back at any time with one click:
       *[other] The ticket:
    }

    { $link }

    Was this call not what you wanted? Then please set a new telephone PIN, and write to us.

notice-ticket-acted-label = Changes by support on instruction
notice-ticket-acted-subject = { $thing }: changed on instruction
notice-ticket-acted-body =
    in the ticket { $object } we changed something on instruction. { $deed ->
        [set_quota] Storage of { $thing }: { $before } before, { $after } now.
        [set_targets] Targets of { $thing }: { $before } before, { $after } now.
        [set_document_root] Document root of { $thing }: { $before } before, { $after } now.
        [set_https_redirect] Redirect to HTTPS of { $thing }: { $before } before, { $after } now.
        [set_redirect] Web redirect of { $thing }: { $before } before, { $after } now.
        [nothing] The setting of { $thing } stayed as it was.
        [verify] We looked for the proof of { $thing } again.
        [restore] { $thing } was in the trash and is back.
        [reset_password] { $thing } has a new password. We do not see it; you find it in the ticket for three days, to be read once by whoever may set it themselves.
        [reset_upload_password] { $thing } has a new SFTP password. We do not see it; you find it in the ticket for three days, to be read once by who manages the webspace.
        [reissue_certificate] A new certificate for { $thing } is ordered; the present one serves until it is there.
        [set_php] PHP version of { $thing }: { $before } before, { $after } now.
        [set_redirects] Redirects of { $thing }: { $before } before, { $after } now.
        [set_error_pages] Error pages of { $thing }: { $before } before, { $after } now.
        [set_upload_size] Size of uploads to { $thing }: { $before } before, { $after } now.
        [suspend] { $thing } is switched off, for this reason: { $after }.
        [resume] { $thing } is switched on again.
        [retry] We tried setting up { $thing } again at once.
        [unlock] The login of { $thing } was locked after wrong passwords and is open again.
       *[other] { $thing }: { $before } before, { $after } now.
    }

    It stands in the conversation with before and after; where there is a way back, you undo it there with
    one click:

    { $link }

notice-ticket-replied-label = News in your tickets at the desk
notice-ticket-replied-subject = News in the ticket { $object }
notice-ticket-replied-body =
    The customer wrote in the ticket { $object }, which is yours:

    { $link }

## A lost second factor

notice-factor-loss-asked-label = Second factor reported lost
notice-factor-loss-asked-subject = Somebody reports your second factor lost
notice-factor-loss-asked-body =
    on { $at } somebody logged in with your password and said that your authenticator app and all recovery
    codes are lost. That opened nothing, and your second factor is still in force.

    Nobody decides before { $until }. After that a person of our team checks whether the second factor is
    taken away.

    Was it you? Then please wait. We will get back to you.

    It was not you? Then stop it at once with this link, and set a new password afterwards:

    { $link }

    You have your app again? Log in with it, and the report is settled: { $portal }

notice-factor-loss-stopped-label = Report of a lost second factor stopped
notice-factor-loss-stopped-subject = Your second factor stays as it is
notice-factor-loss-stopped-body =
    on { $at } the report that your second factor is lost was stopped. It is in force as before.

    The report was not yours? Then somebody knows your password. Please set a new one at once; the login
    page sends you a link for it: { $portal }

    You did not want to stop the report? Then please write to us.

notice-factor-loss-approved-label = Lost second factor taken away
notice-factor-loss-approved-subject = Your second factor was taken away
notice-factor-loss-approved-body =
    on { $at } a person of our team took away your second factor and all recovery codes, because they were
    reported lost. All sessions have ended, and API tokens are revoked. Your websites and mailboxes run
    as before.

    Log in with your password now, and set up a new app right away: { $portal }

    This was not your wish? Then please write to us at once.

notice-factor-loss-refused-label = Second factor not taken away
notice-factor-loss-refused-subject = Your second factor was not taken away
notice-factor-loss-refused-body =
    on { $at } a person of our team decided that your second factor stays as it is. The reason:

    { $message }

    Questions? Please write to us or call us. All ways back into your account are on the login page:
    { $portal }

notice-factor-loss-due-label = Lost second factor waits for a decision
notice-factor-loss-due-subject = A lost second factor waits for your decision
notice-factor-loss-due-body =
    the wait of 72 hours is over: { $object } reported the second factor and all recovery codes lost, and
    nobody stopped it. Please check who that is, and decide.

    The report is in the staff area under "Lost factors": { $portal }

notice-factor-loss-late-label = Lost second factor waits for a day
notice-factor-loss-late-subject = A lost second factor has been waiting for a day
notice-factor-loss-late-body =
    for a day somebody could have decided whether { $object } lost the second factor, and nobody has. Everybody
    in Operations can, but the person themselves and who belongs to their customer.

    The report is in the staff area under "Lost factors": { $portal }

## Roles and access review

notice-staff-requested-label = Role asked for
notice-staff-requested-subject = Somebody asks for a role
notice-staff-requested-body =
    a role was asked for, for { $object }. Please decide; after 14 days the request lapses.

    The request is in the staff area under "Colleagues": { $portal }

notice-staff-request-late-label = Role asked for waits for a decision
notice-staff-request-late-subject = A role that was asked for has waited for three days
notice-staff-request-late-body =
    three days ago a role was asked for, for { $object }, and nobody has decided yet. Please give the role, or
    refuse it. Who asked does not decide, but can take the request back when the role is no longer needed.
    After 14 days it lapses.

    The request is in the staff area under "Colleagues": { $portal }

notice-staff-granted-label = Role given that you asked for
notice-staff-granted-subject = The role you asked for is given
notice-staff-granted-body =
    the role that you asked for, for { $object }, is given. The reason:

    { $message }

notice-staff-refused-label = Role refused that you asked for
notice-staff-refused-subject = The role you asked for was refused
notice-staff-refused-body =
    the role that you asked for, for { $object }, was refused. The reason:

    { $message }

notice-access-review-opened-label = Access review began
notice-access-review-opened-subject = The access review { $object } began
notice-access-review-opened-body =
    the review of all rights for { $object } began. Please confirm or withdraw every right within 30 days.

    The list is in the staff area under "Access review": { $portal }

notice-access-review-overdue-label = Access review is overdue
notice-access-review-overdue-subject = The access review { $object } is overdue
notice-access-review-overdue-body =
    in the review of all rights for { $object } not everything is decided, and the 30 days are over.

    The list is in the staff area under "Access review": { $portal }

## Approvals

notice-owner-change-asked-label = Another owner asked for
notice-owner-change-asked-subject = Somebody else shall become the owner of your account
notice-owner-change-asked-body =
    on { $at } one of our team asked that { $object } becomes the owner of the account { $customer }. You
    would still administer it, without being its owner. The reason:

    { $message }

    Nothing has changed yet. A second person of our team must agree, not before 72 hours after this
    email.

    You do not agree? Then stop it with this link:

    { $link }

    What we wrote about it stands in your ticket in the portal: { $portal }

notice-owner-change-off-label = The owners stay
notice-owner-change-off-subject = The owners of your account stay
notice-owner-change-off-body =
    on { $at } what our team had asked for came to an end: { $object } does not become the owner of the
    account { $customer }. Everything stays as it is.

    Questions? Please answer in your ticket in the portal: { $portal }

notice-owner-changed-label = Another owner
notice-owner-changed-subject = Your account has another owner
notice-owner-changed-body =
    on { $at } two people of our team agreed: { $object } is now the owner of the account { $customer }.
    Whoever was it goes on as an administrator.

    Who asked and who agreed stands in the change log: { $portal }

    That should not have happened? Then please call us at once.

notice-erasure-coming-label = Account is removed for good
notice-erasure-coming-subject = Your account is removed for good
notice-erasure-coming-body =
    two people of our team agreed to remove everything of the account { $customer } for good: content,
    settings, tickets, and the members who belong to no other account. The reason:

    { $message }

    Nothing is removed yet. Until { $until } you can stop it, with this link:

    { $link }

    After that it is removed, and nothing of it can be brought back. You get no other letter then, for your
    address is removed as well. Would you like to take everything along first? Until then you can do that in
    the portal: { $portal }

notice-erasure-off-label = The account stays
notice-erasure-off-subject = Your account is not removed
notice-erasure-off-body =
    since { $at } it is settled: the account { $customer } is not removed. Everything stays as it is.

    Questions? Please answer in your ticket in the portal: { $portal }

notice-consent-extended-label = Consents that hold for longer
notice-consent-extended-subject = Your consent holds for longer than a day
notice-consent-extended-body =
    on { $at } a second person of our team agreed: with your consent in the ticket “{ $object }” of the account
    { $customer } we read for longer than a day, and no longer than you allowed.

    The ticket says until when, and you take the consent back at any time with one click: { $portal }

notice-export-ready-label = File with all data is ready
notice-export-ready-subject = The file with all data of your account is ready
notice-export-ready-body =
    the file with everything that we keep about the account { $object } is ready. Owners download it in the portal
    until { $until }, after that it is removed:

    { $link }

    You know nothing of it? The change log says who asked for it. Then please change your password, and write
    to us.

notice-approval-waiting-label = An approval waits
notice-approval-waiting-subject = An approval waits for you
notice-approval-waiting-body =
    something was asked for about the customer { $object } that a second person must agree to. Please look at
    it and decide; after 7 days it lapses.

    The request is at the desk under “Approvals”: { $portal }

notice-approval-late-label = An approval waits for a day
notice-approval-late-subject = An approval has been waiting for a day
notice-approval-late-body =
    for a day somebody could have decided a request about the customer { $object }, and nobody has. Please
    agree, or refuse with a reason.

    The request is at the desk under “Approvals”: { $portal }

notice-approval-approved-label = Approval given
notice-approval-approved-subject = Your request was agreed to
notice-approval-approved-body =
    what you asked for about the customer { $object } is done. The reasons given:

    { $message }

notice-approval-refused-label = Approval refused
notice-approval-refused-subject = Your request was refused
notice-approval-refused-body =
    what you asked for about the customer { $object } was refused. The reasons given:

    { $message }

notice-approval-stopped-label = Approval stopped
notice-approval-stopped-subject = The customer stopped your request
notice-approval-stopped-body =
    somebody of the customer { $object } stopped what you asked for. Everything stays as it is. Please speak
    with them before you ask for anything new.

## Telephone PIN

notice-phone-pin-set-label = Telephone PIN set
notice-phone-pin-set-subject = Your telephone PIN was set
notice-phone-pin-set-body =
    on { $at } a new telephone PIN was set for your login. Whoever says it on the telephone counts as you.

    Was it you? Then all is well.

    It was not you? Then please set another one at once, change your password, and write to us:
    { $portal }

notice-phone-pin-locked-label = Telephone PIN locked
notice-phone-pin-locked-subject = Your telephone PIN is locked
notice-phone-pin-locked-body =
    on { $at } a wrong telephone PIN was said for your login for the third time. For a day nobody is
    recognised by it; logging in is not affected.

    Was it you? Then set a new one in your account, it is in force at once: { $portal }

    It was not you? Then somebody tried to pass for you. They did not succeed. Look at the change log, and
    write to us.

# Letters to support.
notice-ticket-mail-received-label = Your letters to support
notice-ticket-mail-received-subject = We have your ticket { $object }
notice-ticket-mail-received-body =
    We have your email. It is the ticket { $object } of { $customer }.

    You see it in the portal, and answer there or to this email:

    { $link }

    We take nothing that an email says for an instruction. Should it not be from you, please tell us in the portal.

notice-ticket-mail-confirm-label = Your letters to support, with a link to confirm
notice-ticket-mail-confirm-subject = We have your ticket { $object }
notice-ticket-mail-confirm-body =
    We have your email. It is the ticket { $object } of { $customer }. It says about { $thing }:

    { $message }

    If you want that, confirm it with one click on the page behind this link; our support may change the settings of { $thing } then, and nothing else. The link works until { $until }, once:

    { $confirm }

    You did not write that? Then say so on the same page. You see the ticket in the portal:

    { $link }

notice-contact-proof-label = Links that confirm an email address
notice-contact-proof-subject = Please confirm your email address ({ $object })
notice-contact-proof-body =
    somebody wrote to our support without logging in and named this email address. The message has the number
    { $object }. Was it you? Then confirm with this link that the address is yours. It works until
    { $until }, once:

    { $link }

    It was not you? Then do nothing. We answer nothing to this address.

notice-contact-answered-label = Answers to people without an account
notice-contact-answered-subject = Answer to your message { $object }
notice-contact-answered-body =
    to your message { $object } we answer:

    { $message }

    { $letters ->
        [1] Just answer this email.
       *[other] Answer through our help with logging in, in the portal.
    }

notice-ticket-mail-unknown-label = Letters of people we do not know
notice-ticket-mail-unknown-subject = Your email to our support
notice-ticket-mail-unknown-body =
    We do not know the address that you wrote from, so we cannot say whom your email is about. It was not kept.

    Please write from the address that you log in with, or open a ticket in the portal:

    { $link }
