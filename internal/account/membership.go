package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// maxMemberships bounds how many organizations a login is shown.
const maxMemberships = 200

// Membership is the place of a login in an organization that it may enter: one that it
// founded, or whose invitation it accepted. That a user of an organization has the
// login's email is not enough, for anybody may write any email down.
type Membership struct {
	Organization parley.Organization
	User         parley.User
}

// Memberships lists the organizations that a login may enter, by name, at most 200.
func (a *Account) Memberships(ctx context.Context, email string) (all []Membership, err error) {
	login := Login(email)
	rows, err := a.memberRows(ctx, login)
	if err != nil {
		return nil, fmt.Errorf("list memberships: %w", err)
	}
	for _, row := range rows {
		m, ok, err := a.completed(ctx, login, row)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, m)
		}
	}
	return all, nil
}

// Membership is the place of a login in one organization. ok is false if it may not
// enter: it has not been invited or has not accepted, or its user is gone or has
// another email now.
func (a *Account) Membership(ctx context.Context, email string, org parley.OrganizationID) (m Membership, ok bool, err error) {
	login := Login(email)
	row, err := scanMember(a.db.Read().QueryRow(ctx, selectMembers+"and m.org_id = $2", login, string(org)))
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("get membership: %w", err)
	}
	return a.completed(ctx, login, row)
}

const selectMembers = `
	select o.id, o.name, o.retention_days, o.created_at, o.updated_at, o.seq, m.user_id
	from memberships m
	join organizations o on o.id = m.org_id
	where m.email = $1 `

// member is a membership whose user has not been read yet.
type member struct {
	organization parley.Organization
	user         parley.UserID
}

func scanMember(row interface{ Scan(...any) error }) (m member, err error) {
	o := &m.organization
	return m, row.Scan(&o.ID, &o.Name, &o.RetentionDays, &o.CreatedAt, &o.UpdatedAt, &o.Sequence, &m.user)
}

func (a *Account) memberRows(ctx context.Context, login string) (all []member, err error) {
	rows, err := a.db.Read().Query(ctx, selectMembers+"order by o.name, o.id, m.user_id limit $2", login, maxMemberships)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanMember(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// completed reads the user of a membership, who must still have the login's email.
func (a *Account) completed(ctx context.Context, login string, m member) (Membership, bool, error) {
	user, err := store.Users.Get(ctx, a.db.Read(), m.organization.ID, string(m.user))
	if parley.KindOf(err) == parley.NotFound {
		return Membership{}, false, nil
	}
	return Membership{m.organization, user}, err == nil && Login(user.Email) == login, err
}

// addMember lets a login enter an organization as one of its users, and as no other: one
// that had the login's email before is not meant any more.
func addMember(ctx context.Context, tx *database.Tx, org parley.OrganizationID, user parley.UserID, login string) {
	tx.Queue(ctx, "delete from memberships where email = $1 and org_id = $2", login, string(org))
	tx.Queue(ctx, `
		insert into memberships (org_id, user_id, email, created_at) values ($1, $2, $3, $4)
		on conflict (org_id, user_id) do update set email = excluded.email, created_at = excluded.created_at`,
		string(org), string(user), login, int64(parley.Now()))
}

// removeMember forgets what let a user in, or would have.
func removeMember(ctx context.Context, tx *database.Tx, org parley.OrganizationID, user parley.UserID) {
	tx.Queue(ctx, "delete from memberships where org_id = $1 and user_id = $2", string(org), string(user))
	tx.Queue(ctx, "delete from invitations where org_id = $1 and user_id = $2", string(org), string(user))
}

// Joining is how far a user is with entering the organization.
type Joining struct {
	Joined       bool         // the user can sign in
	InvitedUntil *parley.Time // else: an invitation waits until then, or waited
}

// Joined tells how far each of some users of an organization is: a page of them.
func (a *Account) Joined(ctx context.Context, org parley.OrganizationID, users []parley.User) (map[parley.UserID]Joining, error) {
	joined := map[parley.UserID]Joining{}
	for _, u := range users {
		j, err := joining(ctx, a.db.Read(), org, u)
		if err != nil {
			return nil, err
		}
		joined[u.ID] = j
	}
	return joined, nil
}

func joining(ctx context.Context, q database.Querier, org parley.OrganizationID, u parley.User) (j Joining, err error) {
	err = q.QueryRow(ctx, `
		select
			(select count(*) from memberships where org_id = $1 and user_id = $2 and email = $3) > 0,
			(select expires_at from invitations where org_id = $1 and user_id = $2 and email = $3)`,
		string(org), string(u.ID), Login(u.Email)).Scan(&j.Joined, &j.InvitedUntil)
	if err != nil {
		return j, fmt.Errorf("look for membership: %w", err)
	}
	return j, nil
}
