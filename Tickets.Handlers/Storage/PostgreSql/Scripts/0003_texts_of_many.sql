-- Tickets are stored many at a time: their words are too. One call of a function, and one change of its search_path, for all.
CREATE FUNCTION index_new_ticket_texts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = tickets AS $$
BEGIN
    INSERT INTO ticket_texts (seq, words) SELECT seq, ticket_words(tenant, title, description) FROM added;
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION index_new_ticket_texts FROM PUBLIC;

DROP TRIGGER text_follows_ticket ON tickets;

CREATE TRIGGER texts_of_new_tickets AFTER INSERT ON tickets REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION index_new_ticket_texts();

CREATE TRIGGER text_follows_ticket AFTER DELETE OR UPDATE OF title, description ON tickets
    FOR EACH ROW EXECUTE FUNCTION index_ticket_text();
