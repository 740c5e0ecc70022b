# Übersicht.
dashboard-greeting = Guten Tag, { $name }
dashboard-lead-empty = Willkommen. Drei Schritte, und Ihre Website und Ihre E-Mails laufen.
dashboard-lead-fine = Alles in Ordnung. Es gibt nichts, was Sie tun müssen.
dashboard-lead-busy = Alles in Ordnung. Eine Änderung wird gerade eingerichtet.
dashboard-lead-failed = Hier braucht etwas Ihre Aufmerksamkeit. Alles andere läuft weiter.
dashboard-lead-suspended = Ihr Kundenkonto ist gesperrt. Warum, steht hier auf der Seite; wenn Sie Fragen haben, schreiben Sie uns.
dashboard-lead-erasing = Ihr Kundenkonto ist gesperrt und wird entfernt. Wann das geschieht und wer es noch aufhalten kann, steht hier auf der Seite.
dashboard-new = Neu anlegen
dashboard-services =
    { $total ->
        [one] { $live ->
            [0] Ihr Dienst ist noch nicht aktiv
           *[other] Ihr Dienst ist aktiv
        }
       *[other] { $live } von { $total } Diensten sind aktiv
    }
dashboard-services-none = Noch keine Dienste
dashboard-services-none-text = Jeder Webspace, jede Domain und jedes E-Mail-Postfach wird hier zu einer Zelle Ihrer Wabe.
dashboard-all-live = Nichts steht aus.
dashboard-failed =
    { $count ->
        [one] Bei einem Dienst fehlt noch ein Schritt.
       *[other] Bei { $count } Diensten fehlt noch ein Schritt.
    }
dashboard-busy =
    { $count ->
        [one] Eine Änderung läuft gerade.
       *[other] { $count } Änderungen laufen gerade.
    }
dashboard-suspended =
    { $count ->
        [one] Ein Dienst ist gesperrt.
       *[other] { $count } Dienste sind gesperrt.
    }
dashboard-count-webspace =
    { $count ->
        [one] 1 Webspace
       *[other] { $count } Webspaces
    }
dashboard-count-domain =
    { $count ->
        [one] 1 Domain
       *[other] { $count } Domains
    }
dashboard-count-mailbox =
    { $count ->
        [one] 1 E-Mail-Postfach
       *[other] { $count } E-Mail-Postfächer
    }
dashboard-count-alias =
    { $count ->
        [one] 1 Alias-Adresse
       *[other] { $count } Alias-Adressen
    }
dashboard-count-database =
    { $count ->
        [one] 1 Datenbank
       *[other] { $count } Datenbanken
    }
dashboard-comb = { $total } Dienste: { $live } aktiv, { $busy } in Änderung, { $failed } noch nicht aktiv, { $suspended } gesperrt
dashboard-domain-unproved = Wir sehen den Nachweis für diese Domain noch nicht. Ihre Website ist solange unter der Vorschau-Adresse erreichbar.
dashboard-is-pending = Wird gerade eingerichtet, meist in unter 2 Sekunden.
dashboard-is-updating = Ihre Änderung wird gerade eingerichtet. Bis dahin gilt der bisherige Stand.
dashboard-is-suspended = Ist gesperrt, die Daten sind unverändert.
dashboard-is-deleting = Wird gerade gelöscht.
dashboard-is-live = Ist aktiv.
dashboard-help = Anleitung
dashboard-plan = Auslastung
dashboard-next = Nächste Schritte
dashboard-next-done = { $done } von { $total } erledigt
dashboard-step-is-done = (erledigt)
dashboard-step-webspace = Ersten Webspace anlegen
dashboard-step-webspace-why = Der Ort für Ihre Website, sofort unter einer Vorschau-Adresse erreichbar
dashboard-step-domain = Eigene Domain verbinden
dashboard-step-domain-why = Damit Besucher Sie unter Ihrem Namen finden
dashboard-step-mailbox = Erstes E-Mail-Postfach anlegen
dashboard-step-mailbox-why = Für E-Mails unter Ihrer eigenen Domain
dashboard-step-owner = Zweiten Inhaber einladen
dashboard-step-owner-why = Damit jemand handeln kann, wenn Sie es gerade nicht können
