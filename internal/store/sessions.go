package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Session is a browser that a login has signed in with, or in which somebody is about
// to: then the email is "".
type Session struct {
	ID           string // SHA-256 of its token
	Email        string
	Organization parley.OrganizationID // that was entered last; "" for none
	Data         string
	UserAgent    string
	IP           string
	CreatedAt    parley.Time
	SeenAt       parley.Time // within a minute
	EndsAt       parley.Time // however much it is used
	ExpiresAt    parley.Time // unless it is used before
}

const sessionColumns = "id, email, org_id, data, user_agent, ip, created_at, seen_at, ends_at, expires_at"

func scanSession(row interface{ Scan(...any) error }) (s Session, err error) {
	err = row.Scan(&s.ID, &s.Email, &s.Organization, &s.Data, &s.UserAgent, &s.IP, &s.CreatedAt, &s.SeenAt, &s.EndsAt, &s.ExpiresAt)
	return s, err
}

// GetSession reads a session that has not expired.
func GetSession(ctx context.Context, q database.Querier, id string, now parley.Time) (s Session, found bool, err error) {
	s, err = scanSession(q.QueryRow(ctx, "select "+sessionColumns+" from sessions where id = $1 and expires_at > $2", id, int64(now)))
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("get session: %w", err)
	}
	return s, true, nil
}

// ListSessions reads the sessions of a login that have not expired, the one that was
// seen last first.
func ListSessions(ctx context.Context, q database.Querier, email string, now parley.Time, limit int) (all []Session, err error) {
	rows, err := q.Query(ctx, `
		select `+sessionColumns+` from sessions
		where email = $1 and expires_at > $2
		order by seen_at desc, id
		limit $3`, email, int64(now), limit)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		s, err := scanSession(rows)
		if err != nil {
			return nil, fmt.Errorf("list sessions: %w", err)
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// InsertSession adds a session.
func InsertSession(ctx context.Context, tx Writer, s Session) {
	tx.Queue(ctx, "insert into sessions ("+sessionColumns+") values "+database.Values(1, 10, 1),
		s.ID, s.Email, string(s.Organization), s.Data, s.UserAgent, s.IP,
		int64(s.CreatedAt), int64(s.SeenAt), int64(s.EndsAt), int64(s.ExpiresAt))
}

// UpdateSessionData keeps what a session holds. One that has been ended stays so.
func UpdateSessionData(ctx context.Context, tx Writer, id, data string) {
	tx.Queue(ctx, "update sessions set data = $2 where id = $1", id, data)
}

// EnterSession notes which organization a session has entered.
func EnterSession(ctx context.Context, tx Writer, id string, org parley.OrganizationID) {
	tx.Queue(ctx, "update sessions set org_id = $2 where id = $1", id, string(org))
}

// TouchSession notes that a session was seen.
func TouchSession(ctx context.Context, tx Writer, id string, seen, expires parley.Time) {
	tx.Queue(ctx, "update sessions set seen_at = $2, expires_at = $3 where id = $1 and seen_at < $2", id, int64(seen), int64(expires))
}

// DeleteSession ends a session, if it is of this login.
func DeleteSession(ctx context.Context, tx Writer, email, id string) {
	tx.Queue(ctx, "delete from sessions where id = $1 and email = $2", id, email)
}

// DeleteSessions ends the sessions of a login but one; keep is its id, or "".
func DeleteSessions(ctx context.Context, tx Writer, email, keep string) error {
	_, err := tx.Exec(ctx, "delete from sessions where email = $1 and id <> $2", email, keep)
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// DeleteExpiredSessions removes sessions that have expired, at most limit, and tells
// how many.
func DeleteExpiredSessions(ctx context.Context, tx Writer, now parley.Time, limit int) (int, error) {
	done, err := tx.Exec(ctx, `
		delete from sessions where id in (
			select id from sessions where expires_at <= $1 order by expires_at limit $2)`, int64(now), limit)
	if err != nil {
		return 0, fmt.Errorf("remove expired sessions: %w", err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}
