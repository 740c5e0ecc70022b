-- Ways to what is erased together: what belongs to a customer or a person and was looked for otherwise so
-- far, and what refers to a row that goes.
CREATE INDEX mailbox_of_domain ON mailbox (domain_id);
CREATE INDEX alias_of_domain ON alias (domain_id);
CREATE INDEX access_key_of_webspace ON access_key (webspace_id);
CREATE INDEX ticket_attachment_message ON ticket_attachment (message_id);
CREATE INDEX customer_export_approval ON customer_export (approval_id);
CREATE INDEX notice_customer ON notice (customer_id, id);
CREATE INDEX factor_loss_user ON factor_loss (user_id);
CREATE INDEX caller_proof_user ON caller_proof (user_id);
CREATE INDEX confirmation_user ON confirmation (user_id);
CREATE INDEX approval_user ON approval (user_id);
CREATE INDEX outgoing_mail_user ON outgoing_mail (user_id);
CREATE INDEX outgoing_mail_recipient ON outgoing_mail (recipient);
