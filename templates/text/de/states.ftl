# Zustände, Rollen, Arten, Schritte.
state-pending = Wird eingerichtet
state-live = Aktiv
state-updating = Wird geändert
state-failed = Noch nicht aktiv
state-suspended = Gesperrt
state-deleting = Wird gelöscht

kind-webspace = Webspace
kind-domain = Domain
kind-mailbox = E-Mail-Postfach
kind-alias = Alias-Adresse
kind-database = Datenbank
kind-member = Anmeldung
engine-sqlite = SQLite

limit-storage_bytes = Speicherplatz
limit-webspaces = Webspaces
limit-domains = Domains
limit-mailboxes = E-Mail-Postfächer
limit-aliases = Alias-Adressen
limit-databases = Datenbanken
limit-members = Mitbenutzer
limit-installations = Erweiterungen

role-owner = Inhaber
role-owner-text = Darf alles, auch den Vertrag beenden.
role-administrator = Verwalter
role-administrator-text = Darf alles außer dem, was nur Inhaber dürfen.
role-webmaster = Webmaster
role-webmaster-text = Webspace, Dateien, Domains und Datenbanken.
role-mail_manager = Postfachverwalter
role-mail_manager-text = E-Mail-Postfächer und Alias-Adressen.
role-database_manager = Datenbankverwalter
role-database_manager-text = Nur Datenbanken.
role-viewer = Beobachter
role-viewer-text = Sieht den Zustand, aber keine Inhalte, und ändert nichts.

staff-role-support = Support
staff-role-operator = Betrieb
staff-role-management = Leitung
staff-role-auditor = Prüfung
staff-role-privacy_officer = Datenschutz

step-make-folder = Ordner anlegen
step-issue-certificate = SSL-Zertifikat ausstellen
step-configure-site = Website einrichten
step-hide-site = Website vom Netz nehmen
step-probe-site = Antwort der Website prüfen
step-remove-site = Website abschalten
step-remove-folder = Dateien löschen
step-make-maildir = Ablage für das Postfach anlegen
step-configure-mailbox = E-Mail-Postfach einrichten
step-hide-mailbox = Anmeldung und Empfang sperren
step-remove-mailbox-entry = E-Mail-Postfach abschalten
step-remove-maildir = Nachrichten löschen
step-configure-alias = Alias-Adresse einrichten
step-hide-alias = Alias-Adresse sperren
step-remove-alias = Alias-Adresse entfernen
step-make-database = Datenbank anlegen
step-configure-database = Datenbank einrichten
step-hide-database = Zugang zur Datenbank sperren
step-remove-database = Datenbank löschen
step-issue-redirect-certificate = SSL-Zertifikat ausstellen
step-configure-redirect = Web-Weiterleitung einrichten
step-probe-redirect = Antwort prüfen
step-remove-redirect = Web-Weiterleitung abschalten
step-remove-redirect-folder = Zugriffsprotokoll der Web-Weiterleitung löschen
