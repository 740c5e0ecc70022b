# Was eine Prüfung ergeben hat, und was zu tun ist.

diagnosis = Prüfung
diagnosis-title-webspace = Warum geht meine Website nicht?
diagnosis-title-mailbox = Wo sind meine E-Mails?
diagnosis-title-domain = Stimmt meine Domain?
diagnosis-title-member = Warum kommt diese Person nicht hinein?
diagnosis-title-login = Warum kann ich mich nicht anmelden?
diagnosis-title-upload = Warum kann ich nichts hochladen?
staff-diagnosis-title-webspace = Website prüfen
staff-diagnosis-title-mailbox = Zustellung prüfen
staff-diagnosis-title-domain = Domain prüfen
staff-diagnosis-title-login = Anmeldung prüfen
diagnosis-again = Noch einmal prüfen
diagnosis-help = Hilfe holen
diagnosis-bad =
    { $count ->
        [one] Ein Fehler. Darunter steht, welcher, und wie er sich beheben lässt.
       *[other] { $count } Fehler. Darunter steht, welche, und wie sie sich beheben lassen.
    }
diagnosis-note = Kaputt ist nichts. Ein paar Dinge sollten Sie wissen.
diagnosis-good = Alles, was wir prüfen, ist in Ordnung.
diagnosis-open = Das sollte jemand ansehen
diagnosis-order = Geprüft und in Ordnung

finding-way-settings = Einstellungen
finding-way-page = Öffnen
finding-way-files = Dateien
finding-way-hosts = Namen
finding-way-trash = Papierkorb
finding-way-access = SFTP und Schlüssel
finding-way-unlock = Entsperren
finding-way-letter = Link schicken
finding-way-password = Passwort ändern
finding-way-factors = Zweiter Faktor

finding-in-trash = Liegt seit { $at } im Papierkorb.
finding-in-trash-advice = Stellen Sie es wieder her, dann geht es mit allem Inhalt weiter.
finding-switched-off = Ist gesperrt: { $reason }
finding-switched-off-advice = Heben Sie die Sperre auf der Seite auf. Haben wir gesperrt, fragen Sie uns: Dann können nur wir sie aufheben.
finding-failed = Die letzte Änderung kam nicht durch: { $failure }
finding-failed-advice = Wir versuchen es von selbst weiter; auf der Seite können Sie es sofort wieder versuchen. Bleibt es so, holen Sie Hilfe: Diese Seite kommt mit.
finding-under-way = Seit { $at } ist eine Änderung unterwegs.
finding-under-way-advice = Das dauert in der Regel Sekunden. Prüfen Sie dann noch einmal.
finding-live-in-part = Läuft, aber nicht unter allen Domains: Für eine ist nicht bestätigt, dass sie Ihnen gehört, oder ein anderes Kundenkonto hat sie bestätigt.
finding-live-in-part-advice = Öffnen Sie die Seite der Domain: Dort steht, was fehlt. Oder lösen Sie die Domain vom Webspace.
finding-host-anothers = { $host } ist für ein anderes Kundenkonto bestätigt und führt nicht zu diesem Webspace.
finding-host-anothers-advice = Nehmen Sie die Adresse vom Webspace, oder klären Sie mit dem anderen Kundenkonto, wem sie gehört.
finding-waits = Noch nicht aktiv: Die Domain ist nicht bestätigt. Vorher kommt nichts an.
finding-waits-advice = Öffnen Sie die Seite der Domain: Dort steht, was fehlt, und wir prüfen von selbst.
finding-live = Läuft, und alle Änderungen sind angekommen.

finding-full = Es ist kein Platz mehr: { $percent } % sind belegt.
finding-full-advice = Löschen Sie, was niemand braucht, oder geben Sie in den Einstellungen mehr Platz.
finding-nearly-full = { $percent } % des Platzes sind belegt.
finding-nearly-full-advice = Schaffen Sie rechtzeitig Platz: Ist er voll, lässt sich nichts mehr speichern.
finding-room = Platz ist da: { $percent } % sind belegt.

finding-no-hosts = Hat noch keinen Namen von Ihnen. Zu erreichen unter { $host }.
finding-no-hosts-advice = Geben Sie ihm einen Namen aus einer Ihrer Domains.
finding-host-local = { $host } geht nur auf diesem Rechner.
finding-host-local-advice = Solche Namen sind zum Ausprobieren da: Andere Browser finden sie nicht.
finding-host-silent = Wohin { $host } führt, war nicht herauszufinden.
finding-host-silent-advice = Die Nameserver haben gerade nicht geantwortet. Prüfen Sie in einigen Minuten noch einmal.
finding-host-missing = { $host } führt nirgendwohin.
finding-host-missing-advice = Wer das DNS der Domain verwaltet, muss einen A- oder AAAA-Eintrag mit { $wanted } anlegen.
finding-host-elsewhere = { $host } führt zu { $found }, und das ist nicht hier.
finding-host-elsewhere-advice = Wer das DNS der Domain verwaltet, muss den Eintrag auf { $wanted } ändern. Andere sehen den alten womöglich noch einige Stunden.
finding-host-partly = { $host } führt hierher und auch woandershin: { $found }.
finding-host-partly-advice = Manche Besucher landen woanders. Lassen Sie nur { $wanted } stehen, auch bei den AAAA-Einträgen.
finding-host-here = { $host } führt hierher.

finding-certificate-none = Es gibt noch kein Zertifikat.
finding-certificate-none-advice = Es kommt von selbst, sobald die Namen hierher führen.
finding-certificate-over = Das Zertifikat ist am { $at } abgelaufen.
finding-certificate-over-advice = Es hätte sich von selbst erneuern müssen. Lassen Sie es neu ausstellen, oder holen Sie Hilfe.
finding-certificate-stands-in = Solange steht ein Zertifikat ein, das niemand unterschrieben hat.
finding-certificate-stands-in-advice = Die Website antwortet, und Browser warnen. Bei den Domains steht, was einem Zertifikat im Weg ist und was zu tun ist.
finding-certificate-missing = Das Zertifikat gilt noch nicht für { $host }.
finding-certificate-missing-advice = Bis dahin warnen Browser vor diesem Namen. Es erneuert sich von selbst, sobald der Name hierher führt.
finding-certificate-good = Das Zertifikat gilt für alle Namen, bis { $at }.

finding-start-missing = Im Ordner { $folder } fehlt die Startseite.
finding-start-missing-advice = Laden Sie dort eine index.html hoch, oder wählen Sie in den Einstellungen den Ordner, in dem Ihre liegt.
finding-start-there = In { $folder } liegt eine Startseite.

finding-domain-unproved = Noch ist nicht nachgewiesen, dass { $domain } Ihnen gehört.
finding-domain-unproved-advice = Bis dahin wird unter diesem Namen nichts ausgeliefert und keine E-Mail angenommen. Auf der Seite steht, wie der Nachweis geht.
finding-domain-proved = Seit { $at } ist nachgewiesen, dass { $domain } Ihnen gehört.
finding-domain-unused = Kein Webspace benutzt { $domain } oder einen Namen darunter.
finding-domain-unused-advice = Geben Sie den Namen einem Webspace, oder leiten Sie ihn weiter.

finding-mail-local = E-Mail an { $domain } kommt nur von diesem Rechner an.
finding-mail-local-advice = Solche Namen sind zum Ausprobieren da: Andere E-Mail-Server finden sie nicht.
finding-mail-silent = Wohin E-Mail an { $domain } geht, war nicht herauszufinden.
finding-mail-silent-advice = Die Nameserver haben gerade nicht geantwortet. Prüfen Sie in einigen Minuten noch einmal.
finding-mail-missing = { $domain } hat keinen MX-Eintrag: Niemand weiß, wohin die E-Mail soll.
finding-mail-missing-advice = Wer das DNS der Domain verwaltet, muss einen MX-Eintrag mit { $wanted } anlegen.
finding-mail-elsewhere = E-Mail an { $domain } geht zu { $found }, und das ist nicht hier.
finding-mail-elsewhere-advice = Wer das DNS der Domain verwaltet, muss den MX-Eintrag auf { $wanted } ändern.
finding-mail-partly = Ein Teil der E-Mail an { $domain } geht woandershin: { $found }.
finding-mail-partly-advice = Lassen Sie nur den MX-Eintrag { $wanted } stehen, sonst verteilt sich die E-Mail auf zwei Orte.
finding-mail-here = E-Mail an { $domain } kommt hier an.
finding-spf-missing = { $domain } hat keinen SPF-Eintrag.
finding-spf-missing-advice = Andere halten E-Mail von dieser Domain womöglich für Spam. Legen Sie einen TXT-Eintrag an, der mit v=spf1 beginnt.
finding-spf-twice = { $domain } hat mehrere SPF-Einträge, also zählt keiner.
finding-spf-twice-advice = Machen Sie daraus einen TXT-Eintrag, der mit v=spf1 beginnt.
finding-spf-there = { $domain } hat einen SPF-Eintrag.
finding-mail-none = Noch ist keine E-Mail angekommen.
finding-mail-none-advice = Schicken Sie eine von einer anderen Adresse. Kommt sie nicht binnen Minuten, holen Sie Hilfe.
finding-mail-some = Nachrichten darin: { $count }

finding-login-open = Das Passwort ist gesetzt, und nichts ist gesperrt.
finding-login-last = Die letzte Anmeldung, die gelang, war am { $at }.
finding-login-never = Mit dieser Adresse hat sich noch niemand angemeldet.
finding-login-never-advice = Wie es geht, steht in der E-Mail mit dem Link oder der Einladung.
finding-login-disabled = Der Zugang ist seit { $at } geschlossen.
finding-login-disabled-advice = Nur wir können ihn wieder öffnen. Holen Sie Hilfe: Diese Seite kommt mit.
finding-login-suspended = Das Kundenkonto ist gesperrt: { $reason }
finding-login-suspended-advice = Anmelden und um Hilfe bitten geht weiter. Ändern lässt sich nichts, bis wir die Sperre aufheben.
finding-login-locked = Nach mehreren falschen Passwörtern sind unbekannte Browser bis { $at } gesperrt.
finding-login-locked-advice = Ein Browser, der sich schon einmal angemeldet hat, geht weiter. Der Link in der E-Mail entsperrt sofort; sie geht an die Adresse der Anmeldung.
finding-login-spent = Aus unbekannten Browsern kamen so viele falsche Passwörter, dass bis { $at } keines mehr geprüft wird.
finding-login-spent-advice = Ein Browser, der sich schon einmal angemeldet hat, geht weiter. Der Link in der E-Mail entsperrt sofort; sie geht an die Adresse der Anmeldung.
finding-login-codes-locked = Nach zu vielen falschen Codes des zweiten Faktors wird bis { $at } keiner mehr geprüft.
finding-login-codes-locked-advice = Warten Sie bis dahin. Sind die Codes dann noch falsch, prüfen Sie die Uhr des Telefons.
finding-login-setup-waits = Es wurde noch kein Passwort gesetzt. Der Link in der E-Mail gilt bis { $at }.
finding-login-setup-waits-advice = Sehen Sie im Postfach dieser Adresse nach, auch im Spam-Ordner, oder lassen Sie die E-Mail noch einmal schicken.
finding-login-setup-over = Es wurde noch kein Passwort gesetzt, und der Link in der E-Mail gilt nicht mehr.
finding-login-setup-over-advice = Lassen Sie die E-Mail noch einmal schicken. Sie geht an die Adresse der Anmeldung.
finding-login-password-taken = Das Passwort wurde am { $at } entfernt, zusammen mit einer Adressänderung, die zurückgenommen wurde.
finding-login-password-taken-advice = Lassen Sie den Link zu einem neuen an die Adresse der Anmeldung schicken.
finding-login-initial = Das erste Passwort wurde noch nicht geändert. Es gilt bis { $at }.
finding-login-initial-advice = Bei der nächsten Anmeldung wird nach einem neuen gefragt.
finding-login-initial-over = Das erste Passwort wurde nie geändert und gilt seit { $at } nicht mehr.
finding-login-initial-over-advice = Lassen Sie den Link zu einem neuen an die Adresse der Anmeldung schicken.
finding-login-password-old = Das Passwort ist älter als die { $days } Tage, die hier erlaubt sind.
finding-login-password-old-advice = Die Anmeldung geht; vor allem anderen wird nach einem neuen gefragt.
finding-login-password-change = Das Passwort muss geändert werden.
finding-login-password-change-advice = Die Anmeldung geht; vor allem anderen wird nach einem neuen gefragt.
finding-login-tries-strange = Falsche Passwörter in Folge aus Browsern, die für diese Anmeldung neu sind: { $count }. Netze heute: { $networks }.
finding-login-tries-strange-advice = War es nicht die Person selbst, rät jemand anderes. Bekannte Browser gehen weiter; ein langes, eigenes Passwort hält andere draußen.
finding-login-tries-known = Falsche Passwörter in Folge aus bekannten Browsern: { $count }.
finding-login-tries-known-advice = Wohl ein Tippfehler, oder ein altes Passwort, das ein Browser gespeichert hat.
finding-login-network-waits = Aus einem Netz mit vielen Fehlversuchen wurde diese Anmeldung nicht geprüft.
finding-login-network-waits-advice = Nach zehn Minuten ist das vorbei. Aus einem anderen Netz geht es schon jetzt.
finding-login-factor = Ein zweiter Faktor ist eingerichtet.
finding-login-factor-lost = Der zweite Faktor ist als verloren gemeldet. Vor dem { $at } entscheidet niemand darüber.
finding-login-factor-lost-advice = Wer ihn oder einen Notfallcode noch hat, meldet sich damit an; dann ist die Meldung erledigt.
finding-login-factor-lost-due = Der zweite Faktor ist als verloren gemeldet. Seit { $at } können wir darüber entscheiden.
finding-login-factor-lost-due-advice = Holen Sie Hilfe, damit es jemand ansieht. Wer den Faktor oder einen Notfallcode noch hat, meldet sich damit an.
finding-login-factor-wanted = { $customer } verlangt von allen einen zweiten Faktor, und es gibt noch keinen.
finding-login-factor-wanted-advice = Er wird bei der nächsten Anmeldung eingerichtet, mit einer Authenticator-App oder einem Passkey.
finding-login-factor-missing = Ein zweiter Faktor ist nötig, und es gibt noch keinen.
finding-login-factor-missing-advice = Er wird bei der nächsten Anmeldung eingerichtet, mit einer Authenticator-App oder einem Passkey.
finding-login-codes-none = Es gibt einen zweiten Faktor und keinen Notfallcode für den Tag, an dem er verloren geht.
finding-login-codes-none-advice = Erzeugen Sie neue Notfallcodes, oder fügen Sie einen weiteren Faktor hinzu.

finding-upload-open = Der SFTP-Zugang ist offen.
finding-upload-locked = Nach mehreren falschen Passwörtern wird bis { $at } kein SFTP-Passwort geprüft.
finding-upload-locked-advice = Warten Sie bis dahin, und sehen Sie das Passwort im Programm an: Vielleicht ist es ein altes. SSH-Schlüssel gehen weiter.
finding-upload-no-way = Für SFTP gibt es weder ein Passwort noch einen Schlüssel.
finding-upload-no-way-advice = Erzeugen Sie ein Passwort, oder hinterlegen Sie den öffentlichen Schlüssel des Programms.
finding-upload-keys-only = Für SFTP gibt es kein Passwort, nur Schlüssel: { $count }
finding-upload-keys-only-advice = Ein Programm, das nach einem Passwort fragt, braucht zuerst eines.
finding-upload-password = Für SFTP gibt es ein Passwort.
finding-upload-facts = Das Programm braucht den Server { $server } und den Benutzernamen { $login }.

staff-diagnosis-back = Zurück zur Anfrage
staff-diagnosis-noted = Dieser Blick ist vermerkt, und das Kundenkonto sieht ihn mit der Anfrage. Inhalte wurden nicht gelesen.
access-area-ticket-diagnosis = Geprüft, warum etwas nicht geht, um zu helfen
api-op-staff-ticket-diagnosis = Prüft, warum das Objekt einer Anfrage nicht funktioniert; für Mitarbeiter, die jemand darum gebeten hat.
api-op-member-diagnosis = Warum ein Mitbenutzer sich nicht anmelden kann, und wie es sich beheben lässt.
api-op-webspace-access-diagnosis = Warum niemand hochladen kann, und wie es sich beheben lässt.
api-op-webspace-diagnosis = Warum eine Website nicht geht, und wie es sich beheben lässt.
api-op-mailbox-diagnosis = Wo E-Mails sind, und wie es sich beheben lässt.
api-op-domain-diagnosis = Ob eine Domain stimmt, und wie es sich beheben lässt.
