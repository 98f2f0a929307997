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
