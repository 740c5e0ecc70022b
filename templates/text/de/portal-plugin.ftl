# Erweiterungen: Katalog, Zustimmung, eingerichtete, Ausführungen, eigene Seiten.
nav-plugins = Erweiterungen
search-words-plugins = Plugin Automatisierung Webhook DynDNS Ausführung Berechtigung Zeitplan
activity-noun-installation = Erweiterungen
activity-noun-run = Ausführungen von Erweiterungen
activity-by-plugin-named = Erweiterung „{ $plugin }“, erlaubt von { $name }
activity-plugin = Erweiterung
activity-run = Ausführung

plugins-title = Erweiterungen
plugins-down = Im Moment laufen keine Erweiterungen.
plugins-down-text = Was sie tun sollten, wartet und wird nachgeholt, sobald es weitergeht. Nur ihre Seiten bleiben leer, und Aufrufe von außen werden abgewiesen. Webspaces, E-Mail und alles andere laufen unverändert; Sie müssen nichts tun.
plugins-lead = Kleine Helfer, die in einer eigenen Zelle laufen und nur dürfen, was Sie erlauben.
plugins-installed = Eingerichtet
plugins-offers = Zum Einrichten
plugins-offers-none = Zurzeit bietet Ihr Hoster keine Erweiterung an.
plugins-none-title = Noch nichts eingerichtet
plugins-none-text = Suchen Sie sich unten eine Erweiterung aus. Bevor sie etwas darf, fragen wir Sie Punkt für Punkt.
plugins-empty-title = Hier nehmen Ihnen bald kleine Helfer Arbeit ab
plugins-empty-text = Eine Erweiterung erledigt etwas von selbst, zum Beispiel eine Adresse aktuell halten oder vor vollen Postfächern warnen. Ihr Hoster prüft jede, bevor sie hier erscheint. Zurzeit bietet er noch keine an.
plugins-left = Entfernte Erweiterungen
plugins-left-until = Entfernt am { $at }. Die Daten sind bis zum { $until } abrufbar.
plugin-one = Erweiterung
plugin-version = Version { $version }
plugin-by = Version { $version }, von { $author }
plugin-starts-by = Startet durch: { $triggers }
plugin-installed-times =
    { $count ->
        [one] schon eingerichtet
       *[other] { $count }-mal eingerichtet
    }
plugin-install = Ansehen und einrichten
plugin-look = Ansehen
plugin-see-runs = Ausführungen ansehen
plugin-see-failed = Fehlgeschlagene ansehen
plugin-update-tag = Version { $version } wartet auf Sie

plugin-stands-broken = Angehalten nach Fehlern
plugin-stands-withdrawn = Zurückgezogen
plugin-stands-granter = Angehalten
plugin-stands-missing = Es fehlt noch etwas
plugin-missing = Ohne diese Angaben kann sie nicht arbeiten:
plugin-missing-add = Jetzt eintragen

plugin-tabs = Seiten von { $name }
plugin-tab-show = Überblick
plugin-tab-runs = Ausführungen
plugin-tab-rights = Berechtigungen
plugin-tab-settings = Einstellungen
plugin-tab-secrets = Geheimnisse
plugin-tab-webhook = Aufruf von außen

plugin-pause = Anhalten
plugin-resume = Weiterlaufen lassen
plugin-resume-all = Weiterlaufen lassen und Verpasstes nachholen
plugin-stands-rests = ruht bis morgen
plugin-rests-cpu = Die Rechenzeit für heute ist aufgebraucht.
plugin-rests-runs = Die Ausführungen für heute sind aufgebraucht.
plugin-rests-text = Was inzwischen geschieht, geht nicht verloren: Es wartet und wird { $at } nachgeholt. Nur Seiten und Aufrufe von außen bleiben bis dahin unbeantwortet.
plugin-paused-text = Solange sie angehalten ist, startet sie nicht. Alles andere läuft unverändert, und was sie schon getan hat, bleibt.
plugin-paused-withdrawn = Sobald es eine neue Version gibt, steht sie hier.
plugin-grant-anew = Berechtigungen neu erteilen
plugin-rollback = Zur früheren Version zurück
plugin-export = Alle Daten der Erweiterung herunterladen
plugin-export-short = Herunterladen
plugin-delete = Entfernen

# Zustimmung.
plugin-create-title = { $name } einrichten
plugin-consent-title = Was darf „{ $name }“?
plugin-consent-lead = Sie entscheiden Punkt für Punkt und können jede Berechtigung jederzeit zurücknehmen. Das gilt sofort, auch für laufende Ausführungen.
plugin-consent-agree = Mit „Erlauben und einrichten“ erlauben Sie, was oben als nötig markiert oder eingeschaltet ist. Mehr darf die Erweiterung nicht.
plugin-consent-updates = Möchte eine neue Version mehr als heute, fragen wir Sie vorher. Bis dahin läuft die alte weiter.
plugin-consent-readonly = Einrichten können Inhaber und Verwalter.
plugin-create-button = Erlauben und einrichten
plugin-right-needed = nötig
plugin-right-new = neu
plugin-right-reason = Begründung des Autors: „{ $reason }“
plugin-right-webspaces = In diesen Webspaces, und in keinem anderen:
plugin-right-no-webspace = Sie haben noch keinen Webspace.
plugin-right-make-webspace = Webspace anlegen
plugin-never = Kann niemals
plugin-never-secrets = Ihre Passwörter und Schlüssel sehen
plugin-never-others = andere Kunden erreichen
plugin-never-more = mehr tun, als Sie selbst dürfen
plugin-never-proof = tun, wofür wir nach Ihrem Passwort fragen
plugin-risk = Das sollten Sie wissen.
plugin-risk-author = Diese Erweiterung stammt von { $author }. Ihr Hoster hat sie geprüft, aber nicht geschrieben; sie kann Fehler enthalten. Innerhalb dessen, was Sie erlauben, handelt sie ohne Rückfrage.
plugin-risk-outward = Sie erfährt etwas aus Ihrem Kundenkonto und darf mit anderen Servern sprechen: Was sie sieht, kann sie dorthin weitergeben.
plugin-risk-writes = Sie darf Dateien überschreiben und löschen. Das lässt sich hier nicht rückgängig machen; legen Sie vorher eine Sicherung an.
plugin-risk-record = Jede ihrer Änderungen steht im Änderungsprotokoll, und jede Ausführung können Sie hier nachlesen.
plugin-about = Über diese Erweiterung
plugin-fact-version = Version
plugin-fact-author = Herausgeber
plugin-fact-signature = Signatur
plugin-signed = gültig
plugin-unsigned = keine
plugin-fact-released = Geprüft am
plugin-fact-triggers = Startet durch
plugin-fact-since = Eingerichtet am
plugin-fact-granted = Berechtigungen erteilt am
plugin-readme = Beschreibung des Autors
plugin-readme-open = Lesen

capability-group-see = Darf sehen
capability-group-do = Darf tun
capability-group-wake = Wird aktiv
capability-events = Erfährt von jeder Änderung an: { $nouns }
capability-events-one = Erfährt, wenn jemand das tut: { $what }
capability-events-all = Erfährt von jeder Änderung in Ihrem Kundenkonto
capability-events-quota = Erfährt, wenn Speicherplatz knapp wird
capability-events-note = Dazu gehört, was vorher und nachher da stand. Passwörter gehören nicht dazu.
capability-schedule = Startet von selbst nach einem Zeitplan
capability-schedule-note = Zeitplan: { $times }
capability-webhook = Hat eine eigene Adresse, die andere aufrufen
capability-webhook-note = Nur wer das Passwort dazu kennt, kann sie aufrufen. Sie sehen es einmal, gleich nach dem Einrichten.
capability-form = Zeigt eigene Seiten im Kundencenter
capability-card = Zeigt eine Karte auf Ihrer Übersicht
capability-ticket = Bietet Aktionen in Anfragen an
capability-http = Spricht mit { $host }
capability-http-note = Nur verschlüsselt und nur mit diesem Server. Was sie dorthin schickt, liegt dann bei dessen Betreiber.
capability-secret = Verwendet ein Geheimnis: { $title }
capability-secret-note = Sie tragen es selbst ein. Die Erweiterung verwendet es, ohne es zu sehen, bei den Servern, mit denen Sie sie sprechen lassen, und nirgends sonst.
capability-records = Liest die Eckdaten Ihrer { $nouns }
capability-records-note = Nur diese Felder: { $fields }
capability-files-read = Liest Dateien
capability-files-read-note = Alle Dateien der gewählten Webspaces, auch Konfigurationsdateien mit Zugangsdaten.
capability-files-write = Schreibt und löscht Dateien
capability-files-write-note = Damit kann sie Ihre Website verändern, auch die Programme (PHP), die dort laufen. Ein Rückgängig gibt es für Dateien nicht.
capability-effect = Darf selbst: { $what }
capability-effect-note = Durch dasselbe Tor wie Ihre eigenen Änderungen, mit Eintrag im Änderungsprotokoll.
capability-mail = Schickt Ihnen und Ihren Mitbenutzern E-Mails
capability-mail-note = Höchstens 20 am Tag, nur an Personen in Ihrem Kundenkonto.
capability-nouns-webspace = Webspaces
capability-nouns-domain = Domains
capability-nouns-mailbox = E-Mail-Postfächer
capability-nouns-alias = Alias-Adressen
capability-nouns-database = Datenbanken
capability-nouns-mail_dns = DNS-Einträge für E-Mail
capability-nouns-mail_intake = zuletzt eingegangenen E-Mails
capability-nouns-member = Mitbenutzer
capability-nouns-access_key = SSH-Schlüssel
capability-nouns-quota = Speicherplatz
capability-nouns-token = API-Schlüssel
capability-nouns-customer = Kundenkonto

# Was Befehle tun: act-<Befehl>, hinter „Darf selbst:“.
act-webspace-create = Webspaces anlegen
act-webspace-add-host = Domainnamen zu einem Webspace hinzufügen
act-webspace-remove-host = Domainnamen von einem Webspace lösen
act-webspace-set-document-root = das Zielverzeichnis einer Website ändern
act-webspace-set-https-redirect = die Weiterleitung auf HTTPS ein- und ausschalten
act-webspace-set-php = die PHP-Version von Webspaces ändern
act-webspace-set-php-settings = PHP-Einstellungen von Webspaces ändern
act-webspace-set-redirects = Web-Weiterleitungen von Webspaces ändern
act-webspace-set-error-pages = Fehlerseiten von Webspaces ändern
act-webspace-set-hsts = HSTS von Webspaces ändern
act-webspace-set-server = Webserver von Webspaces ändern
act-webspace-set-proxy = Anwendungen anderswo für Webspaces antworten lassen
act-webspace-set-upload-size = die Größe von Uploads von Webspaces ändern
act-webspace-protect-folder = Verzeichnisse mit Passwort schützen
act-webspace-unprotect-folder = Zugänge zu geschützten Verzeichnissen entfernen
act-webspace-set-quota = den Speicherplatz von Webspaces ändern
act-webspace-set-full-addresses = vollständige IP-Adressen im Zugriffsprotokoll ein- und ausschalten
act-webspace-set-upload-password = ein neues SFTP-Passwort setzen
act-webspace-suspend = Webspaces sperren
act-webspace-resume = Webspaces entsperren
act-webspace-delete = Webspaces in den Papierkorb legen
act-webspace-restore = Webspaces aus dem Papierkorb holen
act-access-key-create = SSH-Schlüssel hinterlegen
act-access-key-delete = SSH-Schlüssel entfernen
act-domain-create = Domains anlegen
act-domain-verify = den Nachweis von Domains prüfen lassen
act-domain-withdraw = den Nachweis von Domains zurücknehmen
act-domain-consent = anderen Kundenkonten eine Domain unterhalb erlauben
act-domain-set-redirect = Web-Weiterleitungen von Domains ändern
act-domain-delete = Domains in den Papierkorb legen
act-domain-restore = Domains aus dem Papierkorb holen
act-mailbox-create = E-Mail-Postfächer anlegen
act-mailbox-set-quota = den Speicherplatz von E-Mail-Postfächern ändern
act-mailbox-set-password = Passwörter von E-Mail-Postfächern ändern
act-mailbox-suspend = E-Mail-Postfächer sperren
act-mailbox-resume = E-Mail-Postfächer entsperren
act-mailbox-delete = E-Mail-Postfächer in den Papierkorb legen
act-mailbox-restore = E-Mail-Postfächer aus dem Papierkorb holen
act-alias-create = Alias-Adressen anlegen
act-alias-set-targets = Ziele von Alias-Adressen ändern
act-alias-suspend = Alias-Adressen sperren
act-alias-resume = Alias-Adressen entsperren
act-alias-delete = Alias-Adressen in den Papierkorb legen
act-alias-restore = Alias-Adressen aus dem Papierkorb holen
act-database-create = Datenbanken anlegen
act-database-set-connections = die Verbindungen von Datenbanken ändern
act-database-set-password = neue Passwörter von Datenbanken setzen
act-database-set-remote-addresses = den Zugriff von außen auf Datenbanken ändern
act-database-set-quota = den Speicherplatz von Datenbanken ändern
act-database-suspend = Datenbanken sperren
act-database-resume = Datenbanken entsperren
act-database-delete = Datenbanken in den Papierkorb legen
act-database-restore = Datenbanken aus dem Papierkorb holen
act-member-revoke-invitation = Einladungen zurückziehen
act-plugin-message-send = Ihnen und Ihren Mitbenutzern eine E-Mail schicken

plugin-rights-title = Berechtigungen von { $name }
plugin-rights-at-once = Was Sie ausschalten, gilt sofort nicht mehr, auch für laufende Ausführungen.
plugin-rights-needed = Ohne die als nötig markierten Berechtigungen arbeitet die Erweiterung nicht. Möchten Sie eine davon nicht mehr geben, halten Sie die Erweiterung an oder entfernen Sie sie.
plugin-rights-button = Berechtigungen übernehmen
plugin-may = Was sie darf
plugin-may-change = Ändern
plugin-may-in = In: { $webspaces }
plugin-may-nothing = Sie darf nichts.

plugin-settings = Einstellungen
plugin-settings-title = Einstellungen von { $name }
plugin-settings-none = Diese Erweiterung hat keine Einstellungen.
plugin-settings-then = Gilt ab der nächsten Ausführung.
plugin-setting-none = keine Angabe
plugin-setting-range = Von { $min } bis { $max }.

plugin-secrets = Geheimnisse
plugin-secrets-title = Geheimnisse von { $name }
plugin-secrets-lead = Zugangsdaten, die die Erweiterung verwendet, ohne sie zu sehen. Sie werden versiegelt gespeichert und nie wieder angezeigt.
plugin-secrets-none = Diese Erweiterung verwendet keine Geheimnisse.
plugin-secrets-button = Geheimnisse speichern
plugin-secret-set = Gesetzt. Leer lassen, um es zu behalten.
plugin-secret-unset = Noch nicht gesetzt.
plugin-secret-remove = { $title } entfernen

plugin-webhook-title = Aufruf von außen: { $name }
plugin-webhook-addresses = Adressen
plugin-webhook-lead = Tragen Sie diese Adresse in das Gerät oder Programm ein, das die Erweiterung aufrufen soll.
plugin-webhook-none = Zurzeit kann niemand diese Erweiterung von außen aufrufen: Die Berechtigung dazu ist nicht erteilt.
plugin-webhook-basic = Anmeldung mit beliebigem Benutzernamen und dem Passwort der Erweiterung (Basic).
plugin-webhook-hmac = Oder signiert mit dem Passwort als Schlüssel (HMAC-SHA-256), nach „Standard Webhooks“ oder mit X-Hub-Signature-256.
plugin-webhook-standard = Das Passwort in der Schreibweise von „Standard Webhooks“:
plugin-webhook-example = Zum Ausprobieren:
plugin-password = Passwort für Aufrufe
plugin-password-new = Neues Passwort
plugin-password-new-lead = Ein neues Passwort ersetzt das bisherige sofort. Danach müssen Sie es überall eintragen, wo das alte steht.
plugin-password-title = Passwort für { $name }
plugin-password-lead = Das bisherige Passwort gilt ab sofort nicht mehr.
plugin-password-once = Nur jetzt zu sehen
plugin-password-warning = Wir zeigen dieses Passwort kein zweites Mal. Kopieren Sie es jetzt dorthin, wo Sie es brauchen.
plugin-password-addresses = Damit wird die Erweiterung aufgerufen:
plugin-password-done = Kopiert, weiter
plugin-installed-title = { $name } ist eingerichtet
plugin-installed-lead = Die Erweiterung läuft. Für Aufrufe von außen braucht sie noch dieses Passwort.

plugin-update-title = Neue Version von { $name }
plugin-update-crumb = Neue Version
plugin-update-heading = { $name } { $version } möchte mehr dürfen
plugin-update-lead =
    { $count ->
        [0] Version { $old } läuft, bis Sie zustimmen. Die neue braucht andere Einstellungen.
        [one] Version { $old } läuft, bis Sie zustimmen. Eine Berechtigung ist neu und unten markiert.
       *[other] Version { $old } läuft, bis Sie zustimmen. { $count } Berechtigungen sind neu und unten markiert.
    }
plugin-update-agree = Sie können nach dem Wechsel jederzeit zur früheren Version zurück.
plugin-update-button = Zustimmen und wechseln
plugin-update-old-runs = Version { $old } läuft unverändert weiter, auch wenn Sie nicht zustimmen.
plugin-update-waits = Version { $version } möchte mehr dürfen als bisher.
plugin-update-waits-text = Die bisherige läuft weiter, bis Sie zustimmen.
plugin-update-look = Unterschied ansehen

plugin-delete-title = { $name } entfernen?
plugin-delete-text = Die Erweiterung startet dann nicht mehr, und laufende Ausführungen enden.
plugin-delete-loses = Einstellungen, Geheimnisse, Adressen und gespeicherte Daten der Erweiterung werden gelöscht.
plugin-delete-keeps = Was sie in Ihrem Kundenkonto geändert hat, bleibt, ebenso das Änderungsprotokoll.
plugin-delete-export = Gespeicherte Daten und Ausführungen können Sie noch 14 Tage herunterladen.
plugin-delete-button = Erweiterung entfernen
plugin-delete-type = Geben Sie zur Bestätigung „{ $word }“ ein.

plugin-forms = Seiten der Erweiterung
plugin-next = Als Nächstes
plugin-use = Nutzung
plugin-use-days = letzte 30 Tage
plugin-use-label = { $runs } Ausführungen in 30 Tagen, davon { $failed } fehlgeschlagen
plugin-use-day = Tag
plugin-use-failed = Fehlgeschlagen
plugin-use-cpu = Rechenzeit
plugin-use-fetches = Anfragen an andere Server
plugin-use-messages = E-Mails
plugin-use-none = In den letzten 30 Tagen ist sie nicht gelaufen.

plugin-try = Probelauf ohne Wirkung
plugin-try-events = Probelauf
plugin-try-last = Ausprobieren
plugin-try-events-text = Die Erweiterung läuft so, als wäre das letzte passende Ereignis noch einmal geschehen. Sie sehen, was sie ändern würde; geändert wird nichts.
plugin-times-minutes = alle { $count } Minuten
plugin-times-hourly = jede Stunde
plugin-times-daily = täglich um { $at } Uhr
problem-choose-webspace = Bitte wählen Sie mindestens einen Webspace.

# Ausführungen.
plugin-runs = Ausführungen
plugin-runs-without-looks = Karten der Übersicht, die nur gezeichnet wurden, sind ausgeblendet.
plugin-runs-looks = Anzeigen
plugin-runs-lead = Jede Ausführung Ihrer Erweiterungen, die neueste zuerst. Einzelheiten bleiben 7 Tage, die Liste 30.
plugin-last-runs = Letzte Ausführungen
plugin-all-runs = Alle Ausführungen
plugin-runs-none = Noch keine Ausführung. Sobald die Erweiterung startet, steht sie hier.
plugin-runs-empty-title = Hier steht bald jede Ausführung
plugin-runs-empty-text = Richten Sie eine Erweiterung ein. Jedes Mal, wenn sie startet, sehen Sie hier warum, was sie geändert hat und wie es ausging.
plugin-runs-nothing = Zu diesem Filter gibt es keine Ausführung.
plugin-runs-filter = Ausführungen filtern
plugin-runs-all = Alle
plugin-runs-all-plugins = Alle Erweiterungen
plugin-runs-all-triggers = Alle Auslöser
plugin-runs-shown =
    { $count ->
        [one] 1 Ausführung
       *[other] { $count } Ausführungen
    }
plugin-run-at = Zeitpunkt
plugin-run-trigger = Auslöser
plugin-run-lasted = Dauer

run-one = Ausführung
run-title = Ausführung vom { $at }
run-lead = { $plugin }. Auslöser: { $trigger }
run-trigger-named = { $kind } ({ $name })
run-millis = { $ms } ms
run-seconds = { $s } s
run-retry = Erneut versuchen
run-replay = Nachstellen
run-effects = Wirkung
run-effects-count =
    { $count ->
        [one] 1 Änderung
       *[other] { $count } Änderungen
    }
run-effects-none = Diese Ausführung hat nichts geändert.
run-effects-none-tried = Diese Ausführung würde nichts ändern.
run-replay-same = Die nachgestellte Ausführung ging denselben Weg wie die aufgezeichnete.
run-effect-record = Im Änderungsprotokoll
run-log = Protokoll der Erweiterung
run-log-none = Die Erweiterung hat nichts notiert, oder es ist nach 7 Tagen gelöscht.
run-result = Ergebnis
run-input = Eingabe
run-input-open = Was in die Ausführung einging
run-limits = Grenzen
run-limits-closest = Dieser Grenze kam die Ausführung am nächsten.
run-limits-none = Noch nicht gemessen.
run-limit-hit = Grenze: { $limit }.
run-measure-lasted = Dauer
run-measure-cpu = Rechenzeit
run-measure-queued = Wartezeit
run-measure-memory = Arbeitsspeicher
run-measure-calls = Aufrufe ins System
run-measure-fetches = Anfragen an andere Server
run-measure-kv = Zugriffe auf eigene Daten
run-measure-fuel = Schritte
run-facts = Einzelheiten
run-fact-queued = Ausgelöst
run-fact-started = Begonnen
run-fact-ended = Beendet
run-fact-attempt = Versuch
run-fact-recorded = Aufgezeichnet
run-fact-recorded-until = bis { $at }, ohne Geheimnisse
run-fact-source = Die Ausführung, die hier wiederholt wird
run-difference = Erster Unterschied
run-difference-text = Bis hierher lief alles wie aufgezeichnet. Anders war:
run-difference-then = Aufgezeichnet
run-difference-now = Nachgestellt
run-recording = Aufzeichnung
run-recording-text = Was einging und welche Antworten die Erweiterung bekam, für 7 Tage. Geheimnisse stehen nicht darin, personenbezogene Daten schon.
run-recording-get = Herunterladen
run-released = Seit { $at } darf der Autor sie sehen.
run-release = Dem Autor geben
run-release-title = Aufzeichnung dem Autor geben?
run-release-text = { $author }, Autor von „{ $name }“, kann damit nachstellen, was geschehen ist, und den Fehler beheben.
run-release-sees = Er sieht, was in diese Ausführung einging und welche Antworten sie bekam. Darin können Namen, Adressen und andere personenbezogene Daten stehen.
run-release-hidden = Geheimnisse und Passwörter stehen nicht darin, und andere Ausführungen sieht er nicht.
run-release-final = Das lässt sich nicht zurücknehmen. Nach 7 Tagen wird die Aufzeichnung gelöscht.
run-release-button = Aufzeichnung geben
run-helps-limit = Nichts davon wurde übernommen. Oft hilft ein neuer Versuch; kommt es wieder, braucht die Erweiterung weniger Arbeit auf einmal oder Ihr Tarif höhere Grenzen.
run-helps-rights = Nichts davon wurde übernommen. Prüfen Sie die Berechtigungen der Erweiterung, und versuchen Sie es dann erneut.
run-helps-granter = Erteilen Sie die Berechtigungen der Erweiterung neu, dann läuft sie unter Ihren Rechten weiter.
run-helps-suspended = Sobald das Kundenkonto entsperrt ist, läuft die Erweiterung weiter.
run-helps-depth = So endet eine Kette, in der Erweiterungen einander immer wieder auslösen. Prüfen Sie, welche auf die Änderungen der anderen reagiert.
run-helps-refused = Der Grund steht darüber. Beheben Sie ihn, zum Beispiel mit mehr Platz im Tarif, und versuchen Sie es dann erneut.
run-helps-replay = An Ihren Daten hat sich nichts geändert.
run-helps-ours = Das lag nicht an der Erweiterung und nicht an Ihnen. Wir versuchen es von selbst noch einmal, soweit das möglich ist.
run-helps-author = Nichts davon wurde übernommen. Prüfen Sie Einstellungen und Geheimnisse, und versuchen Sie es erneut. Kommt es wieder, kann der Autor mit der Aufzeichnung den Fehler finden.

# Seiten, die Erweiterungen zeigen.
plugin-form-lead = Eine Seite der Erweiterung „{ $name }“.
plugin-form-blank = Die Erweiterung hat nichts gezeigt.
plugin-form-down = Im Moment laufen keine Erweiterungen, deshalb bleibt diese Seite leer. Alles andere läuft unverändert. Bitte versuchen Sie es in ein paar Minuten noch einmal.
plugin-form-busy = Gerade ist zu viel auf einmal zu tun. Bitte versuchen Sie es in ein paar Sekunden noch einmal.
plugin-form-works = Ihre Dienste laufen unverändert, und Ihre Eingaben sind erhalten.
plugin-form-run = Ausführung ansehen
plugin-form-changed =
    { $count ->
        [0] Erledigt. Es wurde nichts geändert.
        [one] Erledigt. Eine Änderung wurde übernommen.
       *[other] Erledigt. { $count } Änderungen wurden übernommen.
    }
plugin-form-readonly = Absenden können Inhaber und Verwalter.
plugin-form-empty = Die Erweiterung zeigt hier gerade nichts.
plugin-ui-unknown = Das kann diese Version des Kundencenters noch nicht zeigen
plugin-card-from = Wird geladen: { $name }
plugin-card-failed = { $name } antwortet gerade nicht. Alles andere läuft weiter.

field-plugin = Erweiterung
field-version = Version
field-capabilities = Berechtigungen
field-settings = Einstellungen
field-state = Zustand
field-reason = Grund
field-secret = Geheimnis
field-value = Wert
field-secret-absent = nicht gesetzt
field-released_to_author = Für den Autor sichtbar
field-installation = Erweiterung
field-of = Wiederholt
field-mode = Art
field-id = Kennung
field-created_at = Angelegt
field-updated_at = Geändert
field-preview_host = Vorschau-Adresse
field-url = Adresse der Website
field-used_bytes = Belegter Speicherplatz
field-certificate = SSL-Zertifikat
field-name_unicode = Name mit Umlauten
field-finding = Ergebnis der Prüfung
field-domain_id = Domain
field-messages = Anzahl der Nachrichten
