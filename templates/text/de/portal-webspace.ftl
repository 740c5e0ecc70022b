# Webspaces.
webspaces-lead = Ein Webspace ist der Ort für eine Website: Dateien, Domain und SSL-Zertifikat gehören zusammen.
webspaces-empty-title = Hier entsteht Ihre Website
webspaces-empty-text = Ein Webspace nimmt Ihre Dateien auf und ist sofort unter einer Vorschau-Adresse erreichbar, verschlüsselt und ohne eigene Domain.
webspaces-filter = Webspaces filtern
webspaces-search = Webspace suchen
webspaces-search-hint = Name des Webspace
webspaces-shown =
    { $count ->
        [one] 1 Webspace
       *[other] { $count } Webspaces
    }
webspaces-in-plan = { $used } von { $max } Webspaces in Ihrem Tarif
webspace-create = Webspace anlegen
webspace-create-lead = Ein Name genügt. Alles lässt sich später ändern.
webspace-name = Name
webspace-name-hint = Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel mein-laden. Der Name wird Teil der Vorschau-Adresse.
webspace-domain = Domain
webspace-domain-hint = Eine bestätigte Domain oder ein Name darunter, zum Beispiel www.bäckerei-sonne.de. Sie können auch später verbinden.
webspace-quota = Speicherplatz
webspace-quota-hint = Zum Beispiel 2 GB oder 500 MB.
webspace-document-root = Zielverzeichnis
webspace-document-root-hint = Der Ordner, den Besucher sehen. Leer heißt: alle Dateien des Webspace.
webspace-tab-rules = Regeln
webspace-redirects = Web-Weiterleitungen
webspace-redirects-hint = Eine je Zeile: 301 /alt https://www.mein-laden.example/neu. Mit 302 oder ohne Zahl gilt sie vorläufig. 410 /alt sagt, dass es etwas nicht mehr gibt. Der Pfad gilt mit allem, was darunter liegt.
webspace-error-pages = Eigene Fehlerseiten
webspace-error-pages-hint = Eine je Zeile: 404 fehler/fehlt.html. Möglich sind 401 (Passwort nötig), 403 (kein Zutritt), 404 (fehlt), 410 (gibt es nicht mehr), 500 (Fehler des Servers), 502 (Anwendung antwortet nicht) und 503 (überlastet). Die Seite ist eine HTML-Datei im Zielverzeichnis.
webspace-hsts = Browser bleiben bei HTTPS (HSTS)
webspace-hsts-hint = Wer einmal verschlüsselt da war, kommt nicht mehr unverschlüsselt, solange der Browser es sich merkt.
webspace-hsts-off = Nein
webspace-hsts-month = 30 Tage, zum Ausprobieren
webspace-hsts-years = Zwei Jahre
webspace-server = Webserver
webspace-server-hint = Apache liest .htaccess-Dateien: Regeln von Anwendungen, Passwörter und Sperren gelten so, wie sie dort stehen.
webspace-server-nginx = nginx
webspace-server-apache = Apache mit .htaccess
webspace-upload = Größte Datei, die Besucher hochladen
webspace-upload-hint = Zum Beispiel 100 MB. Ohne Angabe gelten 64 MB.
webspace-folders-title = Verzeichnisschutz
webspace-folders-empty = Kein Verzeichnis ist geschützt. Ein geschütztes öffnet nur, wer Name und Passwort kennt.
webspace-folders-no-nginx = Verzeichnisschutz gibt es, wenn nginx die Websites zeigt. Hier ist das nicht so.
webspace-folder-of = Zugang für { $user }
webspace-folder-add = Zugang anlegen
webspace-folder = Verzeichnis
webspace-folder-hint = Im Zielverzeichnis, zum Beispiel intern. Leer ist es die ganze Website.
webspace-folder-user = Name
webspace-folder-password = Passwort
webspace-folder-password-hint = Wir zeigen es nicht wieder. Legen Sie denselben Zugang noch einmal an, gilt das neue.
webspace-rule-files-title = .htaccess-Dateien
webspace-rule-files-text = nginx liest diese Dateien nicht. Web-Weiterleitungen, Fehlerseiten und Verzeichnisschutz stellen Sie hier ein.
webspace-rule-files-apache = Apache liest diese Dateien. Was es dort nicht versteht oder nicht erlaubt, beantwortet es mit dem Fehler 500; das Fehlerprotokoll nennt den Grund.
webspace-rule-file-protects = Schützt etwas. Ohne Verzeichnisschutz für dieses Verzeichnis wird keine Änderung der Website aktiv.
webspace-rule-file-shuts = Sperrt ihr Verzeichnis bis auf einzelne Dateien. nginx sperrt es ab der nächsten Änderung der Website ebenso; ist es die ganze Website, oder liegt ein Verzeichnis mit Passwort oder eine weitere .htaccess-Datei darin, wird keine Änderung aktiv.
webspace-rule-file-plain = Schützt nichts; ihre Regeln gelten hier nicht.
webspace-rule-file-read = Apache liest sie.
webspace-rules-help-title = Gut zu wissen
webspace-rules-help-redirects = Eine Web-Weiterleitung gilt vor jeder Datei gleichen Namens.
webspace-rules-help-hsts = HSTS lässt sich nicht zurückrufen: Browser halten sich daran, bis die Zeit um ist.
webspace-rules-help-folders = Zu geschützten Verzeichnissen kommt man nur verschlüsselt; die ganze Website wird dann auf HTTPS weitergeleitet.
webspace-rules-help-apache = Mit Apache gelten Passwörter und Weiterleitungen von hier vor den .htaccess-Dateien.
webspace-rules-help-no-apache = .htaccess-Dateien werden hier nicht gelesen: Apache gibt es auf diesem Server nicht.
webspace-tab-php = PHP
webspace-php-off = Diese Website läuft ohne PHP. Was Sie hier einstellen, gilt, sobald Sie es in den Einstellungen einschalten.
webspace-php-form = Einstellungen von PHP
webspace-php-holds = Das gilt gerade
webspace-php-hoster = Welche Dateien PHP sieht und welche Programme es startet, legen wir fest. Ein Tarif mit höheren Grenzen gilt nach spätestens einer Stunde.
webspace-php-from-usual = wie üblich
webspace-php-from-plan = aus Ihrem Tarif
webspace-php-from-own = von Ihnen
webspace-php-usual = Wie üblich ({ $value })
webspace-php-seconds =
    { $count ->
        [one] Eine Sekunde
       *[other] { $count } Sekunden
    }
webspace-php-memory_limit = Arbeitsspeicher je Anfrage
webspace-php-memory_limit-hint = Zum Beispiel 256M. Leer heißt: wie üblich. Bei PHP heißt es memory_limit.
webspace-php-max_execution_time = Dauer einer Anfrage
webspace-php-max_execution_time-hint = In Sekunden. Was länger dauert, wird beendet (max_execution_time).
webspace-php-max_input_vars = Felder eines Formulars
webspace-php-max_input_vars-hint = So viele liest PHP höchstens, 100 bis 20.000 (max_input_vars).
webspace-php-display_errors = Fehlermeldungen auf der Website
webspace-php-display_errors-hint = Nur zum Suchen von Fehlern: Besucher sehen sonst, was niemanden angeht (display_errors).
webspace-php-display_errors-on = Zeigen
webspace-php-display_errors-off = Nicht zeigen
webspace-php-error_reporting = Was PHP meldet
webspace-php-error_reporting-hint = Die Meldungen stehen im Protokoll von PHP (error_reporting).
webspace-php-error_reporting-all = Alles
webspace-php-error_reporting-no-deprecated = Alles außer Veraltetem
webspace-php-error_reporting-no-notices = Warnungen und Fehler
webspace-php-error_reporting-errors = Nur Fehler, die eine Anfrage beenden
webspace-php-error_reporting-none = Nichts
webspace-php-date_timezone = Zeitzone
webspace-php-default_charset = Zeichensatz
webspace-php-opcache_revalidate_freq = Nach geänderten Dateien sehen
webspace-php-opcache_revalidate_freq-hint = Alle wie viele Sekunden; 0 heißt jedes Mal (opcache.revalidate_freq).
webspace-php-session_gc_maxlifetime = Dauer einer Sitzung
webspace-php-session_gc_maxlifetime-hint = Wie viele Sekunden eine Sitzung ohne Besuch mindestens hält, höchstens eine Woche (session.gc_maxlifetime).
webspace-php-children = Gleichzeitige Anfragen
webspace-php-upload = Größte Datei, die Besucher hochladen
webspace-php-upload-usual = 64 MB
webspace-php-upload-from = aus den Regeln der Website
webspace-php-doing = So läuft PHP
webspace-php-working = Prozesse bei der Arbeit
webspace-php-of = { $active } von { $max }
webspace-php-verdict-fine = PHP kommt gut hinterher.
webspace-php-verdict-full = Zeitweise waren alle Prozesse beschäftigt; Besucher haben gewartet. Sehen Sie bei den langen Anfragen nach.
webspace-php-verdict-waits = Gerade warten Besucher auf einen freien Prozess. Sehen Sie bei den langen Anfragen nach.
webspace-php-waiting = Wartende Anfragen
webspace-php-idle = Freie Prozesse
webspace-php-most = Höchstens gleichzeitig
webspace-php-reached = Alle beschäftigt, so oft
webspace-php-slow = Lange Anfragen
webspace-php-accepted = Anfragen insgesamt
webspace-php-counted =
    { $minutes ->
        [one] Gezählt seit einer Minute, als PHP zuletzt neu geladen wurde.
       *[other] Gezählt seit { $minutes } Minuten, als PHP zuletzt neu geladen wurde.
    }
webspace-php-idle-all = Für diese Website läuft gerade kein PHP.
webspace-php-silent = PHP sagt gerade nicht, wie es läuft. Die Website ist davon nicht betroffen; laden Sie die Seite noch einmal.
webspace-php = PHP
webspace-php-none = Ohne PHP
webspace-php-hint = Was PHP-Dateien ausführt. Ohne PHP werden sie niemandem gezeigt.
webspace-will-folder = Ordner mit einer Startseite
webspace-will-folder-sub = die Sie durch Ihre eigene ersetzen
webspace-will-preview = Vorschau-Adresse
webspace-will-preview-sub = sofort erreichbar, nicht in Suchmaschinen
webspace-will-certificate = SSL-Zertifikat
webspace-will-certificate-sub = HTTP leitet auf HTTPS um
webspace-will-sftp = SFTP-Zugang
webspace-will-sftp-sub = das Passwort zeigen wir einmal
webspace-created-title = Webspace „{ $name }“ ist angelegt
webspace-created-lead = Er wird gerade eingerichtet, meist in unter 2 Sekunden.
webspace-created-go = Zum Webspace
webspace-once-title = Ihr SFTP-Passwort
webspace-once-text = Dieses Passwort sehen Sie nur jetzt. Bitte speichern Sie es; ein neues können Sie jederzeit erzeugen.
webspace-address-title = Ihre Vorschau-Adresse
webspace-address-text = Hier ist Ihre Website ab sofort zu sehen, auch ohne eigene Domain.
webspace-open = Website öffnen
webspace-preview-open = Vorschau-Adresse öffnen
webspace-more = Weitere Aktionen für { $name }
webspace-tabs = Bereiche des Webspace
webspace-tab-overview = Überblick
webspace-tab-files = Dateien
webspace-tab-hosts = Domains und SSL
webspace-tab-access = Zugänge
webspace-tab-log = Protokolle
webspace-tab-settings = Einstellungen
webspace-hosts-more =
    { $count ->
        [one] und 1 weitere
       *[other] und { $count } weitere
    }
webspace-only-preview = nur Vorschau-Adresse
webspace-steps-title = Häufige Schritte
webspace-step-upload = Dateien hochladen
webspace-step-domain = Domain verbinden
webspace-step-access = SFTP-Zugang einrichten
webspace-main-host = Hauptdomain
webspace-preview = Vorschau-Adresse
webspace-preview-stays = bleibt immer
webspace-certificate = SSL-Zertifikat
webspace-certificate-until = gültig bis { $at }
webspace-certificate-by = ausgestellt von { $issuer }
webspace-certificate-of = Ausgestellt von { $issuer }. Erneuert sich von selbst.
webspace-certificate-none = noch keines, wird automatisch ausgestellt
webspace-hosts-title = Verbundene Domains
webspace-host = Domain
webspace-host-hint = Eine bestätigte Domain oder ein Name darunter, zum Beispiel www.bäckerei-sonne.de
webspace-host-add = Domain verbinden
webspace-host-remove = Lösen
webspace-https-title = Verschlüsselung
webspace-https-text = Besucher, die mit http:// kommen, schicken wir auf die verschlüsselte Adresse weiter.
webspace-https-on = Weiterleitung auf HTTPS ist an
webspace-https-off = Weiterleitung auf HTTPS ist aus
webspace-https-turn-on = Weiterleitung einschalten
webspace-https-turn-off = Weiterleitung ausschalten
webspace-dns-title = Damit die Domain hierher führt
webspace-dns-text = Tragen Sie bei Ihrem Domain-Anbieter die Adresse dieses Servers ein. Bis das überall angekommen ist, dauert es bis zu einem Tag; solange gilt die Vorschau-Adresse.
webspace-sftp-title = SFTP-Zugang
webspace-sftp-text = Damit laden Sie Dateien mit einem Programm wie FileZilla oder Cyberduck hoch.
webspace-sftp-host = Server
webspace-sftp-port = Port
webspace-sftp-login = Benutzername
webspace-sftp-password = Passwort
webspace-sftp-password-set = gesetzt, aus Sicherheitsgründen nicht lesbar
webspace-sftp-password-none = keines, Anmeldung nur mit SSH-Schlüssel
webspace-sftp-command = Befehl
webspace-password-new = Neues Passwort erzeugen
webspace-password-new-text = Das bisherige Passwort gilt danach nicht mehr. Das neue zeigen wir einmal.
webspace-password-title = Neues SFTP-Passwort für „{ $name }“
webspace-password-lead = Das bisherige Passwort gilt nicht mehr.
webspace-password-noted = Passwort ist gespeichert
webspace-keys-title = SSH-Schlüssel
webspace-keys-empty = Noch kein SSH-Schlüssel hinterlegt. Mit einem Schlüssel melden Sie sich ohne Passwort an.
webspace-key = Öffentlicher SSH-Schlüssel
webspace-key-hint = Der Inhalt der Datei mit der Endung .pub, in einer Zeile.
webspace-key-name = Bezeichnung
webspace-key-name-hint = Zum Beispiel das Gerät: Laptop im Büro
webspace-key-add = SSH-Schlüssel hinterlegen
webspace-key-since = seit { $at }
webspace-key-delete = SSH-Schlüssel entfernen
webspace-key-delete-title = SSH-Schlüssel „{ $name }“ entfernen?
webspace-key-delete-text = Er öffnet den Webspace „{ $name }“ danach nicht mehr.
webspace-key-delete-loses = Neue Anmeldungen mit diesem Schlüssel werden abgewiesen.
webspace-key-delete-keeps = Passwort und andere Schlüssel gelten weiter.
webspace-access-help-title = So geht es
webspace-access-help-program = Wählen Sie in Ihrem Programm als Protokoll SFTP und tragen Sie Server, Port und Benutzername ein.
webspace-access-help-key = Einen Schlüssel erzeugt auf Ihrem Rechner der Befehl ssh-keygen -t ed25519.
webspace-log-which = Welches Protokoll
webspace-log-of-access = Zugriffe
webspace-log-of-error = Fehler
webspace-log-of-php = PHP
webspace-log-of-slow = Lange Anfragen
webspace-log-filter = Zeilen filtern
webspace-log-filter-button = Filtern
webspace-log-search = Text in der Zeile
webspace-log-status = Antwort
webspace-log-status-all = Alle Antworten
webspace-log-status-2xx = Gelungen (2xx)
webspace-log-status-3xx = Weitergeleitet (3xx)
webspace-log-status-4xx = Nicht gefunden oder abgewiesen (4xx)
webspace-log-status-5xx = Fehler des Servers (5xx)
webspace-log-nothing = In den letzten Zeilen kommt das nicht vor.
webspace-log-empty-access = Noch keine Zugriffe. Sobald jemand die Website öffnet, steht es hier.
webspace-log-empty-error = Keine Fehler. Was der Server nicht ausliefern konnte, steht hier.
webspace-log-empty-php = Keine Meldungen. Was PHP und Ihre Anwendung beanstanden, steht hier.
webspace-log-empty-slow = Keine langen Anfragen. Dauert eine Seite länger als fünf Sekunden, steht hier, womit PHP beschäftigt war.
webspace-log-no-php = Diese Website läuft ohne PHP. Sie schalten es in den Einstellungen ein.
webspace-log-kept = Protokolle löschen wir nach 14 Tagen; vollständige Adressen kürzen wir nach sieben.
webspace-log-refresh = Aktualisieren
webspace-log-shown =
    { $count ->
        [one] Die letzte Zeile.
       *[other] Die letzten { $count } Zeilen, die neueste unten.
    }
webspace-log-addresses = Adressen der Besucher
webspace-log-short = IP-Adressen werden gekürzt.
webspace-log-full-until = Vollständige IP-Adressen werden bis { $at } protokolliert.
webspace-log-meaning = Mit einer Weisung protokollieren wir sieben Tage lang vollständige Adressen, etwa um einen Angriff zu untersuchen. Vollständige Adressen sind personenbezogene Daten: Sie brauchen dafür einen Grund. Die Weisung steht im Änderungsprotokoll.
webspace-log-start = Weisung erteilen, 7 Tage
webspace-log-stop = Weisung beenden
webspace-settings-unchanged = Es ist schon so eingestellt, es gab nichts zu ändern.
webspace-off-title = Website vorübergehend abschalten
webspace-off-text = Besucher sehen dann einen Hinweis. Dateien und Einstellungen bleiben.
webspace-end-title = Webspace löschen
webspace-end-text = Er liegt danach 14 Tage im Papierkorb.
webspace-suspend = Webspace sperren
webspace-suspend-title = „{ $name }“ sperren
webspace-suspend-lead = Besucher sehen dann einen Hinweis statt der Website. Dateien bleiben lesbar, aber lassen sich nicht ändern.
webspace-suspend-reason-hint = Für Sie und Ihre Mitbenutzer, Besucher sehen ihn nicht.
webspace-delete-title = Webspace „{ $name }“ löschen?
webspace-delete-text = Der Webspace kommt in den Papierkorb und lässt sich 14 Tage lang zurückholen, mit allen Dateien.
webspace-delete-loses-site = Die Website ist sofort nicht mehr erreichbar.
webspace-delete-loses-hosts =
    { $count ->
        [0] Es sind keine Domains verbunden.
        [one] Eine verbundene Domain wird frei.
       *[other] { $count } verbundene Domains werden frei.
    }
webspace-delete-keeps = Dateien, Zugänge und Einstellungen bleiben 14 Tage erhalten.

# Dateimanager.
files-crumbs = Ordner
files-search = In diesem Ordner suchen
files-caption = Inhalt von /{ $folder }
files-name = Name
files-modified = Geändert
files-size = Größe
files-link = Verknüpfung
files-upload = Dateien hochladen
files-upload-hint = Auch mehrere auf einmal. Vorhandene Dateien mit gleichem Namen werden ersetzt.
files-download = Herunterladen
files-edit = Bearbeiten
files-unzip = Hier entpacken
files-rename = Umbenennen
files-empty-title = Dieser Ordner ist leer
files-empty-text = Laden Sie oben Dateien hoch, oder legen Sie einen Ordner an.
files-count =
    { $count ->
        [one] 1 Eintrag.
       *[other] { $count } Einträge.
    }
files-cut = { $count } von { $total } Einträgen. Die übrigen finden Sie über die Suche.
files-used = { $used } von { $max } belegt.
files-did-uploaded = Hochgeladen.
files-did-folder = Ordner angelegt.
files-did-renamed = Umbenannt.
files-did-deleted = Gelöscht.
files-did-saved = Gespeichert.
files-did-unzipped = Entpackt.
files-folder-new = Ordner anlegen
files-folder-title = Ordner anlegen
files-folder-lead = Der neue Ordner liegt dann in { $at }.
files-folder-label = Name des Ordners
files-folder-hint = Ohne Schrägstrich, zum Beispiel bilder
files-folder-button = Ordner anlegen
files-rename-title = Umbenennen
files-rename-lead = Es geht um { $at }.
files-rename-label = Neuer Name oder Pfad
files-rename-hint = Mit einem anderen Ordner davor wird verschoben, zum Beispiel archiv/alt.html
files-rename-button = Umbenennen
files-delete-title = „{ $name }“ löschen?
files-delete-text = Einzelne Dateien und Ordner haben keinen Papierkorb: Gelöscht heißt hier endgültig gelöscht.
files-delete-button = Endgültig löschen
files-delete-loses-file = Die Datei ist danach weg.
files-delete-loses-folder = Der Ordner und alles darin sind danach weg.
files-edit-lead = Zuletzt geändert am { $at }.
files-edit-label = Inhalt
files-edit-button = Datei speichern
files-edit-over = Der Text ist zu lang: Hier lassen sich bis { $max } speichern. Kürzen Sie ihn, oder laden Sie die Datei im Ordner hoch.
files-edit-theirs = Die Version auf dem Server herunterladen
files-edit-download = { $name } herunterladen
files-back = Zurück zum Ordner
files-error-no-file = Es war keine Datei ausgewählt. Wählen Sie mindestens eine aus.
files-error-bad-name = Eine Datei hat einen Namen, der hier nicht möglich ist. Benennen Sie sie auf Ihrem Gerät um und versuchen Sie es noch einmal. Dateien davor sind hochgeladen.
files-error-no-text = Das ist keine Textdatei in UTF-8 und lässt sich deshalb hier nicht bearbeiten. Herunterladen geht.
files-error-too-large-to-edit = Diese Datei ist zu groß für den Browser: Hier lassen sich Dateien bis { $max } bearbeiten. Laden Sie sie herunter und danach geändert wieder hoch, oder nutzen Sie den SFTP-Zugang.
files-error-too-large-to-save = Der Text ist zu lang: Hier lassen sich bis { $max } speichern. Die Datei ist unverändert, Ihr Text steht unten. Kürzen Sie ihn, oder laden Sie die Datei im Ordner hoch.
files-error-changed-meanwhile = Die Datei wurde inzwischen anderswo geändert. Es wurde nichts überschrieben, Ihr Text steht unten. Speichern Sie noch einmal, wenn Ihr Stand gelten soll.
files-error-gone-meanwhile = Diese Datei gibt es nicht mehr: Sie wurde inzwischen gelöscht oder umbenannt. Ihr Text steht unten. Speichern legt sie wieder an.
