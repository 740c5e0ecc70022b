# Certificates for the customer's own domains: what is ordered, what is handed in, and what is in the way.

webspace-public-title = Certificate of your domains
webspace-public-own = Your own certificate is served.
webspace-public-ordered = Ordered by us; it renews itself.
webspace-public-stands-in = So far a certificate stands in that nobody signed: your website answers, and browsers warn.
webspace-public-issuer = Issued by
webspace-public-until = Valid until
webspace-public-renewed = Next renewal
webspace-public-none-ordered = We order none here. Hand in one of your own, or ask us.
webspace-public-coming = We are ordering one. That takes a few seconds, seldom minutes.
webspace-public-ends = Your own certificate ends on { $at }. Hand in the next one before; else we order one.
webspace-public-ended = Your own certificate has ended. Hand in the next one, or remove it.
webspace-public-next = Tried again on { $at }.
webspace-public-failed = No certificate could be issued the last time
webspace-public-works = The one that is there is served as before.
webspace-public-forbidden = A CAA record of { $host } permits other authorities only. Change the record in the DNS settings of the domain or remove it, then have the certificate issued anew.
webspace-public-silent = The name servers of { $host } did not answer, so that we could not ask whether a certificate is permitted. Mostly that passes by itself; if it stays, ask whoever runs them.
webspace-public-nowhere = { $host } leads nowhere. Point it to us in the DNS settings of the domain, then have the certificate issued anew.
webspace-public-not-reached = The authority looked under { $host } and did not find us. Check whether the domain points to us, over IPv6 too, and whether nothing in between answers for it.
webspace-public-limited = Many certificates were issued for this domain lately. That passes by itself; new names wait as long.
webspace-public-refused = The authority issues nothing for { $host }. Hand in a certificate of your own, or ask us.
webspace-public-away = The authority does not answer right now. You need not do anything.
webspace-public-late = The authority did not finish in the time that we wait for it. You need not do anything; we try again.
webspace-public-unusable = What the authority sent could not be used. You need not do anything; we look into it.
webspace-public-hand-in = Use your own certificate
webspace-public-replace = Replace your own certificate
webspace-public-remove = Remove your own certificate
webspace-public-removed = Then one that we order takes its place. The key is deleted.
webspace-own-title = Own certificate for { $name }
webspace-own-lead = It is served for your domains at once and until it ends.
webspace-own-certificate = Certificate and intermediate certificates
webspace-own-certificate-hint = PEM text: your own first, then those that lead to the authority. It begins with -----BEGIN CERTIFICATE-----
webspace-own-key = Private key
webspace-own-key-hint = PEM text without a passphrase. We keep it encrypted and never show it again.
webspace-own-submit = Use this certificate
webspace-own-checked = We check before anything changes
webspace-own-checked-key = The key belongs to the certificate
webspace-own-checked-names = All domains of the webspace are covered
webspace-own-checked-order = The order is right, nothing has ended
webspace-own-checked-key-sub = RSA from 2048 bits on, or ECDSA

problem-certificate-not-pem = This is not a certificate in PEM. It begins with -----BEGIN CERTIFICATE-----
problem-certificate-holds-a-key = There is a private key in this field. It belongs into the field for the key alone; we have not stored anything.
problem-certificate-order = The order is not right: your own certificate comes first, then each one that signed the one before.
problem-certificate-expired = This certificate has ended already.
problem-certificate-early = This certificate is not valid yet.
problem-certificate-names = This certificate is not for { $host }. It has to cover all domains of the webspace.
problem-certificate-without-names = This certificate is for no host name. Browsers take the names of the field “subject alternative name” only.
problem-key-encrypted = This key is locked with a passphrase. Please unlock it first, for example with openssl pkey.
problem-key-not-pem = This is not a private key in PEM. It begins with -----BEGIN PRIVATE KEY-----, or with RSA or EC in it.
problem-key-other = This key belongs to another certificate.
problem-key-weak = This key is too short to be safe: RSA takes { $min } bits at least.
problem-key-kind = Browsers do not take keys of this kind. Please use RSA from 2048 bits on, or ECDSA.

conflict-no-public-names = No domain of your own leads to this webspace yet. Connect one first; the preview address has its own certificate.
conflict-no-own-certificate = There is no certificate of your own here any more.

failure-certificate-missing = The certificate for your domains could not be put in place yet. Your website can be reached as before. We try again by ourselves.

step-stand-in = Let a certificate stand in
step-supply-certificate = Put the certificate in place
step-drop-certificate = Remove the certificate of former domains

done-webspace-upload-certificate = Own certificate for “{ $name }” taken.
done-webspace-remove-certificate = Own certificate of “{ $name }” removed.
act-webspace-upload-certificate = hand in certificates for webspaces
act-webspace-remove-certificate = remove handed-in certificates
own-data-table-site_certificate = SSL certificates of your domains
