-- The layout of Tagma's store. Reasons and kinds are stored as text and codes that never change; every time is the database's.

create table pool_revision (
    pool_uid   uuid   not null,
    revision   int    not null,
    namespace  text   not null,
    name       text   not null,
    digest     bytea  not null,                 -- of spec and content: equal means no new revision
    spec       bytea  not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (pool_uid, revision)
);
alter table pool_revision alter column spec set storage external;

-- The database's timeline rises with each promotion of a standby. As the high part of epochs and versions it keeps numbers that a
-- failover lost from being given out again. Taken from the log's file name: the control file still shows the old one just after a promotion.
create function database_timeline() returns bigint language sql stable
    return ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint;

-- The epoch of the next ownership.
create function next_epoch(epoch bigint) returns bigint language sql stable
    return greatest(epoch, database_timeline() << 40) + 1;

-- The version of every mission that this transaction changes: its place in the feed of changes. It is the transaction's own number and not
-- a sequence's, so that a reader knows which versions may still appear: those of the transactions in flight (see JdbcMissionStore).
create function next_version() returns bigint language sql volatile
    return (database_timeline() << 44) + pg_current_xact_id()::text::bigint;

-- A mission's failovers with one more, the last 10.
create function failovers_with(failovers jsonb, entry jsonb) returns jsonb language sql immutable
    return case when jsonb_array_length(failovers) >= 10 then failovers - 0 else failovers end || entry;

create table mission (
    id                bigint generated always as identity primary key,
    uid               uuid   not null unique,
    namespace         text   not null,
    name              text   not null,
    pool_uid          uuid   not null,
    revision          int    not null default 0,          -- pinned at the first start
    priority          int    not null,
    turn              bigint not null,                    -- place in the queue among equal priorities: namespaces take turns
    phase             text   not null,
    reason            text   not null,
    message           text   not null default '',
    epoch             bigint not null,
    instance          bigint,                             -- runtime_instance.id of the owner
    last_seq          bigint not null default 0,          -- as of the last transition; exact once ended
    head_digest       bytea,                              -- with last_seq; null for 0
    attempts          int    not null default 0,
    crashes           int    not null default 0,          -- owners lost in a row without progress
    isolated          boolean not null default false,     -- the present binding is alone on its instance
    active_ms         bigint not null default 0,          -- the one clock, up to running_since
    running_since     timestamptz,                        -- the clock runs since then; null: it stands
    timeout_ms        bigint not null,
    start_deadline_at timestamptz,
    wake_at           timestamptz,                        -- Queued: not bound before; Waiting: back to the queue then
    retention_ms      bigint,                             -- content is dropped so long after the end; null keeps it
    content_dropped   boolean not null default false,
    outcome           bytea,
    failovers         jsonb  not null default '[]',
    admitted_at       timestamptz not null default clock_timestamp(),
    started_at        timestamptz,
    finished_at       timestamptz,
    usage_iterations  bigint not null default 0,          -- usage as of last_seq
    usage_model_calls bigint not null default 0,
    usage_tool_calls  bigint not null default 0,
    usage_input       bigint not null default 0,
    usage_output      bigint not null default 0,
    usage_cost_nanos  bigint not null default 0,
    version           bigint not null default next_version()   -- every update sets it
) with (fillfactor = 80);

create index mission_queue on mission (pool_uid, priority desc, turn, id) where phase = 'Queued';
create index mission_suspect on mission (pool_uid, priority desc, turn, id) where phase = 'Queued' and crashes >= 2;
create index mission_held on mission (instance) where instance is not null;
create index mission_waking on mission (wake_at) where phase = 'Waiting' and wake_at is not null;
create index mission_start_deadline on mission (start_deadline_at)
    where start_deadline_at is not null and last_seq = 0 and phase in ('Queued', 'Waiting');
-- In UTC without zone, because only that arithmetic is immutable.
create index mission_deadline on mission (((running_since at time zone 'UTC') + (timeout_ms - active_ms) * interval '1 ms'))
    where running_since is not null;
create index mission_out_of_time on mission (id) where active_ms >= timeout_ms and running_since is null and phase in ('Queued', 'Waiting');
create index mission_retention on mission (((finished_at at time zone 'UTC') + retention_ms * interval '1 ms'))
    where finished_at is not null and retention_ms is not null and not content_dropped;
create index mission_changes on mission (version);

create table queue_turn (                                 -- the last turn that a namespace took
    pool_uid  uuid   not null,
    priority  int    not null,
    namespace text   not null,
    turn      bigint not null,
    taken     bigint not null,                            -- how many turns at its last admission
    primary key (pool_uid, priority, namespace)
);

create table mission_spec (
    id   bigint primary key,
    spec bytea  not null
);
alter table mission_spec alter column spec set storage external;

create table mission_step (
    mission           bigint not null,
    seq               bigint not null,
    epoch             bigint not null,
    kind              smallint not null,
    content           bytea,                              -- null once expired
    content_digest    bytea  not null,
    digest            bytea  not null,
    committed_at      timestamptz not null default clock_timestamp(),
    usage_iterations  bigint not null,                    -- cumulative, so that a resume reads one row
    usage_model_calls bigint not null,
    usage_tool_calls  bigint not null,
    usage_input       bigint not null,
    usage_output      bigint not null,
    usage_cost_nanos  bigint not null,
    primary key (mission, seq)
);
alter table mission_step alter column content set storage external;
create index mission_step_plan on mission_step (mission, seq) where kind = 4;

create table model_call (
    mission      bigint not null,
    base_seq     bigint not null,
    n            int    not null,
    epoch        bigint not null,
    state        text   not null,                         -- Reserved, Released, Charged; the row of a settled call is gone
    tokens       bigint not null,                         -- reserved, or charged
    cost_nanos   bigint not null,
    lapses_at    timestamptz not null,
    primary key (mission, base_seq, n)
);

create table runtime_instance (
    id          bigint generated always as identity primary key,
    pool_uid    uuid   not null,
    pod         text   not null,
    pod_uid     uuid,
    slots       int    not null,
    state       text   not null,                          -- Live, Draining, Dead
    lease_until timestamptz not null,
    lease_ms    bigint not null,                          -- how long a heartbeat renews it
    version     text   not null,
    registered_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
create index runtime_instance_alive on runtime_instance (pool_uid) where state <> 'Dead';

create table dispatch_lease (
    pool_uid   uuid primary key,
    holder     text   not null,
    term       bigint not null,
    expires_at timestamptz not null
);

create table store_health (                               -- one row: when takeover last looked, and on which timeline
    one        boolean primary key default true check (one),
    touched_at timestamptz not null,
    timeline   bigint not null
);
insert into store_health (touched_at, timeline) values (clock_timestamp(), database_timeline());
