-- Which engines there are, and where, is no secret of anybody's; only the system writes it down.
GRANT SELECT ON database_server TO wabe_tenant;
