-- +goose Up

create table appointments (
	org_id              text   not null,
	id                  text   not null,
	title               text   not null,
	description         text,
	location            text,
	status              text   not null,
	starts_at           bigint not null,
	ends_at             bigint not null,
	time_zone           text   not null,
	user_id             text   not null,
	contact_id          text,
	conversation_id     text,
	inbox_id            text,
	custom_fields       text   not null,
	cancellation_reason text,
	cancelled_at        bigint,
	created_at          bigint not null,
	updated_at          bigint not null,
	seq                 bigint not null,
	primary key (org_id, id)
);
create index appointments_by_user on appointments (org_id, user_id, starts_at) where status = 'booked';
create index appointments_by_status on appointments (org_id, status, id);
create index appointments_by_starts_at on appointments (org_id, starts_at, id);
create index appointments_by_contact on appointments (org_id, contact_id, id) where contact_id is not null;
create index appointments_by_conversation on appointments (org_id, conversation_id, id) where conversation_id is not null;
create index appointments_by_seq on appointments (org_id, seq, id);
