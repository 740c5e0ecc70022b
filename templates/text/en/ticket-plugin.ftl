## Plugins at tickets

ticket-event-plugin-ran = Plugin started.
ticket-plugin-found = What “{ $name }” found
ticket-plugin-said = Your plugin ran on your instruction, with the rights you gave it. Anything it changed stands below.
staff-plugin-act-said = Started on instruction. Anything it changed stands below.
staff-ticket-done-plugin = The plugin ran. What it found stands in the ticket.
staff-plugin-acts = What this plugin can do here
staff-plugin-acts-none = { $plugin } offers nothing for { $name }.
staff-plugin-acts-narrowed = No action of { $plugin } fits the search.
staff-plugin-act-of = { $plugin } · { $name }
staff-plugin-act-silent = { $name } does not answer just now. Everything else keeps running.
staff-plugin-act-down = No plugins run at the moment. Everything else runs as before. Please try again in a few minutes.
staff-plugin-act-busy = There is too much to do at once just now. Please try again in a few seconds.
staff-plugin-act-nothing = Nothing was changed, and nothing about it stands in the ticket.
staff-plugin-act-happens = This will happen
staff-plugin-act-from = Plugin of the customer: { $name }
staff-plugin-act-rights = It has the rights that the customer gave it, and changes this object at most.
staff-plugin-act-sees = Of the ticket it sees the number, the subject and this object
staff-plugin-act-sees-sub = nothing of what was written
staff-plugin-act-card = What it finds then stands in the ticket
staff-plugin-act-card-sub = both sides read it, and what was changed can be undone there where there is a way back
staff-plugin-act-run = Start the plugin
staff-plugin-act-noted = This look and the start stand in the customer's access log, with the ticket as their reason.
access-area-ticket-plugin-look = Asked your plugin what it can help with
access-area-ticket-plugin-act = Started your plugin in order to help
done-ticket-keep-run = What a plugin found kept in the ticket “{ $name }”.
