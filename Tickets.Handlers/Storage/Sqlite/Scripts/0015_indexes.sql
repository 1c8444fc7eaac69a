-- Tags and texts follow the tickets by themselves.
CREATE TRIGGER tickets_added AFTER INSERT ON tickets
BEGIN
    INSERT INTO ticket_texts (rowid, scope, title, description) VALUES (new.seq, 't' || hex(new.tenant), new.title, new.description);
    INSERT INTO ticket_tags (tenant, tag, seq) SELECT DISTINCT new.tenant, value, new.seq FROM json_each(new.tags);
END;

CREATE TRIGGER tickets_reworded AFTER UPDATE OF title, description ON tickets
WHEN new.title <> old.title OR new.description IS NOT old.description
BEGIN
    UPDATE ticket_texts SET scope = 't' || hex(new.tenant), title = new.title, description = new.description WHERE rowid = new.seq;
END;

CREATE TRIGGER tickets_retagged AFTER UPDATE OF tags ON tickets WHEN new.tags <> old.tags
BEGIN
    DELETE FROM ticket_tags WHERE tenant = old.tenant AND seq = old.seq AND tag IN (SELECT value FROM json_each(old.tags));
    INSERT INTO ticket_tags (tenant, tag, seq) SELECT DISTINCT new.tenant, value, new.seq FROM json_each(new.tags);
END;

CREATE TRIGGER tickets_removed AFTER DELETE ON tickets
BEGIN
    DELETE FROM ticket_texts WHERE rowid = old.seq;
    DELETE FROM ticket_tags WHERE tenant = old.tenant AND seq = old.seq AND tag IN (SELECT value FROM json_each(old.tags));
END;

-- What is never due sorts by the last time there is, as everywhere else.
DROP INDEX tickets_by_due;
ALTER TABLE tickets DROP COLUMN due;
ALTER TABLE tickets ADD COLUMN due TEXT NOT NULL GENERATED ALWAYS AS (coalesce(due_at, '9999-12-31T23:59:59.9999999Z')) VIRTUAL;
CREATE INDEX tickets_by_due ON tickets (tenant, due);

-- A place has one notification that is pending; two that ask for it at once must not both get it.
UPDATE notifications SET status = 'failed', settled_at = requested_at, error = 'superseded'
WHERE status = 'pending' AND EXISTS (
    SELECT 1 FROM notifications later
    WHERE later.tenant = notifications.tenant AND later.ticket_id = notifications.ticket_id AND later.reason = notifications.reason
        AND later.channel = notifications.channel AND later.status = 'pending' AND later.id > notifications.id);
CREATE UNIQUE INDEX notifications_pending ON notifications (tenant, ticket_id, reason, channel) WHERE status = 'pending';

-- Tells the row of one delivery's decision from that of another.
ALTER TABLE ledger ADD COLUMN decision TEXT NULL;

-- What the planner can't know of an empty table: a tenant has many notifications, a ticket few. Without it, it takes the
-- primary key and goes through all of a tenant's.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('notifications', 'notifications', '1000000 10000 1'),
    ('notifications', 'notifications_by_ticket', '1000000 10000 3 2 2 1'),
    ('notifications', 'notifications_pending', '100 10 1 1 1');
ANALYZE sqlite_schema;
