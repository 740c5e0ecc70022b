# What a look at a thing found, and what to do about it.

diagnosis = Check
diagnosis-title-webspace = Why is my site down?
diagnosis-title-mailbox = Where is my mail?
diagnosis-title-domain = Is my domain right?
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

finding-in-trash = It has been in the trash since { $at }.
finding-in-trash-advice = Restore it, and it works again with everything in it.
finding-switched-off = It is switched off: { $reason }
finding-switched-off-advice = Lift the suspension on its page. If we switched it off, ask us: only we can switch it on again.
finding-failed = The last change did not get through: { $failure }
finding-failed-advice = We try again by ourselves. If it stays like this, ask for help and this page comes along.
finding-under-way = A change has been on its way since { $at }.
finding-under-way-advice = That takes seconds as a rule. Check again then.
finding-live-in-part = It is live, but does not answer to all of its names: it is not proved that one is yours, or another customer has proved it.
finding-live-in-part-advice = Open the page of the domain: it says what is missing. Or take the name off the webspace.
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
finding-certificate-over-advice = It should have been renewed by itself. Ask for help.
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

api-op-webspace-diagnosis = Why a site is down, with the way to mend it.
api-op-mailbox-diagnosis = Where mail is, with the way to mend it.
api-op-domain-diagnosis = Whether a domain is right, with the way to mend it.
