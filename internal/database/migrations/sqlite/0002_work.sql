-- +goose Up

create table tasks (
	org_id          text   not null,
	id              text   not null,
	title           text   not null,
	description     text,
	status          text   not null,
	due_at          bigint,
	assignee_id     text,
	contact_id      text,
	conversation_id text,
	custom_fields   text   not null,
	completed_at    bigint,
	created_at      bigint not null,
	updated_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, id)
);
create index tasks_by_seq on tasks (org_id, seq, id);
create index tasks_by_status on tasks (org_id, status, id);
create index tasks_by_due_at on tasks (org_id, status, due_at) where due_at is not null;
create index tasks_by_assignee on tasks (org_id, assignee_id, id) where assignee_id is not null;
create index tasks_by_contact on tasks (org_id, contact_id, id) where contact_id is not null;
create index tasks_by_conversation on tasks (org_id, conversation_id, id) where conversation_id is not null;

create table tickets (
	org_id          text   not null,
	id              text   not null,
	subject         text   not null,
	description     text,
	status          text   not null,
	priority        text   not null,
	assignee_id     text,
	contact_id      text,
	conversation_id text,
	custom_fields   text   not null,
	closed_at       bigint,
	created_at      bigint not null,
	updated_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, id)
);
create index tickets_by_seq on tickets (org_id, seq, id);
create index tickets_by_status on tickets (org_id, status, id);
create index tickets_by_priority on tickets (org_id, priority, id);
create index tickets_by_assignee on tickets (org_id, assignee_id, id) where assignee_id is not null;
create index tickets_by_contact on tickets (org_id, contact_id, id) where contact_id is not null;
create index tickets_by_conversation on tickets (org_id, conversation_id, id) where conversation_id is not null;
