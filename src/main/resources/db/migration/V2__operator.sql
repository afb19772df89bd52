-- What the operator needs: who ran a mission last, and which missions were deleted.

alter table mission add column pod text;                   -- the runtime that owns it, or owned it last

-- UIDs whose resource was deleted: a cache that still shows it, or a backup that brings it back, runs nothing.
create table mission_tombstone (
    uid        uuid primary key,
    deleted_at timestamptz not null default clock_timestamp()
);
create index mission_tombstone_age on mission_tombstone (deleted_at);
