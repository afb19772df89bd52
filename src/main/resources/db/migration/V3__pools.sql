-- The missions that a pool still has to see to their end, for its status and its farewell.
create index mission_unfinished on mission (pool_uid) where finished_at is null;
