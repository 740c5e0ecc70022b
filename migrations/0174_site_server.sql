-- What answers for a webspace: nginx itself, or Apache behind it, which reads .htaccess.
ALTER TABLE webspace ADD COLUMN server TEXT NOT NULL DEFAULT 'nginx';
