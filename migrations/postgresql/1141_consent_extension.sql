-- Customers read by whose word a consent holds for longer, as they read the approval that it names; keeping
-- that is the system's.
GRANT SELECT ON consent_extension TO wabe_tenant;
