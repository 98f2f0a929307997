-- +goose Up

create table teams (
	org_id      text   not null,
	id          text   not null,
	name        text   not null,
	description text,
	member_ids  text   not null,
	created_at  bigint not null,
	updated_at  bigint not null,
	seq         bigint not null,
	primary key (org_id, id)
);
create unique index teams_by_name on teams (org_id, name);
create index teams_by_seq on teams (org_id, seq, id);

alter table conversations add column team_id text;
create index conversations_by_team on conversations (org_id, team_id, id) where team_id is not null;

alter table tasks add column team_id text;
create index tasks_by_team on tasks (org_id, team_id, id) where team_id is not null;

alter table tickets add column team_id text;
create index tickets_by_team on tickets (org_id, team_id, id) where team_id is not null;
