# Papierkorb.
trash-lead = Was Sie löschen, bleibt 14 Tage hier und lässt sich zurückholen. Danach wird es endgültig gelöscht.
trash-what = Was
trash-since = Gelöscht
trash-until = Endgültig am
trash-problem-helps = Ändern Sie zuerst das andere, dann lässt sich dieses zurückholen. Solange bleibt es hier.
trash-empty-title = Der Papierkorb ist leer
trash-empty-text = Gelöschte Webspaces, Domains, Postfächer und Datenbanken liegen 14 Tage hier, bevor sie endgültig verschwinden.
trash-empty-back = Zur Übersicht

# Suche.
search-title = Suche
search-lead = Finden Sie Webspaces, Domains, Postfächer, Datenbanken und Einstellungen.
search-found =
    { $count ->
        [one] Ein Treffer zu „{ $q }“.
       *[other] { $count } Treffer zu „{ $q }“.
    }
search-label = Suchen
search-hint = Name, Domain oder Einstellung
search-nothing-text = Zu „{ $q }“ haben wir nichts gefunden. Versuchen Sie es mit weniger Buchstaben oder einem anderen Wort.
search-places = Orte im Kundencenter
search-words-dashboard = Startseite Dashboard Auslastung Tarif Speicherplatz
search-words-webspaces = Website Homepage Dateien Dateimanager SFTP FTP SSH-Schlüssel Protokolle SSL-Zertifikat Upload
search-words-domains = DNS TXT Nameserver Domainname bestätigen
search-words-mailboxes = Mailbox Mail E-Mail-Konto Alias-Adresse Weiterleitung Postfach
search-words-databases = SQL MySQL SQLite Tabelle Import Export
search-words-trash = gelöscht wiederherstellen zurückholen löschen
search-words-activity = Protokoll Verlauf Log rückgängig wer hat geändert
search-words-members = Benutzer Rolle Einladung Inhaber Kollegen
search-words-contact = Kontaktadresse E-Mail-Adresse Vertrag Rechnung erreichbar Export Datenauskunft DSGVO Daten herunterladen
search-words-notices = Nachrichten Hinweise E-Mail-Benachrichtigung
search-words-tokens = API Token Schnittstelle Schlüssel
