-- Claims that wait for the consent of whoever owns the name above: few among all domains.
CREATE INDEX domain_consent ON domain (name) WHERE finding = 'needs-consent';
