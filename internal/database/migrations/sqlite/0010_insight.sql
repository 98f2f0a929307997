-- +goose Up

-- How many API requests were answered how in one minute, as one process saw it: for each
-- key, and with the key '' for all keys of the organization together.
create table request_minutes (
	org_id   text   not null,
	key_id   text   not null,
	minute   bigint not null, -- when it began
	part     text   not null, -- of the process
	s2xx     bigint not null,
	s3xx     bigint not null,
	s401     bigint not null,
	s403     bigint not null,
	s404     bigint not null,
	s409     bigint not null,
	s422     bigint not null,
	s429     bigint not null,
	s4xx     bigint not null, -- the others
	s5xx     bigint not null,
	primary key (org_id, key_id, minute, part)
) without rowid;

-- What became of the attempts at all endpoints of an organization in one minute, as one
-- process saw it: see webhook_minutes.
create table delivery_minutes (
	org_id    text   not null,
	minute    bigint not null, -- when it began
	part      text   not null, -- of the process
	delivered bigint not null,
	retried   bigint not null,
	failed    bigint not null,
	skipped   bigint not null,
	latencies text   not null,
	primary key (org_id, minute, part)
) without rowid;

-- Since when an endpoint has had its status; null: it never had another.
alter table cursors add column status_since bigint;
