-- stored_at never changes: it is the age of a message. claimed_at is when its present owner took it.
ALTER TABLE outgoing_messages ADD COLUMN claimed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outgoing_messages ADD COLUMN deliver_by INTEGER NULL;
ALTER TABLE outgoing_messages ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;

UPDATE outgoing_messages SET claimed_at = stored_at;

-- Answers every poll without touching the bodies.
DROP INDEX outgoing_messages_by_owner;
CREATE INDEX outgoing_messages_by_owner ON outgoing_messages (owner_id, destination, stored_at, claimed_at);
