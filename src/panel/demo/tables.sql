CREATE TABLE artikel (id INTEGER PRIMARY KEY, name TEXT NOT NULL, preis_cent INTEGER NOT NULL);
INSERT INTO artikel (name, preis_cent) VALUES ('Roggenbrot', 420), ('Dinkelbrötchen', 75), ('Franzbrötchen', 190);
CREATE TABLE bestellung (id INTEGER PRIMARY KEY, artikel_id INTEGER NOT NULL REFERENCES artikel (id), anzahl INTEGER NOT NULL, bestellt_am TEXT NOT NULL);
INSERT INTO bestellung (artikel_id, anzahl, bestellt_am) VALUES (1, 2, '2026-11-20'), (2, 12, '2026-11-20'), (3, 4, '2026-11-21');
