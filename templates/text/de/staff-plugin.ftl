# Arbeitsplatz der Mitarbeitenden: Erweiterungen.
staff-nav-plugins = Erweiterungen
staff-plugins-lead = Was Kundenkonten einrichten können, und was auf seine Prüfung wartet.
staff-plugins-empty-title = Hier erscheinen die Erweiterungen
staff-plugins-empty-text = Laden Sie das Paket eines Autors hoch. Erst nach der Prüfung können Kundenkonten es einrichten.
staff-plugins-none-title = Keine Version in diesem Zustand
staff-plugins-none-text = Wählen Sie einen anderen Zustand, oder sehen Sie alle Versionen an.
staff-plugin-filter = Nach Zustand filtern
staff-plugin-all = Alle
staff-plugin = Erweiterung
staff-plugin-version = Version
staff-plugin-number = { $name } { $version }
staff-plugin-author = Autor
staff-plugin-signed = Signiert von
staff-plugin-uploaded = Hochgeladen
staff-plugin-uploaded-by = hochgeladen von { $name }
staff-plugin-unsigned = Nicht signiert
staff-plugin-key-gone = Schlüssel entfernt
staff-plugin-back = Zur Version

staff-plugin-upload = Erweiterung hochladen
staff-plugin-upload-lead = Ein Paket mit der Endung .wabeplugin. Kundenkonten sehen es erst nach der Freigabe.
staff-plugin-upload-button = Paket prüfen und aufnehmen
staff-plugin-file = Paket
staff-plugin-file-hint = Der Autor baut es mit wabe plugin pack. Die Komponente darf höchstens { $max } groß sein.
staff-plugin-purpose-hint = Warum Sie das tun, zum Beispiel die Nummer der Anfrage. Es steht im Änderungsprotokoll des Betriebs.
staff-plugin-refused = { $file } wurde nicht aufgenommen.
staff-plugin-refused-text = Nichts wurde gespeichert. Geben Sie dem Autor diese Liste, und wählen Sie danach das neue Paket.
staff-plugin-flaws =
    { $count ->
        [one] Ein Fehler im Paket
       *[other] { $count } Fehler im Paket
    }
staff-plugin-busy = Gerade werden andere Pakete übersetzt. Dieses wurde nicht aufgenommen; laden Sie es in einer Minute noch einmal hoch.
staff-plugin-then-signature = Die Signatur wird geprüft
staff-plugin-then-signature-sub = gegen die Schlüssel, denen wir vertrauen
staff-plugin-then-checked = Das Paket wird geprüft und übersetzt
staff-plugin-then-checked-sub = in einem eigenen Prozess; alle Fehler kommen auf einmal
staff-plugin-then-review = Die Version wartet auf ihre Prüfung
staff-plugin-then-review-sub = freigeben darf nur, wer sie nicht hochgeladen hat

staff-plugin-done-uploaded = Das Paket ist geprüft, übersetzt und aufgenommen.
staff-plugin-done-known = Genau dieses Paket gibt es schon. Hier ist die Version.
staff-plugin-done-released = Die Version ist freigegeben. Kundenkonten können sie einrichten.
staff-plugin-done-withdrawn = Die Version ist zurückgezogen und läuft nirgends mehr.
staff-plugin-waits = Diese Version wartet auf ihre Prüfung.
staff-plugin-waits-for = Freigeben kann sie, wer über den Datenschutz wacht und sie nicht hochgeladen hat.
staff-plugin-waits-for-you = Lesen Sie, worum sie bittet und warum, dann geben Sie sie frei.
staff-plugin-own = Sie haben diese Version selbst hochgeladen. Damit immer vier Augen darauf sehen, gibt sie jemand anderes mit der Rolle Datenschutz frei.
staff-plugin-withdrawn = Diese Version ist zurückgezogen.
staff-plugin-withdrawn-reason = Grund, wie ihn die Kundenkonten lesen: { $reason }

staff-plugin-asks = Worum sie bittet
staff-plugin-asks-none = Sie bittet um keine Berechtigung.
staff-plugin-reason = Begründung des Autors: { $reason }
staff-plugin-optional = Verzichtbar
staff-plugin-allowed = Erlaubt
staff-plugin-forbidden = Nicht erlaubt
staff-plugin-can-events = Erfährt von Änderungen: { $parameter }
staff-plugin-can-schedule = Läuft nach der Uhr
staff-plugin-can-webhook = Hat eine Adresse, die andere von außen aufrufen
staff-plugin-can-form = Hat Seiten im Kundencenter
staff-plugin-can-card = Steht auf der Übersicht im Kundencenter
staff-plugin-can-ticket = Bietet Aktionen an Anfragen an
staff-plugin-can-http = Tauscht Daten mit { $parameter } aus
staff-plugin-can-secret = Verwendet das Geheimnis { $parameter }, ohne es zu sehen
staff-plugin-can-records = Liest von { $parameter }: { $fields }
staff-plugin-can-files-read = Liest Dateien in den Webspaces, die das Kundenkonto auswählt
staff-plugin-can-files-write = Schreibt und löscht Dateien in den Webspaces, die das Kundenkonto auswählt
staff-plugin-can-effect = Führt Änderungen aus: { $parameter }
staff-plugin-can-mail = Schreibt den Mitbenutzern des Kundenkontos Nachrichten
staff-plugin-runs = Wann sie läuft
staff-plugin-runs-none = Sie läuft nie von selbst.
staff-plugin-trigger-event = Wenn das geschieht: { $what }
staff-plugin-trigger-schedule = Nach der Uhr: { $what }
staff-plugin-trigger-webhook = Bei einem Aufruf von außen: { $what }
staff-plugin-trigger-form = Wenn jemand die Seite „{ $what }“ öffnet oder absendet
staff-plugin-trigger-ticket = Wenn jemand an einer Anfrage arbeitet
staff-plugin-component = Woraus sie besteht
staff-plugin-exports = Bietet an
staff-plugin-imports = Ruft auf
staff-plugin-imports-none = Sie ruft nichts von uns auf.
staff-plugin-imports-runtime =
    { $count ->
        [one] Eine Schnittstelle ihrer Sprache, hier ohne Wirkung
       *[other] { $count } Schnittstellen ihrer Sprache, hier ohne Wirkung
    }
staff-plugin-sizes = Umfang im Einzelnen
staff-plugin-not-compiled = Zu dieser Version ist kein Bericht vom Übersetzen aufbewahrt.
staff-plugin-parts = Dateien im Paket
staff-plugin-part = Datei
staff-plugin-size = Größe
staff-plugin-digest = SHA-256
staff-plugin-readme = Hinweise des Autors
staff-plugin-readme-show = README.md anzeigen
staff-plugin-facts = Angaben
staff-plugin-id = Kennung
staff-plugin-api = Schnittstelle
staff-plugin-released = Freigegeben
staff-plugin-note = Ergebnis der Prüfung
staff-plugin-note-hint = Was Sie angesehen haben und warum Sie zustimmen. Es steht im Änderungsprotokoll des Betriebs.
staff-plugin-withdrawn-at = Zurückgezogen
staff-plugin-installations = Eingerichtet in
staff-plugin-signature = Signatur
staff-plugin-signed-by = Signiert mit dem Schlüssel von { $name }.
staff-plugin-key-gone-text = Signiert mit einem Schlüssel, dem wir beim Hochladen vertraut haben. Inzwischen ist er entfernt.
staff-plugin-unsigned-text = Dieses Paket ist nicht signiert. Wer es gemacht hat, ist nicht bewiesen.
staff-plugin-package-digest = Prüfsumme des Pakets
staff-plugin-typed = Was Kundenkonten eintragen
staff-plugin-secret = Geheimnis
staff-plugin-download = Paket herunterladen

staff-plugin-release = Version freigeben
staff-plugin-release-button = Freigeben
staff-plugin-ceiling = Berechtigungen begrenzen
staff-plugin-ceiling-button = Berechtigungen begrenzen
staff-plugin-ceiling-title = Was Kundenkonten höchstens erlauben dürfen
staff-plugin-ceiling-text = Ohne Haken kann niemand diese Berechtigung erteilen. Was nicht als verzichtbar gilt, braucht die Erweiterung, um ganz zu arbeiten.
staff-plugin-allow = Erlauben
staff-plugin-fields = Diese Felder
staff-plugin-then-released = Kundenkonten können die Version einrichten
staff-plugin-then-released-sub = und sehen dabei jede Berechtigung mit ihrer Begründung
staff-plugin-then-ceiling = Mehr als hier angehakt erlaubt niemand
staff-plugin-then-ceiling-sub = das gilt auch für schon eingerichtete Erweiterungen, sofort
staff-plugin-then-record = Die Begründung wird festgehalten
staff-plugin-then-record-sub = im Änderungsprotokoll des Betriebs, mit Ihrem Namen

staff-plugin-withdraw = Zurückziehen
staff-plugin-withdraw-title = { $name } { $version } zurückziehen
staff-plugin-withdraw-button = Überall beenden
staff-plugin-withdraw-reason = Grund
staff-plugin-withdraw-hint = Wer die Erweiterung eingerichtet hat, liest diesen Satz. Sagen Sie, was geschehen ist und was jetzt hilft.
staff-plugin-withdraw-ends =
    { $count ->
        [0] Diese Version ist nirgends eingerichtet. Sie kann danach nicht mehr eingerichtet werden.
        [one] Damit endet diese Version in einem Kundenkonto, auch mitten in einer Ausführung.
       *[other] Damit endet diese Version an { $count } Stellen, auch mitten in einer Ausführung.
    }
staff-plugin-then-stop = Die Version läuft sofort nirgends mehr
staff-plugin-then-stop-sub = eingerichtete Erweiterungen werden angehalten
staff-plugin-then-kept = Daten und Einstellungen bleiben
staff-plugin-then-kept-sub = eine neue, freigegebene Version macht damit weiter
staff-plugin-then-final = zurückgezogen bleibt zurückgezogen; es hilft nur eine neue Version

staff-plugins-down = Zurzeit läuft keine Erweiterung.
staff-plugins-down-text = Alles andere läuft unverändert. Was Erweiterungen tun sollten, wartet und wird nachgeholt. Das Protokoll des Panels und „wabe doctor“ sagen mehr.
sandbox-not-started = Der Prozess, der Erweiterungen ausführt, ist noch nicht gestartet.
sandbox-unstartable = Der Prozess, der Erweiterungen ausführt, lässt sich nicht starten: Das Programm „wabe-sandbox“ muss ausführbar neben „wabe“ liegen.
sandbox-died = Der Prozess, der Erweiterungen ausführt, ist beendet und wird neu gestartet.
sandbox-silent = Der Prozess, der Erweiterungen ausführt, hat sich nicht rechtzeitig gemeldet und wird neu gestartet.
sandbox-nonsense = Der Prozess, der Erweiterungen ausführt, antwortet unverständlich: „wabe-sandbox“ und „wabe“ müssen dieselbe Version haben.
sandbox-hung = Der Prozess, der Erweiterungen ausführt, hing fest und wird neu gestartet.
sandbox-stopped = Das Panel wird gerade beendet.

staff-keys = Vertraute Schlüssel
staff-keys-lead = Nur Pakete, die mit einem dieser Schlüssel signiert sind, werden aufgenommen.
staff-keys-empty-title = Nehmen Sie den ersten Schlüssel auf
staff-keys-empty-text = Ein Autor gibt Ihnen seinen öffentlichen Schlüssel. Vergleichen Sie den Fingerabdruck am Telefon, bevor Sie ihm vertrauen.
staff-key-name = Wem er gehört
staff-key-name-hint = Name des Autors oder der Firma.
staff-key-fingerprint = Fingerabdruck
staff-key-since = Seit
staff-key-file = Öffentlicher Schlüssel
staff-key-file-hint = Der Inhalt der Datei, von „-----BEGIN PUBLIC KEY-----“ bis „-----END PUBLIC KEY-----“.
staff-key-add = Schlüssel aufnehmen
staff-key-add-lead = Lassen Sie sich den Schlüssel auf einem Weg geben, auf dem ihn niemand austauschen kann.
staff-key-add-button = Diesem Schlüssel vertrauen
staff-key-remove = Entfernen
staff-key-remove-title = Schlüssel von { $name } entfernen
staff-key-remove-lead = Neue Pakete mit diesem Schlüssel werden nicht mehr aufgenommen. Was schon geprüft und freigegeben ist, bleibt; ziehen Sie es einzeln zurück, wenn das nötig ist.
staff-key-remove-button = Nicht mehr vertrauen
staff-key-done-added = Dem Schlüssel wird jetzt vertraut.
staff-key-done-removed = Dem Schlüssel wird nicht mehr vertraut.

staff-recordings = Aufzeichnungen für den Autor
staff-recordings-lead =
    { $days ->
        [one] Was Kundenkonten zur Fehlersuche weitergegeben haben. Jede Aufzeichnung wird nach einem Tag gelöscht.
       *[other] Was Kundenkonten zur Fehlersuche weitergegeben haben. Jede Aufzeichnung wird nach { $days } Tagen gelöscht.
    }
staff-recordings-count =
    { $count ->
        [0] Bisher hat kein Kundenkonto eine weitergegeben.
        [one] Eine ist weitergegeben.
       *[other] { $count } sind weitergegeben.
    }
staff-recordings-show = Aufzeichnungen ansehen
staff-recordings-none = Noch keine Aufzeichnung
staff-recordings-none-text = Wer eine Erweiterung eingerichtet hat, kann die Aufzeichnung einer Ausführung auf deren Seite an den Autor geben.
staff-recordings-run = Ausführung
staff-recordings-since = Weitergegeben
staff-recordings-download = Herunterladen
staff-recordings-noted = Aufzeichnungen können personenbezogene Daten enthalten. Jeder Abruf steht im Zugriffsprotokoll des Kundenkontos.

staff-runs-title = Grenzen für Erweiterungen
staff-runs-lead = Was eine Ausführung im Tarif { $plan } höchstens verbrauchen darf. Leere Felder bedeuten die Vorgabe.
staff-runs-limit = Grenze
staff-runs-page = Seiten und Karten
staff-runs-event = Ereignisse und Aufrufe
staff-runs-task = Geplante Aufgaben
staff-runs-range = { $min } bis { $max }
staff-runs-range-bytes = in Bytes, { $min } bis { $max }
staff-runs-default = Vorgabe { $value }
staff-runs-default-bytes = Vorgabe { $value }, das sind { $size }
staff-runs-button = Grenzen speichern
staff-runs-day = Am Tag
staff-runs-day-hint = Wie oft jede eingerichtete Erweiterung von Mitternacht bis Mitternacht (UTC) höchstens startet, { $min } bis { $max }. Danach ruht sie bis zum nächsten Tag. Vorgabe { $value }.
staff-run-limit-runs = Ausführungen je Erweiterung
staff-run-limit-wall_ms = Dauer in Millisekunden
staff-run-limit-cpu_ms = Rechenzeit in Millisekunden
staff-run-limit-memory_bytes = Arbeitsspeicher
staff-run-limit-table_elements = Einträge in Tabellen
staff-run-limit-handles = Offene Verweise
staff-run-limit-call_bytes = Daten eines Aufrufs
staff-run-limit-calls_bytes = Daten aller Aufrufe
staff-run-limit-calls = Aufrufe
staff-run-limit-fetches = Anfragen an andere Server
staff-run-limit-kv_calls = Zugriffe auf eigene Daten
staff-run-limit-log_lines = Zeilen im Protokoll
staff-run-limit-log_line_bytes = Länge einer Protokollzeile
staff-run-limit-log_bytes = Umfang des Protokolls
staff-run-limit-result_bytes = Umfang des Ergebnisses
staff-run-limit-effects = Änderungen
