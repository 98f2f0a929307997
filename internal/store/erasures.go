package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"parley"
	"parley/internal/database"
)

// Unfinished is an erasure that is to go on: on whose behalf, and where in the log. Events
// before Place have yet to be looked at; nil: the contact itself is still there.
type Unfinished struct {
	By      parley.Caller
	Contact parley.ContactID
	Place   *int64
}

// Erasure reads how far the erasure of a contact has come; unknown, it is a NotFound error.
func Erasure(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.ContactID) (e parley.Erasure, err error) {
	e = parley.Erasure{ContactID: id, Status: parley.ErasureRunning}
	var place sql.NullInt64
	err = q.QueryRow(ctx, "select place, requested_at, finished_at from erasures where org_id = $1 and contact_id = $2",
		string(org), string(id)).Scan(&place, &e.RequestedAt, &e.FinishedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return e, parley.Missing("erasure of contact", id)
	}
	if err != nil {
		return e, fmt.Errorf("read an erasure: %w", err)
	}
	if place.Valid {
		e.EventsLeft = new(max(0, place.Int64-1))
	}
	if e.FinishedAt != nil {
		e.Status = parley.ErasureFinished
	}
	return e, nil
}

// InsertErasure adds an erasure that a caller asked for.
func InsertErasure(ctx context.Context, tx *database.Tx, by parley.Caller, e parley.Erasure) error {
	_, err := tx.Exec(ctx, "insert into erasures (org_id, contact_id, actor_type, actor_id, requested_at) values ($1, $2, $3, $4, $5)",
		string(by.Organization), string(e.ContactID), by.Actor.Type, by.Actor.ID, int64(e.RequestedAt))
	if err != nil {
		return fmt.Errorf("insert an erasure: %w", err)
	}
	return nil
}

// UnfinishedErasures reads those of all organizations, the first that was asked for first.
func UnfinishedErasures(ctx context.Context, q database.Querier) (all []Unfinished, err error) {
	rows, err := q.Query(ctx, `
		select org_id, contact_id, actor_type, actor_id, place from erasures
		where finished_at is null
		order by requested_at limit 1000`)
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e Unfinished
		if err := rows.Scan(&e.By.Organization, &e.Contact, &e.By.Actor.Type, &e.By.Actor.ID, &e.Place); err != nil {
			return nil, fmt.Errorf("read erasures: %w", err)
		}
		all = append(all, e)
	}
	return all, rows.Err()
}

// MoveErasure keeps the place of an erasure.
func MoveErasure(ctx context.Context, tx *database.Tx, e Unfinished) {
	tx.Queue(ctx, "update erasures set place = $3 where org_id = $1 and contact_id = $2", string(e.By.Organization), string(e.Contact), *e.Place)
}

// ErasureIDs are the other ids that a contact which is being erased is known by.
func ErasureIDs(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.ContactID) (ids []string, err error) {
	rows, err := q.Query(ctx, "select id from erasure_ids where org_id = $1 and contact_id = $2", string(org), string(id))
	if err != nil {
		return nil, fmt.Errorf("read the ids of an erasure: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read the ids of an erasure: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// AddErasureIDs keeps ids that a contact which is being erased is known by.
func AddErasureIDs(ctx context.Context, tx *database.Tx, e Unfinished, ids []string) {
	for _, id := range ids {
		tx.Queue(ctx, "insert into erasure_ids (org_id, contact_id, id) values ($1, $2, $3) on conflict do nothing",
			string(e.By.Organization), string(e.Contact), id)
	}
}

// FinishErasure notes that an erasure is done. What it had to know is forgotten.
func FinishErasure(ctx context.Context, tx *database.Tx, e Unfinished, at parley.Time) error {
	org, contact := string(e.By.Organization), string(e.Contact)
	_, err := tx.Exec(ctx, "update erasures set place = 1, finished_at = $3 where org_id = $1 and contact_id = $2", org, contact, int64(at))
	if err != nil {
		return fmt.Errorf("finish an erasure: %w", err)
	}
	if _, err := tx.Exec(ctx, "delete from erasure_ids where org_id = $1 and contact_id = $2", org, contact); err != nil {
		return fmt.Errorf("forget the ids of an erasure: %w", err)
	}
	return nil
}

// erasedAnswer stands for what went wrong with an attempt to deliver an event that was
// erased: a transformation may have quoted it.
const erasedAnswer = "Not kept: the event tells of a contact who was erased."

// ForgetAnswers removes what endpoints answered to events, and to those that they were
// sent together with; seqs are in any order.
func ForgetAnswers(ctx context.Context, tx *database.Tx, org parley.OrganizationID, seqs []int64) error {
	if len(seqs) == 0 {
		return nil
	}
	slices.Sort(seqs)
	webhooks, err := webhooksOf(ctx, tx, org)
	if err != nil {
		return err
	}
	const atOnce = 250
	for _, webhook := range webhooks {
		for some := range slices.Chunk(seqs, atOnce) {
			if err := forgetAnswers(ctx, tx, org, webhook, some); err != nil {
				return err
			}
		}
	}
	return nil
}

func forgetAnswers(ctx context.Context, tx *database.Tx, org parley.OrganizationID, webhook string, seqs []int64) error {
	args := []any{string(org), webhook, seqs[0] - batchReach, seqs[len(seqs)-1] + batchReach, erasedAnswer}
	for _, seq := range seqs {
		args = append(args, seq)
	}
	in := database.In(len(seqs), 6)
	_, err := tx.Exec(ctx, `
		update attempts set body = null, error = case when error is null then null else $5 end
		where org_id = $1 and webhook_id = $2 and seq between $3 and $4 and (body is not null or error is not null)
		and (seq in `+in+` or batch in (
			select b.batch from attempts b
			where b.org_id = $1 and b.webhook_id = $2 and b.seq between $3 and $4 and b.seq in `+in+` and b.batch is not null))`, args...)
	if err != nil {
		return fmt.Errorf("forget answers of %s: %w", webhook, err)
	}
	return nil
}

func webhooksOf(ctx context.Context, q database.Querier, org parley.OrganizationID) (ids []string, err error) {
	rows, err := q.Query(ctx, "select id from webhooks where org_id = $1", string(org))
	if err != nil {
		return nil, fmt.Errorf("list endpoints: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list endpoints: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
