# Trash.
trash-lead = What you delete stays here for 14 days and can be restored. Then it is deleted for good.
trash-what = What
trash-since = Deleted
trash-until = For good on
trash-problem-helps = Change the other one first, then this can be restored. Until then it stays here.
trash-empty-title = The trash is empty
trash-empty-text = Deleted webspaces, domains, mailboxes and databases stay here for 14 days before they are gone for good.
trash-empty-back = To the overview

# Search.
search-title = Search
search-lead = Find webspaces, domains, mailboxes, databases and settings.
search-found =
    { $count ->
        [one] One result for “{ $q }”.
       *[other] { $count } results for “{ $q }”.
    }
search-label = Search
search-hint = Name, domain or setting
search-nothing-text = We found nothing for “{ $q }”. Try fewer letters or another word.
search-places = Places of the portal
search-words-dashboard = start page dashboard use plan quota
search-words-webspaces = website homepage files file manager SFTP FTP SSH keys logs certificate upload
search-words-domains = DNS TXT name server prove verify
search-words-mailboxes = mail email account alias address forwarding
search-words-databases = SQL MySQL SQLite table import export
search-words-trash = deleted restore delete undelete
search-words-activity = log history record undo who changed
search-words-members = user role invitation owner colleagues
search-words-contact = contact address email contract invoice export GDPR download data
search-words-notices = messages notifications
search-words-tokens = API token interface key
