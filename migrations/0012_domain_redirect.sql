-- Where a domain without webspace sends its visitors; NULL when it sends them nowhere.
ALTER TABLE domain ADD COLUMN redirect TEXT;
