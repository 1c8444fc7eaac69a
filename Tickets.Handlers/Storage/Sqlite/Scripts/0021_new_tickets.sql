-- A statement that fires a trigger begins with a savepoint, at which the full-text index writes out what it has gathered: the words of each ticket
-- of a group by themselves. Whoever adds a ticket now adds its tags and words as well (ADR 29).
DROP TRIGGER tickets_added;
DROP TRIGGER tickets_tagged;
