# The frame around all pages.
web-skip = Skip to content
web-sidebar = Sidebar
web-menu-close = Close menu
web-nav-main = Main navigation
web-nav-quick = Quick navigation
web-more = More
web-search = Search
web-search-hint = Search for a webspace, mailbox or setting
web-staff-search-hint = Search for a customer or customer number
web-staff-tag = Support
web-staff-proved = Logged in since { $at }
web-account = Account of { $name }
web-profile = Profile and sessions
web-logout = Log out
web-other-language = de
web-other-language-name = Deutsch
web-theme-auto = Appearance: automatic
web-theme-light = Appearance: light
web-theme-dark = Appearance: dark
web-tenant-switch = Switch customer: { $name }
web-switch-desk = To the staff desk
web-switch-portal = To the portal
web-tenant-plan = Plan { $plan }, customer number { $number }
web-suspended = This customer account is suspended.
web-suspended-text = You can still look and download; changes are not possible until this is settled.
web-suspended-reason = Your hoster says: { $reason }
web-footer = Your portal
web-crumbs = Breadcrumbs
web-pages = Pages
web-next-page = Next
web-filter-reset = Reset filter
web-cancel = Cancel
web-keep = Keep
web-optional = (optional)
web-copy = Copy: { $text }
web-copied = Copied
web-upload = Upload
web-upload-progress = Uploading: %
web-upload-failed = The upload was interrupted. Files that were already transferred are there; please choose the others again.
web-as-table = Show as a table
web-full = full
web-nearly-full = nearly full
web-undo = Undo
web-strip = Change in progress
web-step-done = , done
web-diff = { $what }: before and after
web-diff-field = Field
web-diff-before = Before
web-diff-after = After
web-diff-empty = empty
web-form-errors =
    { $count ->
        [one] One entry does not fit yet.
       *[other] { $count } entries do not fit yet.
    }
web-form-kept = What you typed has been kept.

# Time and size.
size-bytes =
    { $count ->
        [one] 1{"\u00A0"}byte
       *[other] { $count }{"\u00A0"}bytes
    }
time-day = { $plainday } { $monthname } { $year }
time-clock = { $hour }:{ $minute }
time-moment = { $plainday } { $monthname } { $year }, { $hour }:{ $minute }
time-now = just now
time-minutes =
    { $count ->
        [one] 1 minute ago
       *[other] { $count } minutes ago
    }
time-hours =
    { $count ->
        [one] 1 hour ago
       *[other] { $count } hours ago
    }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
