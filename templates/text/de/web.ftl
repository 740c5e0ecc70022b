# Der Rahmen um alle Seiten.
web-skip = Zum Inhalt springen
web-sidebar = Seitenleiste
web-menu-close = Menü schließen
web-nav-main = Hauptnavigation
web-nav-quick = Schnellnavigation
web-more = Mehr
web-search = Suchen
web-search-hint = Webspace, Postfach oder Einstellung suchen
web-staff-search-hint = Kundenkonto oder Kundennummer suchen
web-staff-tag = Support
web-staff-proved = Angemeldet seit { $at }
web-account = Konto von { $name }
web-profile = Profil und Sitzungen
web-logout = Abmelden
web-other-language = en
web-other-language-name = English
web-theme-auto = Darstellung: automatisch
web-theme-light = Darstellung: hell
web-theme-dark = Darstellung: dunkel
web-tenant-switch = Kundenkonto wechseln: { $name }
web-switch-desk = Zum Support-Bereich
web-switch-portal = Zum Kundencenter
web-tenant-plan = Tarif { $plan }, Kundennummer { $number }
web-suspended = Dieses Kundenkonto ist gesperrt.
web-suspended-text = Ansehen und Herunterladen geht weiter, Änderungen sind bis zur Klärung nicht möglich.
web-suspended-reason = Ihr Hoster schreibt dazu: { $reason }
web-footer = Ihr Kundencenter
web-crumbs = Brotkrumen
web-pages = Seiten
web-next-page = Weiter
web-filter-reset = Filter zurücksetzen
web-cancel = Abbrechen
web-keep = Behalten
web-optional = (freiwillig)
web-copy = Kopieren: { $text }
web-copied = Kopiert
web-upload = Hochladen
web-upload-progress = Wird hochgeladen: %
web-upload-failed = Das Hochladen wurde unterbrochen. Bereits übertragene Dateien sind da; wählen Sie die übrigen bitte noch einmal aus.
web-as-table = Als Tabelle zeigen
web-full = voll
web-nearly-full = fast voll
web-undo = Rückgängig machen
web-strip = Laufende Änderung
web-step-done = , fertig
web-diff = { $what }: vorher und nachher
web-diff-field = Feld
web-diff-before = Vorher
web-diff-after = Nachher
web-diff-empty = leer
web-form-errors =
    { $count ->
        [one] Eine Angabe passt noch nicht.
       *[other] { $count } Angaben passen noch nicht.
    }
web-form-kept = Ihre Eingaben sind erhalten geblieben.

# Zeit und Größe.
size-bytes = { $count }{"\u00A0"}Byte
time-day = { $day }.{ $month }.{ $year }
time-clock = { $hour }:{ $minute } Uhr
time-moment = { $day }.{ $month }.{ $year }, { $hour }:{ $minute } Uhr
time-now = gerade eben
time-minutes =
    { $count ->
        [one] vor 1 Minute
       *[other] vor { $count } Minuten
    }
time-hours =
    { $count ->
        [one] vor 1 Stunde
       *[other] vor { $count } Stunden
    }
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
