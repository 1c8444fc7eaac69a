ALTER TABLE notifications RENAME TO notifications_before;

CREATE TABLE notifications (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    ticket_id    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    channel      TEXT NOT NULL,
    recipient    TEXT NULL,
    status       TEXT NOT NULL,
    requested_at TEXT NOT NULL,
    settled_at   TEXT NULL,
    error        TEXT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

INSERT INTO notifications (tenant, id, ticket_id, reason, channel, status, requested_at, settled_at)
SELECT tenant, id, ticket_id, reason, channel, 'delivered', delivered_at, delivered_at FROM notifications_before;

DROP TABLE notifications_before;

CREATE INDEX notifications_by_ticket ON notifications (tenant, ticket_id, reason, channel, status);
