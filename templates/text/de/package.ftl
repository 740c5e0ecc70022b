# Was an einem Paket, einer Berechtigung oder einer Einstellung nicht stimmt: package-<code>. Jeweils Stelle, Ursache, nächster Schritt.
package-not-utf8 = { $place }: Ab Byte { $offset } ist das kein UTF-8. Speichern Sie die Datei als UTF-8.
package-not-toml = { $place }: Das ist kein TOML ({ $reason }). Berichtigen Sie die Zeile.
package-not-json = { $place }: Das ist kein JSON ({ $reason }). Berichtigen Sie die Stelle.
package-unknown-key = { $place }: Den Schlüssel { $name } gibt es hier nicht. Möglich sind: { $known }.
package-missing = { $place }: { $name } fehlt. Ergänzen Sie den Eintrag.
package-wrong-type = { $place }: Hier steht „{ $found }“, erwartet wird „{ $expected }“. Schreiben Sie es so.
package-not-a-choice = { $place }: „{ $value }“ steht nicht zur Wahl. Möglich sind: { $known }.
package-too-long = { $place }: Das sind { $found } Zeichen, höchstens { $max } sind möglich. Kürzen Sie den Text.
package-too-many = { $place }: { $found } sind zu viele ({ $what }), höchstens { $max } sind möglich. Lassen Sie einige weg.
package-empty = { $place }: Hier steht nichts ({ $what }). Tragen Sie etwas ein.
package-duplicate = { $place }: „{ $value }“ kommt zweimal vor. Behalten Sie eines davon.
package-control-character = { $place }: Zeichen { $at } ist ein Steuerzeichen oder unsichtbar. Entfernen Sie es.
package-bad-name = { $place }: „{ $value }“ ist hier als Name nicht möglich. Erwartet wird „{ $shape }“.
package-bad-version = { $place }: „{ $value }“ ist keine Versionsnummer. Schreiben Sie sie wie in 1.0.0.
package-unknown-api = { $place }: Version { $value } der Schnittstelle gibt es hier nicht. Möglich sind: { $known }.
package-bad-number = { $place }: { $value } liegt außerhalb des Bereichs. Möglich sind Werte von { $min } bis { $max }.
package-unknown-capability = { $place }: Die Berechtigung „{ $value }“ gibt es nicht. Möglich sind: { $known }.
package-bad-capability = { $place }: Die Berechtigung „{ $value }“ ist nicht vollständig. Schreiben Sie sie als { $shape }.
package-bad-host = { $place }: „{ $value }“ ist kein Servername. Schreiben Sie den genauen Namen wie api.example.org, mit :Port, wenn es nicht 443 ist; IP-Adressen und Sternchen sind nicht möglich.
package-bad-topic = { $place }: „{ $value }“ ist kein Thema. Schreiben Sie Wörter mit Punkten dazwischen, zum Beispiel mailbox.create oder mailbox.*.
package-fields-missing = { $place }: { $capability } nennt nicht, welche Felder gelesen werden. Ergänzen Sie fields = […] mit den wenigen, die nötig sind.
package-fields-unexpected = { $place }: { $capability } hat keine Felder. Entfernen Sie die Zeile fields; nur records:… hat welche.
package-capability-missing = { $place }: Der Auslöser { $trigger } braucht die Berechtigung { $capability }. Ergänzen Sie dafür eine [[capability]].
package-capability-unused = { $place }: Die Berechtigung { $capability } wird von nichts verwendet. Entfernen Sie sie, oder ergänzen Sie den Auslöser, der sie braucht.
package-secret-missing = { $place }: Die Berechtigung secret:{ $name } nennt ein Geheimnis, das nirgends steht. Ergänzen Sie ein [[secret]] mit name = "{ $name }".
package-secret-unused = { $place }: Zum Geheimnis { $name } fehlt die Berechtigung. Ergänzen Sie eine [[capability]] mit capability = "secret:{ $name }".
package-not-asked = { $place }: Um { $capability } bittet die Erweiterung nicht. Erteilen Sie nur, worum sie bittet.
package-not-granted = { $place }: Ohne { $capability } arbeitet die Erweiterung nicht. Erteilen Sie die Berechtigung, oder verzichten Sie auf die Erweiterung.
package-webspaces-missing = { $place }: { $capability } gilt für keinen Webspace. Wählen Sie mindestens einen.
package-bad-filter = { $place }: Der Filter „{ $path }“ funktioniert nicht ({ $reason }). Schreiben Sie einen Pfad mit Punkten und einen Text, eine ganze Zahl, true oder false, zum Beispiel "object.kind" = "mailbox".
package-bad-cron = { $place }: { $field } „{ $value }“ ist nicht lesbar ({ $reason }). Schreiben Sie fünf Felder: Minute, Stunde, Tag, Monat, Wochentag, zum Beispiel 0 3 * * *.
package-cron-too-often = { $place }: Das läuft schon { $minutes } Minuten nach dem vorigen Mal. Lassen Sie mindestens 5 Minuten dazwischen.
package-cron-never = { $place }: „{ $expression }“ kommt nie. Wählen Sie einen Tag, den es gibt.
package-not-a-tar = { $place }: Das ist kein Paket einer Erweiterung ({ $reason }). Bauen Sie es mit wabe plugin pack.
package-part-unknown = { $place }: Der Teil { $name } gehört nicht in das Paket. Entfernen Sie ihn; ein Paket enthält { $known }.
package-part-missing = { $place }: Der Teil { $name } fehlt. Legen Sie ihn neben plugin.toml und packen Sie neu.
package-part-too-large = { $place }: { $name } hat { $found } Bytes, höchstens { $max } sind möglich. Verkleinern Sie den Teil.
package-package-too-large = { $place }: Das Paket hat { $found } Bytes, höchstens { $max } sind möglich. Verkleinern Sie es.
package-not-signed = { $place }: Das Paket ist nicht signiert, der Teil { $part } fehlt. Signieren Sie es mit wabe plugin sign --key DATEI.
package-bad-signature = { $place }: Die Signatur mit dem Schlüssel { $key } passt nicht zu diesen Teilen. Signieren Sie nach der letzten Änderung neu, mit wabe plugin sign --key DATEI.
package-other-key = { $place }: Das Paket ist mit dem Schlüssel { $key } signiert, nicht mit { $expected }. Wählen Sie den Schlüssel, der dazu gehört.
package-bad-key = { $place }: Das ist kein Ed25519-Schlüssel ({ $reason }). Erzeugen Sie einen mit wabe plugin key new DATEI.
package-bad-schema = { $place }: Das Schema der Einstellungen ist nicht verwendbar ({ $reason }). Verwenden Sie ein Objekt aus Texten, ganzen Zahlen und Ja oder Nein.
package-title-missing = { $place }: Der Einstellung { $property } fehlt { $keyword }. Ergänzen Sie es; Deutsch und Englisch werden beide gebraucht.
package-bad-default = { $place }: Die Vorgabe von { $property } passt nicht ({ $reason }). Schreiben Sie eine, die das Schema erlaubt.
package-bad-page = { $place }: Das ist keine Seite ({ $reason }). Geben Sie { "{" }"v":1,"nodes":[…]{ "}" } zurück.
package-too-deep = { $place }: Das ist tiefer als { $max } Ebenen verschachtelt. Machen Sie es flacher.
package-bad-link = { $place }: „{ $value }“ ist kein Link, den Seiten zeigen dürfen. Verweisen Sie auf einen Pfad des Kundencenters, der mit / beginnt, oder mit https auf: { $hosts }.
package-bad-svg = { $place }: Das ist kein Symbol ({ $reason }). Verwenden Sie svg, g, path, circle, ellipse, rect, line, polyline, polygon und title mit ihren einfachen Attributen.
package-core-module = { $place }: Das ist ein Kernmodul, keine Komponente. Bauen Sie es mit { $flag }.
package-text-format = { $place }: Das ist „{ $found }“, keine binäre Komponente. Verwenden Sie die Datei .wasm, die beim Bauen entsteht.
package-precompiled = { $place }: Das ist „{ $found }“; wir nehmen nur Komponenten an. Verwenden Sie die Datei .wasm, die beim Bauen entsteht.
package-not-wasm = { $place }: Das ist kein WebAssembly ({ $reason }). Verwenden Sie die Datei .wasm, die beim Bauen entsteht.
package-invalid-wasm = { $place }: Bei Byte { $offset } stimmt die Komponente nicht ({ $reason }). Bauen Sie sie neu, mit dem Befehl des Baukastens.
package-feature-off = { $place }: Bei Byte { $offset } wird { $feature } verwendet, das hier ausgeschaltet ist. Bauen Sie ohne; der Befehl des Baukastens tut das.
package-count-too-large = { $place }: { $found } sind zu viele ({ $what }), höchstens { $max } sind möglich. Verkleinern Sie die Komponente, oder teilen Sie die Erweiterung.
package-function-too-large = { $place }: Funktion { $function } ist zu groß ({ $what }: { $found }, höchstens { $max }). Teilen Sie die Funktion; in Rust bauen Sie mit opt-level = "s".
package-unknown-import = { $place }: Die Komponente importiert { $import }, was es hier nicht gibt. Verwenden Sie den Baukasten zur Version der Schnittstelle in plugin.toml; es gibt { $known }.
package-unknown-export = { $place }: Die Komponente exportiert { $export }, was diese Schnittstelle nicht kennt. Exportieren Sie nur: { $known }.
package-no-entry = { $place }: Die Komponente hat keinen Einstieg. Exportieren Sie mindestens eines davon: { $known }; der Baukasten tut das.
package-entry-missing = { $place }: Der Auslöser { $trigger } braucht { $export }, was der Komponente fehlt. Schreiben Sie den Einstieg, oder entfernen Sie den Auslöser.
package-compile-limit = { $place }: Das Übersetzen braucht mehr, als eine Komponente darf ({ $limit }, höchstens { $max }). Verkleinern Sie die Komponente; meist sind sehr große Funktionen die Ursache.
package-compile-failed = { $place }: Das lässt sich nicht übersetzen ({ $reason }). Bauen Sie mit den festgelegten Werkzeugen des Baukastens; bleibt es dabei, schreiben Sie uns.
