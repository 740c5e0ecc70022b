# SSL-Zertifikate für eigene Domains: was bestellt ist, was hinterlegt ist, und was im Weg steht.

webspace-public-title = SSL-Zertifikat Ihrer Domains
webspace-public-own = Ihr eigenes SSL-Zertifikat wird verwendet.
webspace-public-ordered = Von uns bestellt; es erneuert sich von selbst.
webspace-public-stands-in = Solange steht ein SSL-Zertifikat ein, das niemand unterschrieben hat: Ihre Website antwortet, und Browser warnen.
webspace-public-issuer = Ausgestellt von
webspace-public-until = Gilt bis
webspace-public-renewed = Nächste Erneuerung
webspace-public-none-ordered = Hier bestellen wir keines. Hinterlegen Sie ein eigenes, oder fragen Sie uns.
webspace-public-coming = Wir bestellen eines. Das dauert einige Sekunden, selten Minuten.
webspace-public-ends = Ihr eigenes SSL-Zertifikat endet am { $at }. Hinterlegen Sie vorher das nächste; sonst bestellen wir eines.
webspace-public-ended = Ihr eigenes SSL-Zertifikat ist abgelaufen. Hinterlegen Sie das nächste, oder entfernen Sie es.
webspace-public-next = Nächster Versuch am { $at }.
webspace-public-failed = Zuletzt konnte kein SSL-Zertifikat ausgestellt werden
webspace-public-works = Das vorhandene wird weiter verwendet.
webspace-public-forbidden = Ein CAA-Eintrag von { $host } erlaubt nur andere Zertifizierungsstellen. Ändern oder entfernen Sie ihn in den DNS-Einstellungen der Domain und lassen Sie das SSL-Zertifikat dann neu ausstellen.
webspace-public-silent = Die Nameserver von { $host } haben nicht geantwortet; deshalb konnten wir nicht fragen, ob ein SSL-Zertifikat erlaubt ist. Meist vergeht das von selbst; bleibt es so, fragen Sie, wer sie betreibt.
webspace-public-nowhere = { $host } führt nirgendwohin. Lassen Sie den Namen in den DNS-Einstellungen der Domain auf uns zeigen und das SSL-Zertifikat dann neu ausstellen.
webspace-public-not-reached = Die Zertifizierungsstelle hat unter { $host } nachgesehen und uns nicht gefunden. Prüfen Sie, ob die Domain auf uns zeigt, auch über IPv6, und ob nichts dazwischen für sie antwortet.
webspace-public-limited = Für diese Domain wurden zuletzt viele SSL-Zertifikate ausgestellt. Das vergeht von selbst; neue Namen warten so lange.
webspace-public-refused = Die Zertifizierungsstelle stellt für { $host } nichts aus. Hinterlegen Sie ein eigenes SSL-Zertifikat, oder fragen Sie uns.
webspace-public-away = Die Zertifizierungsstelle antwortet gerade nicht. Sie müssen nichts tun.
webspace-public-late = Die Zertifizierungsstelle ist in der Zeit, die wir auf sie warten, nicht fertig geworden. Sie müssen nichts tun; wir versuchen es wieder.
webspace-public-unusable = Was die Zertifizierungsstelle geschickt hat, ließ sich nicht verwenden. Sie müssen nichts tun; wir sehen nach.
webspace-public-hand-in = Eigenes SSL-Zertifikat verwenden
webspace-public-replace = Eigenes SSL-Zertifikat ersetzen
webspace-public-remove = Eigenes SSL-Zertifikat entfernen
webspace-public-removed = Dann tritt eines an seine Stelle, das wir bestellen. Der Schlüssel wird gelöscht.
webspace-own-title = Eigenes SSL-Zertifikat für { $name }
webspace-own-lead = Es wird sofort für Ihre Domains verwendet, bis es endet.
webspace-own-certificate = SSL-Zertifikat und Zwischenzertifikate
webspace-own-certificate-hint = PEM-Text: zuerst Ihr eigenes, dann die auf dem Weg zur Zertifizierungsstelle. Er beginnt mit -----BEGIN CERTIFICATE-----
webspace-own-key = Privater Schlüssel
webspace-own-key-hint = PEM-Text ohne Passphrase. Wir bewahren ihn verschlüsselt auf und zeigen ihn nie wieder.
webspace-own-submit = Dieses SSL-Zertifikat verwenden
webspace-own-checked = Wir prüfen, bevor sich etwas ändert
webspace-own-checked-key = Der Schlüssel gehört zum SSL-Zertifikat
webspace-own-checked-names = Alle Domains des Webspace sind abgedeckt
webspace-own-checked-order = Die Reihenfolge stimmt, nichts ist abgelaufen
webspace-own-checked-key-sub = RSA ab 2048 Bit, oder ECDSA

problem-certificate-not-pem = Das ist kein SSL-Zertifikat in PEM. Es beginnt mit -----BEGIN CERTIFICATE-----
problem-certificate-holds-a-key = In diesem Feld steht ein privater Schlüssel. Er gehört nur in das Feld für den Schlüssel; wir haben nichts gespeichert.
problem-certificate-order = Die Reihenfolge stimmt nicht: zuerst Ihr eigenes SSL-Zertifikat, dann jeweils das, mit dem das vorige unterschrieben ist.
problem-certificate-expired = Dieses SSL-Zertifikat ist schon abgelaufen.
problem-certificate-early = Dieses SSL-Zertifikat gilt noch nicht.
problem-certificate-names = Dieses SSL-Zertifikat ist nicht für { $host }. Es muss alle Domains des Webspace abdecken.
problem-certificate-without-names = Dieses SSL-Zertifikat ist für keinen Namen. Browser nehmen nur die Namen aus dem Feld „Subject Alternative Name“.
problem-key-encrypted = Dieser Schlüssel ist mit einer Passphrase verschlossen. Bitte öffnen Sie ihn vorher, zum Beispiel mit openssl pkey.
problem-key-not-pem = Das ist kein privater Schlüssel in PEM. Er beginnt mit -----BEGIN PRIVATE KEY-----, auch mit RSA oder EC darin.
problem-key-other = Dieser Schlüssel gehört zu einem anderen SSL-Zertifikat.
problem-key-weak = Dieser Schlüssel ist zu kurz, um sicher zu sein: RSA braucht mindestens { $min } Bit.
problem-key-kind = Schlüssel dieser Art nehmen Browser nicht. Bitte verwenden Sie RSA ab 2048 Bit, oder ECDSA.

conflict-no-public-names = Mit diesem Webspace ist noch keine eigene Domain verbunden. Verbinden Sie zuerst eine; die Vorschau-Adresse hat ihr eigenes SSL-Zertifikat.
conflict-no-own-certificate = Hier ist kein eigenes SSL-Zertifikat mehr hinterlegt.

failure-certificate-missing = Das SSL-Zertifikat für Ihre Domains konnte noch nicht eingesetzt werden. Ihre Website ist unverändert erreichbar. Wir versuchen es von selbst wieder.

step-stand-in = Ein SSL-Zertifikat einstehen lassen
step-supply-certificate = SSL-Zertifikat einsetzen
step-drop-certificate = SSL-Zertifikat früherer Domains entfernen

done-webspace-upload-certificate = Eigenes SSL-Zertifikat für „{ $name }“ hinterlegt.
done-webspace-remove-certificate = Eigenes SSL-Zertifikat von „{ $name }“ entfernt.
act-webspace-upload-certificate = SSL-Zertifikate für Webspaces hinterlegen
act-webspace-remove-certificate = hinterlegte SSL-Zertifikate entfernen
own-data-table-site_certificate = SSL-Zertifikate Ihrer Domains
