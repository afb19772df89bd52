-- What a runtime says of itself with each heartbeat; 0 where it has said nothing yet.
alter table runtime_instance
    add column cpu_permille int    not null default 0,      -- of the CPUs that it may use
    add column memory_used  bigint not null default 0,      -- bytes
    add column memory_limit bigint not null default 0;
