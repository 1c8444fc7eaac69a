-- What replays of dead letters are sealed with. It was made here and is nowhere else.
CREATE TABLE replay_key (key BLOB NOT NULL);

INSERT INTO replay_key (key) VALUES (randomblob(32));
