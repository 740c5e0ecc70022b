# Datenbanken, SQL-Konsole, Einspielen und Herunterladen.
databases-title = Datenbanken
databases-lead = Für Shops, Blogs und eigene Programme. Jede Datenbank hat ihren eigenen Speicherplatz.
databases-search = Datenbank suchen
databases-search-hint = Name oder ein Teil davon
databases-empty-title = Platz für Ihre Daten
databases-empty-text = Eine Datenbank speichert, was Ihre Website oder Ihr Programm braucht. Ein Name genügt; sie ist sofort bereit.
databases-nothing-text = Keine Datenbank enthält „{ $text }“ im Namen. Vielleicht liegt sie im Papierkorb.
database-name = Name
database-name-hint = Kleinbuchstaben, Ziffern und Unterstriche, zum Beispiel shop_2026.
database-engine = Datenbanksystem
database-engine-sqlite = Eine Datei, die sofort bereit ist. Tabellen und SQL im Kundencenter.
database-engine-mariadb = Ein Server für Websites und Programme, wie ihn WordPress und die meisten Shops brauchen.
database-engine-postgresql = Ein Server für Websites und Programme, die PostgreSQL brauchen.
database-reach = Zugang für Programme
database-reach-none = Der Server dieser Datenbank wird gerade nicht angeboten. Ihre Daten bleiben erhalten.
database-host = Host
database-port = Port
database-server-name = Datenbank
database-user = Benutzer
database-password-new = Neues Passwort erzeugen
database-password-new-text = Das bisherige Passwort gilt danach nicht mehr, und wer damit angemeldet ist, wird abgemeldet. Das neue zeigen wir einmal.
database-password-title = Neues Passwort für „{ $name }“
database-password-lead = Das bisherige Passwort gilt nicht mehr.
database-password-noted = Passwort ist gespeichert
database-once-title = Ihr Datenbank-Passwort
database-once-text = Dieses Passwort sehen Sie nur jetzt. Bitte speichern Sie es; ein neues können Sie jederzeit erzeugen.
database-created-title = Datenbank „{ $name }“ ist angelegt
database-created-lead = Sie wird gerade eingerichtet, meist in unter 2 Sekunden.
database-created-go = Zur Datenbank
database-quota = Speicherplatz der Datenbank
database-open-sql = SQL-Konsole öffnen
database-open-sql-of = SQL-Konsole von { $name } öffnen
database-tabs = Seiten von { $name }
database-tab-show = Überblick
database-tab-sql = SQL-Konsole
database-tab-import = Einspielen und Herunterladen
database-tab-settings = Einstellungen
database-settings-title = Einstellungen von { $name }
database-import = SQL-Datei einspielen
database-export = Als SQL-Datei herunterladen
database-create-title = Datenbank anlegen
database-create-lead = Ein Name genügt. Den Speicherplatz können Sie später ändern.
database-create-button = Datenbank anlegen
database-happens-file = Leere Datenbank
database-happens-file-sub = mit bis zu { $quota } aus Ihrem Tarif
database-happens-sql = SQL-Konsole im Kundencenter
database-happens-sql-sub = dazu SQL-Dateien zum Einspielen und Herunterladen, oder ein Zugang für Ihre Programme
database-tables = Tabellen
database-connections = Verbindungen
database-connections-most = Verbindungen gleichzeitig
database-connections-hint = Wie viele eine Datenbank und alle Ihre zusammen haben dürfen, legt Ihr Tarif fest. Weniger als jetzt beendet die offenen; Programme verbinden sich neu.
database-statement-most = Längste Anweisung
database-seconds = { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }
database-login = Anmeldung
database-login-sqlite = keine
database-login-mariadb = mysql_native_password
database-login-postgresql = SCRAM-SHA-256
database-table = Tabelle
database-rows = Zeilen
database-tables-empty = Noch keine Tabelle. Spielen Sie eine SQL-Datei ein, oder legen Sie in der SQL-Konsole eine an.
database-tables-hidden = Die Tabellen sind hier gerade nicht zu sehen: Die Datenbank ist noch nicht bereit oder gesperrt, oder Ihre Rolle zeigt keine Inhalte.
database-tables-unreached = Die Tabellen sind von dieser Freigabe nicht umfasst.
database-rows-of = Zeilen der Tabelle { $table }
database-rows-noted = Jeder Blick in eine Tabelle steht im Zugriffsprotokoll.
database-rejected = Die Datenbank hat die Anweisung nicht ausgeführt. Ihre Eingabe steht unverändert da.
database-over-quota = Der Speicherplatz reicht nicht ({ $quota }). Es wurde nichts geändert. Vergrößern Sie ihn in den Einstellungen.
database-too-large = Das ist größer als hier möglich ({ $max }). Es wurde nichts geändert.

sql-title = SQL-Konsole von { $name }
sql-statement = SQL-Anweisungen
sql-hint = Mehrere Anweisungen mit Semikolon trennen; gezeigt werden die Zeilen der letzten. Strg und Eingabetaste führen aus.
sql-run = Ausführen
sql-noted = Anweisungen lassen sich nicht rückgängig machen. Jeder Zugriff steht im Zugriffsprotokoll.
sql-answer = Ergebnis
sql-time = { $millis } ms
sql-changed =
    { $count ->
        [0] Ausgeführt. Keine Zeile wurde geändert.
        [one] Ausgeführt. 1 Zeile wurde geändert.
       *[other] Ausgeführt. { $count } Zeilen wurden geändert.
    }
sql-no-rows = Keine Zeile passt dazu.
sql-rows = Zeilen { $first } bis { $last }
sql-before = Frühere Zeilen
sql-next = Weitere Zeilen
sql-cut = Es gibt weitere Zeilen. Damit nichts ein zweites Mal ausgeführt wird, blättern wir hier nicht; holen Sie sie mit LIMIT und OFFSET.
sql-null = leer (NULL)
sql-binary = Binärdaten, { $size }

import-title = SQL-Datei in { $name } einspielen
import-lead = Die Datei wird ganz ausgeführt oder gar nicht: Bei einem Fehler bleibt Ihre Datenbank, wie sie war.
import-lead-stays = Die Datei wird Anweisung für Anweisung ausgeführt. MariaDB kann Tabellen nicht zurücknehmen: Bei einem Fehler bleibt, was vorher ausgeführt wurde, und die Meldung sagt, wie viel das ist.
import-server = Alles in der Datei gehört danach dem Benutzer dieser Datenbank: Besitzer, Definierer und Rechte darin werden weggelassen. Befehle für das Clientprogramm, andere Datenbanken und Dateien des Servers sind nicht möglich.
import-file = SQL-Datei
import-file-hint = SQL für dasselbe Datenbanksystem, unkomprimiert, in UTF-8, höchstens { $most }. Danach darf die Datenbank höchstens { $quota } belegen.
import-run = Einspielen
import-progress = Wird eingespielt: %
import-failed = Die Verbindung brach ab. Kam die Datei nicht ganz an, ist Ihre Datenbank unverändert; sehen Sie bitte nach, bevor Sie es noch einmal versuchen.
import-failed-stays = Das Einspielen wurde unterbrochen. Was bis dahin ausgeführt wurde, bleibt; bitte sehen Sie Ihre Tabellen an, bevor Sie es noch einmal versuchen.
import-done = Eingespielt: { $size }.
export-lead = Alle Tabellen mit ihren Daten, dazu Indizes, Sichten und Trigger, als SQL-Text für SQLite; hier und mit den Programmen von SQLite lässt er sich wieder einspielen. Vollständig ist die Datei, wenn ihre letzte Zeile COMMIT; lautet.
export-lead-server = Alle Tabellen mit ihren Daten, dazu Indizes, Sichten, Trigger und Routinen, als SQL-Text für dasselbe Datenbanksystem; hier und mit dessen eigenen Programmen lässt er sich wieder einspielen.
export-run = SQL-Datei herunterladen

conflict-suspended = Das ist gerade gesperrt. Die Daten sind erhalten; heben Sie zuerst die Sperre auf.
