-- Who lost the mission in a row without progress, so that a loss can be taken back where its process comes back.
alter table mission add column lost_by bigint[] not null default '{}';      -- runtime_instance.id; losses of before are not in it

create index mission_lost on mission (id) where crashes > 0 and finished_at is null;

alter table runtime_instance add column returned boolean not null default false;   -- its process lived on: what it loses is no crash
