# Cronjobs: Programme eines Webspace, die immer wieder laufen.
webspace-tab-cron = Cronjobs
cron-title = Cronjobs
cron-all = Alle Cronjobs
cron-empty-title = Was regelmäßig laufen soll
cron-empty-text = Ein Cronjob startet ein Programm dieses Webspace von selbst: jede Nacht, jede Stunde oder wann Sie möchten. Ergebnis und Ausgabe stehen danach hier.
cron-create = Cronjob anlegen
cron-runs-php = Hier laufen nur Befehle, die mit php beginnen: Webspaces haben auf diesem Server keinen eigenen Benutzer.
cron-runs-nothing = Hier läuft kein Cronjob: Webspaces haben auf diesem Server keinen eigenen Benutzer. Sie können Cronjobs anlegen, aber jeder Lauf endet als Fehler. Bitte wenden Sie sich an den Support.
cron-name = Name
cron-name-hint = Zum Beispiel Newsletter.
cron-command = Befehl
cron-command-hint = php und ein Skript, oder eine Datei mit Schrägstrich: php cron/versand.php --alle, ./import
cron-when = Wann
cron-way-hint = Uhrzeiten gelten in deutscher Zeit.
cron-way-quarter = Alle 15 Minuten
cron-way-hourly = Jede Stunde
cron-way-daily = Jeden Tag
cron-way-working = Montags bis freitags
cron-way-weekly = Montags
cron-way-monthly = Am 1. jedes Monats
cron-way-own = Eigener Zeitplan
cron-at = Uhrzeit
cron-at-hint = Zum Beispiel 03:15. Bei „Jede Stunde“ zählen nur die Minuten.
cron-fields = Eigener Zeitplan
cron-fields-hint = Fünf Angaben: Minute, Stunde, Tag, Monat, Wochentag. Zum Beispiel 15 3 * * 1 für montags um 03:15 Uhr.
cron-help-title = Gut zu wissen
cron-help-program = Das Programm startet im Ordner dieses Webspace. Es bekommt keine Eingabe, und von der Umgebung nur HOME, PATH, TZ und LANG. Schreiben Sie keine Passwörter in den Befehl: Er steht im Änderungsprotokoll.
cron-help-shell = Der Befehl geht an keine Shell: Umleitungen, Pipes, Platzhalter und Variablen gibt es hier nicht. Was Sie davon brauchen, schreiben Sie in das Skript.
cron-help-limits = Ein Lauf dauert höchstens 10 Minuten. Läuft der vorige noch, fällt der nächste aus.
cron-help-clock = Zeiten, die die Zeitumstellung auslässt, laufen eine Stunde später. Zeiten, die zweimal kommen, laufen einmal.
cron-next = Nächster Lauf
cron-last = Letzter Lauf
cron-never = noch keiner
cron-state = Zustand
cron-on = läuft nach Zeitplan
cron-paused = pausiert
cron-asked = Gestartet
cron-run = Jetzt ausführen
cron-pause = Pausieren
cron-resume = Fortsetzen
cron-upcoming = Die nächsten Läufe
cron-set-schedule = Zeitplan ändern
cron-set-command = Befehl ändern
cron-history = Verlauf
cron-history-empty = Dieser Cronjob ist noch nicht gelaufen.
cron-history-kept = Die letzten 100 Läufe, höchstens 30 Tage.
cron-picture = Die letzten Läufe, der neueste rechts: hohe Balken sind Fehler, niedrige ausgefallene Läufe. Einzeln stehen sie in der Tabelle.
cron-began = Beginn
cron-outcome = Ergebnis
cron-took = Dauer
cron-memory = Arbeitsspeicher
cron-by-hand = von Hand
cron-exit = Rückgabewert { $code }
cron-signal = beendet durch Signal { $signal }
cron-seconds =
    { $count ->
        [one] 1 Sekunde
       *[other] { $count } Sekunden
    }
cron-output = Ausgabe
cron-output-show = Ausgabe ansehen
cron-output-of = Ausgabe vom { $at }
cron-output-none = Dieser Lauf hat nichts ausgegeben.
cron-output-cut = Nur das Ende der Ausgabe ist aufgehoben: 64 KB.
cron-delete = Cronjob löschen
cron-delete-title = Cronjob „{ $name }“ löschen?
cron-delete-text = Der Cronjob gehört zum Webspace { $name }.
cron-delete-loses = Er läuft nicht mehr, und sein Verlauf ist weg.
cron-delete-keeps = Die Dateien des Webspace bleiben.
cron-outcome-running = läuft
cron-outcome-ok = in Ordnung
cron-outcome-failed = Fehler
cron-outcome-timeout = zu lange
cron-outcome-limit = über der Grenze
cron-outcome-missed = verpasst
cron-outcome-overlap = ausgefallen
cron-outcome-lost = unbekannt
cron-reason-no-user = Hier haben Webspaces keinen eigenen Benutzer, darum läuft nichts. Bitte wenden Sie sich an den Support.
cron-reason-php-missing = Der Webspace hat kein PHP, oder es ist hier nicht installiert.
cron-reason-program-missing = Die Datei gibt es nicht.
cron-reason-program-not-plain = Das ist keine einfache Datei des Webspace.
cron-reason-program-not-runnable = Die Datei sagt nicht, was sie ausführt: Die erste Zeile beginnt mit #!
cron-reason-not-started = Das Programm ließ sich nicht starten. Der nächste Lauf versucht es wieder.
cron-reason-output = Mehr als 16 MB Ausgabe.
cron-reason-processes = Mehr als 64 Prozesse.
cron-reason-cpu = Mehr als 5 Minuten Rechenzeit.
cron-reason-file-size = Eine Datei wurde größer als 1 GB.
cron-schedule-minutes =
    { $count ->
        [one] jede Minute
       *[other] alle { $count } Minuten
    }
cron-schedule-hourly = jede Stunde um Minute { $minute }
cron-schedule-hours = alle { $count } Stunden um Minute { $minute }
cron-schedule-daily = jeden Tag um { $at } Uhr
cron-schedule-working-days = montags bis freitags um { $at } Uhr
cron-schedule-weekly = { $days } um { $at } Uhr
cron-schedule-monthly = am { $day }. jedes Monats um { $at } Uhr
cron-schedule-yearly = jedes Jahr am { $day }. { $month } um { $at } Uhr
cron-schedule-expression = nach dem Muster { $expression }
cron-day-0 = sonntags
cron-day-1 = montags
cron-day-2 = dienstags
cron-day-3 = mittwochs
cron-day-4 = donnerstags
cron-day-5 = freitags
cron-day-6 = samstags
activity-noun-cron_job = Cronjob
capability-nouns-cron_job = Cronjobs
own-data-table-cron_job = Cronjobs
own-data-table-cron_run = Läufe der Cronjobs
limit-cron_jobs = Cronjobs
limit-reached-cron_jobs = Sie nutzen { $used } von { $max } Cronjobs.
done-cron-job-create = Cronjob „{ $name }“ angelegt.
done-cron-job-set-schedule = Zeitplan von „{ $name }“ geändert.
done-cron-job-set-command = Befehl von „{ $name }“ geändert.
done-cron-job-set-enabled = Cronjob „{ $name }“ pausiert oder fortgesetzt.
done-cron-job-run = Cronjob „{ $name }“ wird gestartet.
done-cron-job-delete = Cronjob „{ $name }“ gelöscht.
conflict-cron-running = Dieser Cronjob läuft gerade oder startet gleich. Bitte warten Sie, bis er fertig ist.
conflict-cron-webspace-off = Der Webspace ist gesperrt, darum läuft nichts. Entsperren Sie ihn zuerst.
problem-cron-fields = Ein Zeitplan hat fünf Angaben: Minute, Stunde, Tag, Monat, Wochentag. Hier sind es { $count }.
problem-cron-number = { $field ->
        [minute] Minute
        [hour] Stunde
        [day] Tag
        [month] Monat
       *[weekday] Wochentag
    } „{ $value }“ geht nicht: Möglich ist { $min } bis { $max }.
problem-cron-step-alone = „{ $value }“ geht nicht: Vor dem Schrägstrich steht ein Stern oder ein Bereich, wie in */5.
problem-cron-backwards = „{ $value }“ geht nicht: Der Bereich endet vor seinem Anfang.
problem-cron-step = „{ $value }“ geht nicht: Nach dem Schrägstrich steht eine Zahl von 1 bis 59.
problem-cron-never = Diesen Tag gibt es in keinem Jahr.
problem-cron-too-often = Der kürzeste Abstand zwischen zwei Läufen ist { $minutes } min. Ihr Tarif verlangt mindestens { $min } min.
problem-not-a-time-of-day = Schreiben Sie die Uhrzeit so: 03:15
problem-command-control = An Stelle { $place } steht ein Zeilenende oder ein unsichtbares Zeichen. Ein Cronjob startet ein Programm.
problem-command-backslash = Nach dem Backslash an Stelle { $place } fehlt ein Zeichen.
problem-command-open-quote = Das Anführungszeichen an Stelle { $place } wird nicht geschlossen.
problem-command-pipe = „{ $sign }“ an Stelle { $place }: Ausgaben lassen sich hier nicht an andere Programme weitergeben. Schreiben Sie das in ein Skript.
problem-command-redirect = „{ $sign }“ an Stelle { $place }: Ausgaben lassen sich hier nicht umleiten. Sie stehen im Verlauf.
problem-command-several = „{ $sign }“ an Stelle { $place }: Ein Cronjob startet ein Programm. Für mehrere schreiben Sie ein Skript.
problem-command-expansion = „{ $sign }“ an Stelle { $place }: Variablen und Platzhalter werden hier nicht ersetzt. In einfachen Anführungszeichen gilt das Zeichen, wie es ist.
problem-command-comment = „{ $sign }“ an Stelle { $place }: Bemerkungen gibt es hier nicht.
problem-command-program = „{ $program }“ geht nicht. Möglich sind php und Dateien dieses Webspace mit Schrägstrich, wie ./import.
problem-command-path-outside = „{ $path }“ liegt nicht im Webspace. Schreiben Sie den Pfad ab dem Ordner des Webspace.
problem-command-no-script = Hier fehlt, welche Datei laufen soll.
problem-command-php-option = „{ $option }“ geht nicht: Auf php folgt gleich das Skript.
problem-command-without-php = Dieser Webspace hat kein PHP. Wählen Sie zuerst eine Version in den Einstellungen.
act-cron-job-create = Cronjobs anlegen
act-cron-job-set-schedule = den Zeitplan von Cronjobs ändern
act-cron-job-set-command = den Befehl von Cronjobs ändern
act-cron-job-set-enabled = Cronjobs pausieren und fortsetzen
act-cron-job-run = Cronjobs sofort ausführen
act-cron-job-delete = Cronjobs löschen
