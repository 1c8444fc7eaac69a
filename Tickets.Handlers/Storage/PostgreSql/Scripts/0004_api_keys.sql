-- Of a key's secret only the hash is kept. Times are milliseconds since 1970, UTC; lists are separated by blanks.
CREATE TABLE api_keys (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    name       text   NOT NULL,
    hash       bytea  NOT NULL,
    scopes     text   NOT NULL,
    tenants    text   NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NULL,
    revoked_at bigint NULL
);

-- The service looks keys up, beside the role that serves tenants. Who makes and revokes them is the owner.
GRANT SELECT ON api_keys TO tickets_upkeep;
