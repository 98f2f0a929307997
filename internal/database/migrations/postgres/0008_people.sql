-- +goose Up
-- Who signs in. A login is an email in lower case; which organizations it may enter
-- is said by memberships alone, each accepted by the login itself.

create table memberships (
	org_id     text   not null,
	user_id    text   not null,
	email      text   not null, -- of the login; no entry while the user's is another
	created_at bigint not null,
	primary key (org_id, user_id)
);
create index memberships_by_email on memberships (email, org_id);

create table invitations (
	org_id     text   not null,
	user_id    text   not null,
	email      text   not null, -- of the login that may accept
	hash       text   not null, -- SHA-256 of the secret in the link, in hexadecimal
	expires_at bigint not null,
	created_at bigint not null,
	primary key (org_id, user_id)
);
create unique index invitations_by_hash on invitations (hash);

create table sessions (
	id         text   not null primary key, -- SHA-256 of the token
	email      text   not null, -- of the login; '' while nobody is signed in
	org_id     text   not null, -- that was entered last; '' for none
	data       text   not null, -- small things kept between requests
	user_agent text   not null,
	ip         text   not null,
	created_at bigint not null,
	seen_at    bigint not null, -- within a minute
	ends_at    bigint not null, -- however much it is used
	expires_at bigint not null  -- unless it is used before
);
create index sessions_by_email on sessions (email, seen_at);
create index sessions_by_expires_at on sessions (expires_at);

create table second_factors (
	email        text   not null primary key, -- of the login
	secret       text   not null, -- sealed
	confirmed_at bigint,          -- it is asked for from then on
	last_step    bigint not null, -- of the last code that was accepted
	failures     bigint not null, -- wrong codes since
	failed_at    bigint not null,
	created_at   bigint not null
);

create table recovery_codes (
	email text not null, -- of the login
	hash  text not null, -- SHA-256, in hexadecimal
	primary key (email, hash)
);

create table external_identities (
	issuer     text   not null,
	subject    text   not null, -- as the issuer calls the person
	email      text   not null, -- of the login
	created_at bigint not null,
	primary key (issuer, subject)
);
create index external_identities_by_email on external_identities (email);
