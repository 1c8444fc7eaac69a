CREATE TABLE comments (
    tenant     TEXT NOT NULL,
    ticket_id  TEXT NOT NULL,
    id         TEXT NOT NULL,
    author     TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, ticket_id, id)
) WITHOUT ROWID;
