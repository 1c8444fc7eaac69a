-- What replays of dead letters are sealed with. It was made here and is nowhere else.
CREATE TABLE replay_key (key bytea NOT NULL);

INSERT INTO replay_key (key) VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

GRANT SELECT ON replay_key TO tickets_upkeep;
