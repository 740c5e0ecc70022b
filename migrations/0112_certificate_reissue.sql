-- Which certificate a node has, by its serial number; and the one that a webspace is not to be served with
-- any more once there is another.
ALTER TABLE webspace_certificate ADD COLUMN serial TEXT;
ALTER TABLE webspace ADD COLUMN unwanted_certificate TEXT;
