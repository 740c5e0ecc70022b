# Notices in the portal.
notices-title = Notices
notices-lead =
    { $count ->
        [0] You have read everything.
        [one] 1 notice is new.
       *[other] { $count } notices are new.
    }
notices-new = new
notices-open = View
notices-read = Read
notices-read-all = Mark all as read
notices-latest-first = Latest first
notices-empty-title = Here you see what matters
notices-empty-text = When a mailbox gets full, a change does not work at once or a new device logs in, it stands here.
notices-empty-button = To the dashboard
notices-preferences = Set up emails
notices-preferences-title = What you learn by email
notices-preferences-lead = The portal always has everything. Here you choose what comes by email as well.
notices-preferences-legend = Send by email
notices-digest-legend = Emails about accesses
notices-digest-text = What people of ours, or programs of theirs, saw and changed in this account since the last one. Without accesses there is no email.
notices-digest-never = None
notices-digest-never-text = You look yourself when you want to.
notices-digest-daily = Daily
notices-digest-daily-text = After each day with accesses.
notices-digest-weekly = Weekly
notices-digest-weekly-text = After each week with accesses.
notices-preferences-button = Save the choice
notices-preferences-done = Your choice is saved.
notices-fixed-title = Always comes by email
notices-fixed-text = These notices concern the safety of your account and cannot be switched off.
