-- +goose Up

create table attachments (
	org_id          text   not null,
	id              text   not null,
	file_name       text   not null,
	content_type    text   not null,
	size            bigint not null,
	sha256          text   not null,
	conversation_id text,
	created_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, id)
);
create index attachments_by_seq on attachments (org_id, seq, id);
create index attachments_by_conversation on attachments (org_id, conversation_id, id) where conversation_id is not null;
