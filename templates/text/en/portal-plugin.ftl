# Plugins: catalogue, consent, installed ones, runs, pages of their own.
nav-plugins = Plugins
search-words-plugins = plugin automation webhook DynDNS run permission schedule extension
activity-noun-installation = Plugins
activity-noun-run = Runs of plugins
activity-by-plugin-named = Plugin “{ $plugin }”, allowed by { $name }
activity-plugin = Plugin
activity-run = Run

plugins-title = Plugins
plugins-down = No plugins run at the moment.
plugins-down-text = What they should do waits and is caught up as soon as they run again. Only their pages stay empty, and calls from outside are turned away. Webspaces, e-mail and everything else run as before; there is nothing for you to do.
plugins-lead = Small helpers that run in a cell of their own and may only do what you allow.
plugins-installed = Installed
plugins-offers = To install
plugins-offers-none = Your hoster offers no plugin at the moment.
plugins-none-title = Nothing installed yet
plugins-none-text = Choose a plugin below. Before it may do anything, we ask you point by point.
plugins-empty-title = Small helpers will soon take work off your hands here
plugins-empty-text = A plugin does something by itself, such as keeping an address up to date or warning you of full mailboxes. Your hoster reviews each one before it appears here. At the moment there is none yet.
plugins-left = Removed plugins
plugins-left-until = Removed on { $at }. The data can be downloaded until { $until }.
plugin-one = Plugin
plugin-version = Version { $version }
plugin-by = Version { $version }, by { $author }
plugin-starts-by = Started by: { $triggers }
plugin-installed-times =
    { $count ->
        [one] installed already
       *[other] installed { $count } times
    }
plugin-install = Look and install
plugin-look = Look
plugin-see-runs = See runs
plugin-see-failed = See failed ones
plugin-update-tag = Version { $version } waits for you

plugin-stands-broken = Paused after failures
plugin-stands-withdrawn = Withdrawn
plugin-stands-granter = Paused
plugin-stands-missing = Something is missing
plugin-missing = It cannot work without:
plugin-missing-add = Enter now

plugin-tabs = Pages of { $name }
plugin-tab-show = Overview
plugin-tab-runs = Runs
plugin-tab-rights = Permissions
plugin-tab-settings = Settings
plugin-tab-secrets = Secrets
plugin-tab-webhook = Calls from outside

plugin-pause = Pause
plugin-resume = Let it run again
plugin-resume-all = Let it run and catch up
plugin-stands-rests = rests until tomorrow
plugin-rests-cpu = Today's running time is used up.
plugin-rests-runs = Today's runs are used up.
plugin-rests-text = What happens meanwhile is not lost: it waits and is caught up { $at }. Only pages and calls from outside go unanswered until then.
plugin-paused-text = While it is paused it does not start. Everything else runs as before, and what it has done stays.
plugin-paused-withdrawn = As soon as there is a new version, it appears here.
plugin-grant-anew = Grant permissions anew
plugin-rollback = Back to the version before
plugin-export = Download all data of the plugin
plugin-export-short = Download
plugin-delete = Remove

# Consent.
plugin-create-title = Install { $name }
plugin-consent-title = What may “{ $name }” do?
plugin-consent-lead = You decide point by point and can take every permission back at any time. That holds at once, also for runs under way.
plugin-consent-agree = With “Allow and install” you allow what is marked as needed or switched on above. The plugin may do nothing more.
plugin-consent-updates = When a new version wants more than today, we ask you first. Until then the old one keeps running.
plugin-consent-readonly = Owners and administrators can install it.
plugin-create-button = Allow and install
plugin-right-needed = needed
plugin-right-new = new
plugin-right-reason = The author's reason: “{ $reason }”
plugin-right-webspaces = In these webspaces, and in no other:
plugin-right-no-webspace = You have no webspace yet.
plugin-right-make-webspace = Create a webspace
plugin-never = Can never
plugin-never-secrets = see your passwords and keys
plugin-never-others = reach other customers
plugin-never-more = do more than you may yourself
plugin-never-proof = do what we ask your password for
plugin-risk = What you should know.
plugin-risk-author = This plugin is by { $author }. Your hoster reviewed it but did not write it; it may have faults. Within what you allow it acts without asking.
plugin-risk-outward = It learns something of your account and may talk to other servers: what it sees, it can pass on to them.
plugin-risk-writes = It may overwrite and delete files. That cannot be undone here; make a backup first.
plugin-risk-record = Each of its changes stands in the change log, and you can read about every run here.
plugin-about = About this plugin
plugin-fact-version = Version
plugin-fact-author = Publisher
plugin-fact-signature = Signature
plugin-signed = valid
plugin-unsigned = none
plugin-fact-released = Reviewed on
plugin-fact-triggers = Started by
plugin-fact-since = Installed on
plugin-fact-granted = Permissions granted on
plugin-readme = What the author says
plugin-readme-open = Read

capability-group-see = May see
capability-group-do = May do
capability-group-wake = Becomes active
capability-events = Hears of every change to: { $nouns }
capability-events-one = Hears when somebody does this: { $what }
capability-events-all = Hears of every change in your account
capability-events-quota = Hears when storage runs low
capability-events-note = That includes what was there before and after. Passwords are not part of it.
capability-schedule = Starts by itself on a schedule
capability-schedule-note = Schedule: { $times }
capability-webhook = Has an address of its own that others call
capability-webhook-note = Only who knows its password can call it. You see that once, right after installing.
capability-form = Shows pages of its own in the portal
capability-card = Shows a card on your dashboard
capability-ticket = Offers actions in tickets
capability-http = Talks to { $host }
capability-http-note = Encrypted, and to this server alone. What it sends there is then with whoever runs that server.
capability-secret = Uses a secret: { $title }
capability-secret-note = You enter it yourself. The plugin uses it without seeing it, with the servers that you allow it to talk to and with no other.
capability-records = Reads facts about your { $nouns }
capability-records-note = Only these fields: { $fields }
capability-files-read = Reads files
capability-files-read-note = All files of the chosen webspaces, also configuration files with credentials.
capability-files-write = Writes and deletes files
capability-files-write-note = With this it can change your website, also the programs (PHP) that run there. There is no undo for files.
capability-effect = May itself: { $what }
capability-effect-note = Through the same gate as your own changes, with an entry in the change log.
capability-mail = Sends emails to you and your members
capability-mail-note = At most 20 a day, and only to people of your account.
capability-nouns-webspace = webspaces
capability-nouns-domain = domains
capability-nouns-mailbox = mailboxes
capability-nouns-alias = alias addresses
capability-nouns-database = databases
capability-nouns-mail_dns = DNS records for email
capability-nouns-mail_intake = latest incoming emails
capability-nouns-member = members
capability-nouns-access_key = SSH keys
capability-nouns-quota = storage
capability-nouns-token = API tokens
capability-nouns-customer = account

# What commands do: act-<command>, behind “May itself:”.
act-webspace-create = create webspaces
act-webspace-add-host = add host names to a webspace
act-webspace-remove-host = take host names from a webspace
act-webspace-set-document-root = change the document root of a site
act-webspace-set-https-redirect = switch the redirect to HTTPS on and off
act-webspace-set-php = change the PHP version of webspaces
act-webspace-set-php-settings = change the PHP settings of webspaces
act-webspace-set-redirects = change redirects of webspaces
act-webspace-set-error-pages = change error pages of webspaces
act-webspace-set-hsts = change HSTS of webspaces
act-webspace-set-server = change the web server of webspaces
act-webspace-set-proxy = let applications elsewhere answer for webspaces
act-webspace-set-upload-size = change the upload size of webspaces
act-webspace-protect-folder = protect folders by password
act-webspace-unprotect-folder = remove keys to protected folders
act-webspace-set-quota = change the storage of webspaces
act-webspace-set-full-addresses = switch full IP addresses in the access log on and off
act-webspace-set-upload-password = set a new SFTP password
act-webspace-suspend = suspend webspaces
act-webspace-resume = resume webspaces
act-webspace-delete = put webspaces into the trash
act-webspace-restore = take webspaces out of the trash
act-access-key-create = add SSH keys
act-access-key-delete = remove SSH keys
act-domain-create = add domains
act-domain-verify = have the proof of domains checked
act-domain-withdraw = withdraw the proof of domains
act-domain-consent = allow other accounts a domain below
act-domain-set-redirect = change redirects of domains
act-domain-delete = put domains into the trash
act-domain-restore = take domains out of the trash
act-mailbox-create = create mailboxes
act-mailbox-set-quota = change the storage of mailboxes
act-mailbox-set-password = change passwords of mailboxes
act-mailbox-suspend = suspend mailboxes
act-mailbox-resume = resume mailboxes
act-mailbox-delete = put mailboxes into the trash
act-mailbox-restore = take mailboxes out of the trash
act-alias-create = create alias addresses
act-alias-set-targets = change the targets of alias addresses
act-alias-suspend = suspend alias addresses
act-alias-resume = resume alias addresses
act-alias-delete = put alias addresses into the trash
act-alias-restore = take alias addresses out of the trash
act-database-create = create databases
act-database-set-connections = change the connections of databases
act-database-set-password = set new passwords of databases
act-database-set-remote-addresses = change the remote access to databases
act-database-set-quota = change the storage of databases
act-database-suspend = suspend databases
act-database-resume = resume databases
act-database-delete = put databases into the trash
act-database-restore = take databases out of the trash
act-member-revoke-invitation = revoke invitations
act-plugin-message-send = send an email to you and your members

plugin-rights-title = Permissions of { $name }
plugin-rights-at-once = What you switch off ends at once, also for runs under way.
plugin-rights-needed = Without the permissions marked as needed the plugin does not work. If you do not want to give one of them any more, pause or remove the plugin.
plugin-rights-button = Apply permissions
plugin-may = What it may do
plugin-may-change = Change
plugin-may-in = In: { $webspaces }
plugin-may-nothing = It may do nothing.

plugin-settings = Settings
plugin-settings-title = Settings of { $name }
plugin-settings-none = This plugin has no settings.
plugin-settings-then = Holds from the next run on.
plugin-setting-none = not set
plugin-setting-range = From { $min } to { $max }.

plugin-secrets = Secrets
plugin-secrets-title = Secrets of { $name }
plugin-secrets-lead = Credentials that the plugin uses without seeing them. They are kept sealed and never shown again.
plugin-secrets-none = This plugin uses no secrets.
plugin-secrets-button = Save secrets
plugin-secret-set = Set. Leave empty to keep it.
plugin-secret-unset = Not set yet.
plugin-secret-remove = Remove { $title }

plugin-webhook-title = Calls from outside: { $name }
plugin-webhook-addresses = Addresses
plugin-webhook-lead = Enter this address in the device or program that shall call the plugin.
plugin-webhook-none = Nobody can call this plugin from outside at the moment: the permission for it is not granted.
plugin-webhook-basic = Log in with any user name and the plugin's password (Basic).
plugin-webhook-hmac = Or signed with the password as the key (HMAC-SHA-256), by “Standard Webhooks” or with X-Hub-Signature-256.
plugin-webhook-standard = The password as “Standard Webhooks” writes it:
plugin-webhook-example = To try it:
plugin-password = Password for calls
plugin-password-new = New password
plugin-password-new-lead = A new password replaces the present one at once. You then have to enter it everywhere the old one is.
plugin-password-title = Password of { $name }
plugin-password-lead = The password before this one does not hold any more.
plugin-password-once = Shown only now
plugin-password-warning = We do not show this password a second time. Copy it now to where you need it.
plugin-password-addresses = The plugin is called like this:
plugin-password-done = Copied, go on
plugin-installed-title = { $name } is installed
plugin-installed-lead = The plugin runs. Calls from outside need this password.

plugin-update-title = New version of { $name }
plugin-update-crumb = New version
plugin-update-heading = { $name } { $version } wants to do more
plugin-update-lead =
    { $count ->
        [0] Version { $old } runs until you agree. The new one needs other settings.
        [one] Version { $old } runs until you agree. One permission is new and marked below.
       *[other] Version { $old } runs until you agree. { $count } permissions are new and marked below.
    }
plugin-update-agree = After the change you can go back to the version before at any time.
plugin-update-button = Agree and change
plugin-update-old-runs = Version { $old } keeps running as it is, also when you do not agree.
plugin-update-waits = Version { $version } wants to do more than before.
plugin-update-waits-text = The present one keeps running until you agree.
plugin-update-look = See the difference

plugin-delete-title = Remove { $name }?
plugin-delete-text = The plugin then starts no more, and runs under way end.
plugin-delete-loses = Its settings, secrets, addresses and the data it kept are deleted.
plugin-delete-keeps = What it changed in your account stays, and so does the change log.
plugin-delete-export = You can download its data and runs for another 14 days.
plugin-delete-button = Remove plugin
plugin-delete-type = Type “{ $word }” to confirm.

plugin-forms = Pages of the plugin
plugin-next = Coming up
plugin-use = Use
plugin-use-days = last 30 days
plugin-use-label = { $runs } runs in 30 days, { $failed } of them failed
plugin-use-day = Day
plugin-use-failed = Failed
plugin-use-cpu = Running time
plugin-use-fetches = Requests to other servers
plugin-use-messages = Emails
plugin-use-none = It did not run in the last 30 days.

plugin-try = Try without effect
plugin-try-events = Dry run
plugin-try-last = Try it
plugin-try-events-text = The plugin runs as if the last fitting event had happened once more. You see what it would change; nothing is changed.
plugin-times-minutes = every { $count } minutes
plugin-times-hourly = every hour
plugin-times-daily = every day at { $at }
problem-choose-webspace = Please choose at least one webspace.

# Runs.
plugin-runs = Runs
plugin-runs-without-looks = Cards of the dashboard that were only drawn are left out.
plugin-runs-looks = Show them
plugin-runs-lead = Every run of your plugins, newest first. Details stay for 7 days, the list for 30.
plugin-last-runs = Latest runs
plugin-all-runs = All runs
plugin-runs-none = No run yet. As soon as the plugin starts, it appears here.
plugin-runs-empty-title = Every run will soon appear here
plugin-runs-empty-text = Install a plugin. Each time it starts you see here why, what it changed and how it ended.
plugin-runs-nothing = No run fits this filter.
plugin-runs-filter = Filter runs
plugin-runs-all = All
plugin-runs-all-plugins = All plugins
plugin-runs-all-triggers = All triggers
plugin-runs-shown =
    { $count ->
        [one] 1 run
       *[other] { $count } runs
    }
plugin-run-at = When
plugin-run-trigger = Trigger
plugin-run-lasted = Duration

run-one = Run
run-title = Run of { $at }
run-lead = { $plugin }. Trigger: { $trigger }
run-trigger-named = { $kind } ({ $name })
run-millis = { $ms } ms
run-seconds = { $s } s
run-retry = Try again
run-replay = Replay
run-effects = Effect
run-effects-count =
    { $count ->
        [one] 1 change
       *[other] { $count } changes
    }
run-effects-none = This run changed nothing.
run-effects-none-tried = This run would change nothing.
run-replay-same = The replay went the same way as the recorded run.
run-effect-record = In the change log
run-log = The plugin's log
run-log-none = The plugin noted nothing, or it was deleted after 7 days.
run-result = Result
run-input = Input
run-input-open = What went into the run
run-limits = Limits
run-limits-closest = This is the limit that the run came closest to.
run-limits-none = Not measured yet.
run-limit-hit = Limit: { $limit }.
run-measure-lasted = Duration
run-measure-cpu = Running time
run-measure-queued = Waiting time
run-measure-memory = Memory
run-measure-calls = Calls into the system
run-measure-fetches = Requests to other servers
run-measure-kv = Uses of its own data
run-measure-fuel = Steps
run-facts = Details
run-fact-queued = Triggered
run-fact-started = Started
run-fact-ended = Ended
run-fact-attempt = Try
run-fact-recorded = Recorded
run-fact-recorded-until = until { $at }, without secrets
run-fact-source = The run that is repeated here
run-difference = First difference
run-difference-text = Up to here everything went as recorded. This was different:
run-difference-then = Recorded
run-difference-now = Replayed
run-recording = Recording
run-recording-text = What went in and which answers the plugin got, for 7 days. Secrets are not in it, personal data is.
run-recording-get = Download
run-released = The author may see it since { $at }.
run-release = Give to the author
run-release-title = Give the recording to the author?
run-release-text = { $author }, author of “{ $name }”, can replay with it what happened, and mend the fault.
run-release-sees = They see what went into this run and which answers it got. Names, addresses and other personal data may be in it.
run-release-hidden = Secrets and passwords are not in it, and they see no other run.
run-release-final = This cannot be taken back. After 7 days the recording is deleted.
run-release-button = Give recording
run-helps-limit = Nothing of it was applied. Trying again often helps; if it comes back, the plugin needs less work at once or your plan higher limits.
run-helps-rights = Nothing of it was applied. Look at the plugin's permissions, then try again.
run-helps-granter = Grant the plugin's permissions anew; it then runs under your rights.
run-helps-suspended = As soon as the account is resumed, the plugin goes on.
run-helps-depth = This ends a chain in which plugins trigger each other again and again. Find out which one reacts to the changes of the other.
run-helps-refused = The reason stands above. Mend it, for example with more room in the plan, then try again.
run-helps-replay = Nothing of your data has changed.
run-helps-ours = This was neither the plugin's doing nor yours. We try again by ourselves as far as that is possible.
run-helps-author = Nothing of it was applied. Look at settings and secrets, and try again. If it comes back, the author can find the fault with the recording.

# Pages that plugins show.
plugin-form-lead = A page of the plugin “{ $name }”.
plugin-form-blank = The plugin showed nothing.
plugin-form-down = No plugins run at the moment, so this page stays empty. Everything else runs as before. Please try again in a few minutes.
plugin-form-busy = There is too much to do at once just now. Please try again in a few seconds.
plugin-form-works = Your services run as before, and what you typed is kept.
plugin-form-run = See the run
plugin-form-changed =
    { $count ->
        [0] Done. Nothing was changed.
        [one] Done. One change was made.
       *[other] Done. { $count } changes were made.
    }
plugin-form-readonly = Owners and administrators can send this.
plugin-form-empty = The plugin shows nothing here at the moment.
plugin-ui-unknown = This version of the portal cannot show this yet
plugin-card-from = Loading: { $name }
plugin-card-failed = { $name } does not answer just now. Everything else keeps running.

field-plugin = Plugin
field-version = Version
field-capabilities = Permissions
field-settings = Settings
field-state = State
field-reason = Reason
field-secret = Secret
field-value = Value
field-secret-absent = not set
field-released_to_author = Visible to the author
field-installation = Plugin
field-of = Repeats
field-mode = Kind
field-id = Identifier
field-created_at = Created
field-updated_at = Changed
field-preview_host = Preview address
field-url = Address of the site
field-used_bytes = Storage in use
field-certificate = Certificate
field-name_unicode = Name with umlauts
field-finding = Result of the check
field-domain_id = Domain
field-messages = Number of messages
