-- A customer's own people say where it is called; nobody of a customer writes where a person is.
GRANT UPDATE (contact_phone, contact_phone_reversed) ON customer TO wabe_tenant;
