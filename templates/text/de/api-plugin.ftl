# Erweiterungen in der Beschreibung der Schnittstelle.
api-op-plugin-list = Die Erweiterungen, die eingerichtet werden können, jeweils in der neuesten freigegebenen Version.
api-op-installation-list = Die eingerichteten Erweiterungen.
api-op-installation-show = Eine eingerichtete Erweiterung: Berechtigungen, Einstellungen, Zustand.
api-op-installation-runs = Die Ausführungen einer eingerichteten Erweiterung, die neueste zuerst.
api-op-installation-usage = Was eine eingerichtete Erweiterung an jedem der letzten 30 Tage verbraucht hat.
api-op-run-list = Die Ausführungen aller eingerichteten Erweiterungen, die neueste zuerst.
api-op-run-show = Eine Ausführung: was einging, was sie geändert hat, ihr Protokoll, ihr Verbrauch und die Grenze, der sie am nächsten kam.
api-op-run-recording = Die Aufzeichnung einer Ausführung, ohne ihre Geheimnisse: was das Werkzeug der Autoren nachstellt.
api-op-installation-export = Alles, was eine eingerichtete Erweiterung gespeichert hat, mit Einstellungen und Ausführungen; 14 Tage lang auch von einer entfernten.
api-op-installation-left = Was von entfernten Erweiterungen noch heruntergeladen werden kann, das Neueste zuerst.
api-op-plugin-version-list = Für den Hoster: jede Version jeder Erweiterung, zuletzt Hochgeladenes zuerst.
api-op-plugin-version-show = Für den Hoster: eine Version einer Erweiterung.
api-op-plugin-package-read = Für den Hoster: das Paket einer Version, wie es hochgeladen wurde.
api-op-trusted-key-list = Für den Hoster: die Schlüssel, deren Signaturen vertraut wird.
api-param-installation = Nur Ausführungen der eingerichteten Erweiterung mit dieser Kennung.
api-param-state = Nur Ausführungen in diesem Zustand.
api-param-trigger = Nur Ausführungen mit diesem Auslöser.
