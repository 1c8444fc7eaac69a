-- The outbox is nearly empty and changes all the time: its vacuum is short when it does not pause after each few pages, and to give the pages
-- at its end back only means to ask for them again, under a lock that stops everybody.
ALTER TABLE wolverine.wolverine_outgoing_envelopes SET (autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);
