-- +goose Up

create table orders (
	org_id          text   not null,
	id              text   not null,
	status          text   not null,
	contact_id      text   not null,
	conversation_id text,
	items           text   not null,
	amount          bigint not null,
	currency        text   not null,
	custom_fields   text   not null,
	created_at      bigint not null,
	updated_at      bigint not null,
	seq             bigint not null,
	primary key (org_id, id)
);
create index orders_by_seq on orders (org_id, seq, id);
create index orders_by_status on orders (org_id, status, id);
create index orders_by_contact on orders (org_id, contact_id, id);
create index orders_by_conversation on orders (org_id, conversation_id, id) where conversation_id is not null;

create table payments (
	org_id         text   not null,
	id             text   not null,
	status         text   not null,
	order_id       text,
	contact_id     text,
	amount         bigint not null,
	currency       text   not null,
	provider       text,
	reference      text,
	failure_reason text,
	created_at     bigint not null,
	updated_at     bigint not null,
	seq            bigint not null,
	primary key (org_id, id)
);
create index payments_by_seq on payments (org_id, seq, id);
create index payments_by_status on payments (org_id, status, id);
create index payments_by_order on payments (org_id, order_id, id) where order_id is not null;
create index payments_by_contact on payments (org_id, contact_id, id) where contact_id is not null;
create index payments_by_reference on payments (org_id, reference, id) where reference is not null;

create table pipelines (
	org_id     text   not null,
	id         text   not null,
	name       text   not null,
	stages     text   not null,
	created_at bigint not null,
	updated_at bigint not null,
	seq        bigint not null,
	primary key (org_id, id)
);
create index pipelines_by_seq on pipelines (org_id, seq, id);

create table deals (
	org_id        text   not null,
	id            text   not null,
	title         text   not null,
	status        text   not null,
	pipeline_id   text   not null,
	stage_id      text   not null,
	contact_id    text,
	assignee_id   text,
	amount        bigint,
	currency      text,
	lost_reason   text,
	custom_fields text   not null,
	created_at    bigint not null,
	updated_at    bigint not null,
	seq           bigint not null,
	primary key (org_id, id)
);
create index deals_by_seq on deals (org_id, seq, id);
create index deals_by_status on deals (org_id, status, id);
create index deals_by_pipeline on deals (org_id, pipeline_id, id);
create index deals_by_stage on deals (org_id, stage_id, id);
create index deals_by_contact on deals (org_id, contact_id, id) where contact_id is not null;
create index deals_by_assignee on deals (org_id, assignee_id, id) where assignee_id is not null;
