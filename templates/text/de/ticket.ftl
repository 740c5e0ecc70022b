# Anfragen: im Kundencenter und am Arbeitsplatz der Mitarbeitenden.
nav-help = Hilfe
nav-tickets = Anfragen
web-help = Hilfe hierzu

tickets-title = Anfragen
tickets-lead = Was Sie uns gefragt haben, und was wir geantwortet haben.
tickets-search = Anfragen durchsuchen
tickets-search-hint = Wort aus dem Betreff
tickets-empty-title = Fragen Sie uns
tickets-empty-text = Hier erscheinen Ihre Anfragen und unsere Antworten. Auf jeder Seite führt „Hilfe hierzu“ zum selben Formular und nimmt gleich mit, worum es geht.
tickets-nothing-text = Keine Anfrage enthält „{ $text }“ im Betreff.
ticket-create-button = Anfrage stellen
ticket-create-title = Anfrage stellen
ticket-create-lead = Beschreiben Sie, was Sie tun wollten und was stattdessen geschah. Wir antworten hier und per E-Mail.
ticket-create-send = Anfrage senden
ticket-subject = Betreff
ticket-subject-hint = In einer Zeile, zum Beispiel: Postfach nimmt keine Nachrichten an
ticket-body = Nachricht
ticket-body-hint = Bitte keine Passwörter. Wir brauchen sie nicht, um Ihnen zu helfen.
ticket-about = Es geht um
ticket-about-other = Um etwas anderes
ticket-category = Thema
ticket-category-website = Website und Dateien
ticket-category-email = E-Mail
ticket-category-domain = Domain und DNS
ticket-category-database = Datenbank
ticket-category-plugin = Erweiterung
ticket-category-contract = Tarif und Vertrag
ticket-category-login = Anmeldung und Mitbenutzer
ticket-category-other = Etwas anderes
ticket-priority = Dringlichkeit
ticket-priority-low = Hat Zeit
ticket-priority-normal = Normal
ticket-priority-high = Hoch
ticket-priority-urgent = Dringend
ticket-channel-portal = Kundencenter
ticket-channel-api = API
ticket-channel-mail = E-Mail
ticket-channel-phone = Telefon
ticket-status-new = Gestellt
ticket-status-open = In Arbeit
ticket-status-waits_for_customer = Wartet auf Sie
ticket-status-follow_up = Vorgemerkt
ticket-status-solved = Gelöst
ticket-status-closed = Geschlossen
ticket-happens-sent = Ihre Anfrage bekommt eine Nummer
ticket-happens-sent-sub = alle Mitbenutzer mit passender Rolle sehen sie
ticket-happens-answer = Unsere Antwort kommt hierher und per E-Mail
ticket-happens-answer-sub = Sie antworten hier
ticket-happens-access = Wir sehen dadurch nichts von Ihren Daten
ticket-happens-access-sub = keine Dateien, keine E-Mails, keine Datenbanken
ticket-sent = Ihre Anfrage { $number } ist bei uns. Wir antworten hier und per E-Mail.
ticket-masked =
    { $count ->
        [one] In Ihrer Nachricht stand etwas, das wie ein Passwort oder Schlüssel aussah. Wir haben es unkenntlich gemacht, bevor es gespeichert wurde.
       *[other] In Ihrer Nachricht stand an { $count } Stellen etwas, das wie ein Passwort oder Schlüssel aussah. Wir haben es unkenntlich gemacht, bevor es gespeichert wurde.
    }
ticket-number = Nummer
ticket-activity = Zuletzt
ticket-opened = Gestellt
ticket-first-due = Antwort bis
ticket-follow-up = Wiedervorlage
ticket-conversation = Gespräch
ticket-reply-title = Antworten
ticket-reply-send = Antwort senden
ticket-solve = Das ist gelöst
ticket-reopen = Doch nicht gelöst
ticket-by-staff = Support ({ $name })
ticket-by-gone = Jemand, den es nicht mehr gibt
ticket-waits-until = Wir warten auf Ihre Antwort. Ohne sie schließt die Anfrage am { $at } von selbst.
ticket-closed-text = Diese Anfrage ist geschlossen. Für alles Weitere stellen Sie bitte eine neue.
ticket-no-access = Inhalte öffnet eine Anfrage nicht: Ihre Dateien, E-Mails und Datenbanken bleiben zu, außer Sie geben sie hier frei.
ticket-event-closed-unanswered = Geschlossen, weil keine Antwort kam.
ticket-event-closed-solved = Geschlossen, weil es gelöst blieb.
ticket-event-came-back = Wieder vorgelegt.
ticket-event-solved-by-member = Als gelöst gemeldet.
ticket-event-reopened = Wieder geöffnet.

conflict-ticket-closed = Diese Anfrage ist geschlossen. Bitte stellen Sie eine neue.
conflict-ticket-solved = Diese Anfrage ist bereits gelöst.
conflict-ticket-open = Diese Anfrage ist noch offen.
conflict-ticket-not-due = Für diese Anfrage ist noch nichts fällig.
conflict-ticket-without-owner = Diese Anfrage hat noch niemand übernommen. Geben Sie sie zuerst jemandem.
problem-no-such-object = Das gibt es in diesem Kundenkonto nicht, oder Sie können es nicht sehen.
problem-no-such-owner = Diese Person bearbeitet keine Anfragen.
problem-not-a-day = Bitte ein Datum angeben, zum Beispiel 2026-12-24.
problem-not-within-a-year = Bitte einen Tag angeben, der in den nächsten zwölf Monaten liegt.
problem-not-a-ticket-number = Das ist keine Nummer einer Anfrage. Sie sieht so aus: T10234.

done-ticket-create = Anfrage „{ $name }“ gestellt.
done-ticket-reply = In der Anfrage „{ $name }“ geantwortet.
done-ticket-solve = Anfrage „{ $name }“ als gelöst gemeldet.
done-ticket-reopen = Anfrage „{ $name }“ wieder geöffnet.
done-ticket-answer = Anfrage „{ $name }“ beantwortet.
done-ticket-note = Zur Anfrage „{ $name }“ intern etwas notiert.
done-ticket-assign = Anfrage „{ $name }“ übernommen.
done-ticket-answer-by-problem = Anfrage „{ $name }“ beantwortet, mit der Antwort auf ein bekanntes Problem.
done-ticket-set-problem = Anfrage „{ $name }“ einem bekannten Problem zugeordnet oder von ihm gelöst.
done-ticket-set-status = Stand der Anfrage „{ $name }“ geändert.
done-ticket-set-priority = Dringlichkeit der Anfrage „{ $name }“ geändert.
done-ticket-set-category = Thema der Anfrage „{ $name }“ geändert.
done-ticket-follow-up = Anfrage „{ $name }“ vorgemerkt.
done-ticket-call = Anruf als Anfrage „{ $name }“ aufgenommen.
done-ticket-lapse = Anfrage „{ $name }“ ist fällig geworden.
act-ticket-create = Anfragen an uns stellen
act-ticket-reply = in Anfragen antworten
act-ticket-solve = Anfragen als gelöst melden
act-ticket-reopen = Anfragen wieder öffnen
field-subject = Betreff
field-category = Thema
field-priority = Dringlichkeit
field-status = Stand
field-object = Es geht um
field-follow_up_at = Wiedervorlage
field-noted = Interne Notiz
token-group-ticket = Anfragen
token-scope-ticket-read = Anfragen lesen
token-scope-ticket-write = Anfragen stellen und darin antworten
api-op-ticket-list = Die Anfragen, die zuletzt bewegten zuerst.
api-op-ticket-show = Eine Anfrage.
api-op-ticket-messages = Was beide Seiten in einer Anfrage geschrieben haben.
api-op-staff-ticket-list = Die Anfragen aller Kundenkonten, wie sie am Arbeitsplatz anstehen.

staff-nav-tickets = Anfragen
staff-tickets-title = Anfragen
staff-tickets-lead = Was ansteht, das Dringendste zuerst.
staff-tickets-lanes = Stand
ticket-lane-working = Wir sind dran
ticket-lane-waiting = Wartet
ticket-lane-done = Erledigt
staff-tickets-search = Anfragen suchen
staff-tickets-search-hint = Nummer, Kundennummer, Wörter aus Betreff oder Name
staff-tickets-filter = Anfragen eingrenzen
staff-tickets-narrow = Eingrenzen
staff-tickets-none-title = Keine Anfrage
staff-tickets-none-text = Dazu gibt es keine Anfrage.
staff-tickets-empty-title = Nichts steht an
staff-tickets-empty-text = Hier erscheinen die Anfragen, bei denen wir dran sind.
staff-ticket-any = Alle
staff-ticket-me = Meine
staff-ticket-nobody = Niemand
staff-ticket-owner = Bearbeitet von
staff-ticket-customer = Kundenkonto
staff-ticket-due = Fällig
staff-ticket-due-overdue = Überfällig
staff-ticket-due-today = In 24 Stunden
staff-ticket-late = Überfällig seit { $at }
staff-ticket-back = Kommt am { $at } wieder
staff-ticket-closes = Schließt am { $at }
staff-ticket-status-new = Neu
staff-ticket-status-open = In Arbeit
staff-ticket-status-waits_for_customer = Wartet auf Antwort
staff-ticket-status-follow_up = Wiedervorlage
staff-ticket-status-solved = Gelöst
staff-ticket-status-closed = Geschlossen
staff-ticket-lead = { $customer } · { $number }
staff-ticket-take = Übernehmen
staff-ticket-nothing = Noch hat niemand etwas geschrieben.
staff-ticket-internal = Interne Notiz
staff-ticket-write = Schreiben
staff-ticket-write-as = Wer es liest
staff-ticket-as-answer = Antwort
staff-ticket-as-answer-text = Das Kundenkonto liest sie und bekommt eine E-Mail.
staff-ticket-as-note = Interne Notiz
staff-ticket-as-note-text = Nur wir lesen sie, nie das Kundenkonto.
staff-ticket-then = Danach
staff-ticket-then-waits_for_customer = auf Antwort warten
staff-ticket-then-open = weiter in Arbeit
staff-ticket-then-solved = gelöst
staff-ticket-write-send = Eintragen
staff-ticket-asked = Gefragt hat
staff-ticket-channel = Weg
staff-ticket-targets = Zusagen
staff-ticket-first = Erste Antwort
staff-ticket-first-due = Erste Antwort bis
staff-ticket-solution-due = Lösung bis
staff-ticket-work = Bearbeitung
staff-ticket-set = Ändern
staff-ticket-noted = Ihr Blick in diese Anfrage steht im Zugriffsprotokoll des Kundenkontos.
staff-ticket-done-answer = Die Antwort ist unterwegs.
staff-ticket-done-note = Die Notiz steht nur für uns da.
staff-ticket-done-assign = Die Anfrage hat jemanden.
staff-ticket-done-status = Der Stand ist geändert.
staff-ticket-done-priority = Die Dringlichkeit und die Zusagen sind geändert.
staff-ticket-done-category = Das Thema ist geändert.
staff-ticket-done-follow_up = Die Anfrage kommt an diesem Tag wieder.
staff-ticket-done-call = Der Anruf ist eine Anfrage.

ticket-secrets = Zugangsdaten
ticket-secrets-text = Wenn wir doch einmal Zugangsdaten brauchen, gehören sie hierher: verschlüsselt abgelegt, von einer Person einmal lesbar, und gelöscht, sobald die Anfrage gelöst ist.
ticket-secret-name = Wofür
ticket-secret-name-hint = Zum Beispiel: Anmeldung im alten Shop
ticket-secret-value = Passwort oder Schlüssel
ticket-secret-put = Verschlossen ablegen
ticket-secret-sealed = verschlossen, noch von niemandem gelesen
ticket-secret-read = vom Support gelesen am { $at }, seitdem gelöscht
conflict-too-many-secrets = Diese Anfrage hat schon zwanzig Zugangsdaten. Lösen Sie sie, oder stellen Sie eine neue.
conflict-secret-revealed = Diese Zugangsdaten hat schon jemand gelesen; sie sind gelöscht.
done-ticket-put-secret = In der Anfrage „{ $name }“ Zugangsdaten verschlossen abgelegt.
done-ticket-reveal-secret = Zugangsdaten der Anfrage „{ $name }“ gelesen.
done-canned-reply-create = Textbaustein „{ $name }“ angelegt.
done-canned-reply-set = Textbaustein „{ $name }“ geändert.
done-canned-reply-delete = Textbaustein „{ $name }“ gelöscht.
staff-ticket-secrets = Zugangsdaten
staff-ticket-reveal = Einmal lesen
staff-ticket-revealed = Zugangsdaten, nur dieses eine Mal
staff-ticket-revealed-once = Sie sind jetzt gelöscht. Dass Sie sie gelesen haben, steht im Änderungsprotokoll des Kundenkontos.
staff-canned = Textbaustein
staff-canned-use = Einsetzen
staff-canned-title = Textbausteine
staff-canned-lead = Antworten, die immer wieder gebraucht werden.
staff-canned-one = Textbaustein
staff-canned-places = Eingesetzt werden {"{"}customer{"}"}, {"{"}name{"}"}, {"{"}number{"}"} und {"{"}object{"}"}.
staff-canned-name = Bezeichnung
staff-canned-create = Textbaustein anlegen
staff-canned-edit = Ändern
staff-canned-save = Textbaustein speichern
staff-canned-delete = Textbaustein löschen
staff-canned-empty-title = Noch keine Textbausteine
staff-canned-empty-text = Hier erscheinen Antworten, die Sie immer wieder brauchen. In einer Anfrage setzen Sie sie mit einem Klick ein.
staff-canned-done-saved = Der Textbaustein ist gespeichert.
staff-canned-done-deleted = Der Textbaustein ist gelöscht.
staff-tickets-keys = Tastatur: j und k gehen von Anfrage zu Anfrage, die Eingabetaste öffnet.
staff-call-title = Wer ruft an?
staff-call-label = Anrufer suchen
staff-call-lead = Ein Treffer genügt, dann ist der Anruf eine Anfrage.
staff-call-hint = Kundennummer, Name, Domain, E-Mail-Adresse, Telefonnummer
staff-call-none-text = Zu „{ $who }“ gibt es kein Kundenkonto.
staff-call-take = Anruf aufnehmen
staff-call-subject = Anruf am { $at }

staff-targets-title = Zusagen für Anfragen
staff-targets-lead = Bis wann Anfragen im Tarif { $plan } beantwortet und gelöst sind.
staff-targets-answer = Stunden bis zur ersten Antwort
staff-targets-hint = Hohe Dringlichkeit halbiert beide Zeiten, dringende Anfragen haben ein Viertel.
staff-targets-solution = Stunden bis zur Lösung
staff-targets-waiting = Zeit, in der wir auf das Kundenkonto warten, zählt nicht.
staff-targets-button = Zusagen speichern
staff-plan-done-targets = Die Zusagen gelten für neue Anfragen.
done-plan-set-targets = Zusagen des Tarifs „{ $name }“ geändert.

api-param-lane = Nur Anfragen, bei denen der Hoster dran ist (working), die warten (waiting) oder erledigt sind (done).
api-param-status = Nur Anfragen in diesem Stand.
api-param-owner = Nur Anfragen, die diese Person bearbeitet.
api-param-priority = Nur Anfragen dieser Dringlichkeit.
api-param-category = Nur Anfragen zu diesem Thema.
api-param-object = Die Kennung dessen, wonach gefragt wird; ohne sie das, worum es in der Anfrage geht.
api-param-due-before = Nur Anfragen, die vor diesem Zeitpunkt fällig sind.
search-words-tickets = anfrage anfragen ticket tickets hilfe support frage kontakt
api-op-instruction-list = Worum in einer Anfrage gebeten wurde.
api-op-ticket-action-list = Was sich auf Weisung in einer Anfrage tun lässt, und welche Erweiterungen dazu gefragt werden können.
api-op-ticket-action = Ändert auf Weisung etwas für ein Kundenkonto und schreibt es in die Anfrage.
ticket-event-acted = Auf Ihre Weisung wurde etwas geändert.
conflict-ticket-not-open = Diese Anfrage ist nicht mehr offen.

ticket-approval-asked = Unser Team hat beantragt, dass { $name } Inhaber Ihres Kundenkontos wird.
ticket-approval-two = Beantragt hat es { $by }. Zwei Personen unseres Teams müssen zustimmen, bevor das geschieht. Inhaber stoppen es hier oder mit dem Link, den sie per E-Mail bekommen haben.
ticket-approval-from = Entschieden wird frühestens:
ticket-approval-over-approved = Zwei Personen unseres Teams haben zugestimmt: { $name } ist Inhaber.
ticket-approval-over-refused = Die zweite Person unseres Teams hat nicht zugestimmt: { $name } wird nicht Inhaber.
ticket-approval-over-retracted = Unser Antrag, dass { $name } Inhaber wird, ist zurückgezogen.
ticket-approval-over-stopped = Ein Inhaber hat gestoppt, dass { $name } Inhaber wird.
ticket-approval-over-lapsed = Unser Antrag, dass { $name } Inhaber wird, ist verfallen.
ticket-approval-stop = Wechsel stoppen
ticket-approval-see = Zur Anfrage
ticket-approval-longer = Unser Team möchte mit Ihrer Freigabe länger als einen Tag lesen, höchstens bis { $at }.
ticket-approval-longer-two = Beantragt hat es { $by }. So lange haben Sie es erlaubt; eine zweite Person unseres Teams muss noch zustimmen.
ticket-approval-stop-longer = Nicht länger als einen Tag
ticket-longer-over-approved = Zwei Personen unseres Teams haben zugestimmt: Ihre Freigabe gilt so lange, wie Sie es erlaubt haben.
ticket-longer-over-refused = Die zweite Person unseres Teams hat nicht zugestimmt: Ihre Freigabe gilt nicht länger als einen Tag.
ticket-longer-over-retracted = Unser Antrag, länger als einen Tag zu lesen, ist zurückgezogen.
ticket-longer-over-stopped = Ihr Kundenkonto hat gestoppt, dass wir länger als einen Tag lesen.
ticket-longer-over-lapsed = Unser Antrag, länger als einen Tag zu lesen, ist verfallen.
conflict-not-asked-about = Danach hat in dieser Anfrage niemand gefragt.
conflict-not-this-thing = Das ändert ein anderes Objekt als das, für das es gestartet wurde. Starten Sie es für dieses Objekt.
conflict-not-instructed = Dafür gibt es in dieser Anfrage keine Weisung. Bitten Sie darum, dass jemand aus dem Kundenkonto sie erteilt.
conflict-instruction-ended = Diese Weisung ist bereits beendet.
conflict-nothing-was-done = Es wurde nichts geändert, das in die Anfrage gehört.
done-instruction-give = Weisung für „{ $name }“ erteilt.
done-instruction-end = Weisung für „{ $name }“ beendet.
done-ticket-keep-action = Änderung in der Anfrage „{ $name }“ festgehalten.
# Aktionen in Anfragen.
ticket-action-mailbox-set-quota = Speicherplatz des E-Mail-Postfachs ändern
ticket-words-mailbox-set-quota = postfach mailbox voll platz größer mehr erhöhen vergrößern quota nimmt nichts an
ticket-action-mailbox-restore = E-Mail-Postfach aus dem Papierkorb holen
ticket-words-mailbox-restore = postfach mailbox gelöscht weg wiederherstellen zurück
ticket-action-alias-set-targets = Ziele der Alias-Adresse ändern
ticket-words-alias-set-targets = weiterleitung alias adresse zustellen umleiten
ticket-action-alias-restore = Alias-Adresse aus dem Papierkorb holen
ticket-words-alias-restore = weiterleitung alias gelöscht weg wiederherstellen zurück
ticket-action-database-set-quota = Speicherplatz der Datenbank ändern
ticket-words-database-set-quota = voll platz größer mehr erhöhen vergrößern quota sql
ticket-action-database-restore = Datenbank aus dem Papierkorb holen
ticket-words-database-restore = gelöscht weg wiederherstellen zurück sql
ticket-action-webspace-set-quota = Speicherplatz des Webspace ändern
ticket-words-webspace-set-quota = website voll platz größer mehr erhöhen vergrößern quota
ticket-action-webspace-set-document-root = Zielverzeichnis des Webspace ändern
ticket-words-webspace-set-document-root = website ordner verzeichnis root public
ticket-action-webspace-set-https-redirect = Umleitung auf HTTPS ein- oder ausschalten
ticket-words-webspace-set-https-redirect = website ssl zertifikat http sicher
ticket-action-webspace-restore = Webspace aus dem Papierkorb holen
ticket-words-webspace-restore = website gelöscht weg wiederherstellen zurück
ticket-action-domain-set-redirect = Web-Weiterleitung der Domain ändern
ticket-words-domain-set-redirect = umleiten weiterleiten ziel url
ticket-action-domain-verify = Nachweis der Domain jetzt prüfen
ticket-words-domain-verify = dns eintrag prüfen nachweis wartet bestätigen
ticket-action-domain-restore = Domain aus dem Papierkorb holen
ticket-words-domain-restore = gelöscht weg wiederherstellen zurück
staff-actions = Aktionen
staff-actions-search = Aktion suchen
staff-actions-search-hint = zum Beispiel: postfach voll
staff-actions-nothing = Keine Aktion passt zu „{ $text }“.
staff-actions-too-far = Wer diese Weisung gab, darf das selbst nicht ändern. Bitten Sie jemanden mit passender Rolle darum.
staff-actions-none = Für diese Anfrage gibt es keine Weisung. Ohne sie ändern wir im Kundenkonto nichts.
staff-actions-none-how = Eine Weisung entsteht, wenn jemand aus dem Kundenkonto bei einem bestimmten Objekt um Hilfe bittet oder in der Anfrage „Änderung erlauben“ drückt.
staff-actions-ask = Um eine Weisung bitten
staff-ticket-ask-instruction = Guten Tag, damit wir das für Sie ändern können, brauchen wir Ihre Weisung. Bitte schreiben Sie in dieser Anfrage unter „Was der Support ändern darf“ in einem Satz, was Sie wünschen, und drücken Sie „Änderung erlauben“. Fehlt dort ein Feld, stellen Sie bitte auf der Seite des Objekts über „Hilfe hierzu“ eine neue Anfrage.
staff-ticket-given = Weisung
staff-ticket-given-by = { $by } bat zu { $name }:
staff-action-wish = Was geändert wird
staff-action-size-hint = zum Beispiel 8 GB
staff-action-card = Vorher und Nachher stehen danach in der Anfrage
staff-action-back = Beide Seiten können es rückgängig machen
staff-action-no-back = Lässt sich nicht mit einem Klick rückgängig machen
staff-action-run = Jetzt ausführen
staff-action-noted = Diese Vorschau steht im Zugriffsprotokoll des Kundenkontos, mit der Anfrage als Grund.
staff-ticket-done-action = Ausgeführt und in der Anfrage festgehalten.
staff-ticket-done-undo = Rückgängig gemacht und in der Anfrage festgehalten.
staff-card-done = Auf Weisung geändert. Was hier gelesen wurde, sieht das Kundenkonto in seiner Anfrage.
staff-card-said = Auf Weisung geändert, nichts gelesen.
ticket-card-said =
    { $count ->
        [0] { $name } hat auf Ihre Weisung gehandelt und nichts gelesen.
        [one] { $name } hat auf Ihre Weisung 1 Einstellung geändert und nichts gelesen.
       *[other] { $name } hat auf Ihre Weisung { $count } Einstellungen geändert und nichts gelesen.
    }
ticket-card-done =
    { $count ->
        [0] { $name } hat auf Ihre Weisung gehandelt. Was in dieser Anfrage gelesen wurde, steht darunter.
        [one] { $name } hat auf Ihre Weisung 1 Einstellung geändert. Was in dieser Anfrage gelesen wurde, steht darunter.
       *[other] { $name } hat auf Ihre Weisung { $count } Einstellungen geändert. Was in dieser Anfrage gelesen wurde, steht darunter.
    }
ticket-helped =
    { $count ->
        [0] Der Support hat in dieser Anfrage nichts geändert.
        [one] Der Support hat in dieser Anfrage 1-mal etwas geändert.
       *[other] Der Support hat in dieser Anfrage { $count }-mal etwas geändert.
    }
ticket-helped-nothing = Von Ihren Inhalten hat er nichts gelesen.
ticket-helped-read = Gelesen hat er: { $what }.
ticket-helped-seen = Angesehen hat er: { $what }.
ticket-helped-undo = Was sich rückgängig machen lässt, hat dafür oben eine Schaltfläche.
ticket-helped-more = Einzeln im Zugriffsprotokoll
ticket-helped-mail = E-Mails { $count }-mal
ticket-helped-files = Dateien { $count }-mal
ticket-helped-rows = Tabellen { $count }-mal
ticket-helped-logs = Protokolle { $count }-mal
ticket-helped-settings = Einstellungen { $count }-mal
ticket-helped-checks = warum etwas nicht geht { $count }-mal
ticket-given = Was der Support ändern darf
ticket-given-you = Der Support darf die Einstellungen von { $name } ändern, weil Sie geschrieben haben:
ticket-given-other = Der Support darf die Einstellungen von { $name } ändern, weil { $by } geschrieben hat:
ticket-given-end = Beenden
ticket-give-text = Der Support ändert an { $name } nichts ohne Ihren Auftrag. Inhalte bleiben auch mit ihm zu.
ticket-give-quote = Was soll geändert werden?
ticket-give = Änderung erlauben

## Zahlen

staff-numbers-title = Zahlen
staff-numbers-lead = Wie viele Anfragen in 26 Wochen kamen und wie lange sie dauerten. Nie über einzelne Personen.
staff-numbers-empty-title = Noch keine Anfragen
staff-numbers-empty-text = Sobald Anfragen kommen, erscheinen hier die Zahlen dazu.
staff-numbers-opened = Neue Anfragen
staff-numbers-opened-all = { $count } in 26 Wochen
staff-numbers-opened-label = Neue Anfragen je Woche
staff-numbers-answered = Erste Antwort im Ziel
staff-numbers-answered-label = Erste Antworten im Ziel je Woche, in Prozent
staff-numbers-solved = Lösung im Ziel
staff-numbers-solved-label = Lösungen im Ziel je Woche, in Prozent
staff-numbers-week = Woche ab
staff-numbers-of = Fällig
staff-numbers-in-time = Im Ziel
staff-numbers-spread = Wie lange es dauerte
staff-numbers-range = Dauer
staff-numbers-first = Erste Antwort
staff-numbers-solution = Lösung
staff-numbers-hours = { $hours ->
    [0] bis 15 Minuten
    [1] bis 1 Stunde
    [24] bis 1 Tag
    [72] bis 3 Tage
    [168] bis 7 Tage
   *[other] bis { $hours } Stunden
 }
staff-numbers-longer = länger
staff-numbers-percent = { $percent } %
staff-numbers-topics = Nach Thema
staff-numbers-small-team = Weniger als fünf Personen arbeiten an Anfragen. Zeiten würden hier über einzelne Menschen sprechen, deshalb zeigen wir sie nicht.

staff-views = Gespeicherte Ansichten
staff-view-name = Diese Auswahl speichern als
staff-view-save = Speichern
staff-view-delete = Ansicht „{ $name }“ löschen
