-- An integer key, which the full-text index and the tags point to. Tickets sort by their id in the order of creation.
ALTER TABLE tickets RENAME TO tickets_before;
DROP INDEX tickets_by_number;

CREATE TABLE tickets (
    seq         INTEGER PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT    NULL,
    status      TEXT    NOT NULL,
    priority    TEXT    NOT NULL,
    urgency     INTEGER NOT NULL GENERATED ALWAYS AS
        (CASE priority WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 ELSE 3 END) VIRTUAL,
    created_by  TEXT    NOT NULL,
    assignee    TEXT    NULL,
    tags        TEXT    NOT NULL,
    due_at      TEXT    NULL,
    due         TEXT    NOT NULL GENERATED ALWAYS AS (coalesce(due_at, '~')) VIRTUAL,
    version     INTEGER NOT NULL,
    created_at  TEXT    NOT NULL,
    updated_at  TEXT    NOT NULL,
    resolved_at TEXT    NULL,
    closed_at   TEXT    NULL
);

INSERT INTO tickets (tenant, id, number, title, description, status, priority, created_by, assignee, tags, due_at, version,
                     created_at, updated_at, resolved_at, closed_at)
SELECT tenant, id, number, title, description, status, priority, created_by, assignee, tags, due_at, version,
       created_at, updated_at, resolved_at, closed_at
FROM tickets_before ORDER BY id;

DROP TABLE tickets_before;

CREATE UNIQUE INDEX tickets_by_id ON tickets (tenant, id);
CREATE UNIQUE INDEX tickets_by_number ON tickets (tenant, number);
CREATE INDEX tickets_by_updated ON tickets (tenant, updated_at);
CREATE INDEX tickets_by_urgency ON tickets (tenant, urgency);
CREATE INDEX tickets_by_due ON tickets (tenant, due);
CREATE INDEX tickets_by_status ON tickets (tenant, status);
CREATE INDEX tickets_by_creator ON tickets (tenant, created_by);
CREATE INDEX tickets_by_assignee ON tickets (tenant, assignee) WHERE assignee IS NOT NULL;

CREATE TABLE ticket_tags (
    tenant TEXT    NOT NULL,
    tag    TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (tenant, tag, seq)
) WITHOUT ROWID;

INSERT INTO ticket_tags (tenant, tag, seq) SELECT DISTINCT tenant, value, seq FROM tickets, json_each(tickets.tags);

-- The scope is one word for each tenant, so that a search meets no other tenant's text.
CREATE VIRTUAL TABLE ticket_texts USING fts5 (
    scope, title, description, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');

INSERT INTO ticket_texts (rowid, scope, title, description) SELECT seq, 't' || hex(tenant), title, description FROM tickets;

CREATE TABLE comments (
    tenant     TEXT NOT NULL,
    ticket_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    author     TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, ticket_id, id)
) WITHOUT ROWID;
