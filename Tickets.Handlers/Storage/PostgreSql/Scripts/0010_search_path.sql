-- A session's own tables come first wherever pg_temp is not named: one of the right name would stand in for a table that these functions
-- read and write with the rights of their owner.
ALTER FUNCTION tickets_with SET search_path = tickets, pg_temp;
ALTER FUNCTION ticket_has SET search_path = tickets, pg_temp;
ALTER FUNCTION index_ticket_text SET search_path = tickets, pg_temp;
ALTER FUNCTION index_new_ticket_texts SET search_path = tickets, pg_temp;
