-- The service works as tickets_app, which owns nothing, and looks for what is old as tickets_upkeep. Roles belong to the
-- whole server, so another database may have made them.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['tickets_app', 'tickets_upkeep'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;

        IF NOT pg_has_role(current_user, role, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', role);
        END IF;
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA tickets TO tickets_app, tickets_upkeep;

CREATE TABLE ledger (
    tenant      text COLLATE "C" NOT NULL,
    command_id  uuid    NOT NULL,
    status      integer NOT NULL,
    body        text    NOT NULL,
    fingerprint text    NULL,
    decision    uuid    NULL,
    created_at  bigint  NOT NULL,
    PRIMARY KEY (tenant, command_id)
);

COMMENT ON COLUMN ledger.created_at IS 'milliseconds since 1970, UTC';

CREATE TABLE ticket_numbers (
    tenant      text COLLATE "C" NOT NULL PRIMARY KEY,
    last_number bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE tickets (
    seq         bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant      text COLLATE "C" NOT NULL,
    id          uuid        NOT NULL,
    number      bigint      NOT NULL,
    title       text        NOT NULL,
    description text        NULL,
    status      text COLLATE "C" NOT NULL,
    priority    text COLLATE "C" NOT NULL,
    urgency     integer     NOT NULL GENERATED ALWAYS AS
        (CASE priority WHEN 'low' THEN 0 WHEN 'medium' THEN 1 WHEN 'high' THEN 2 ELSE 3 END) STORED,
    created_by  text COLLATE "C" NOT NULL,
    assignee    text COLLATE "C" NULL,
    tags        text[]      NOT NULL,
    due_at      timestamptz NULL,
    due         timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(due_at, 'infinity')) STORED,
    version     integer     NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    resolved_at timestamptz NULL,
    closed_at   timestamptz NULL
);

CREATE UNIQUE INDEX tickets_by_id ON tickets (tenant, id);
CREATE UNIQUE INDEX tickets_by_number ON tickets (tenant, number);
CREATE INDEX tickets_by_updated ON tickets (tenant, updated_at, seq);
CREATE INDEX tickets_by_urgency ON tickets (tenant, urgency, seq);
CREATE INDEX tickets_by_due ON tickets (tenant, due, seq);
CREATE INDEX tickets_by_status ON tickets (tenant, status);
CREATE INDEX tickets_by_creator ON tickets (tenant, created_by);
CREATE INDEX tickets_by_assignee ON tickets (tenant, assignee) WHERE assignee IS NOT NULL;

CREATE TABLE ticket_tags (
    tenant text COLLATE "C" NOT NULL,
    tag    text COLLATE "C" NOT NULL,
    seq    bigint NOT NULL,
    PRIMARY KEY (tenant, tag, seq)
);

CREATE TABLE comments (
    tenant     text COLLATE "C" NOT NULL,
    ticket_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    author     text        NOT NULL,
    body       text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, ticket_id, id),
    -- Holds the ticket while a comment is written: it can't be removed at the same time.
    FOREIGN KEY (tenant, ticket_id) REFERENCES tickets (tenant, id)
);

CREATE TABLE audit (
    tenant      text COLLATE "C" NOT NULL,
    id          uuid        NOT NULL,
    ticket_id   uuid        NOT NULL,
    version     integer     NOT NULL,
    occurred_at timestamptz NOT NULL,
    record      text        NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX audit_by_ticket ON audit (tenant, ticket_id, id);

CREATE TABLE notifications (
    tenant       text COLLATE "C" NOT NULL,
    id           uuid        NOT NULL,
    ticket_id    uuid        NOT NULL,
    reason       text        NOT NULL,
    channel      text        NOT NULL,
    recipient    text        NULL,
    status       text        NOT NULL,
    requested_at timestamptz NOT NULL,
    settled_at   timestamptz NULL,
    error        text        NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX notifications_by_ticket ON notifications (tenant, ticket_id, reason, channel, status);

-- A place has one notification that is pending; two that ask for it at once must not both get it.
CREATE UNIQUE INDEX notifications_pending ON notifications (tenant, ticket_id, reason, channel) WHERE status = 'pending';

-- Each tenant sees its own rows, and nobody sees any while no tenant is set.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger', 'ticket_numbers', 'tickets', 'ticket_tags', 'comments', 'audit', 'notifications'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY of_tenant ON %I TO tickets_app USING (tenant = current_setting(''tickets.tenant'', true))', name);
    END LOOP;

    FOREACH name IN ARRAY ARRAY['ledger', 'audit', 'notifications'] LOOP
        EXECUTE format('CREATE POLICY of_upkeep ON %I FOR SELECT TO tickets_upkeep USING (true)', name);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_numbers, tickets, ticket_tags, comments, notifications TO tickets_app;

-- What was written down stays as it is.
GRANT SELECT, INSERT, DELETE ON ledger, audit TO tickets_app;

-- The keys and ages of what is pruned, and no content.
GRANT SELECT (tenant, command_id, created_at) ON ledger TO tickets_upkeep;
GRANT SELECT (tenant, id, occurred_at) ON audit TO tickets_upkeep;
GRANT SELECT (tenant, id, requested_at) ON notifications TO tickets_upkeep;
