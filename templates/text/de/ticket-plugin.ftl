## Erweiterungen an Anfragen

ticket-event-plugin-ran = Erweiterung gestartet.
ticket-plugin-found = Ergebnis von „{ $name }“
ticket-plugin-said = Ihre Erweiterung lief auf Ihre Weisung hin, mit den Berechtigungen, die Sie ihr gegeben haben. Hat sie etwas geändert, steht es darunter.
staff-plugin-act-said = Auf Weisung gestartet. Hat sie etwas geändert, steht es darunter.
staff-ticket-done-plugin = Die Erweiterung ist durchgelaufen. Ihr Ergebnis steht in der Anfrage.
staff-plugin-acts = Was diese Erweiterung hier tun kann
staff-plugin-acts-none = { $plugin } bietet zu { $name } nichts an.
staff-plugin-acts-narrowed = Keine Aktion von { $plugin } passt zur Suche.
staff-plugin-act-of = { $plugin } · { $name }
staff-plugin-act-silent = { $name } antwortet gerade nicht. Alles andere läuft weiter.
staff-plugin-act-down = Erweiterungen laufen gerade nicht. Alles andere läuft weiter. Bitte versuchen Sie es in ein paar Minuten wieder.
staff-plugin-act-busy = Gerade ist zu viel auf einmal zu tun. Bitte versuchen Sie es in ein paar Sekunden wieder.
staff-plugin-act-nothing = Geändert wurde nichts, und in der Anfrage steht dazu nichts.
staff-plugin-act-happens = Das wird passieren
staff-plugin-act-from = Erweiterung des Kundenkontos: { $name }
staff-plugin-act-rights = Sie hat die Berechtigungen, die ihr das Kundenkonto gegeben hat, und ändert höchstens dieses Objekt.
staff-plugin-act-sees = Von der Anfrage sieht sie Nummer, Betreff und dieses Objekt
staff-plugin-act-sees-sub = nichts von dem, was geschrieben wurde
staff-plugin-act-card = Das Ergebnis steht danach in der Anfrage
staff-plugin-act-card-sub = beide Seiten lesen es, und was geändert wurde, lässt sich dort rückgängig machen, wo es einen Weg zurück gibt
staff-plugin-act-run = Erweiterung starten
staff-plugin-act-noted = Dieser Blick und der Start stehen im Zugriffsprotokoll des Kundenkontos, mit der Anfrage als Grund.
access-area-ticket-plugin-look = Ihre Erweiterung gefragt, womit sie helfen kann
access-area-ticket-plugin-act = Ihre Erweiterung gestartet, um zu helfen
done-ticket-keep-run = Ergebnis einer Erweiterung in der Anfrage „{ $name }“ festgehalten.
