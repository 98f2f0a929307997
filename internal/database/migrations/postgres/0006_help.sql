-- +goose Up

create table portals (
	org_id         text   not null,
	id             text   not null,
	name           text   not null,
	slug           text   not null,
	description    text,
	color          text   not null,
	default_locale text   not null,
	locales        text   not null,
	created_at     bigint not null,
	updated_at     bigint not null,
	seq            bigint not null,
	primary key (org_id, id)
);
create unique index portals_by_slug on portals (org_id, slug);
create index portals_by_seq on portals (org_id, seq, id);

create table categories (
	org_id      text   not null,
	id          text   not null,
	portal_id   text   not null,
	name        text   not null,
	slug        text   not null,
	description text,
	locale      text   not null,
	position    bigint not null,
	created_at  bigint not null,
	updated_at  bigint not null,
	seq         bigint not null,
	primary key (org_id, id)
);
create unique index categories_by_slug on categories (org_id, portal_id, slug);
create index categories_by_portal on categories (org_id, portal_id, id);
create index categories_by_seq on categories (org_id, seq, id);

create table articles (
	org_id       text   not null,
	id           text   not null,
	portal_id    text   not null,
	category_id  text,
	title        text   not null,
	slug         text   not null,
	description  text,
	author_id    text,
	locale       text   not null,
	position     bigint not null,
	status       text   not null,
	published_at bigint,
	created_at   bigint not null,
	updated_at   bigint not null,
	seq          bigint not null,
	body         text   not null, -- the last: it may be long, and the others are read without it
	primary key (org_id, id)
);
create unique index articles_by_slug on articles (org_id, portal_id, slug);
create index articles_by_portal on articles (org_id, portal_id, id);
create index articles_by_category on articles (org_id, category_id, id) where category_id is not null;
create index articles_by_author on articles (org_id, author_id, id) where author_id is not null;
create index articles_by_status on articles (org_id, status, id);
create index articles_by_seq on articles (org_id, seq, id);

-- Which words are in which article. A word is kept in hexadecimal, so that words which
-- begin alike stand side by side, whatever order of letters the database goes by.
create table article_words (
	org_id     text not null,
	word       text not null,
	article_id text not null,
	primary key (org_id, word, article_id)
);
