# Aktionen in Anfragen, für die eine Weisung nicht reicht, und was dem Kundenkonto dabei hinterlassen wird.
ticket-action-mailbox-reset-password = Neues Passwort für das E-Mail-Postfach
ticket-words-mailbox-reset-password = postfach mailbox passwort vergessen zurücksetzen neu anmelden falsch
ticket-action-webspace-reset-upload-password = Neues SFTP-Passwort für den Webspace
ticket-words-webspace-reset-upload-password = website sftp ftp hochladen passwort vergessen zurücksetzen neu
ticket-action-webspace-reissue-certificate = SSL-Zertifikat neu ausstellen
ticket-words-webspace-reissue-certificate = website zertifikat ssl https abgelaufen unsicher warnung neu
ticket-action-webspace-retry = Einrichtung des Webspace jetzt wieder versuchen
ticket-words-webspace-retry = website hängt fehler fehlgeschlagen nochmal erneut versuchen
ticket-action-domain-retry = Einrichtung der Domain jetzt wieder versuchen
ticket-words-domain-retry = hängt fehler fehlgeschlagen nochmal erneut versuchen
ticket-action-mailbox-retry = Einrichtung des E-Mail-Postfachs jetzt wieder versuchen
ticket-words-mailbox-retry = postfach mailbox hängt fehler fehlgeschlagen nochmal erneut versuchen
ticket-action-alias-retry = Einrichtung der Alias-Adresse jetzt wieder versuchen
ticket-words-alias-retry = weiterleitung alias hängt fehler fehlgeschlagen nochmal erneut versuchen
ticket-action-database-retry = Einrichtung der Datenbank jetzt wieder versuchen
ticket-words-database-retry = sql hängt fehler fehlgeschlagen nochmal erneut versuchen
ticket-action-user-unlock = Gesperrte Anmeldung öffnen
ticket-words-user-unlock = login anmelden anmeldung gesperrt entsperren kommt nicht rein passwort falsch

done-mailbox-reset-password = Neues Passwort für „{ $name }“. Sehen kann es nur, wer das Postfach verwalten darf, einmal.
done-webspace-reset-upload-password = Neues SFTP-Passwort für „{ $name }“. Sehen kann es nur, wer den Webspace verwalten darf, einmal.
done-webspace-reissue-certificate = Neues SSL-Zertifikat für „{ $name }“ bestellt.
done-webspace-retry = Die Einrichtung von „{ $name }“ wird wieder versucht.
done-domain-retry = Die Einrichtung von „{ $name }“ wird wieder versucht.
done-mailbox-retry = Die Einrichtung von „{ $name }“ wird wieder versucht.
done-alias-retry = Die Einrichtung von „{ $name }“ wird wieder versucht.
done-database-retry = Die Einrichtung von „{ $name }“ wird wieder versucht.
done-user-unlock = Die Anmeldung von { $name } ist wieder offen.
done-ticket-collect-secret = Ein neues Passwort aus der Anfrage „{ $name }“ angesehen.
act-webspace-reissue-certificate = SSL-Zertifikate neu ausstellen lassen
act-webspace-retry = die Einrichtung von Webspaces wieder versuchen lassen
act-domain-retry = die Einrichtung von Domains wieder versuchen lassen
act-mailbox-retry = die Einrichtung von E-Mail-Postfächern wieder versuchen lassen
act-alias-retry = die Einrichtung von Alias-Adressen wieder versuchen lassen
act-database-retry = die Einrichtung von Datenbanken wieder versuchen lassen
field-failure = Störung
field-locked_until = Gesperrt bis

conflict-acts-not-consented = Dafür reicht eine Weisung nicht: Wer das Kundenkonto führt, gibt es in dieser Anfrage zuerst frei. Es wurde nichts geändert.
conflict-not-failed = Hier ist nichts fehlgeschlagen. Es gibt nichts zu wiederholen.
conflict-no-certificate = Für diesen Webspace wurde noch kein SSL-Zertifikat gesehen. Es wird von selbst ausgestellt.
conflict-certificate-ordered = Ein neues SSL-Zertifikat ist schon bestellt. Das bisherige gilt, bis es da ist.
conflict-login-not-locked = Diese Anmeldung ist nicht gesperrt.
conflict-guesses-spent = Für diese Anmeldung sind alle Versuche des Monats verbraucht. Nur der Link in der E-Mail öffnet sie wieder.
conflict-works-here = Diese Person arbeitet für uns. Ihre Anmeldung öffnen wir nicht auf Weisung.
conflict-handover-gone = Dieses Passwort hat schon jemand angesehen, oder seine Zeit ist um. Setzen Sie bitte selbst ein neues, oder bitten Sie uns noch einmal darum.

ticket-handovers = Neue Passwörter für Sie
ticket-handovers-text = Auf Ihre Weisung und Ihre Freigabe hin neu gesetzt. Wir sehen sie nicht. Sehen kann sie, wer sie auch selbst setzen dürfte: einmal und binnen drei Tagen.
ticket-handover-show = Einmal anzeigen
ticket-handover-until = verschlossen, abrufbar bis { $at }
ticket-handover-others = verschlossen bis { $at }; ansehen kann es, wer das verwalten darf
ticket-handover-seen = angesehen am { $at }, seitdem gelöscht
ticket-handover-over = niemand hat es angesehen; gelöscht
ticket-handover-title = Ihr neues Passwort, nur dieses eine Mal
ticket-handover-once = Schreiben Sie es sich jetzt auf: Es ist danach gelöscht, auch bei uns. In E-Mail-Programmen und SFTP-Programmen gilt es ab sofort.

portal-retry-now = Jetzt wieder versuchen
webspace-certificate-again = Neu ausstellen
webspace-certificate-again-text = Das bisherige gilt, bis das neue da ist.

staff-action-consent = braucht eine Freigabe
staff-action-waits = Das geht nur mit Freigabe: Wer das Kundenkonto führt, stimmt in dieser Anfrage solchen Aktionen zu und kann das jederzeit zurücknehmen.
staff-action-ask-consent = Um die Freigabe bitten
staff-action-secret = Das neue Passwort liegt danach in der Anfrage. Sehen kann es nur, wer es im Kundenkonto auch selbst setzen dürfte, einmal; wir nie.
staff-action-secret-no-back = Lässt sich nicht rückgängig machen: Das bisherige Passwort kennt niemand. Programme brauchen ab sofort das neue.
