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
