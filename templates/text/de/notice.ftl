### Was Menschen gesagt wird: E-Mails und Hinweise im Kundencenter.
### Reihenfolge jeder Nachricht: was geschehen ist, was weiter funktioniert, was zu tun ist.

notice-greeting = Guten Tag { $name },
notice-greeting-nameless = Guten Tag,
notice-letter =
    { $greeting }

    { $text }

    Freundliche Grüße
    - { $company }
    - { $portal }

    Diese E-Mail wurde automatisch verschickt. Wir fragen Sie nie per E-Mail nach Ihrem Passwort.

notice-size = { $whole },{ $tenth } { $unit }
notice-moment = { $day }.{ $month }.{ $year }, { $clock } Uhr

## Gründe

notice-reason-other = Technischer Grund: „{ $code }“.
notice-reason-cron-failed = Das Programm hat einen Fehler gemeldet oder ließ sich nicht starten.
notice-reason-cron-timeout = Das Programm lief zu lange und wurde beendet.
notice-reason-cron-limit = Das Programm brauchte mehr, als es darf, und wurde beendet.
notice-reason-certificate-failed = Das SSL-Zertifikat konnte nicht ausgestellt werden.
notice-reason-certificate-name-not-permitted = Für diesen Namen darf kein SSL-Zertifikat ausgestellt werden.
notice-reason-certificate-forbidden = Ein CAA-Eintrag der Domain erlaubt nur andere Zertifizierungsstellen.
notice-reason-certificate-silent = Die Nameserver der Domain haben nicht geantwortet.
notice-reason-certificate-nowhere = Die Domain führt nirgendwohin.
notice-reason-certificate-not-reached = Die Zertifizierungsstelle hat uns unter der Domain nicht gefunden.
notice-reason-certificate-limited = Für die Domain wurden zuletzt zu viele SSL-Zertifikate ausgestellt.
notice-reason-certificate-refused = Die Zertifizierungsstelle stellt für die Domain nichts aus.
notice-reason-certificate-away = Die Zertifizierungsstelle hat nicht geantwortet.
notice-reason-certificate-late = Die Zertifizierungsstelle ist nicht rechtzeitig fertig geworden.
notice-reason-certificate-unusable = Was die Zertifizierungsstelle geschickt hat, ließ sich nicht verwenden.
notice-reason-files-failed = Die Dateien konnten nicht geschrieben werden.
notice-reason-address-taken = Die Adresse ist bereits vergeben.
notice-reason-host-taken = Der Name ist bereits vergeben.
notice-reason-probe-failed = Die abschließende Prüfung ist fehlgeschlagen.
notice-reason-mail-disk = Der E-Mail-Speicher war nicht erreichbar.
notice-reason-plugin-in-row = Sie ist zwanzigmal nacheinander fehlgeschlagen.
notice-reason-plugin-half = Mehr als die Hälfte ihrer letzten hundert Ausführungen ist fehlgeschlagen.
notice-reason-plugin-withdrawn = Ihr Hoster hat diese Version zurückgezogen.
notice-reason-plugin-granter = Wer ihr die Berechtigungen erteilt hat, gehört nicht mehr zum Kundenkonto.
notice-reason-value-yes = ja
notice-reason-value-no = nein
notice-reason-value-none = nichts

## Passwort und Anmeldung

notice-reset-label = Neues Passwort angefordert
notice-reset-subject = Ihr Link für ein neues Passwort
notice-reset-body =
    für Ihre Anmeldung im Kundencenter wurde ein neues Passwort angefordert. Ihr bisheriges Passwort
    gilt weiter, bis Sie ein neues festlegen.

    Neues Passwort festlegen (einmal gültig, bis { $until }):

    { $link }

    Sie haben das nicht angefordert? Dann brauchen Sie nichts zu tun.

notice-unlock-label = Anmeldung vorübergehend gesperrt
notice-unlock-subject = Anmeldung vorübergehend gesperrt: Ihr Entsperr-Link
notice-unlock-body =
    nach mehreren Fehlversuchen ist die Anmeldung von unbekannten Geräten vorübergehend gesperrt. Auf
    Geräten, auf denen Sie sich schon angemeldet haben, können Sie sich weiter anmelden. Ihre Websites
    und E-Mail-Postfächer laufen unverändert.

    Jetzt entsperren (einmal gültig, bis { $until }):

    { $link }

    Das waren nicht Sie? Dann brauchen Sie nichts zu tun: Ohne diesen Link bleibt die Sperre bestehen.

notice-upload-unlock-label = SFTP-Zugang vorübergehend gesperrt
notice-upload-unlock-subject = { $object }: SFTP-Zugang vorübergehend gesperrt
notice-upload-unlock-body =
    nach mehreren Fehlversuchen nimmt der SFTP-Zugang { $name } des Webspace { $object } vorübergehend
    kein Passwort mehr an. Die Website läuft unverändert, der Dateimanager im Kundencenter auch, und mit
    einem SSH-Schlüssel kommen Sie weiter hinein.

    Jetzt entsperren (einmal gültig für alle, die diese E-Mail bekommen, bis { $until }):

    { $link }

    Sie können stattdessen im Kundencenter ein neues SFTP-Passwort vergeben; damit gilt die Sperre nicht
    mehr. Die Fehlversuche waren nicht von Ihnen? Das Passwort wurde nicht erraten. Mit einem
    SSH-Schlüssel kann Sie niemand aussperren.

notice-second-email-missing-label = Zweite E-Mail-Adresse fehlt
notice-second-email-missing-subject = Bitte nennen Sie uns eine zweite E-Mail-Adresse
notice-second-email-missing-body =
    Sie melden sich mit { $address } an. Diese Adresse liegt jetzt bei uns: Ist hier etwas gestört,
    erreichen wir Sie dort nicht, und auch ein Link für ein neues Passwort käme nicht an.

    Bis auf Weiteres läuft alles unverändert. Bitte nennen Sie in Ihrem Konto unter E-Mail-Adresse eine
    zweite bei einem anderen Anbieter: { $portal }

notice-second-contact-missing-label = Zweite Kontaktadresse fehlt
notice-second-contact-missing-subject = Bitte nennen Sie uns eine zweite Kontaktadresse
notice-second-contact-missing-body =
    die Kontaktadresse { $address } von { $customer } liegt jetzt bei uns: Ist hier etwas gestört,
    erreichen wir Sie dort nicht.

    Bis auf Weiteres läuft alles unverändert. Bitte nennen Sie im Kundencenter unter Kontaktadressen
    eine zweite bei einem anderen Anbieter: { $portal }

notice-setup-label = Zugang einrichten
notice-setup-subject = Ihr Zugang zum Kundencenter von { $company }
notice-setup-body =
    für Sie wurde ein Zugang zum Kundencenter von { $company } angelegt. Es fehlt nur noch Ihr
    Passwort.

    Zugang einrichten (einmal gültig, bis { $until }):

    { $link }

    Danach melden Sie sich mit Ihrer E-Mail-Adresse an. Falls der Link abgelaufen ist, fordern Sie auf
    der Anmeldeseite einfach einen neuen an: { $portal }

notice-member-invited-label = Einladung als Mitbenutzer
notice-member-invited-subject = Einladung in das Kundenkonto { $customer }
notice-member-invited-body =
    Sie sind eingeladen, das Kundenkonto { $customer } bei { $company } mitzubenutzen.

    Einladung ansehen und annehmen (einmal gültig, bis { $until }):

    { $link }

    Sie erwarten keine Einladung? Dann brauchen Sie nichts zu tun; ohne Ihre Zustimmung ändert sich
    nichts.

notice-initial-password-changed-label = Eigenes Passwort festgelegt
notice-initial-password-changed-subject = Ihr Zugang ist eingerichtet
notice-initial-password-changed-body =
    Sie haben am { $at } Ihr eigenes Passwort festgelegt. Ihr Zugang ist damit fertig eingerichtet; das
    Passwort vom Anfang gilt nicht mehr.

    Anmelden können Sie sich hier: { $portal }

    Das waren nicht Sie? Dann fordern Sie auf der Anmeldeseite sofort ein neues Passwort an und
    schreiben Sie uns.

notice-password-changed-label = Passwort geändert
notice-password-changed-subject = Ihr Passwort wurde geändert
notice-password-changed-body =
    Ihr Passwort für das Kundencenter wurde am { $at } geändert. Alle anderen Anmeldungen wurden
    beendet; Ihre Websites und E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann fordern Sie auf der Anmeldeseite sofort ein neues Passwort an und
    schreiben Sie uns: { $portal }

notice-new-login-label = Anmeldung von einem neuen Gerät
notice-new-login-subject = Neue Anmeldung in Ihrem Kundencenter
notice-new-login-body =
    in Ihrem Kundencenter hat sich ein Gerät angemeldet, das wir noch nicht kennen.

    - Zeit: { $at }
    - Gerät: { $device }
    - IP-Adresse (gekürzt): { $address }

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann ändern Sie bitte sofort Ihr Passwort und beenden Sie die fremde Anmeldung
    unter „Sicherheit“: { $portal }

notice-contact-changed-label = Kontaktadresse geändert
notice-contact-changed-subject = Eine Kontaktadresse wurde geändert
notice-contact-changed-body =
    am { $at } wurde eine Kontaktadresse des Kundenkontos { $customer } geändert. Die neue
    E-Mail-Adresse lautet (gekürzt): { $address }. Ihre Websites und E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann ändern Sie bitte sofort Ihr Passwort und schreiben Sie uns: { $portal }

notice-confirm-email-label = E-Mail-Adresse bestätigen
notice-confirm-email-subject = Bitte bestätigen Sie diese E-Mail-Adresse
notice-confirm-email-body =
    diese E-Mail-Adresse soll zu einem Zugang zum Kundencenter von { $company } gehören. Bis Sie das
    bestätigen, ändert sich nichts.

    E-Mail-Adresse bestätigen (einmal gültig, bis { $until }):

    { $link }

    Sie haben das nicht veranlasst? Dann brauchen Sie nichts zu tun.

notice-email-taken-label = Ihre E-Mail-Adresse wurde noch einmal angegeben
notice-email-taken-subject = Ihre E-Mail-Adresse gehört schon zu Ihrem Zugang
notice-email-taken-body =
    am { $at } hat jemand diese E-Mail-Adresse für einen anderen Zugang zum Kundencenter angegeben. Sie
    gehört aber schon zu Ihrem Zugang und bleibt dort. Es hat sich nichts geändert, und wer sie
    angegeben hat, erfährt nichts von Ihnen.

    Das waren Sie selbst? Dann melden Sie sich mit dieser E-Mail-Adresse an, oder nehmen Sie für den
    anderen Zugang eine andere: { $portal }

    Das waren nicht Sie? Dann brauchen Sie nichts zu tun.

notice-login-email-changed-label = E-Mail-Adresse zum Anmelden geändert
notice-login-email-changed-subject = Ihre E-Mail-Adresse zum Anmelden wurde geändert
notice-login-email-changed-body =
    am { $at } wurden die E-Mail-Adressen Ihres Zugangs zum Kundencenter geändert. Sie melden sich jetzt
    an mit (gekürzt): { $address }. Ihre Websites und E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Mit diesem Link nehmen Sie die Änderung zurück, beenden alle Anmeldungen und
    legen ein neues Passwort fest (einmal gültig, bis { $until }):

    { $link }

notice-login-email-restored-label = Änderung der E-Mail-Adresse zurückgenommen
notice-login-email-restored-subject = Die Änderung Ihrer E-Mail-Adresse wurde zurückgenommen
notice-login-email-restored-body =
    am { $at } wurde die letzte Änderung der E-Mail-Adressen Ihres Zugangs zurückgenommen. Anmelden
    kann man sich wieder nur mit (gekürzt): { $address }. Alle Anmeldungen wurden beendet, das bisherige
    Passwort gilt nicht mehr, und die API-Schlüssel sind widerrufen. Ihre Websites und
    E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann legen Sie jetzt ein neues Passwort fest, falls noch nicht geschehen. Einen Link
    dafür bekommen Sie auf der Anmeldeseite: { $portal }

    Das waren nicht Sie? Dann schreiben Sie uns bitte sofort.

notice-token-created-label = API-Schlüssel angelegt
notice-token-created-subject = Ein API-Schlüssel wurde angelegt
notice-token-created-body =
    am { $at } wurde in Ihrem Namen der API-Schlüssel „{ $token }“ angelegt. Wer ihn kennt, kann damit
    in Ihrem Kundencenter arbeiten.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann widerrufen Sie den API-Schlüssel sofort und ändern Sie Ihr Passwort:
    { $portal }

notice-tokens-revoked-label = API-Schlüssel widerrufen
notice-tokens-revoked-subject = API-Schlüssel wurden widerrufen
notice-tokens-revoked-body =
    am { $at } { $count ->
        [one] wurde ein API-Schlüssel
       *[other] wurden { $count } API-Schlüssel
    } widerrufen. Programme, die damit arbeiten, haben keinen Zugriff mehr. Ihre Websites und
    E-Mail-Postfächer laufen unverändert.

    Neue API-Schlüssel legen Sie im Kundencenter an: { $portal }

    Das waren nicht Sie? Dann ändern Sie bitte Ihr Passwort und schreiben Sie uns.

## Für den Betrieb

notice-factor-added-label = Zweiter Faktor eingerichtet
notice-factor-added-subject = Ein zweiter Faktor wurde für Ihre Anmeldung eingerichtet
notice-factor-added-body =
    am { $at } wurde ein zweiter Faktor für Ihren Zugang zum Kundencenter eingerichtet. Wir fragen ab
    jetzt beim Anmelden danach. Ihre Websites und E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann ändern Sie bitte sofort Ihr Passwort und schreiben Sie uns: { $portal }

notice-factor-removed-label = Zweiter Faktor entfernt
notice-factor-removed-subject = Ein zweiter Faktor Ihrer Anmeldung wurde entfernt
notice-factor-removed-body =
    am { $at } wurde ein zweiter Faktor Ihres Zugangs zum Kundencenter entfernt. Ihre Websites und
    E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann ändern Sie bitte sofort Ihr Passwort und schreiben Sie uns: { $portal }

notice-recovery-code-used-label = Notfallcode verwendet
notice-recovery-code-used-subject = Ein Notfallcode wurde für Ihre Anmeldung verwendet
notice-recovery-code-used-body =
    am { $at } hat sich jemand mit Ihrem Passwort und einem Ihrer Notfallcodes angemeldet. Noch übrige
    Notfallcodes: { $count }. Ihre Websites und E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann ist alles in Ordnung. Neue Notfallcodes bekommen Sie unter „Ihr Konto“.

    Das waren nicht Sie? Dann ändern Sie bitte sofort Ihr Passwort und schreiben Sie uns: { $portal }

notice-recovery-codes-renewed-label = Neue Notfallcodes
notice-recovery-codes-renewed-subject = Ihre Notfallcodes wurden erneuert
notice-recovery-codes-renewed-body =
    am { $at } wurden neue Notfallcodes für Ihren Zugang zum Kundencenter angelegt. Die alten gelten
    nicht mehr. Ihre Websites und E-Mail-Postfächer laufen unverändert.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann ändern Sie bitte sofort Ihr Passwort und schreiben Sie uns: { $portal }

notice-passkey-copied-label = Passkey abgewiesen
notice-passkey-copied-subject = Ihr Passkey wurde abgewiesen: Es könnte eine Kopie geben
notice-passkey-copied-body =
    am { $at } haben wir Ihren Passkey „{ $name }“ abgewiesen. Sein Zähler lief nicht weiter, wie er sollte.
    Das passiert, wenn es zwei Exemplare desselben Schlüssels gibt. Angemeldet wurde damit niemand.

    Bitte entfernen Sie diesen Passkey unter „Ihr Konto“, „Zwei-Faktor-Anmeldung“ und fügen Sie einen neuen
    hinzu: { $portal }

    Das waren nicht Sie? Dann kennt jemand auch Ihr Passwort. Bitte ändern Sie es sofort.

notice-login-alarm-label = Ungewöhnlich viele Fehlversuche
notice-login-alarm-subject = Ungewöhnlich viele Anmeldungen schlagen fehl
notice-login-alarm-body =
    Stand { $at } sind in dieser Stunde schon { $count } Anmeldungen fehlgeschlagen, über alle Konten
    gezählt. Üblich { $usual ->
        [one] ist eine
       *[other] sind { $usual }
    } in der Stunde. Die Sperren arbeiten: Konten und Netze, die auffallen, müssen warten, und bekannte
    Geräte kommen weiter hinein.

    Im Sicherheitsprotokoll steht, aus welchen Netzen die Versuche kommen. Bitte sehen Sie nach, ob es
    ein Angriff ist oder eine Störung, zum Beispiel ein Programm mit einem alten Passwort: { $portal }

    Für diese Stunde ist das die einzige Nachricht.

## Speicherplatz

notice-quota-80-label = Speicherplatz zu 80 % belegt
notice-quota-80-subject = { $object }: Speicherplatz zu 80 % belegt
notice-quota-80-body =
    { $object } belegt { $used } von { $max }. { $noun ->
        [mailbox] Das E-Mail-Postfach empfängt weiter E-Mails.
        [webspace] Der Webspace und Ihre Website laufen unverändert.
        [database] Die Datenbank arbeitet unverändert.
       *[other] Alles läuft unverändert.
    }

    Im Kundencenter sehen Sie, was Platz belegt, und können den Speicherplatz vergrößern: { $portal }

notice-quota-95-label = Speicherplatz fast voll
notice-quota-95-subject = { $object }: Speicherplatz fast voll
notice-quota-95-body =
    { $object } belegt { $used } von { $max }. { $noun ->
        [mailbox] Noch empfängt das E-Mail-Postfach E-Mails; wenn es voll ist, werden neue abgewiesen.
        [webspace] Ihre Website läuft; wenn der Webspace voll ist, können keine Dateien mehr hochgeladen werden.
        [database] Noch arbeitet die Datenbank; wenn sie voll ist, kann sie nichts mehr speichern.
       *[other] Noch läuft alles; wenn der Speicherplatz voll ist, kann nichts mehr gespeichert werden.
    }

    Bitte schaffen Sie Platz oder vergrößern Sie den Speicherplatz: { $portal }

notice-quota-100-label = Speicherplatz voll
notice-quota-100-subject = { $object } ist voll
notice-quota-100-body =
    { $object } ist voll ({ $used } von { $max }). { $noun ->
        [mailbox] Neue E-Mails werden abgewiesen; der Absender erfährt es. Vorhandene E-Mails bleiben lesbar.
        [webspace] Neue Dateien können nicht mehr hochgeladen werden. Ihre Website bleibt erreichbar.
        [database] Die Datenbank kann nichts mehr speichern. Lesen und Löschen funktionieren weiter.
       *[other] Neues kann nicht mehr gespeichert werden. Vorhandenes bleibt erhalten.
    }

    Bitte schaffen Sie Platz oder vergrößern Sie den Speicherplatz: { $portal }

## Website, Domain, Änderung

notice-certificate-failing-label = SSL-Zertifikat noch nicht ausgestellt
notice-certificate-failing-subject = { $object }: SSL-Zertifikat noch nicht erneuert
notice-certificate-failing-body =
    das SSL-Zertifikat für { $object } konnte noch nicht ausgestellt oder erneuert werden. { $reason }

    Das jetzige SSL-Zertifikat gilt bis { $until }; bis dahin ist die Website unverändert erreichbar.

    Wir versuchen es am { $next } wieder. Bitte prüfen Sie im Kundencenter, ob die Domain noch auf uns
    zeigt: { $portal }

notice-cron-failing-label = Cronjob mit Fehler
notice-cron-failing-subject = { $object }: Cronjob „{ $name }“ mit Fehler
notice-cron-failing-body =
    der Cronjob „{ $name }“ im Webspace { $object } ist am { $at } nicht gut ausgegangen. { $reason }

    Er läuft nach seinem Zeitplan weiter. Wir schreiben Ihnen wieder, sobald er in Ordnung ist. Die Ausgabe steht
    im Kundencenter: { $portal }

notice-cron-recovered-label = Cronjob wieder in Ordnung
notice-cron-recovered-subject = { $object }: Cronjob „{ $name }“ wieder in Ordnung
notice-cron-recovered-body =
    der Cronjob „{ $name }“ im Webspace { $object } ist am { $at } wieder ohne Fehler gelaufen.

    Sie müssen nichts tun. Der Verlauf steht im Kundencenter: { $portal }

notice-change-failed-label = Noch nicht aktiv
notice-change-failed-subject = { $object }: noch nicht alles ist aktiv
notice-change-failed-body =
    auch nach mehreren Versuchen hat der Server noch nicht alles, was für { $noun ->
        [mailbox] das E-Mail-Postfach
        [alias] die Alias-Adresse
        [webspace] den Webspace
        [database] die Datenbank
        [domain] die Domain
       *[other] das Objekt
    } { $object } eingestellt ist. { $reason } Ihre Einstellungen und Ihre Daten bleiben erhalten.

    Wir versuchen es am { $next } wieder. Sie brauchen nichts zu tun; den Stand sehen Sie im
    Kundencenter: { $portal }

notice-domain-verified-label = Domain bestätigt
notice-domain-verified-subject = { $object } ist bestätigt
notice-domain-verified-body =
    Ihre Domain { $object } ist bestätigt. Sie können sie ab sofort für Websites, E-Mail-Postfächer und
    Alias-Adressen verwenden.

    Zum Kundencenter: { $portal }

notice-domain-missing-label = Bestätigung einer Domain fehlt
notice-domain-missing-subject = { $object }: Wir sehen Ihre Bestätigung nicht mehr
notice-domain-missing-body =
    bei der regelmäßigen Prüfung haben wir die Bestätigung für { $object } nicht mehr gefunden. Bis
    { $until } laufen Website und E-Mail-Postfächer unverändert; wir prüfen weiter.

    Bitte sehen Sie nach, ob die Domain noch Ihnen gehört und ihr Nachweis noch vorhanden ist: der
    DNS-Eintrag, die Datei oder die Nameserver. Sehen wir ihn auch am { $until } nicht, gilt die Domain
    nicht mehr als bestätigt. Den Stand zeigt Ihnen das Kundencenter: { $portal }

notice-domain-lost-label = Domain nicht mehr bestätigt
notice-domain-lost-subject = { $object } ist nicht mehr bestätigt
notice-domain-lost-body =
    bei zwei Prüfungen nacheinander haben wir die Bestätigung für { $object } nicht gefunden. Unter diesem
    Namen ist deshalb ab sofort keine Website erreichbar, und E-Mails an ihn werden abgewiesen. Dateien,
    E-Mail-Postfächer und ihre Nachrichten bleiben erhalten.

    Gehört die Domain noch Ihnen, richten Sie bitte einen der Nachweise ein, die das Kundencenter zeigt.
    Wir prüfen von selbst, danach läuft alles wieder: { $portal }

notice-plugin-paused-label = Erweiterung angehalten
notice-plugin-paused-subject = { $object }: Ihre Erweiterung ist angehalten
notice-plugin-paused-body =
    Ihre Erweiterung { $object } ist angehalten. { $reason } Alles andere läuft unverändert.

    Im Kundencenter sehen Sie, was geschehen ist, und können die Erweiterung wieder starten: { $portal }

notice-plugin-update-label = Neue Version einer Erweiterung
notice-plugin-update-subject = { $object }: Die neue Version { $version } braucht Ihre Zustimmung
notice-plugin-update-body =
    für Ihre Erweiterung { $object } gibt es die Version { $version }. Sie möchte mehr dürfen als bisher.
    Bis Sie zustimmen, läuft die bisherige Version unverändert weiter.

    Was sie möchte, und wofür, sehen Sie im Kundencenter: { $portal }

notice-access-digest-label = Zusammenfassung der Zugriffe
notice-access-digest-subject =
    { $count ->
        [one] Ein Zugriff von uns auf { $customer }
       *[other] { $count } Zugriffe von uns auf { $customer }
    }
notice-access-digest-body =
    zwischen { $from } und { $until } haben unsere Mitarbeiter oder deren Programme im Kundenkonto
    { $customer } dies gesehen oder geändert:

    { $message }

    { $more ->
        [0] Die Kürzel stehen für Personen; unser Datenschutz kann sie auflösen.
        [one] Ein früherer Zugriff steht nicht in dieser Liste. Die Kürzel stehen für Personen; unser Datenschutz kann sie auflösen.
       *[other] { $more } frühere Zugriffe stehen nicht in dieser Liste. Die Kürzel stehen für Personen; unser Datenschutz kann sie auflösen.
    }

    Alles, auch als Tabelle: { $portal }/accesses

    Wie oft diese E-Mail kommt, oder gar nicht: { $portal }/notices/preferences

notice-plugin-message-label = Nachrichten von Erweiterungen
notice-plugin-message-subject = { $object }: { $subject }
notice-plugin-message-body =
    Ihre Erweiterung { $object } schreibt Ihnen:

    { $message }

    Diese Nachricht kommt von der Erweiterung, nicht von uns. Was sie darf, ändern Sie im Kundencenter:
    { $portal }

## Anfragen

notice-ticket-answered-label = Antworten auf Anfragen
notice-ticket-answered-subject = Antwort auf Ihre Anfrage { $object }
notice-ticket-answered-body =
    auf Ihre Anfrage { $object } gibt es eine Antwort:

    { $message }

    { $over ->
        [1] In dieser Anfrage haben wir { $changed ->
            [0] nichts geändert.
           *[other] { $changed }-mal etwas geändert. Was sich rückgängig machen lässt, hat im Gespräch eine Schaltfläche dafür.
        } { $read ->
            [0] Von Ihren Inhalten haben wir nichts gelesen.
           *[other] { "" }
        } { $mail ->
            [0] { "" }
           *[other] E-Mails haben wir { $mail }-mal gelesen.
        } { $files ->
            [0] { "" }
           *[other] Dateien haben wir { $files }-mal gelesen.
        } { $rows ->
            [0] { "" }
           *[other] Tabellen haben wir { $rows }-mal gelesen.
        } { $logs ->
            [0] { "" }
           *[other] Protokolle haben wir { $logs }-mal gelesen.
        } { $seen ->
            [0] { "" }
           *[other] Wie etwas eingestellt ist, haben wir { $seen }-mal angesehen.
        }
       *[other] { "" }
    }
    { $letters ->
        [1] Antworten Sie auf diese E-Mail oder im Kundencenter; dort steht auch das ganze Gespräch:
       *[other] Antworten Sie im Kundencenter; dort steht auch das ganze Gespräch:
    }

    { $link }

notice-consent-asked-label = Bitten um eine Freigabe
notice-consent-asked-subject = Bitte um Freigabe in Ihrer Anfrage { $object }
notice-consent-asked-body =
    in Ihrer Anfrage { $object } bitten wir um eine Freigabe, die Seiten Ihres Kundenkontos anzusehen:

    { $message }

    Wir sehen dabei, wie alles eingestellt ist. Bitten wir um mehr, steht es hier, und Sie können jedes davon
    weglassen:

    - E-Mails lesen: { $mail ->
        [1] darum bitten wir
       *[other] nein
    }
    - Dateien lesen: { $files ->
        [1] darum bitten wir
       *[other] nein
    }
    - Tabellen lesen: { $rows ->
        [1] darum bitten wir
       *[other] nein
    }
    - vertrauliche Aktionen ausführen: { $acts ->
        [1] darum bitten wir
       *[other] nein
    }

    Sie antworten mit einem Klick:

    { $link }

notice-instruction-by-telephone-label = Am Telefon erteilte Weisungen
notice-instruction-by-telephone-subject = Am Telefon erteilte Weisung in der Anfrage { $object }
notice-instruction-by-telephone-body =
    in der Anfrage { $object } haben wir am Telefon eine Weisung zu { $thing } aufgenommen.
    { $caller } hat sich mit der Telefon-PIN ausgewiesen und gesagt:

    { $message }

    Wir dürfen damit die Einstellungen von { $thing } ändern, solange die Anfrage offen ist; was darin
    liegt, bleibt zu. Beenden können Sie die Weisung jederzeit mit einem Klick:

    { $link }

    War dieser Anruf nicht in Ihrem Sinn? Dann beenden Sie die Weisung bitte gleich, legen Sie eine neue
    Telefon-PIN fest und schreiben Sie uns.

notice-instruction-by-mail-label = Per E-Mail bestätigte Weisungen
notice-instruction-by-mail-subject = Per E-Mail bestätigte Weisung in der Anfrage { $object }
notice-instruction-by-mail-body =
    in der Anfrage { $object } gibt es eine Weisung zu { $thing }. Sie kam per E-Mail und wurde auf der Seite
    hinter dem Link bestätigt, den wir an die E-Mail-Adresse der Anmeldung geschickt hatten:

    { $message }

    Wir dürfen damit die Einstellungen von { $thing } ändern, solange die Anfrage offen ist; was darin
    liegt, bleibt zu. Beenden können Sie die Weisung jederzeit mit einem Klick:

    { $link }

    War das nicht in Ihrem Sinn? Dann beenden Sie die Weisung bitte gleich, ändern Sie das Passwort Ihres
    E-Mail-Postfachs und schreiben Sie uns.

notice-instruction-asked-label = Bitten um Bestätigung einer E-Mail
notice-instruction-asked-subject = Bitte bestätigen: { $thing } in Ihrer Anfrage { $object }
notice-instruction-asked-body =
    in der Anfrage { $object } steht in einer E-Mail, die von Ihnen zu sein scheint:

    { $message }

    Damit wir an { $thing } etwas ändern dürfen, bestätigen Sie das bitte mit einem Klick auf der Seite hinter
    diesem Link. Er gilt bis { $until } und nur einmal:

    { $link }

    Haben Sie das nicht geschrieben? Dann sagen Sie es auf derselben Seite; wir ändern nichts.

notice-consent-by-telephone-label = Am Telefon beantwortete Bitten um eine Freigabe
notice-consent-by-telephone-subject = { $answer ->
        [given] Am Telefon erteilte Freigabe in der Anfrage { $object }
       *[other] Am Telefon abgelehnte Freigabe in der Anfrage { $object }
    }
notice-consent-by-telephone-body =
    in der Anfrage { $object } hatten wir um eine Freigabe gebeten, die Seiten Ihres Kundenkontos anzusehen:

    { $message }

    { $answer ->
        [given] Am Telefon wurde sie bis { $until } erteilt; { $caller } hat sich mit der Telefon-PIN ausgewiesen. Wir sehen damit, wie alles eingestellt ist. So weit reicht sie darüber hinaus:
       *[other] Am Telefon wurde sie abgelehnt; { $caller } hat sich mit der Telefon-PIN ausgewiesen. Wir sehen Ihre Seiten nicht:
    }

    - E-Mails lesen: { $mail ->
        [1] ja
       *[other] nein
    }
    - Dateien lesen: { $files ->
        [1] ja
       *[other] nein
    }
    - Tabellen lesen: { $rows ->
        [1] ja
       *[other] nein
    }
    - vertrauliche Aktionen ausführen: { $acts ->
        [1] ja
       *[other] nein
    }

    { $answer ->
        [given] Zurücknehmen können Sie die Freigabe jederzeit mit einem Klick:
       *[other] Die Anfrage:
    }

    { $link }

    War dieser Anruf nicht in Ihrem Sinn? Dann legen Sie bitte eine neue Telefon-PIN fest und schreiben Sie uns.

notice-ticket-acted-label = Änderungen des Supports auf Weisung
notice-ticket-acted-subject = { $thing }: auf Weisung geändert
notice-ticket-acted-body =
    in der Anfrage { $object } haben wir auf Weisung etwas geändert. { $deed ->
        [set_quota] Speicherplatz von { $thing }: vorher { $before }, jetzt { $after }.
        [set_targets] Ziele von { $thing }: vorher { $before }, jetzt { $after }.
        [set_document_root] Zielverzeichnis von { $thing }: vorher { $before }, jetzt { $after }.
        [set_https_redirect] Umleitung auf HTTPS bei { $thing }: vorher { $before }, jetzt { $after }.
        [set_redirect] Web-Weiterleitung von { $thing }: vorher { $before }, jetzt { $after }.
        [nothing] Die Einstellung von { $thing } blieb dabei, wie sie war.
        [verify] Wir haben den Nachweis für { $thing } neu gesucht.
        [restore] { $thing } lag im Papierkorb und ist wieder da.
        [reset_password] { $thing } hat ein neues Passwort. Wir sehen es nicht; Sie finden es drei Tage lang in der Anfrage, einmal lesbar für alle, die es selbst setzen dürfen.
        [reset_upload_password] { $thing } hat ein neues SFTP-Passwort. Wir sehen es nicht; Sie finden es drei Tage lang in der Anfrage, einmal lesbar für alle, die den Webspace verwalten.
        [reissue_certificate] Für { $thing } ist ein neues SSL-Zertifikat bestellt; das bisherige gilt, bis es da ist.
        [set_php] PHP-Version von { $thing }: vorher { $before }, jetzt { $after }.
        [set_redirects] Web-Weiterleitungen von { $thing }: vorher { $before }, jetzt { $after }.
        [set_error_pages] Fehlerseiten von { $thing }: vorher { $before }, jetzt { $after }.
        [set_upload_size] Größe von Uploads bei { $thing }: vorher { $before }, jetzt { $after }.
        [suspend] { $thing } ist gesperrt, aus dem Grund: { $after }.
        [resume] { $thing } ist entsperrt.
        [retry] Die Einrichtung von { $thing } haben wir sofort wieder versucht.
        [unlock] Die Anmeldung von { $thing } war nach falschen Passwörtern gesperrt und ist wieder offen.
       *[other] { $thing }: vorher { $before }, jetzt { $after }.
    }

    Es steht mit Vorher und Nachher im Gespräch; wo ein Weg zurück führt, machen Sie es dort mit einem Klick
    rückgängig:

    { $link }

notice-ticket-replied-label = Neues in Ihren Anfragen am Arbeitsplatz
notice-ticket-replied-subject = Neues in der Anfrage { $object }
notice-ticket-replied-body =
    in der Anfrage { $object }, die Sie bearbeiten, hat das Kundenkonto geschrieben:

    { $link }

## Verlorener zweiter Faktor

notice-factor-loss-asked-label = Zweiter Faktor als verloren gemeldet
notice-factor-loss-asked-subject = Jemand meldet Ihren zweiten Faktor als verloren
notice-factor-loss-asked-body =
    am { $at } hat sich jemand mit Ihrem Passwort angemeldet und angegeben, dass Ihre Authenticator-App
    und alle Notfallcodes verloren sind. Geöffnet wurde damit nichts, und Ihr zweiter Faktor gilt weiter.

    Vor dem { $until } entscheidet niemand. Danach prüft eine Person unseres Teams, ob der zweite Faktor
    entfernt wird.

    Das waren Sie? Dann warten Sie bitte ab. Wir melden uns.

    Das waren nicht Sie? Dann stoppen Sie es sofort mit diesem Link, und legen Sie danach ein neues
    Passwort fest:

    { $link }

    Ihre App ist wieder da? Melden Sie sich damit an, dann ist die Meldung erledigt: { $portal }

notice-factor-loss-stopped-label = Meldung über einen verlorenen zweiten Faktor gestoppt
notice-factor-loss-stopped-subject = Ihr zweiter Faktor bleibt, wie er ist
notice-factor-loss-stopped-body =
    am { $at } wurde die Meldung gestoppt, dass Ihr zweiter Faktor verloren sei. Er gilt unverändert.

    Die Meldung kam nicht von Ihnen? Dann kennt jemand Ihr Passwort. Legen Sie bitte sofort ein neues
    fest; einen Link dafür bekommen Sie auf der Anmeldeseite: { $portal }

    Sie wollten die Meldung nicht stoppen? Dann schreiben Sie uns bitte.

notice-factor-loss-approved-label = Verlorener zweiter Faktor entfernt
notice-factor-loss-approved-subject = Ihr zweiter Faktor wurde entfernt
notice-factor-loss-approved-body =
    am { $at } hat eine Person unseres Teams Ihren zweiten Faktor und alle Notfallcodes entfernt, weil
    sie als verloren gemeldet waren. Alle Anmeldungen wurden beendet, und API-Schlüssel sind widerrufen.
    Ihre Websites und E-Mail-Postfächer laufen unverändert.

    Melden Sie sich jetzt mit Ihrem Passwort an, und richten Sie gleich eine neue App ein: { $portal }

    Das haben Sie nicht veranlasst? Dann schreiben Sie uns bitte sofort.

notice-factor-loss-refused-label = Zweiter Faktor nicht entfernt
notice-factor-loss-refused-subject = Ihr zweiter Faktor wurde nicht entfernt
notice-factor-loss-refused-body =
    am { $at } hat eine Person unseres Teams entschieden, dass Ihr zweiter Faktor bleibt, wie er ist. Der
    Grund:

    { $message }

    Fragen dazu? Schreiben Sie uns bitte, oder rufen Sie uns an. Alle Wege zurück in Ihr Konto finden Sie
    auf der Anmeldeseite: { $portal }

notice-factor-loss-due-label = Verlorener zweiter Faktor wartet auf eine Entscheidung
notice-factor-loss-due-subject = Ein verlorener zweiter Faktor wartet auf Ihre Entscheidung
notice-factor-loss-due-body =
    die Wartezeit von 72 Stunden ist vorbei: { $object } hat den zweiten Faktor und alle Notfallcodes als
    verloren gemeldet, und niemand hat es gestoppt. Bitte prüfen Sie, wer das ist, und entscheiden Sie.

    Die Meldung finden Sie im Support-Bereich unter „Verlorene Faktoren“: { $portal }

notice-factor-loss-late-label = Verlorener zweiter Faktor wartet seit einem Tag
notice-factor-loss-late-subject = Ein verlorener zweiter Faktor wartet seit einem Tag
notice-factor-loss-late-body =
    seit einem Tag könnte jemand entscheiden, ob { $object } den zweiten Faktor verloren hat, und noch hat es
    niemand getan. Entscheiden können alle mit der Rolle Betrieb, außer der Person selbst und wer zu ihrem
    Kundenkonto gehört.

    Die Meldung finden Sie im Support-Bereich unter „Verlorene Faktoren“: { $portal }

## Rollen und Rechteprüfung

notice-staff-requested-label = Rolle beantragt
notice-staff-requested-subject = Eine Rolle wurde beantragt
notice-staff-requested-body =
    für { $object } wurde eine Rolle beantragt. Bitte entscheiden Sie; nach 14 Tagen verfällt der Antrag.

    Der Antrag steht im Support-Bereich unter „Mitarbeitende“: { $portal }

notice-staff-request-late-label = Beantragte Rolle wartet auf eine Entscheidung
notice-staff-request-late-subject = Eine beantragte Rolle wartet seit drei Tagen
notice-staff-request-late-body =
    vor drei Tagen wurde für { $object } eine Rolle beantragt, und noch hat niemand entschieden. Bitte vergeben
    Sie die Rolle, oder lehnen Sie sie ab. Wer selbst beantragt hat, entscheidet nicht, kann den Antrag aber
    zurückziehen, wenn die Rolle nicht mehr gebraucht wird. Nach 14 Tagen verfällt er.

    Der Antrag steht im Support-Bereich unter „Mitarbeitende“: { $portal }

notice-staff-granted-label = Beantragte Rolle vergeben
notice-staff-granted-subject = Die beantragte Rolle ist vergeben
notice-staff-granted-body =
    die Rolle, die Sie für { $object } beantragt haben, ist vergeben. Die Begründung:

    { $message }

notice-staff-refused-label = Beantragte Rolle abgelehnt
notice-staff-refused-subject = Die beantragte Rolle wurde abgelehnt
notice-staff-refused-body =
    die Rolle, die Sie für { $object } beantragt haben, wurde abgelehnt. Die Begründung:

    { $message }

notice-access-review-opened-label = Rechteprüfung hat begonnen
notice-access-review-opened-subject = Die Rechteprüfung { $object } hat begonnen
notice-access-review-opened-body =
    die Prüfung aller Rechte für { $object } hat begonnen. Bitte bestätigen oder entziehen Sie innerhalb
    von 30 Tagen jedes Recht.

    Die Liste steht im Support-Bereich unter „Rechteprüfung“: { $portal }

notice-access-review-overdue-label = Rechteprüfung ist überfällig
notice-access-review-overdue-subject = Die Rechteprüfung { $object } ist überfällig
notice-access-review-overdue-body =
    in der Prüfung aller Rechte für { $object } ist noch nicht alles entschieden, und die Frist von 30 Tagen
    ist vorbei.

    Die Liste steht im Support-Bereich unter „Rechteprüfung“: { $portal }

## Vier-Augen-Freigaben

notice-owner-change-asked-label = Anderer Inhaber beantragt
notice-owner-change-asked-subject = Jemand anderes soll Inhaber Ihres Kundenkontos werden
notice-owner-change-asked-body =
    am { $at } hat eine Person unseres Teams beantragt, dass { $object } Inhaber des Kundenkontos
    { $customer } wird. Sie würden es dann noch verwalten, ohne Inhaber zu sein. Der Grund:

    { $message }

    Geändert ist noch nichts. Eine zweite Person unseres Teams muss zustimmen, frühestens 72 Stunden
    nach dieser E-Mail.

    Damit sind Sie nicht einverstanden? Dann stoppen Sie es mit diesem Link:

    { $link }

    Was wir dazu geschrieben haben, steht in Ihrer Anfrage im Kundencenter: { $portal }

notice-owner-change-off-label = Inhaber bleiben
notice-owner-change-off-subject = Die Inhaber Ihres Kundenkontos bleiben
notice-owner-change-off-body =
    seit dem { $at } ist erledigt, was unser Team beantragt hatte: { $object } wird nicht Inhaber des
    Kundenkontos { $customer }. Es bleibt alles, wie es ist.

    Fragen dazu? Antworten Sie bitte in Ihrer Anfrage im Kundencenter: { $portal }

notice-owner-changed-label = Anderer Inhaber
notice-owner-changed-subject = Ihr Kundenkonto hat einen anderen Inhaber
notice-owner-changed-body =
    am { $at } haben zwei Personen unseres Teams zugestimmt: { $object } ist jetzt Inhaber des Kundenkontos
    { $customer }. Wer es bisher war, verwaltet das Kundenkonto weiter.

    Wer beantragt und wer zugestimmt hat, steht im Änderungsprotokoll: { $portal }

    Das hätte nicht geschehen dürfen? Dann rufen Sie uns bitte sofort an.

notice-erasure-coming-label = Kundenkonto wird endgültig gelöscht
notice-erasure-coming-subject = Ihr Kundenkonto wird endgültig gelöscht
notice-erasure-coming-body =
    zwei Personen unseres Teams haben zugestimmt, alles zum Kundenkonto { $customer } endgültig zu löschen:
    Inhalte, Einstellungen, Anfragen und die Mitbenutzer, die zu keinem anderen Kundenkonto gehören. Der Grund:

    { $message }

    Gelöscht ist noch nichts. Bis { $until } können Sie es stoppen, mit diesem Link:

    { $link }

    Danach wird gelöscht, und nichts davon lässt sich wiederherstellen. Eine weitere E-Mail bekommen Sie dann
    nicht, denn auch Ihre Adresse ist gelöscht. Möchten Sie vorher alles mitnehmen? Das geht bis dahin im
    Kundencenter: { $portal }

notice-erasure-off-label = Kundenkonto bleibt
notice-erasure-off-subject = Ihr Kundenkonto wird nicht gelöscht
notice-erasure-off-body =
    seit dem { $at } steht fest: Das Kundenkonto { $customer } wird nicht gelöscht. Es bleibt alles, wie es ist.

    Fragen dazu? Antworten Sie bitte in Ihrer Anfrage im Kundencenter: { $portal }

notice-consent-extended-label = Länger geltende Freigaben
notice-consent-extended-subject = Ihre Freigabe gilt länger als einen Tag
notice-consent-extended-body =
    am { $at } hat eine zweite Person unseres Teams zugestimmt: Mit Ihrer Freigabe in der Anfrage „{ $object }“ des
    Kundenkontos { $customer } lesen wir länger als einen Tag, und höchstens so lange, wie Sie es erlaubt haben.

    In der Anfrage steht, bis wann, und mit einem Klick nehmen Sie die Freigabe jederzeit zurück: { $portal }

notice-export-ready-label = Datei mit allen Daten ist fertig
notice-export-ready-subject = Die Datei mit allen Daten Ihres Kundenkontos ist fertig
notice-export-ready-body =
    die Datei mit allem, was wir zum Kundenkonto { $object } gespeichert haben, ist fertig. Inhaber laden sie bis
    { $until } im Kundencenter herunter, danach wird sie entfernt:

    { $link }

    Sie wissen nichts davon? Im Änderungsprotokoll steht, wer sie angefordert hat. Ändern Sie dann bitte Ihr
    Passwort, und schreiben Sie uns.

notice-approval-waiting-label = Vier-Augen-Freigabe wartet
notice-approval-waiting-subject = Eine Vier-Augen-Freigabe wartet auf Sie
notice-approval-waiting-body =
    für das Kundenkonto { $object } ist etwas beantragt, dem eine zweite Person zustimmen muss. Bitte prüfen
    Sie es, und entscheiden Sie; nach 7 Tagen verfällt es.

    Der Antrag steht im Support-Bereich unter „Vier-Augen-Freigaben“: { $portal }

notice-approval-late-label = Vier-Augen-Freigabe wartet seit einem Tag
notice-approval-late-subject = Eine Vier-Augen-Freigabe wartet seit einem Tag
notice-approval-late-body =
    seit einem Tag könnte jemand über einen Antrag für das Kundenkonto { $object } entscheiden, und noch hat
    es niemand getan. Bitte stimmen Sie zu, oder lehnen Sie mit einem Grund ab.

    Der Antrag steht im Support-Bereich unter „Vier-Augen-Freigaben“: { $portal }

notice-approval-approved-label = Vier-Augen-Freigabe erteilt
notice-approval-approved-subject = Ihrem Antrag ist zugestimmt
notice-approval-approved-body =
    was Sie für das Kundenkonto { $object } beantragt haben, ist ausgeführt. Die Begründung:

    { $message }

notice-approval-refused-label = Vier-Augen-Freigabe abgelehnt
notice-approval-refused-subject = Ihr Antrag ist abgelehnt
notice-approval-refused-body =
    was Sie für das Kundenkonto { $object } beantragt haben, ist abgelehnt. Die Begründung:

    { $message }

notice-approval-stopped-label = Vier-Augen-Freigabe gestoppt
notice-approval-stopped-subject = Das Kundenkonto hat Ihren Antrag gestoppt
notice-approval-stopped-body =
    jemand aus dem Kundenkonto { $object } hat gestoppt, was Sie beantragt haben. Es bleibt alles, wie es ist.
    Sprechen Sie bitte mit dem Kundenkonto, bevor Sie etwas Neues beantragen.

## Telefon-PIN

notice-phone-pin-set-label = Telefon-PIN festgelegt
notice-phone-pin-set-subject = Ihre Telefon-PIN wurde festgelegt
notice-phone-pin-set-body =
    am { $at } wurde für Ihren Zugang zum Kundencenter eine neue Telefon-PIN festgelegt. Wer sie am Telefon
    nennt, gilt als Sie.

    Das waren Sie? Dann ist alles in Ordnung.

    Das waren nicht Sie? Dann legen Sie bitte sofort eine andere fest, ändern Sie Ihr Passwort, und
    schreiben Sie uns: { $portal }

notice-phone-pin-locked-label = Telefon-PIN gesperrt
notice-phone-pin-locked-subject = Ihre Telefon-PIN ist gesperrt
notice-phone-pin-locked-body =
    am { $at } wurde am Telefon zum dritten Mal eine falsche Telefon-PIN für Ihren Zugang genannt. Einen
    Tag lang wird niemand mehr daran erkannt; Ihre Anmeldung im Kundencenter ist davon nicht betroffen.

    Das waren Sie? Dann legen Sie unter „Ihr Konto“ eine neue fest, sie gilt sofort: { $portal }

    Das waren nicht Sie? Dann hat jemand versucht, sich für Sie auszugeben. Es ist nicht gelungen. Sehen
    Sie im Änderungsprotokoll nach, und schreiben Sie uns.

# Briefe an den Support.
notice-ticket-mail-received-label = Ihre E-Mails an den Support
notice-ticket-mail-received-subject = Ihre Anfrage { $object } ist bei uns
notice-ticket-mail-received-body =
    Ihre E-Mail ist angekommen. Sie ist die Anfrage { $object } von { $customer }.

    Sie sehen sie im Kundencenter und antworten dort oder auf diese E-Mail:

    { $link }

    Was in einer E-Mail steht, nehmen wir nicht als Weisung. Sollte sie nicht von Ihnen sein, sagen Sie es uns bitte im Kundencenter.

notice-ticket-mail-confirm-label = Ihre E-Mails an den Support, mit einem Link zum Bestätigen
notice-ticket-mail-confirm-subject = Ihre Anfrage { $object } ist bei uns
notice-ticket-mail-confirm-body =
    Ihre E-Mail ist angekommen. Sie ist die Anfrage { $object } von { $customer }. Darin steht zu { $thing }:

    { $message }

    Wenn Sie das möchten, bestätigen Sie es mit einem Klick auf der Seite hinter diesem Link; dann darf unser Support die Einstellungen von { $thing } ändern, und sonst nichts. Der Link gilt bis { $until } und nur einmal:

    { $confirm }

    Haben Sie das nicht geschrieben? Dann sagen Sie es auf derselben Seite. Die Anfrage sehen Sie im Kundencenter:

    { $link }

notice-contact-proof-label = Link zum Bestätigen einer E-Mail-Adresse
notice-contact-proof-subject = Bitte bestätigen Sie Ihre E-Mail-Adresse ({ $object })
notice-contact-proof-body =
    jemand hat unserem Support ohne Anmeldung geschrieben und diese E-Mail-Adresse genannt. Die Nachricht hat
    die Nummer { $object }. Waren Sie das? Dann bestätigen Sie mit diesem Link, dass die Adresse Ihre ist. Er
    gilt bis { $until } und nur einmal:

    { $link }

    Waren Sie das nicht? Dann tun Sie nichts. Wir antworten nicht an diese Adresse.

notice-contact-answered-label = Antworten an Personen ohne Zugang
notice-contact-answered-subject = Antwort auf Ihre Nachricht { $object }
notice-contact-answered-body =
    auf Ihre Nachricht { $object } antworten wir Ihnen:

    { $message }

    { $letters ->
        [1] Antworten Sie einfach auf diese E-Mail.
       *[other] Antworten Sie über unsere Hilfe beim Anmelden im Kundencenter.
    }

notice-ticket-mail-unknown-label = E-Mails von Unbekannten
notice-ticket-mail-unknown-subject = Ihre E-Mail an unseren Support
notice-ticket-mail-unknown-body =
    Die Adresse, von der Sie schreiben, kennen wir nicht. Darum wissen wir nicht, worum es geht, und haben Ihre E-Mail nicht aufbewahrt.

    Bitte schreiben Sie von der Adresse, mit der Sie sich anmelden, oder stellen Sie eine Anfrage im Kundencenter:

    { $link }
