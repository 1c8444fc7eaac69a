CREATE TABLE outgoing_messages (
    id           TEXT    NOT NULL PRIMARY KEY,
    owner_id     INTEGER NOT NULL,
    destination  TEXT    NOT NULL,
    message_type TEXT    NULL,
    stored_at    INTEGER NOT NULL,
    body         BLOB    NOT NULL
) WITHOUT ROWID;

CREATE INDEX outgoing_messages_by_owner ON outgoing_messages (owner_id, destination);

CREATE TABLE incoming_messages (
    id             TEXT    NOT NULL,
    received_at    TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    owner_id       INTEGER NOT NULL,
    execution_time INTEGER NULL,
    attempts       INTEGER NOT NULL,
    message_type   TEXT    NULL,
    keep_until     INTEGER NULL,
    body           BLOB    NOT NULL,
    PRIMARY KEY (id, received_at)
) WITHOUT ROWID;

CREATE INDEX incoming_messages_by_status ON incoming_messages (status, owner_id, execution_time);

CREATE TABLE dead_letters (
    id                TEXT    NOT NULL PRIMARY KEY,
    received_at       TEXT    NOT NULL,
    message_type      TEXT    NOT NULL,
    source            TEXT    NOT NULL,
    exception_type    TEXT    NOT NULL,
    exception_message TEXT    NOT NULL,
    sent_at           INTEGER NOT NULL,
    failed_at         INTEGER NOT NULL,
    replayable        INTEGER NOT NULL,
    body              BLOB    NOT NULL
);
