# Databases, SQL console, dumps in and out.
databases-title = Databases
databases-lead = For shops, blogs and programs of your own. Every database has its own storage.
databases-search = Find a database
databases-search-hint = Name or a part of it
databases-empty-title = Room for your data
databases-empty-text = A database keeps what your website or program needs. A name is enough; it is ready at once.
databases-nothing-text = No database has “{ $text }” in its name. Perhaps it lies in the trash.
database-name = Name
database-name-hint = Lower-case letters, digits and underscores, for example shop_2026.
database-engine = Database system
database-engine-sqlite = A file that is ready at once. Tables and SQL in the portal.
database-engine-mariadb = A server for websites and programs, as WordPress and most shops want it.
database-engine-postgresql = A server for websites and programs that want PostgreSQL.
database-reach = Access for programs
database-reach-none = The server of this database is not offered at the moment. Your data is kept.
database-host = Host
database-port = Port
database-server-name = Database
database-user = User
database-password-new = Make a new password
database-password-new-text = The present password ends then, and whoever is logged in with it is out. We show the new one once.
database-password-title = New password for “{ $name }”
database-password-lead = The password before has ended.
database-password-noted = I have saved it
database-once-title = Your database password
database-once-text = You see this password only now. Please save it; you can make a new one at any time.
database-created-title = Database “{ $name }” is created
database-created-lead = It is being set up, mostly within 2 seconds.
database-created-go = To the database
database-quota = Storage of the database
database-open-sql = Open SQL console
database-open-sql-of = Open the SQL console of { $name }
database-tabs = Pages of { $name }
database-tab-show = Overview
database-tab-sql = SQL console
database-tab-import = Import and download
database-tab-settings = Settings
database-settings-title = Settings of { $name }
database-import = Import an SQL file
database-export = Download as an SQL file
database-create-title = Create database
database-create-lead = A name is enough. You can change the storage later.
database-create-button = Create database
database-happens-file = An empty database
database-happens-file-sub = with up to { $quota } from your plan
database-happens-sql = SQL console in the portal
database-happens-sql-sub = and SQL files in and out, or access for your programs
database-tables = Tables
database-connections = Connections
database-connections-most = Connections at once
database-connections-hint = How many one database and all of yours together may have is part of your plan. Fewer than now end the open ones; programs connect again.
database-statement-most = Longest statement
database-seconds = { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
database-login = Login
database-login-sqlite = none
database-login-mariadb = mysql_native_password
database-login-postgresql = SCRAM-SHA-256
database-table = Table
database-rows = Rows
database-tables-empty = No table yet. Import an SQL file, or create one in the SQL console.
database-tables-hidden = The tables cannot be shown here now: the database is not ready yet or suspended, or your role shows no content.
database-tables-unreached = The tables are not part of this consent.
database-rows-of = Rows of the table { $table }
database-rows-noted = Every look at a table is in the access log.
database-rejected = The database did not run the statement. What you typed is unchanged.
database-over-quota = There is not enough storage ({ $quota }). Nothing was changed. Make it larger in the settings.
database-too-large = This is larger than possible here ({ $max }). Nothing was changed.

sql-title = SQL console of { $name }
sql-statement = SQL statements
sql-hint = Separate several statements by semicolons; the rows of the last one are shown. Ctrl and Enter run them.
sql-run = Run
sql-noted = Statements cannot be undone. Every access is in the access log.
sql-answer = Result
sql-time = { $millis } ms
sql-changed =
    { $count ->
        [0] Done. No row was changed.
        [one] Done. 1 row was changed.
       *[other] Done. { $count } rows were changed.
    }
sql-no-rows = No row matches.
sql-rows = Rows { $first } to { $last }
sql-before = Earlier rows
sql-next = More rows
sql-cut = There are more rows. So that nothing runs a second time, there are no pages here; fetch them with LIMIT and OFFSET.
sql-null = empty (NULL)
sql-binary = binary data, { $size }

import-title = Import an SQL file into { $name }
import-lead = The file is run as a whole or not at all: after an error your database is as it was.
import-lead-stays = The file is run statement by statement. MariaDB cannot take tables back: after an error, what ran before stays, and the error says how much that is.
import-server = Everything in the file becomes the property of this database's user: owners, definers and rights in it are left out. Commands for the client program, other databases and files of the server are not possible.
import-file = SQL file
import-file-hint = SQL for the same database system, not compressed, in UTF-8, { $most } at most. Afterwards the database may hold { $quota } at most.
import-run = Import
import-progress = Importing: %
import-failed = The connection broke off. Unless the whole file arrived, your database is unchanged; please look before you try again.
import-failed-stays = The import was interrupted. What ran until then stays; please look at your tables before you try again.
import-done = Imported: { $size }.
export-lead = All tables with their data, and indexes, views and triggers, as SQL text for SQLite; it can be imported here and with SQLite's own programs. The file is whole when its last line is COMMIT;.
export-lead-server = All tables with their data, and indexes, views, triggers and routines, as SQL text for the same database system; it can be imported here and with its own programs.
export-run = Download SQL file

conflict-suspended = This is suspended. Its data is kept; lift the suspension first.
