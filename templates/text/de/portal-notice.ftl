# Nachrichten im Kundencenter.
notices-title = Benachrichtigungen
notices-lead =
    { $count ->
        [0] Sie haben alles gelesen.
        [one] 1 Nachricht ist neu.
       *[other] { $count } Nachrichten sind neu.
    }
notices-new = neu
notices-open = Ansehen
notices-read = Gelesen
notices-read-all = Alle als gelesen markieren
notices-latest-first = Die neuesten zuerst
notices-empty-title = Hier sehen Sie, was wichtig ist
notices-empty-text = Wenn ein E-Mail-Postfach voll wird, eine Änderung nicht gleich klappt oder sich ein neues Gerät anmeldet, steht es hier.
notices-empty-button = Zur Übersicht
notices-preferences = E-Mails einstellen
notices-preferences-title = Was Sie per E-Mail erfahren
notices-preferences-lead = Im Kundencenter steht immer alles. Hier wählen Sie, was zusätzlich per E-Mail kommt.
notices-preferences-legend = Per E-Mail schicken
notices-digest-legend = E-Mails über Zugriffe
notices-digest-text = Was unsere Mitarbeiter oder deren Programme seit der letzten in diesem Kundenkonto gesehen und geändert haben. Ohne Zugriffe kommt keine E-Mail.
notices-digest-never = Keine
notices-digest-never-text = Sie sehen selbst nach, wenn Sie möchten.
notices-digest-daily = Täglich
notices-digest-daily-text = Nach jedem Tag mit Zugriffen.
notices-digest-weekly = Wöchentlich
notices-digest-weekly-text = Nach jeder Woche mit Zugriffen.
notices-preferences-button = Auswahl speichern
notices-preferences-done = Ihre Auswahl ist gespeichert.
notices-fixed-title = Kommt immer per E-Mail
notices-fixed-text = Diese Nachrichten betreffen die Sicherheit Ihres Kontos und lassen sich nicht abschalten.
