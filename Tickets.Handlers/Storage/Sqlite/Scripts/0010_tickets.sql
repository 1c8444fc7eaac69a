CREATE TABLE ticket_numbers (
    tenant      TEXT    NOT NULL PRIMARY KEY,
    last_number INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE tickets (
    tenant      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT    NULL,
    status      TEXT    NOT NULL,
    priority    TEXT    NOT NULL,
    created_by  TEXT    NOT NULL,
    assignee    TEXT    NULL,
    tags        TEXT    NOT NULL,
    due_at      TEXT    NULL,
    version     INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    resolved_at TEXT    NULL,
    closed_at   TEXT    NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX tickets_by_number ON tickets (tenant, number);

CREATE TABLE audit (
    tenant      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    ticket_id   TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    occurred_at TEXT    NOT NULL,
    record      TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE INDEX audit_by_ticket ON audit (tenant, ticket_id, id);

CREATE TABLE notifications (
    tenant       TEXT NOT NULL,
    id           TEXT NOT NULL,
    ticket_id    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    channel      TEXT NOT NULL,
    delivered_at TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
