# Anmelden, Passwort zurücksetzen, entsperren, Einladung.
login-title = Anmelden
login-lead = Webspaces, E-Mail-Postfächer und Datenbanken verwalten.
login-email = E-Mail-Adresse
login-password = Passwort
login-button = Anmelden
login-refused = Anmeldung nicht möglich.
login-refused-text = Adresse oder Passwort stimmen nicht, oder dieses Gerät ist nach mehreren Fehlversuchen kurz gesperrt. Falls das Konto gesperrt ist, liegt ein Entsperr-Link in Ihrem Postfach.
login-new-password = Neues Passwort
login-locked-out = Ich komme nicht mehr in mein Konto
login-promise = Was unser Team in Ihrem Kundenkonto ändert, sehen Sie im Änderungsprotokoll, mit dem Anlass.
login-done-password = Ihr neues Passwort gilt. Bitte melden Sie sich damit an.
login-done-unlocked = Die Sperre ist aufgehoben. Bitte melden Sie sich an.
login-done-invitation = Sie haben die Einladung angenommen. Bitte melden Sie sich an.
login-done-logout = Sie sind abgemeldet.

door-forgot = Passwort vergessen?
door-back = Zur Anmeldung

side-desk-title = Zum Support-Bereich wechseln
side-desk-lead = Dort finden Sie Kundenkonten und Verträge. Ihr eigenes Kundenkonto bleibt im Kundencenter, und Sie können jederzeit dorthin zurück.
side-portal-title = Zum Kundencenter wechseln
side-portal-lead = Dort arbeiten Sie in Ihrem eigenen Kundenkonto. Für den Rückweg in den Support-Bereich brauchen Sie später noch einmal Ihr Passwort.
side-button = Wechseln
side-stay = Hier bleiben
prove-title = Bitte bestätigen Sie, dass Sie es sind
prove-lead = Für diesen Schritt brauchen wir noch einmal Ihr Passwort. Danach geht es dort weiter, wo Sie waren.
prove-button = Bestätigen
problem-proof-needed = Bitte bestätigen Sie diesen Schritt mit Ihrem Passwort. Ihre übrigen Angaben sind erhalten.
proof-field = Ihr Passwort
proof-field-hint = Zur Sicherheit, weil Ihre Anmeldung schon eine Weile her ist.

reset-title = Neues Passwort anfordern
reset-lead = Wir schicken Ihnen einen Link, mit dem Sie ein neues Passwort festlegen. Ihr bisheriges gilt bis dahin weiter.
reset-button = Link anfordern
reset-sent-title = Sehen Sie in Ihr Postfach
reset-sent-lead = Wenn es zu dieser E-Mail-Adresse ein Konto gibt, ist ein Link dorthin unterwegs.
reset-sent-text = Der Link gilt 30 Minuten und lässt sich einmal verwenden. Ein neuer Link ersetzt den vorigen.
reset-sent-nothing = Nichts angekommen? Sehen Sie bitte auch im Spam-Ordner nach, und prüfen Sie, ob Sie diese Adresse bei uns verwenden. Nach einigen Anfragen machen wir eine Stunde Pause.

new-password-title = Neues Passwort festlegen
new-password-lead = Danach enden alle Ihre Anmeldungen, und Ihre API-Schlüssel werden widerrufen. Websites und E-Mail-Postfächer laufen unverändert.
new-password-field = Neues Passwort
new-password-button = Passwort festlegen
setup-title = Zugang einrichten
setup-lead = Willkommen. Es fehlt nur noch Ihr Passwort; danach melden Sie sich mit Ihrer E-Mail-Adresse an.

link-void-title = Dieser Link gilt nicht mehr
link-void-lead = Er wurde schon verwendet, durch einen neueren ersetzt oder ist abgelaufen. Geändert wurde nichts.
link-void-helps = Einen neuen Link für Ihr Passwort fordern Sie hier an. Eine neue Einladung schickt Ihnen, wer Sie eingeladen hat. Eine andere E-Mail-Adresse geben Sie in Ihrem Konto noch einmal an.
link-void-again = Neuen Link anfordern

unlock-title = Anmeldung entsperren
unlock-lead = Nach mehreren Fehlversuchen ist die Anmeldung von unbekannten Geräten vorübergehend gesperrt. Mit einem Klick heben Sie die Sperre auf.
unlock-button = Jetzt entsperren
unlock-not-me = Die Fehlversuche waren nicht von Ihnen? Dann brauchen Sie nichts zu tun; Ihr Passwort wurde nicht erraten.

email-confirm-title = E-Mail-Adresse bestätigen
email-confirm-lead = { $address } soll zu Ihrem Zugang zum Kundencenter gehören. Mit einem Klick bestätigen Sie das.
email-confirm-button = E-Mail-Adresse bestätigen
email-confirm-not-me = Sie haben das nicht veranlasst? Schließen Sie diese Seite einfach; ohne Ihre Bestätigung ändert sich nichts.
email-confirmed-title = Ihre neue E-Mail-Adresse gilt
email-confirmed-lead = Melden Sie sich ab jetzt mit ihr an; Ihr Passwort bleibt gleich.
email-confirmed-text = Ihre bisherige Adresse hat einen Link bekommen, der das drei Tage lang zurücknimmt.
email-confirmed-on = Zum Kundencenter
email-open-title = Eine Bestätigung fehlt noch
email-open-lead = Diese E-Mail-Adresse ist bestätigt. Sobald auch die andere bestätigt ist, gelten beide.
email-open-text = Der Link für die andere liegt in ihrem Postfach. Bis dahin melden Sie sich an wie bisher.
email-undo-title = Änderung zurücknehmen
email-undo-lead = Danach meldet man sich wieder nur mit { $address } an.
email-undo-sessions = Alle Anmeldungen enden
email-undo-sessions-sub = auch auf bekannten Geräten; API-Schlüssel werden widerrufen
email-undo-password = Das bisherige Passwort gilt nicht mehr
email-undo-password-sub = Sie legen gleich ein neues fest
email-undo-button = Zurücknehmen und weiter
email-undo-was-me = Sie haben die Adresse selbst geändert? Dann schließen Sie diese Seite einfach.

invitation-title = Einladung annehmen
invitation-lead = Sie sind eingeladen, das Kundenkonto { $customer } mitzubenutzen.
invitation-role = Ihre Rolle
invitation-may = Damit dürfen Sie
invitation-name = Ihr Name
invitation-known = Sie haben schon ein Konto mit dieser E-Mail-Adresse und melden sich mit Ihrem gewohnten Passwort an.
invitation-button = Einladung annehmen
invitation-not-me = Sie erwarten keine Einladung? Schließen Sie diese Seite einfach; ohne Ihre Zustimmung ändert sich nichts.
