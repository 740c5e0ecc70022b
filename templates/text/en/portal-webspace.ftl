# Webspaces.
webspaces-lead = A webspace is the place for a website: files, domain and certificate belong together.
webspaces-empty-title = Your website begins here
webspaces-empty-text = A webspace takes your files and is reachable at a preview address at once, encrypted and without a domain of your own.
webspaces-filter = Filter webspaces
webspaces-search = Search webspaces
webspaces-search-hint = Name of the webspace
webspaces-shown =
    { $count ->
        [one] 1 webspace
       *[other] { $count } webspaces
    }
webspaces-in-plan = { $used } of { $max } webspaces in your plan
webspace-create = Create webspace
webspace-create-lead = A name is enough. Everything can be changed later.
webspace-name = Name
webspace-name-hint = Lower-case letters, digits and hyphens, for example my-shop. The name becomes part of the preview address.
webspace-domain = Domain
webspace-domain-hint = A proved domain or a name below it, for example www.sunny-bakery.com. You can also connect it later.
webspace-quota = Quota
webspace-quota-hint = For example 2 GB or 500 MB.
webspace-document-root = Document root
webspace-document-root-hint = The folder that visitors see. Empty means: all files of the webspace.
webspace-tab-rules = Rules
webspace-redirects = Redirects
webspace-redirects-hint = One a line: 301 /old https://www.my-shop.example/new. With 302 or no number it holds for now. 410 /old says that something is there no more. The path includes everything beneath it.
webspace-error-pages = Error pages of your own
webspace-error-pages-hint = One a line: 404 errors/missing.html. Possible are 401 (a password is needed), 403 (nobody may see it), 404 (missing), 410 (there no more), 500 (the server failed), 502 (the application does not answer) and 503 (overloaded). The page is an HTML file in the document root.
webspace-hsts = Browsers keep to HTTPS (HSTS)
webspace-hsts-hint = Who came encrypted once does not come unencrypted any more, as long as the browser remembers.
webspace-hsts-off = No
webspace-hsts-month = 30 days, to try it out
webspace-hsts-years = Two years
webspace-server = Web server
webspace-server-hint = Apache reads .htaccess files: rules of applications, passwords and blocks hold as they are written there.
webspace-server-nginx = nginx
webspace-server-apache = Apache with .htaccess
webspace-upload = Largest file that visitors upload
webspace-upload-hint = For example 100 MB. Without it, 64 MB hold.
webspace-folders-title = Protected directories
webspace-folders-empty = No directory is protected. A protected one is opened only by name and password.
webspace-folders-no-nginx = Directories can be protected where nginx shows the websites. It does not here.
webspace-folder-of = Key of { $user }
webspace-folder-add = Add a key
webspace-folder = Directory
webspace-folder-hint = In the document root, for example internal. Empty, it is the whole website.
webspace-folder-user = Name
webspace-folder-password = Password
webspace-folder-password-hint = We do not show it again. Add the same key once more, and the new one holds.
webspace-rule-files-title = .htaccess files
webspace-rule-files-text = nginx does not read these files. You set redirects, error pages and protected directories here.
webspace-rule-files-apache = Apache reads these files. What it does not understand or does not allow there is answered with the error 500; the log of errors says why.
webspace-rule-file-protects = Protects something. Unless its directory is protected here, no change of the website goes live.
webspace-rule-file-shuts = Shuts its directory, but for single files. nginx does the same from the next change of the website on; where that is the whole website, or a directory with a password or another .htaccess file lies in it, no change goes live.
webspace-rule-file-plain = Protects nothing; its rules do not hold here.
webspace-rule-file-read = Apache reads it.
webspace-rules-help-title = Good to know
webspace-rules-help-redirects = A redirect comes before any file of the same name.
webspace-rules-help-hsts = HSTS cannot be called back: browsers keep to it until its time is over.
webspace-rules-help-folders = Protected directories are reached encrypted only; the whole website is then sent on to HTTPS.
webspace-rules-help-apache = With Apache, passwords and redirects from here hold before the .htaccess files do.
webspace-rules-help-no-apache = .htaccess files are not read here: there is no Apache on this server.
webspace-tab-php = PHP
webspace-php-off = This website runs without PHP. What you set here holds once you switch it on in the settings.
webspace-php-form = Settings of PHP
webspace-php-holds = What holds now
webspace-php-hoster = Which files PHP sees and which programs it starts is up to us. A plan with higher limits holds after an hour at the latest.
webspace-php-from-usual = as usual
webspace-php-from-plan = from your plan
webspace-php-from-own = yours
webspace-php-usual = As usual ({ $value })
webspace-php-seconds =
    { $count ->
        [one] One second
       *[other] { $count } seconds
    }
webspace-php-memory_limit = Memory of a request
webspace-php-memory_limit-hint = For instance 256M. Empty means as usual. PHP calls it memory_limit.
webspace-php-max_execution_time = Time of a request
webspace-php-max_execution_time-hint = In seconds. What takes longer is ended (max_execution_time).
webspace-php-max_input_vars = Fields of a form
webspace-php-max_input_vars-hint = PHP reads this many at most, 100 to 20,000 (max_input_vars).
webspace-php-display_errors = Error messages on the website
webspace-php-display_errors-hint = Only to look for errors: visitors see what is nobody's business (display_errors).
webspace-php-display_errors-on = Show
webspace-php-display_errors-off = Do not show
webspace-php-error_reporting = What PHP reports
webspace-php-error_reporting-hint = The messages are in the log of PHP (error_reporting).
webspace-php-error_reporting-all = Everything
webspace-php-error_reporting-no-deprecated = Everything but what is deprecated
webspace-php-error_reporting-no-notices = Warnings and errors
webspace-php-error_reporting-errors = Only errors that end a request
webspace-php-error_reporting-none = Nothing
webspace-php-date_timezone = Time zone
webspace-php-default_charset = Character set
webspace-php-opcache_revalidate_freq = Look for changed files
webspace-php-opcache_revalidate_freq-hint = Every how many seconds; 0 means each time (opcache.revalidate_freq).
webspace-php-session_gc_maxlifetime = Time of a session
webspace-php-session_gc_maxlifetime-hint = For how many seconds a session lasts at least without a visit, a week at most (session.gc_maxlifetime).
webspace-php-children = Requests at the same time
webspace-php-upload = Largest file that visitors upload
webspace-php-upload-usual = 64 MB
webspace-php-upload-from = from the rules of the website
webspace-php-doing = How PHP is doing
webspace-php-working = Processes at work
webspace-php-of = { $active } of { $max }
webspace-php-verdict-fine = PHP keeps up well.
webspace-php-verdict-full = At times all processes were busy, and visitors waited. Have a look at the long requests.
webspace-php-verdict-waits = Visitors are waiting for a free process right now. Have a look at the long requests.
webspace-php-waiting = Requests that wait
webspace-php-idle = Free processes
webspace-php-most = Most at the same time
webspace-php-reached = All busy, so often
webspace-php-slow = Long requests
webspace-php-accepted = Requests in all
webspace-php-counted =
    { $minutes ->
        [one] Counted for one minute, since PHP was last loaded anew.
       *[other] Counted for { $minutes } minutes, since PHP was last loaded anew.
    }
webspace-php-idle-all = No PHP runs for this website right now.
webspace-php-silent = PHP does not say how it is doing right now. The website is not affected; load this page once more.
webspace-php = PHP
webspace-php-none = Without PHP
webspace-php-hint = What runs PHP files. Without PHP they are shown to nobody.
webspace-will-folder = Folder with a first page
webspace-will-folder-sub = which you replace by your own
webspace-will-preview = Preview address
webspace-will-preview-sub = reachable at once, not in search engines
webspace-will-certificate = Certificate
webspace-will-certificate-sub = HTTP redirects to HTTPS
webspace-will-sftp = SFTP access
webspace-will-sftp-sub = we show the password once
webspace-created-title = Webspace “{ $name }” is created
webspace-created-lead = It is being set up, mostly within 2 seconds.
webspace-created-go = To the webspace
webspace-once-title = Your SFTP password
webspace-once-text = You see this password only now. Please save it; you can make a new one at any time.
webspace-address-title = Your preview address
webspace-address-text = Your website can be seen here from now on, even without a domain of your own.
webspace-open = Open website
webspace-preview-open = Open preview address
webspace-more = More actions for { $name }
webspace-tabs = Pages of the webspace
webspace-tab-overview = Overview
webspace-tab-files = Files
webspace-tab-hosts = Domains and certificate
webspace-tab-access = Access
webspace-tab-log = Logs
webspace-tab-settings = Settings
webspace-hosts-more =
    { $count ->
        [one] and 1 more
       *[other] and { $count } more
    }
webspace-only-preview = preview address only
webspace-steps-title = Frequent steps
webspace-step-upload = Upload files
webspace-step-domain = Connect a domain
webspace-step-access = Set up SFTP access
webspace-main-host = Main domain
webspace-preview = Preview address
webspace-preview-stays = always stays
webspace-certificate = Certificate
webspace-certificate-until = valid until { $at }
webspace-certificate-by = issued by { $issuer }
webspace-certificate-of = Issued by { $issuer }. Renews itself.
webspace-certificate-none = none yet, one is issued automatically
webspace-hosts-title = Connected domains
webspace-host = Domain
webspace-host-hint = A proved domain or a name below it, for example www.sunny-bakery.com
webspace-host-add = Connect domain
webspace-host-remove = Disconnect
webspace-https-title = Encryption
webspace-https-text = We send visitors who come with http:// on to the encrypted address.
webspace-https-on = The redirect to HTTPS is on
webspace-https-off = The redirect to HTTPS is off
webspace-https-turn-on = Turn redirect on
webspace-https-turn-off = Turn redirect off
webspace-dns-title = Leading the domain here
webspace-dns-text = Enter the address of this server at your domain provider. It takes up to a day until everybody sees it; until then use the preview address.
webspace-sftp-title = SFTP access
webspace-sftp-text = Upload files with a program such as FileZilla or Cyberduck.
webspace-sftp-host = Server
webspace-sftp-port = Port
webspace-sftp-login = User name
webspace-sftp-password = Password
webspace-sftp-password-set = set, cannot be read for safety
webspace-sftp-password-none = none, login with an SSH key only
webspace-sftp-command = Command
webspace-password-new = Make a new password
webspace-password-new-text = The present password ends then. We show the new one once.
webspace-password-title = New SFTP password for “{ $name }”
webspace-password-lead = The password before has ended.
webspace-password-noted = I have saved it
webspace-keys-title = SSH keys
webspace-keys-empty = No SSH key yet. With a key you log in without a password.
webspace-key = Public SSH key
webspace-key-hint = The content of the file that ends with .pub, in one line.
webspace-key-name = Name
webspace-key-name-hint = For example the device: laptop in the office
webspace-key-add = Add SSH key
webspace-key-since = since { $at }
webspace-key-delete = Remove SSH key
webspace-key-delete-title = Remove SSH key “{ $name }”?
webspace-key-delete-text = It no longer opens the webspace “{ $name }”.
webspace-key-delete-loses = New logins with this key are refused.
webspace-key-delete-keeps = The password and other keys stay valid.
webspace-access-help-title = How it works
webspace-access-help-program = Choose SFTP as the protocol in your program and enter server, port and user name.
webspace-access-help-key = The command ssh-keygen -t ed25519 makes a key on your computer.
webspace-log-which = Which log
webspace-log-of-access = Visits
webspace-log-of-error = Errors
webspace-log-of-php = PHP
webspace-log-of-slow = Slow requests
webspace-log-filter = Filter lines
webspace-log-filter-button = Filter
webspace-log-search = Text in the line
webspace-log-status = Answer
webspace-log-status-all = All answers
webspace-log-status-2xx = Done (2xx)
webspace-log-status-3xx = Sent on (3xx)
webspace-log-status-4xx = Not found or refused (4xx)
webspace-log-status-5xx = Errors of the server (5xx)
webspace-log-nothing = This is not in the latest lines.
webspace-log-empty-access = No visits yet. As soon as somebody opens the website, it is listed here.
webspace-log-empty-error = No errors. What the server could not deliver is listed here.
webspace-log-empty-php = No messages. What PHP and your application complain about is listed here.
webspace-log-empty-slow = No slow requests. When a page takes longer than five seconds, what PHP was at is listed here.
webspace-log-no-php = This website runs without PHP. You switch it on in the settings.
webspace-log-kept = We delete logs after 14 days, and shorten full addresses after seven.
webspace-log-refresh = Refresh
webspace-log-shown =
    { $count ->
        [one] The last line.
       *[other] The last { $count } lines, the newest at the bottom.
    }
webspace-log-addresses = Addresses of visitors
webspace-log-short = IP addresses are shortened.
webspace-log-full-until = Full IP addresses are logged until { $at }.
webspace-log-meaning = By your instruction we log full addresses for seven days, for example to look into an attack. Full addresses are personal data: you need a reason for this. The instruction is in the change log.
webspace-log-start = Give instruction, 7 days
webspace-log-stop = End instruction
webspace-settings-unchanged = It is set like this already, there was nothing to change.
webspace-off-title = Switch the website off for a while
webspace-off-text = Visitors then see a notice. Files and settings stay.
webspace-end-title = Delete webspace
webspace-end-text = It then stays in the trash for 14 days.
webspace-suspend = Suspend webspace
webspace-suspend-title = Suspend “{ $name }”
webspace-suspend-lead = Visitors then see a notice instead of the website. Files can be read, but not changed.
webspace-suspend-reason-hint = For you and the other members, visitors do not see it.
webspace-delete-title = Delete webspace “{ $name }”?
webspace-delete-text = The webspace goes into the trash and can be restored for 14 days, with all its files.
webspace-delete-loses-site = The website cannot be reached any more at once.
webspace-delete-loses-hosts =
    { $count ->
        [0] No domains are connected.
        [one] One connected domain becomes free.
       *[other] { $count } connected domains become free.
    }
webspace-delete-keeps = Files, access and settings are kept for 14 days.

# File manager.
files-crumbs = Folder
files-search = Search in this folder
files-caption = Content of /{ $folder }
files-name = Name
files-modified = Changed
files-size = Size
files-link = link
files-upload = Upload files
files-upload-hint = Several at once are fine. Files with the same name are replaced.
files-download = Download
files-edit = Edit
files-unzip = Unpack here
files-rename = Rename
files-empty-title = This folder is empty
files-empty-text = Upload files above, or create a folder.
files-count =
    { $count ->
        [one] 1 entry.
       *[other] { $count } entries.
    }
files-cut = { $count } of { $total } entries. Search to find the others.
files-used = { $used } of { $max } in use.
files-did-uploaded = Uploaded.
files-did-folder = Folder created.
files-did-renamed = Renamed.
files-did-deleted = Deleted.
files-did-saved = Saved.
files-did-unzipped = Unpacked.
files-folder-new = Create folder
files-folder-title = Create folder
files-folder-lead = The new folder will be in { $at }.
files-folder-label = Name of the folder
files-folder-hint = Without a slash, for example images
files-folder-button = Create folder
files-rename-title = Rename
files-rename-lead = This is about { $at }.
files-rename-label = New name or path
files-rename-hint = With another folder in front it is moved, for example archive/old.html
files-rename-button = Rename
files-delete-title = Delete “{ $name }”?
files-delete-text = Single files and folders have no trash: deleted here means deleted for good.
files-delete-button = Delete for good
files-delete-loses-file = The file is gone then.
files-delete-loses-folder = The folder and everything in it are gone then.
files-edit-lead = Last changed { $at }.
files-edit-label = Content
files-edit-button = Save file
files-edit-over = The text is too long: up to { $max } can be saved here. Shorten it, or upload the file in its folder.
files-edit-theirs = Download the version on the server
files-edit-download = Download { $name }
files-back = Back to the folder
files-error-no-file = No file was chosen. Choose at least one.
files-error-bad-name = A file has a name that is not possible here. Rename it on your device and try again. The files before it are uploaded.
files-error-no-text = This is no text file in UTF-8 and cannot be edited here. You can download it.
files-error-too-large-to-edit = This file is too large for the browser: files up to { $max } can be edited here. Download it and upload it again when it is changed, or use SFTP.
files-error-too-large-to-save = The text is too long: up to { $max } can be saved here. The file is unchanged, your text is below. Shorten it, or upload the file in its folder.
files-error-changed-meanwhile = The file was changed elsewhere meanwhile. Nothing was overwritten, your text is below. Save again if yours is to count.
files-error-gone-meanwhile = This file is not here any more: it was deleted or renamed meanwhile. Your text is below. Saving makes it again.
