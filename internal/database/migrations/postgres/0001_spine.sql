-- +goose Up
-- Times are milliseconds since 1970 in UTC. seq is the place in the organization's
-- log of a row's last change. Every key starts with the organization.

create table organizations (
	id         text   not null primary key,
	name       text   not null,
	last_seq   bigint not null default 0, -- the head of the organization's log
	retention_days bigint,                -- how long its log is kept; null: as long as the server's setting says
	objects    bigint not null default 0, -- how many it has
	storage    bigint not null default 0, -- bytes of what is kept beside them
	day        bigint not null default 0, -- days since 1970, of its last event
	day_seq    bigint not null default 0, -- the last event before that day
	most_events  bigint,                  -- in a day; 0: no limit; null: what the server's setting says
	most_objects bigint,
	most_storage bigint,
	created_at bigint not null,
	updated_at bigint not null,
	seq        bigint not null default 0
);

create table settings (
	name  text not null primary key,
	value text not null
);

create table events (
	org_id     text   not null,
	seq        bigint not null,
	id         text   not null, -- carries seq, so it needs no index
	type       text   not null,
	inbox_id   text   not null, -- '' if it belongs to none
	key        text   not null,
	actor_type text   not null,
	actor_id   text   not null,
	cause      text,
	created_at bigint not null,
	data       text   not null,
	primary key (org_id, seq)
);

create table cursors (
	org_id     text   not null,
	kind       text   not null, -- of follower
	id         text   not null, -- of follower
	seq        bigint not null, -- everything up to here has been dealt with
	pass       bigint not null default 0, -- how often it was moved back
	hold_until bigint, -- nothing is sent before: the receiver asked for it
	failing_since bigint, -- of an endpoint that is failing
	updated_at bigint not null,
	primary key (org_id, kind, id)
);

create table logins (
	email         text   not null primary key, -- lower case
	password_hash text   not null,             -- argon2id, PHC format
	created_at    bigint not null,
	updated_at    bigint not null
);

create table users (
	org_id     text   not null,
	id         text   not null,
	name       text   not null,
	email      text   not null,
	role       text   not null,
	created_at bigint not null,
	updated_at bigint not null,
	seq        bigint not null,
	primary key (org_id, id)
);
create unique index users_by_email on users (org_id, lower(email));
create index users_by_seq on users (org_id, seq, id);

create table api_keys (
	org_id       text   not null,
	id           text   not null,
	name         text   not null,
	kind         text   not null,
	user_id      text,
	scopes       text   not null,
	prefix       text   not null,
	hash         text, -- SHA-256 of the key, in hexadecimal
	expires_at   bigint,
	last_used_at bigint,
	revoked_at   bigint,
	created_at   bigint not null,
	updated_at   bigint not null,
	seq          bigint not null,
	primary key (org_id, id)
);
create unique index api_keys_by_hash on api_keys (hash);
create index api_keys_by_seq on api_keys (org_id, seq, id);

create table inboxes (
	org_id     text   not null,
	id         text   not null,
	name       text   not null,
	channel    text   not null,
	created_at bigint not null,
	updated_at bigint not null,
	seq        bigint not null,
	primary key (org_id, id)
);
create index inboxes_by_seq on inboxes (org_id, seq, id);

create table contacts (
	org_id        text   not null,
	id            text   not null,
	name          text,
	email         text,
	phone         text,
	external_id   text,
	custom_fields text   not null,
	variables     text   not null,
	created_at    bigint not null,
	updated_at    bigint not null,
	seq           bigint not null,
	primary key (org_id, id)
);
create unique index contacts_by_external_id on contacts (org_id, external_id) where external_id is not null;
create index contacts_by_email on contacts (org_id, lower(email), id) where email is not null;
create index contacts_by_phone on contacts (org_id, phone, id) where phone is not null;
create index contacts_by_seq on contacts (org_id, seq, id);

create table conversations (
	org_id          text   not null,
	id              text   not null,
	status          text   not null,
	inbox_id        text   not null,
	contact_id      text   not null,
	assignee_id     text,
	subject         text,
	labels          text   not null, -- names, sorted; conversation_labels is its index
	variables       text   not null,
	custom_fields   text   not null,
	snoozed_until   bigint,
	last_message_at bigint,
	created_at      bigint not null,
	updated_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, id)
);
create index conversations_by_seq on conversations (org_id, seq, id);
create index conversations_by_contact on conversations (org_id, contact_id, id);
create index conversations_by_assignee on conversations (org_id, assignee_id, id) where assignee_id is not null;
create index conversations_by_status on conversations (org_id, status, id);
create index conversations_by_inbox on conversations (org_id, inbox_id, id);
create index conversations_by_snoozed_until on conversations (snoozed_until) where status = 'snoozed';

create table conversation_labels (
	org_id          text not null,
	label           text not null, -- its name
	conversation_id text not null,
	primary key (org_id, label, conversation_id)
);
create index conversation_labels_by_conversation on conversation_labels (org_id, conversation_id);

-- Every message would write an index by sequence in yet another place: the messages
-- of one conversation are sorted when they are asked for in order of change.
create table messages (
	org_id          text   not null,
	id              text   not null,
	conversation_id text   not null,
	direction       text   not null,
	author          text   not null,
	content         text   not null,
	created_at      bigint not null,
	updated_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, conversation_id, id)
);

create table notes (
	org_id          text   not null,
	id              text   not null,
	conversation_id text   not null,
	author          text   not null,
	text            text   not null,
	created_at      bigint not null,
	updated_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, conversation_id, id)
);
create index notes_by_seq on notes (org_id, conversation_id, seq, id);

create table labels (
	org_id      text   not null,
	id          text   not null,
	name        text   not null,
	color       text   not null,
	description text   not null,
	created_at  bigint not null,
	updated_at  bigint not null,
	seq         bigint not null,
	primary key (org_id, id)
);
create unique index labels_by_name on labels (org_id, name);
create index labels_by_seq on labels (org_id, seq, id);

create table custom_fields (
	org_id     text   not null,
	id         text   not null,
	object     text   not null,
	key        text   not null,
	name       text   not null,
	type       text   not null,
	options    text   not null,
	system_id  bigint not null,
	created_at bigint not null,
	updated_at bigint not null,
	seq        bigint not null,
	primary key (org_id, id)
);
create unique index custom_fields_by_key on custom_fields (org_id, object, key);
create index custom_fields_by_seq on custom_fields (org_id, seq, id);

create table webhooks (
	org_id          text   not null,
	id              text   not null,
	url             text   not null,
	description     text   not null,
	event_types     text   not null,
	inbox_ids       text   not null,
	filter          text   not null,
	transformation  text   not null,
	format          text   not null,
	headers         text   not null,
	auth            text   not null, -- its secrets are sealed
	signing         text   not null,
	public_key      text,
	verification    text   not null, -- its token is sealed
	ordering        text   not null,
	retry           text   not null,
	timeout_seconds bigint not null,
	status          text   not null,
	status_reason   text,
	secrets         text   not null default '', -- sealed: the newest first, each with its expiry
	created_at      bigint not null,
	updated_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, id)
);
create index webhooks_by_seq on webhooks (org_id, seq, id);

-- An attempt is one request to an endpoint. The last attempt of a delivery (an
-- endpoint and an event) says in state how the delivery stands; earlier ones are
-- 'past'. A row in state 'retrying' is also the retry that is due at next_at.
create table attempts (
	org_id      text   not null,
	webhook_id  text   not null,
	seq         bigint not null, -- of the event
	number      bigint not null, -- 0: asked for, not made yet
	state       text   not null,
	at          bigint not null,
	duration_us bigint not null,
	status_code bigint,
	error       text,
	body        text,
	next_at     bigint,
	step        bigint not null, -- how many retries of the schedule are used up
	pass        bigint not null default 0, -- of the cursor, during which it was made
	batch       bigint, -- the first event of the batch that it was sent in
	primary key (org_id, webhook_id, seq, number)
);
create index attempts_due on attempts (org_id, webhook_id, next_at, seq) where state = 'retrying';

create index attempts_failed on attempts (org_id, webhook_id, seq) where state = 'failed';

-- The last rewind of an endpoint. It is under way while the cursor is before until_seq.
create table rewinds (
	org_id     text   not null,
	webhook_id text   not null,
	from_seq   bigint not null,
	until_seq  bigint not null,
	pace       bigint, -- events a second; null: no limit
	started_at bigint not null,
	primary key (org_id, webhook_id)
);

-- What became of the attempts at an endpoint in one minute, as one process saw it.
create table webhook_minutes (
	org_id     text   not null,
	webhook_id text   not null,
	minute     bigint not null, -- when it began
	part       text   not null, -- of the process
	delivered  bigint not null,
	retried    bigint not null, -- attempts that failed and are followed by another
	failed     bigint not null,
	skipped    bigint not null, -- nothing was sent, as the transformation returned nothing
	latencies  text   not null, -- how many attempts took how long
	lag        bigint not null, -- events, the most of the minute
	primary key (org_id, webhook_id, minute, part)
);

create table idempotency_keys (
	org_id     text   not null,
	key        text   not null,
	hash       text   not null, -- of method, path and body
	status     bigint not null,
	header     text   not null,
	body       text   not null,
	created_at bigint not null,
	primary key (org_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- How many requests an API key has left, of which processes take some in advance.
create table rate_buckets (
	name   text   not null primary key,
	tokens bigint not null, -- millionths
	at     bigint not null  -- when there were so many
);

create table rate_nodes (
	node    text   not null primary key,
	seen_at bigint not null
);
