# The staff desk: plugins.
staff-nav-plugins = Plugins
staff-plugins-lead = What customers can install, and what waits for its review.
staff-plugins-empty-title = Plugins appear here
staff-plugins-empty-text = Upload the package of an author. Customers can install it only after its review.
staff-plugins-none-title = No version in this state
staff-plugins-none-text = Choose another state, or look at all versions.
staff-plugin-filter = Filter by state
staff-plugin-all = All
staff-plugin = Plugin
staff-plugin-version = Version
staff-plugin-number = { $name } { $version }
staff-plugin-author = Author
staff-plugin-signed = Signed by
staff-plugin-uploaded = Uploaded
staff-plugin-uploaded-by = uploaded by { $name }
staff-plugin-unsigned = Not signed
staff-plugin-key-gone = Key removed
staff-plugin-back = To the version

staff-plugin-upload = Upload a plugin
staff-plugin-upload-lead = A package whose name ends in .wabeplugin. Customers see it only after its release.
staff-plugin-upload-button = Check and take in the package
staff-plugin-file = Package
staff-plugin-file-hint = The author builds it with wabe plugin pack. The component may have { $max } at most.
staff-plugin-purpose-hint = Why you do this, for instance the number of the ticket. It is kept in the hoster's change log.
staff-plugin-refused = { $file } was not taken in.
staff-plugin-refused-text = Nothing was stored. Give this list to the author, then choose the new package.
staff-plugin-flaws =
    { $count ->
        [one] One flaw in the package
       *[other] { $count } flaws in the package
    }
staff-plugin-busy = Other packages are being translated right now. This one was not taken in; upload it again in a minute.
staff-plugin-then-signature = The signature is checked
staff-plugin-then-signature-sub = against the keys that we trust
staff-plugin-then-checked = The package is checked and translated
staff-plugin-then-checked-sub = in a process of its own; all flaws come at once
staff-plugin-then-review = The version waits for its review
staff-plugin-then-review-sub = only somebody who did not upload it may release it

staff-plugin-done-uploaded = The package is checked, translated and taken in.
staff-plugin-done-known = Exactly this package is here already. This is its version.
staff-plugin-done-released = The version is released. Customers can install it.
staff-plugin-done-withdrawn = The version is withdrawn and runs nowhere any more.
staff-plugin-waits = This version waits for its review.
staff-plugin-waits-for = A privacy officer who did not upload it can release it.
staff-plugin-waits-for-you = Read what it asks for and why, then release it.
staff-plugin-own = You uploaded this version yourself. So that four eyes always look at it, another privacy officer releases it.
staff-plugin-withdrawn = This version is withdrawn.
staff-plugin-withdrawn-reason = The reason, as customers read it: { $reason }

staff-plugin-asks = What it asks for
staff-plugin-asks-none = It asks for no capability.
staff-plugin-reason = The author's reason: { $reason }
staff-plugin-optional = Optional
staff-plugin-allowed = Allowed
staff-plugin-forbidden = Not allowed
staff-plugin-can-events = Hears of changes: { $parameter }
staff-plugin-can-schedule = Runs by the clock
staff-plugin-can-webhook = Has an address that others call from outside
staff-plugin-can-form = Has pages in the portal
staff-plugin-can-card = Stands on the dashboard of the portal
staff-plugin-can-ticket = Offers actions on tickets
staff-plugin-can-http = Exchanges data with { $parameter }
staff-plugin-can-secret = Uses the secret { $parameter } without seeing it
staff-plugin-can-records = Reads of { $parameter }: { $fields }
staff-plugin-can-files-read = Reads files in the webspaces that the customer chooses
staff-plugin-can-files-write = Writes and deletes files in the webspaces that the customer chooses
staff-plugin-can-effect = Makes changes: { $parameter }
staff-plugin-can-mail = Sends messages to the customer's members
staff-plugin-runs = When it runs
staff-plugin-runs-none = It never runs by itself.
staff-plugin-trigger-event = When this happens: { $what }
staff-plugin-trigger-schedule = By the clock: { $what }
staff-plugin-trigger-webhook = When it is called from outside: { $what }
staff-plugin-trigger-form = When somebody opens or sends the page “{ $what }”
staff-plugin-trigger-ticket = When somebody works on a ticket
staff-plugin-component = What it is made of
staff-plugin-exports = Offers
staff-plugin-imports = Calls
staff-plugin-imports-none = It calls nothing of ours.
staff-plugin-imports-runtime =
    { $count ->
        [one] One interface of its language, without effect here
       *[other] { $count } interfaces of its language, without effect here
    }
staff-plugin-sizes = Sizes in detail
staff-plugin-not-compiled = No report of the translation was kept for this version.
staff-plugin-parts = Files in the package
staff-plugin-part = File
staff-plugin-size = Size
staff-plugin-digest = SHA-256
staff-plugin-readme = The author's notes
staff-plugin-readme-show = Show README.md
staff-plugin-facts = Facts
staff-plugin-id = Id
staff-plugin-api = Interface
staff-plugin-released = Released
staff-plugin-note = Result of the review
staff-plugin-note-hint = What you looked at and why you agree. It is kept in the hoster's change log.
staff-plugin-withdrawn-at = Withdrawn
staff-plugin-installations = Installed in
staff-plugin-signature = Signature
staff-plugin-signed-by = Signed with the key of { $name }.
staff-plugin-key-gone-text = Signed with a key that was trusted when it was uploaded. It has been removed since.
staff-plugin-unsigned-text = This package is not signed. Nothing proves who made it.
staff-plugin-package-digest = Digest of the package
staff-plugin-typed = What customers fill in
staff-plugin-secret = Secret
staff-plugin-download = Download the package

staff-plugin-release = Release the version
staff-plugin-release-button = Release
staff-plugin-ceiling = Limit its capabilities
staff-plugin-ceiling-button = Limit its capabilities
staff-plugin-ceiling-title = The most that customers may grant
staff-plugin-ceiling-text = What is not ticked nobody can grant. What is not optional the plugin needs to work whole.
staff-plugin-allow = Allow
staff-plugin-fields = These fields
staff-plugin-then-released = Customers can install the version
staff-plugin-then-released-sub = and see each capability with its reason
staff-plugin-then-ceiling = Nobody grants more than what is ticked here
staff-plugin-then-ceiling-sub = that holds for what is installed already, at once
staff-plugin-then-record = The reason is recorded
staff-plugin-then-record-sub = in the hoster's change log, with your name

staff-plugin-withdraw = Withdraw
staff-plugin-withdraw-title = Withdraw { $name } { $version }
staff-plugin-withdraw-button = End it everywhere
staff-plugin-withdraw-reason = Reason
staff-plugin-withdraw-hint = Whoever installed the plugin reads this sentence. Say what happened and what helps now.
staff-plugin-withdraw-ends =
    { $count ->
        [0] This version is installed nowhere. After this it cannot be installed any more.
        [one] This ends the version in one place, also in the middle of a run.
       *[other] This ends the version in { $count } places, also in the middle of a run.
    }
staff-plugin-then-stop = The version runs nowhere from now on
staff-plugin-then-stop-sub = what is installed is paused
staff-plugin-then-kept = Data and settings stay
staff-plugin-then-kept-sub = a new, released version goes on with them
staff-plugin-then-final = withdrawn stays withdrawn; only a new version helps

staff-plugins-down = No plugin runs at the moment.
staff-plugins-down-text = Everything else runs as before. What plugins should do waits and is caught up. The panel's log and “wabe doctor” say more.
sandbox-not-started = The process that runs plugins has not started yet.
sandbox-unstartable = The process that runs plugins does not start: the program “wabe-sandbox” has to lie beside “wabe” and be executable.
sandbox-died = The process that runs plugins has ended and is started again.
sandbox-silent = The process that runs plugins did not report in time and is started again.
sandbox-nonsense = The process that runs plugins answers what makes no sense: “wabe-sandbox” and “wabe” have to be of the same version.
sandbox-hung = The process that runs plugins hung and is started again.
sandbox-stopped = The panel is ending.

staff-keys = Trusted keys
staff-keys-lead = Only packages that are signed with one of these keys are taken in.
staff-keys-empty-title = Add the first key
staff-keys-empty-text = An author gives you their public key. Compare the fingerprint on the telephone before you trust it.
staff-key-name = Whose it is
staff-key-name-hint = The name of the author or the company.
staff-key-fingerprint = Fingerprint
staff-key-since = Since
staff-key-file = Public key
staff-key-file-hint = What is in the file, from “-----BEGIN PUBLIC KEY-----” to “-----END PUBLIC KEY-----”.
staff-key-add = Add a key
staff-key-add-lead = Get the key by a way on which nobody can exchange it.
staff-key-add-button = Trust this key
staff-key-remove = Remove
staff-key-remove-title = Remove the key of { $name }
staff-key-remove-lead = New packages with this key are not taken in any more. What was reviewed and released stays; withdraw it one by one where that is needed.
staff-key-remove-button = Trust it no more
staff-key-done-added = The key is trusted now.
staff-key-done-removed = The key is not trusted any more.

staff-recordings = Recordings for the author
staff-recordings-lead =
    { $days ->
        [one] What customers handed on so that a fault is found. Each recording is deleted after one day.
       *[other] What customers handed on so that a fault is found. Each recording is deleted after { $days } days.
    }
staff-recordings-count =
    { $count ->
        [0] No customer has handed one on so far.
        [one] One is handed on.
       *[other] { $count } are handed on.
    }
staff-recordings-show = Look at the recordings
staff-recordings-none = No recording yet
staff-recordings-none-text = Whoever installed a plugin can hand the recording of a run to its author on the page of that run.
staff-recordings-run = Run
staff-recordings-since = Handed on
staff-recordings-download = Download
staff-recordings-noted = Recordings may hold personal data. Each download is noted in the customer's access log.

staff-runs-title = Limits of plugins
staff-runs-lead = The most that a run may use under the plan { $plan }. Empty fields mean the default.
staff-runs-limit = Limit
staff-runs-page = Pages and cards
staff-runs-event = Events and calls
staff-runs-task = Scheduled tasks
staff-runs-range = { $min } to { $max }
staff-runs-range-bytes = in bytes, { $min } to { $max }
staff-runs-default = Default { $value }
staff-runs-default-bytes = Default { $value }, that is { $size }
staff-runs-button = Save the limits
staff-runs-day = Each day
staff-runs-day-hint = How often each installed plugin starts at most from midnight to midnight (UTC), { $min } to { $max }. Then it rests until the next day. Default { $value }.
staff-run-limit-runs = Runs of each plugin
staff-run-limit-wall_ms = Duration in milliseconds
staff-run-limit-cpu_ms = Running time in milliseconds
staff-run-limit-memory_bytes = Memory
staff-run-limit-table_elements = Entries of tables
staff-run-limit-handles = Open handles
staff-run-limit-call_bytes = Data of one call
staff-run-limit-calls_bytes = Data of all calls
staff-run-limit-calls = Calls
staff-run-limit-fetches = Requests to other servers
staff-run-limit-kv_calls = Uses of its own data
staff-run-limit-log_lines = Lines in the log
staff-run-limit-log_line_bytes = Length of a line of the log
staff-run-limit-log_bytes = Size of the log
staff-run-limit-result_bytes = Size of the result
staff-run-limit-effects = Changes
