## Bekannte Störungen

ticket-known = Bekannt: { $title }
staff-problems-title = Störungen
staff-problems-lead = Eine Ursache, viele Anfragen: eine Antwort an alle, und ein Hinweis für alle, die gerade fragen wollen.
staff-problems-empty-title = Keine Störung bekannt
staff-problems-empty-text = Sobald viele dasselbe fragen, legen Sie hier die Ursache an und ordnen die Anfragen zu.
staff-problem-create = Störung anlegen
staff-problem-one = Störung
staff-problem-no = Keine
staff-problem-of = Teil der Störung „{ $title }“
staff-problem-open = Offen
staff-problem-solved = Behoben
staff-problem-since = Bekannt seit
staff-problem-tickets = Anfragen
staff-problem-none = Noch keine. Zugeordnet wird auf der Seite einer Anfrage.
staff-problem-waits = Antwort ist unterwegs
staff-problem-lead = { $count ->
    [0] Noch keine Anfrage ist zugeordnet.
    [one] Eine Anfrage ist zugeordnet.
   *[other] { $count } Anfragen sind zugeordnet.
 }
staff-problem-spreading = { $all } Anfragen sind zugeordnet; zu { $count } davon ist die Antwort noch unterwegs.
staff-problem-held =
    { $count ->
        [one] Zu einer Anfrage ist die Antwort nicht angekommen; wer sie gab, arbeitet nicht mehr an Anfragen. Bitte antworten Sie noch einmal: Es bekommen sie nur, denen sie fehlt.
       *[other] Zu { $count } Anfragen ist die Antwort nicht angekommen; wer sie gab, arbeitet nicht mehr an Anfragen. Bitte antworten Sie noch einmal: Es bekommen sie nur, denen sie fehlt.
    }
staff-problem-over = Behoben. Alle zugeordneten Anfragen sind beantwortet.
staff-problem-answer = Allen antworten
staff-problem-answer-hint = Geht in Ihrem Namen an jede zugeordnete Anfrage, die nicht geschlossen ist.
staff-problem-answer-solved = Behoben: Störung und Anfragen sind damit gelöst
staff-problem-answer-send = An alle senden
staff-problem-last = Letzte Antwort an alle
staff-problem-name = Worum es geht
staff-problem-notice = Hinweis für die Kundschaft
staff-problem-notice-hint = Steht über dem Formular für neue Anfragen, bis die Störung behoben ist.
staff-problem-save = Speichern
staff-problem-then-notice = Der Hinweis steht über dem Formular
staff-problem-then-notice-sub = Wer eine neue Anfrage schreiben will, liest ihn zuerst. Ohne Hinweis steht dort nichts.
staff-problem-then-assign = Sie ordnen Anfragen zu
staff-problem-then-assign-sub = Auf der Seite einer Anfrage wählen Sie, zu welcher Störung sie gehört.
staff-problem-then-answer = Eine Antwort geht an jede
staff-problem-then-answer-sub = Sie schreiben sie einmal, auf der Seite der Störung. Jede zugeordnete Anfrage erhält sie in Ihrem Namen.
staff-problem-done-created = Die Störung ist angelegt. Ordnen Sie jetzt Anfragen zu.
staff-problem-done-saved = Gespeichert.
staff-problem-done-answered = Die Antwort geht jetzt an alle zugeordneten Anfragen.
staff-ticket-done-problem = Die Zuordnung ist gespeichert.
conflict-problem-answering = Die letzte Antwort ist noch unterwegs. Warten Sie bitte einen Augenblick.
conflict-problem-solved = Diese Störung ist behoben.
conflict-problem-unanswered = Zu dieser Anfrage wartet keine Antwort.
