-- What the operator needs: who ran a mission last, and which missions' resources were deleted.

alter table mission add column pod text;                   -- the runtime that owns it, or owned it last
alter table mission add column forgotten boolean not null default false;   -- its resource was deleted: the row goes once its retention is over

create index mission_forgotten on mission (((finished_at at time zone 'UTC') + retention_ms * interval '1 ms'))
    where forgotten and finished_at is not null and retention_ms is not null;

-- UIDs whose resource was deleted: a cache that still shows it, or a backup that brings it back, runs nothing.
create table mission_tombstone (
    uid        uuid primary key,
    deleted_at timestamptz not null default clock_timestamp()
);
create index mission_tombstone_age on mission_tombstone (deleted_at);
