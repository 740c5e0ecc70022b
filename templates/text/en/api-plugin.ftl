# Plugins in the document that describes the API.
api-op-plugin-list = The plugins that can be installed, each in its latest released version.
api-op-installation-list = The installed plugins.
api-op-installation-show = An installed plugin: its rights, its settings, its state.
api-op-installation-runs = The runs of an installed plugin, newest first.
api-op-installation-usage = What an installed plugin used on each of the last 30 days.
api-op-run-list = The runs of all installed plugins, newest first.
api-op-run-show = A run: what went in, what it changed, its log, what it used, and the limit it came closest to.
api-op-run-recording = The recording of a run, without its secrets: what the author's tool replays.
api-op-installation-export = Everything that an installed plugin keeps, with its settings and its runs; for 14 days also of one that was removed.
api-op-installation-left = What can still be downloaded of removed plugins, the latest first.
api-op-plugin-version-list = For the hoster: every version of every plugin, latest upload first.
api-op-plugin-version-show = For the hoster: a version of a plugin.
api-op-plugin-package-read = For the hoster: the package of a version as it was uploaded.
api-op-trusted-key-list = For the hoster: the keys whose signatures are trusted.
api-param-installation = Only runs of the installed plugin with this id.
api-param-state = Only runs in this state.
api-param-trigger = Only runs with this trigger.
