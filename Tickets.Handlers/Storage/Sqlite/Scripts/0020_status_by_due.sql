-- The tickets of one status in the order of their due dates: few tickets have one, and those with another status may be the only ones.
DROP INDEX tickets_by_status;
CREATE INDEX tickets_by_status ON tickets (tenant, status, due);
