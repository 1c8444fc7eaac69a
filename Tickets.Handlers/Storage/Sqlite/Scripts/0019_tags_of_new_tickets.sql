-- For a DISTINCT, SQLite opens a table of its own with each new ticket, also with one that has no tags.
DROP TRIGGER tickets_added;

CREATE TRIGGER tickets_added AFTER INSERT ON tickets
BEGIN
    INSERT INTO ticket_texts (rowid, scope, title, description) VALUES (new.seq, 't' || hex(new.tenant), new.title, new.description);
END;

CREATE TRIGGER tickets_tagged AFTER INSERT ON tickets WHEN new.tags <> '[]'
BEGIN
    INSERT OR IGNORE INTO ticket_tags (tenant, tag, seq) SELECT new.tenant, value, new.seq FROM json_each(new.tags);
END;
