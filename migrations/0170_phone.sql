-- Where somebody, or a customer, is called, as E.164 has it, and its digits from the last to the first: by the
-- end of a number they are found. It says who may be calling, and proves nothing.
ALTER TABLE wabe_user ADD COLUMN phone TEXT;
ALTER TABLE wabe_user ADD COLUMN phone_reversed TEXT;
CREATE INDEX wabe_user_phone ON wabe_user (phone_reversed) WHERE phone_reversed IS NOT NULL;
ALTER TABLE customer ADD COLUMN contact_phone TEXT;
ALTER TABLE customer ADD COLUMN contact_phone_reversed TEXT;
CREATE INDEX customer_phone ON customer (contact_phone_reversed) WHERE contact_phone_reversed IS NOT NULL;
