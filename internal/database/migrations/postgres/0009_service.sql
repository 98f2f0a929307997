-- +goose Up

create table canned_responses (
	org_id     text   not null,
	id         text   not null,
	shortcut   text   not null,
	name       text   not null,
	text       text   not null,
	created_at bigint not null,
	updated_at bigint not null,
	seq        bigint not null,
	primary key (org_id, id)
);
create unique index canned_responses_by_shortcut on canned_responses (org_id, shortcut);
create index canned_responses_by_seq on canned_responses (org_id, seq, id);

-- Inboxes show the latest activity first. Every message moves its conversation in both,
-- so there are no more of these.
create index conversations_by_activity on conversations (org_id, status, coalesce(last_message_at, created_at), id);
create index conversations_by_assignee_activity on conversations (org_id, coalesce(assignee_id, ''), status, coalesce(last_message_at, created_at), id);

-- A contact that is to be erased, or was. It is worked on in pieces; what is known here
-- is where to go on.
create table erasures (
	org_id       text   not null,
	contact_id   text   not null,
	actor_type   text   not null,
	actor_id     text   not null,
	requested_at bigint not null,
	place        bigint, -- events before it have yet to be looked at; null: the contact has yet to be deleted
	finished_at  bigint,
	primary key (org_id, contact_id)
);
create index erasures_unfinished on erasures (requested_at) where finished_at is null;

-- The other ids that the contact is known by in the log, while it is erased.
create table erasure_ids (
	org_id     text not null,
	contact_id text not null,
	id         text not null,
	primary key (org_id, contact_id, id)
);

-- Events up to here were altered by erasures: whoever keeps them in memory reads them again.
alter table organizations add column erased_seq bigint not null default 0;
