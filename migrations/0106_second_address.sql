-- The address for which a second one elsewhere was asked for by letter.
ALTER TABLE wabe_user ADD COLUMN second_email_asked TEXT;
ALTER TABLE customer ADD COLUMN second_contact_asked TEXT;
CREATE INDEX domain_verified_at ON domain (verified_at) WHERE verified_at IS NOT NULL;
