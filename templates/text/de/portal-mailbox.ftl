# E-Mail-Postfächer, Alias-Adressen, Nachrichten; und was sie mit Datenbanken gemeinsam haben.

## Gemeinsam

thing-state = Zustand
thing-use = Belegung
thing-actions = Aktionen
thing-facts = Eckdaten
thing-id = Kennung
thing-made = Angelegt am
thing-more = Weitere Aktionen für { $name }
thing-changes = Letzte Änderungen
thing-changes-all = Alle Änderungen
thing-preview = Vorschau
thing-preview-same = Das ist schon so eingestellt.
thing-step-live = Danach aktiv
thing-apply = Übernehmen
thing-quota = Speicherplatz
thing-quota-hint = Zum Beispiel 2 GB oder 500 MB. Gespeichertes bleibt auch dann erhalten, wenn Sie verkleinern.
thing-ending = Sperren und Löschen
thing-suspend = Sperren
thing-resume = Sperre aufheben
thing-delete = In den Papierkorb
thing-delete-differs = Das stimmt noch nicht mit dem Namen überein.
thing-nothing-title = Nichts gefunden
thing-shown =
    { $count ->
        [one] 1 Eintrag auf dieser Seite
       *[other] { $count } Einträge auf dieser Seite
    }
thing-happens = Das wird passieren
thing-happens-live = Aktiv, meist in unter 2 Sekunden
thing-happens-undo = Danach lässt es sich rückgängig machen.

suspend-title-mailbox = { $name } sperren
suspend-title-alias = { $name } sperren
suspend-title-database = { $name } sperren
suspend-lead-mailbox = Neue E-Mails werden abgewiesen, vorhandene bleiben erhalten. Sie können die Sperre jederzeit aufheben.
suspend-lead-alias = Die Alias-Adresse nimmt nichts mehr an. Sie können die Sperre jederzeit aufheben.
suspend-lead-database = Niemand kann mehr auf die Datenbank zugreifen, die Daten bleiben erhalten. Sie können die Sperre jederzeit aufheben.
suspend-button-mailbox = Postfach sperren
suspend-button-alias = Alias-Adresse sperren
suspend-button-database = Datenbank sperren
suspend-reason = Grund
suspend-reason-hint = Steht überall, wo die Sperre zu sehen ist, und im Änderungsprotokoll.
resume-lead-mailbox = Das E-Mail-Postfach nimmt danach wieder E-Mails an.
resume-lead-alias = Die Alias-Adresse nimmt danach wieder E-Mails an.
resume-lead-database = Die Datenbank ist danach wieder erreichbar.

delete-title-mailbox = { $name } in den Papierkorb legen?
delete-title-alias = { $name } in den Papierkorb legen?
delete-title-database = { $name } in den Papierkorb legen?
delete-text = Im Papierkorb bleibt alles 14 Tage lang liegen. Danach wird es endgültig gelöscht.
delete-button = In den Papierkorb
delete-type = Zur Sicherheit bitte eintippen: { $name }
delete-stops-mailbox = Neue E-Mails an diese Adresse werden abgewiesen.
delete-stops-alias = E-Mails an diese Adresse werden abgewiesen.
delete-stops-database = Programme erreichen die Datenbank nicht mehr.
delete-keeps-mailbox = Die vorhandenen E-Mails bleiben im Papierkorb erhalten.
delete-keeps-alias = Die E-Mail-Postfächer, an die sie zustellt, bleiben unverändert.
delete-keeps-database = Die Tabellen bleiben im Papierkorb erhalten.
delete-back = 14 Tage lang holen Sie alles mit einem Klick zurück.

## Postfächer

mailboxes-title = E-Mail-Postfächer
mailboxes-tab = E-Mail-Postfächer
aliases-tab = Alias-Adressen
mailboxes-lead = Jedes Postfach hat eine eigene Adresse, ein eigenes Passwort und eigenen Speicherplatz.
mailboxes-search = Postfach suchen
mailboxes-search-hint = Adresse oder ein Teil davon
mailboxes-empty-title = Ihre erste eigene E-Mail-Adresse
mailboxes-empty-text = Ein E-Mail-Postfach empfängt unter Ihrer eigenen Domain. Adresse und Passwort genügen; es ist sofort bereit.
mailboxes-nothing-text = Kein Postfach enthält „{ $text }“. Vielleicht ist es eine Alias-Adresse oder liegt im Papierkorb.
mailbox-address = Adresse
mailbox-messages = Nachrichten
mailbox-open-inbox = Posteingang öffnen
mailbox-open-inbox-of = Posteingang von { $name } öffnen
mailbox-tabs = Seiten von { $name }
mailbox-tab-show = Überblick
mailbox-tab-messages = Posteingang
mailbox-tab-settings = Einstellungen
mailbox-quota = Speicherplatz des Postfachs
mailbox-quota-hint = Zum Beispiel 1 GB. Lässt sich später ändern.

mailbox-create-title = Postfach anlegen
mailbox-create-lead = Adresse und Passwort genügen. Alles andere lässt sich später ändern.
mailbox-create-button = Postfach anlegen
mailbox-local = Name vor dem @
mailbox-local-hint = Zum Beispiel info oder vorname.nachname.
mailbox-domain = Domain
mailbox-password = Passwort
mailbox-password-hint = Ein kurzer Satz genügt, Sonderzeichen sind nicht nötig. „Passwort vorschlagen“ trägt hier eines ein.
mailbox-password-suggested = Unser Vorschlag. Bitte jetzt notieren: Nach dem Speichern zeigen wir ihn nicht mehr.
mailbox-suggest = Passwort vorschlagen
mailbox-no-domain-title = Zuerst braucht es eine Domain
mailbox-no-domain-text = E-Mail-Adressen liegen auf einer bestätigten Domain. Legen Sie eine an und bestätigen Sie, dass sie Ihnen gehört.
mailbox-no-domain-button = Domain anlegen
mailbox-happens-room = Ablage mit { $quota }
mailbox-happens-room-sub = aus dem Speicherplatz Ihres Tarifs
mailbox-happens-receive = Adresse nimmt E-Mails an
mailbox-happens-receive-sub = auch von außen, sobald Ihre Domain auf uns zeigt
mailbox-happens-read = Posteingang im Kundencenter

mailbox-latest = Neueste Nachrichten
mailbox-latest-all = Posteingang
mailbox-latest-empty = Noch nichts angekommen. Schicken Sie zur Probe eine E-Mail an { $name }.
mailbox-programs = Server und Anmeldung
mailbox-programs-lead = So ist dieses Postfach hier eingerichtet.
mailbox-programs-for = Zweck
mailbox-programs-server = Server
mailbox-programs-port = Port
mailbox-programs-arrive = Annahme neuer E-Mails
mailbox-programs-smtp = SMTP, nur für Empfang
mailbox-programs-incoming = Posteingang
mailbox-programs-incoming-text = Lesen im Kundencenter. IMAP und POP3 bietet diese Installation nicht an.
mailbox-programs-outgoing = Postausgang
mailbox-programs-outgoing-text = Senden über diese Adresse ist in dieser Installation nicht eingerichtet.
mailbox-programs-none = keiner
mailbox-programs-user = Benutzer
mailbox-programs-password = Passwort
mailbox-programs-password-text = das Passwort dieses Postfachs, wird nie angezeigt
mailbox-aliases-empty = Keine Alias-Adresse stellt in dieses Postfach zu.

mailbox-settings-title = Einstellungen von { $name }
mailbox-change-password = Passwort ändern
mailbox-new-password = Neues Passwort
mailbox-new-password-hint = Gilt sofort; das bisherige öffnet dann nichts mehr. Ein kurzer Satz genügt.

## Alias-Adressen

aliases-title = Alias-Adressen
aliases-lead = Eine Alias-Adresse hat keinen eigenen Speicherplatz. Sie stellt in Ihre Postfächer zu.
aliases-search = Alias-Adresse suchen
aliases-search-hint = Adresse oder ein Teil davon
aliases-empty-title = Eine Adresse, mehrere Empfänger
aliases-empty-text = Mit einer Alias-Adresse wie kontakt@ erreichen E-Mails ein oder mehrere Ihrer Postfächer.
aliases-nothing-text = Keine Alias-Adresse enthält „{ $text }“. Vielleicht ist es ein Postfach oder liegt im Papierkorb.
alias-create-title = Alias-Adresse anlegen
alias-create-lead = Wählen Sie die Adresse und die Postfächer, in die zugestellt wird.
alias-create-button = Alias-Adresse anlegen
alias-local-hint = Zum Beispiel kontakt oder bestellung.
alias-delivery = Zustellung
alias-targets = Stellt zu an
alias-targets-hint = Eines bis zwanzig Ihrer Postfächer.
alias-no-mailbox-title = Zuerst braucht es ein Postfach
alias-no-mailbox-text = Eine Alias-Adresse stellt in Postfächer zu. Legen Sie zuerst eines an.
alias-happens-receive = Adresse nimmt E-Mails an
alias-happens-receive-sub = jedes gewählte Postfach bekommt seine eigene Kopie

## Nachrichten

messages-title = Posteingang von { $name }
messages-empty-title = Hier kommt Ihre Post an
messages-empty-text = Im Posteingang liegt nichts. Schicken Sie zur Probe eine E-Mail an { $name }.
messages-newer = Neuere
messages-older = Ältere
messages-shown =
    { $count ->
        [one] 1 Nachricht auf dieser Seite
       *[other] { $count } Nachrichten auf dieser Seite
    }
messages-noted = Jeder Blick in dieses Postfach steht 45 Tage lang im Zugriffsprotokoll.
message-here = Nachricht
message-new = ungelesen
message-no-subject = (ohne Betreff)
message-subject = Betreff
message-from = Von
message-to = An
message-received = Angekommen
message-size = Größe
message-text = Text der Nachricht
message-no-text = Diese Nachricht hat keinen Text.
message-as-html = Mit Formatierung ansehen
message-html-back = Zurück zur Nachricht
message-html-note = So hat der Absender die Nachricht gestaltet. Bilder, Programme und Formulare sind entfernt, nichts wird nachgeladen.
message-attachments = Anhänge
message-attachments-hint = Öffnen Sie Anhänge nur, wenn Sie den Absender kennen.
message-download = Herunterladen
message-delete = Löschen
message-deleted = Nachricht gelöscht.
message-delete-title = Nachricht endgültig löschen?
message-delete-text = Für einzelne Nachrichten gibt es keinen Papierkorb.
message-delete-final = Endgültig löschen
message-delete-goes = „{ $subject }“ von { $from } mit allen Anhängen
message-delete-stays = Alle anderen Nachrichten bleiben unverändert.
