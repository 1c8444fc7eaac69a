CREATE TABLE ledger (
    tenant     TEXT    NOT NULL,
    command_id TEXT    NOT NULL,
    status     INTEGER NOT NULL,
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, command_id)
) WITHOUT ROWID;
