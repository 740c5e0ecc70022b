-- Where somebody is called, as E.164 has it, and its digits from the last to the first: by the end of a number
-- people are found. It says who may be calling, and proves nothing.
ALTER TABLE wabe_user ADD COLUMN phone TEXT;
ALTER TABLE wabe_user ADD COLUMN phone_reversed TEXT;
CREATE INDEX wabe_user_phone ON wabe_user (phone_reversed) WHERE phone_reversed IS NOT NULL;
