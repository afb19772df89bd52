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

create sequence mission_version;                -- the feed of changes: each change of a mission takes the next

create table mission (
    id                bigint generated always as identity primary key,
    uid               uuid   not null unique,
    namespace         text   not null,
    name              text   not null,
    pool_uid          uuid   not null,
    revision          int    not null default 0,          -- pinned at the first start
    priority          int    not null,
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
    failovers         bytea,
    admitted_at       timestamptz not null default clock_timestamp(),
    started_at        timestamptz,
    finished_at       timestamptz,
    usage_iterations  bigint not null default 0,          -- usage as of last_seq
    usage_model_calls bigint not null default 0,
    usage_tool_calls  bigint not null default 0,
    usage_input       bigint not null default 0,
    usage_output      bigint not null default 0,
    usage_cost_nanos  bigint not null default 0,
    version           bigint not null default nextval('mission_version')
) with (fillfactor = 80);

create index mission_queue on mission (pool_uid, priority desc, id) where phase = 'Queued';
create index mission_held on mission (instance) where instance is not null;
create index mission_waking on mission (wake_at) where phase = 'Waiting' and wake_at is not null;
create index mission_start_deadline on mission (start_deadline_at) where start_deadline_at is not null and phase in ('Pending', 'Queued', 'Waiting');
create index mission_clock on mission (running_since) where running_since is not null;
create index mission_retention on mission (finished_at) where finished_at is not null and retention_ms is not null and not content_dropped;
create index mission_changes on mission (version);

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
    state        text   not null,                         -- Reserved, Settled, Released, Charged
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
