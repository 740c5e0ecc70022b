# Cron jobs: programs of a webspace that run again and again.
webspace-tab-cron = Cron jobs
cron-title = Cron jobs
cron-all = All cron jobs
cron-empty-title = What should run regularly
cron-empty-text = A cron job starts a program of this webspace by itself: every night, every hour, or whenever you like. Its result and output are here afterwards.
cron-create = Add a cron job
cron-runs-php = Only commands that begin with php run here: webspaces have no user of their own on this server.
cron-runs-nothing = No cron job runs here: webspaces have no user of their own on this server. You can create cron jobs, but every run ends as failed. Please contact support.
cron-name = Name
cron-name-hint = For example Newsletter.
cron-command = Command
cron-command-hint = php and a script, or a file with a slash: php cron/send.php --all, ./import
cron-when = When
cron-way-hint = Times are in German time.
cron-way-quarter = Every 15 minutes
cron-way-hourly = Every hour
cron-way-daily = Every day
cron-way-working = Monday to Friday
cron-way-weekly = Mondays
cron-way-monthly = On the 1st of every month
cron-way-own = A schedule of your own
cron-at = Time of day
cron-at-hint = For example 03:15. With “Every hour” only the minutes count.
cron-fields = A schedule of your own
cron-fields-hint = Five fields: minute, hour, day, month, weekday. For example 15 3 * * 1 for Mondays at 03:15.
cron-help-title = Good to know
cron-help-program = The program starts in the folder of this webspace. It gets no input, and of the environment only HOME, PATH, TZ and LANG. Write no passwords into the command: it stands in the change log.
cron-help-shell = No shell reads the command: there are no redirections, pipes, wildcards and variables here. Write what you need of that into the script.
cron-help-limits = A run takes 10 minutes at most. While one goes on, the next one is left out.
cron-help-clock = Times that a change of clocks leaves out run one hour later. Times that come twice run once.
cron-next = Next run
cron-last = Last run
cron-never = none yet
cron-state = State
cron-on = runs by its schedule
cron-paused = paused
cron-asked = Started
cron-run = Run now
cron-pause = Pause
cron-resume = Resume
cron-upcoming = The next runs
cron-set-schedule = Change the schedule
cron-set-command = Change the command
cron-history = History
cron-history-empty = This cron job has not run yet.
cron-history-kept = The last 100 runs, 30 days at most.
cron-picture = The last runs, the newest on the right: high bars are failures, low ones runs left out. Each is in the table.
cron-began = Began
cron-outcome = Result
cron-took = Took
cron-memory = Memory
cron-by-hand = by hand
cron-exit = exit code { $code }
cron-signal = ended by signal { $signal }
cron-seconds =
    { $count ->
        [one] 1 second
       *[other] { $count } seconds
    }
cron-output = Output
cron-output-show = Show the output
cron-output-of = Output of { $at }
cron-output-none = This run wrote nothing.
cron-output-cut = Only the end of the output is kept: 64 KB.
cron-delete = Delete the cron job
cron-delete-title = Delete cron job “{ $name }”?
cron-delete-text = It belongs to webspace { $name }.
cron-delete-loses = It runs no more, and its history is gone.
cron-delete-keeps = The files of the webspace stay.
cron-outcome-running = running
cron-outcome-ok = fine
cron-outcome-failed = failed
cron-outcome-timeout = too long
cron-outcome-limit = over a limit
cron-outcome-missed = missed
cron-outcome-overlap = left out
cron-outcome-lost = unknown
cron-reason-no-user = Webspaces have no user of their own here, so nothing runs. Please ask support.
cron-reason-php-missing = The webspace has no PHP, or it is not installed here.
cron-reason-program-missing = There is no such file.
cron-reason-program-not-plain = This is no plain file of the webspace.
cron-reason-program-not-runnable = The file does not say what runs it: its first line begins with #!
cron-reason-not-started = The program could not be started. The next run tries again.
cron-reason-output = More than 16 MB of output.
cron-reason-processes = More than 64 processes.
cron-reason-cpu = More than 5 minutes of a processor.
cron-reason-file-size = A file grew beyond 1 GB.
cron-schedule-minutes =
    { $count ->
        [one] every minute
       *[other] every { $count } minutes
    }
cron-schedule-hourly = every hour at minute { $minute }
cron-schedule-hours = every { $count } hours at minute { $minute }
cron-schedule-daily = every day at { $at }
cron-schedule-working-days = Monday to Friday at { $at }
cron-schedule-weekly = { $days } at { $at }
cron-schedule-monthly = on day { $day } of every month at { $at }
cron-schedule-yearly = every year on { $day } { $month } at { $at }
cron-schedule-expression = as { $expression }
cron-day-0 = Sundays
cron-day-1 = Mondays
cron-day-2 = Tuesdays
cron-day-3 = Wednesdays
cron-day-4 = Thursdays
cron-day-5 = Fridays
cron-day-6 = Saturdays
activity-noun-cron_job = Cron job
capability-nouns-cron_job = cron jobs
own-data-table-cron_job = Cron jobs
own-data-table-cron_run = Runs of cron jobs
limit-cron_jobs = Cron jobs
limit-reached-cron_jobs = You use { $used } of { $max } cron jobs.
done-cron-job-create = Cron job “{ $name }” added.
done-cron-job-set-schedule = Schedule of “{ $name }” changed.
done-cron-job-set-command = Command of “{ $name }” changed.
done-cron-job-set-enabled = Cron job “{ $name }” paused or resumed.
done-cron-job-run = Cron job “{ $name }” is being started.
done-cron-job-delete = Cron job “{ $name }” deleted.
conflict-cron-running = This cron job is running or about to start. Please wait until it is done.
conflict-cron-webspace-off = The webspace is suspended, so nothing runs. Switch it on again first.
problem-cron-fields = A schedule has five fields: minute, hour, day, month, weekday. Here the number is { $count }.
problem-cron-number = { $field ->
        [minute] Minute
        [hour] Hour
        [day] Day
        [month] Month
       *[weekday] Weekday
    } “{ $value }” does not work: possible is { $min } to { $max }.
problem-cron-step-alone = “{ $value }” does not work: before the slash comes a star or a range, as in */5.
problem-cron-backwards = “{ $value }” does not work: the range ends before it begins.
problem-cron-step = “{ $value }” does not work: after the slash comes a number from 1 to 59.
problem-cron-never = No year has such a day.
problem-cron-too-often = The shortest time between two runs is { $minutes } min. Your plan asks for { $min } min at least.
problem-not-a-time-of-day = Write the time of day like this: 03:15
problem-command-control = At place { $place } is a line end or an invisible character. A cron job starts one program.
problem-command-backslash = After the backslash at place { $place } a character is missing.
problem-command-open-quote = The quotation mark at place { $place } is not closed.
problem-command-pipe = “{ $sign }” at place { $place }: output cannot be passed to other programs here. Write that into a script.
problem-command-redirect = “{ $sign }” at place { $place }: output cannot be redirected here. It is in the history.
problem-command-several = “{ $sign }” at place { $place }: a cron job starts one program. Write a script for several.
problem-command-expansion = “{ $sign }” at place { $place }: variables and wildcards are not replaced here. In single quotes the character stands for itself.
problem-command-comment = “{ $sign }” at place { $place }: there are no comments here.
problem-command-program = “{ $program }” does not work. Possible are php and files of this webspace with a slash, like ./import.
problem-command-path-outside = “{ $path }” is not in the webspace. Write the path from the webspace's folder on.
problem-command-no-script = Which file should run is missing here.
problem-command-php-option = “{ $option }” does not work: the script comes right after php.
problem-command-without-php = This webspace has no PHP. Choose a version in its settings first.
act-cron-job-create = add cron jobs
act-cron-job-set-schedule = change the schedule of cron jobs
act-cron-job-set-command = change the command of cron jobs
act-cron-job-set-enabled = pause and resume cron jobs
act-cron-job-run = run cron jobs at once
act-cron-job-delete = delete cron jobs
