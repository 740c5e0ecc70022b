-- An owner decides whether everybody in the customer needs a second factor.
GRANT UPDATE (factor_required) ON customer TO wabe_tenant;
