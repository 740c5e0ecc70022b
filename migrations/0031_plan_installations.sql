-- How many plugins a customer may install. Plans from before allow five.
UPDATE plan SET limits = replace(limits, '}', ',"installations":5}')
    WHERE limits <> '{}' AND limits NOT LIKE '%"installations"%';
INSERT INTO usage (customer_id, name, used, max)
    SELECT id, 'installations', 0, 5 FROM customer WHERE number <> 'K00000';
