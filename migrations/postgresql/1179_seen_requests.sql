-- A request that was seen and whose run failed may come again: its key goes over to the run of the next.
GRANT UPDATE (run_id, applied_at) ON effect_key TO wabe_tenant;
