-- In a table WITHOUT ROWID a row of more than 1,002 bytes has the rest of it on a page of its own, which is written to the log
-- whole with each row: half of all that a command wrote. And a ledger that is kept in the order of random ids changes another
-- page for each command. Rows are now kept in the order in which they come, and found by an index.
CREATE TABLE outgoing_rows (
    seq          INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL,
    owner_id     INTEGER NOT NULL,
    destination  TEXT    NOT NULL,
    message_type TEXT    NULL,
    stored_at    INTEGER NOT NULL,
    claimed_at   INTEGER NOT NULL,
    deliver_by   INTEGER NULL,
    attempts     INTEGER NOT NULL,
    body         BLOB    NOT NULL
);

INSERT INTO outgoing_rows (id, owner_id, destination, message_type, stored_at, claimed_at, deliver_by, attempts, body)
SELECT id, owner_id, destination, message_type, stored_at, claimed_at, deliver_by, attempts, body FROM outgoing_messages
ORDER BY stored_at, id;

DROP TABLE outgoing_messages;
ALTER TABLE outgoing_rows RENAME TO outgoing_messages;
CREATE UNIQUE INDEX outgoing_messages_by_id ON outgoing_messages (id);
CREATE INDEX outgoing_messages_by_owner ON outgoing_messages (owner_id, destination, stored_at, claimed_at);

CREATE TABLE ledger_rows (
    seq         INTEGER PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    command_id  TEXT    NOT NULL,
    status      INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    fingerprint TEXT    NULL,
    decision    TEXT    NULL
);

INSERT INTO ledger_rows (tenant, command_id, status, body, created_at, fingerprint, decision)
SELECT tenant, command_id, status, body, created_at, fingerprint, decision FROM ledger ORDER BY created_at;

DROP TABLE ledger;
ALTER TABLE ledger_rows RENAME TO ledger;
CREATE UNIQUE INDEX ledger_by_command ON ledger (tenant, command_id);

CREATE TABLE audit_rows (
    seq         INTEGER PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    ticket_id   TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    occurred_at TEXT    NOT NULL,
    record      TEXT    NOT NULL
);

INSERT INTO audit_rows (tenant, id, ticket_id, version, occurred_at, record)
SELECT tenant, id, ticket_id, version, occurred_at, record FROM audit ORDER BY id;

DROP TABLE audit;
ALTER TABLE audit_rows RENAME TO audit;
CREATE UNIQUE INDEX audit_by_id ON audit (tenant, id);
CREATE INDEX audit_by_ticket ON audit (tenant, ticket_id, id);

CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
