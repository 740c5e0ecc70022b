-- The few things of a customer that are not simply live; pages ask for them with every view.
CREATE INDEX resource_unsettled ON resource (customer_id, kind, state)
WHERE state <> 'live' AND gone_at IS NULL AND deleted_at IS NULL;
