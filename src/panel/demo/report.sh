#!/bin/sh
# Läuft als Cronjob der Vorführung. Was er schreibt, steht im Verlauf.
date "+Bericht vom %d.%m.%Y, %H:%M Uhr"
ls -l
