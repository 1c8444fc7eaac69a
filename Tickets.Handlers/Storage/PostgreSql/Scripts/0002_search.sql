-- Words are found by an index that row-level security would forbid: its operators might tell of rows that they may not
-- see. So the index is in a table that tickets_app has no right to, and two functions ask it for the tenant that is set.
CREATE TABLE ticket_texts (
    seq   bigint   NOT NULL PRIMARY KEY,
    words tsvector NOT NULL
);

CREATE INDEX ticket_texts_by_word ON ticket_texts USING gin (words);

-- A text without its accents, with a blank for each sign, so that a word is what stands between signs.
CREATE FUNCTION folded(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
    translate(
        CASE WHEN octet_length(value) = char_length(value) THEN value
             ELSE regexp_replace(normalize(value, NFD), '[\u0300-\u036F]+', '', 'g') END,
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~',
        '                                ');

-- No folded text has a slash: what begins with one is not a word but a tenant.
CREATE FUNCTION ticket_words(tenant text, title text, description text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    array_to_tsvector(ARRAY['/' || tenant])
        || to_tsvector('simple', folded(title))
        || coalesce(to_tsvector('simple', folded(description)), '');

-- Every word must be there; signs within a word ask for its parts side by side.
CREATE FUNCTION ticket_query(words text[]) RETURNS tsquery LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    sought tsquery := ('''/' || current_setting('tickets.tenant', true) || '''')::tsquery;
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        sought := sought && phraseto_tsquery('simple', folded(word));
    END LOOP;

    RETURN sought;
END
$$;

CREATE FUNCTION tickets_with(words text[], most integer) RETURNS TABLE (seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = tickets AS $$
    SELECT seq FROM ticket_texts WHERE ticket_texts.words @@ ticket_query($1) LIMIT most
$$;

CREATE FUNCTION ticket_has(ticket bigint, words text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = tickets AS $$
    SELECT EXISTS (SELECT FROM ticket_texts WHERE seq = ticket AND ticket_texts.words @@ ticket_query($2))
$$;

CREATE FUNCTION index_ticket_text() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = tickets AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM ticket_texts WHERE seq = OLD.seq;
    ELSE
        INSERT INTO ticket_texts (seq, words) VALUES (NEW.seq, ticket_words(NEW.tenant, NEW.title, NEW.description))
        ON CONFLICT (seq) DO UPDATE SET words = EXCLUDED.words;
    END IF;

    RETURN NULL;
END
$$;

CREATE FUNCTION index_ticket_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM ticket_tags WHERE tenant = OLD.tenant AND tag = ANY (OLD.tags) AND seq = OLD.seq;
    END IF;

    IF TG_OP <> 'DELETE' THEN
        INSERT INTO ticket_tags (tenant, tag, seq) SELECT DISTINCT NEW.tenant, tag, NEW.seq FROM unnest(NEW.tags) AS tag;
    END IF;

    RETURN NULL;
END
$$;

CREATE TRIGGER text_follows_ticket AFTER INSERT OR DELETE OR UPDATE OF title, description ON tickets
    FOR EACH ROW EXECUTE FUNCTION index_ticket_text();

CREATE TRIGGER tags_of_new_ticket AFTER INSERT ON tickets
    FOR EACH ROW WHEN (cardinality(NEW.tags) > 0) EXECUTE FUNCTION index_ticket_tags();

CREATE TRIGGER tags_of_changed_ticket AFTER UPDATE OF tags ON tickets
    FOR EACH ROW WHEN (OLD.tags IS DISTINCT FROM NEW.tags) EXECUTE FUNCTION index_ticket_tags();

CREATE TRIGGER tags_of_removed_ticket AFTER DELETE ON tickets
    FOR EACH ROW WHEN (cardinality(OLD.tags) > 0) EXECUTE FUNCTION index_ticket_tags();

REVOKE ALL ON FUNCTION tickets_with, ticket_has, index_ticket_text FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_with, ticket_has, index_ticket_text TO tickets_app;
