-- Who lost the mission in a row without progress, so that a loss can be taken back where its process comes back.
alter table mission add column lost_by bigint[] not null default '{}';   -- runtime_instance.id, as many as crashes

create index mission_lost on mission (pool_uid) where crashes > 0 and finished_at is null;
