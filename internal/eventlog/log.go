// Package eventlog keeps one ordered log of events per organization and lets any
// number of readers follow it, each at its own place.
//
// What it promises:
//
//   - An event is appended in the transaction of the change it tells of: both are
//     durable, or neither is.
//   - Sequences have no gap and no repetition, and the order of sequences is the
//     order of commits: a reader that has seen n will never again find anything at
//     or below n. This holds across processes and nodes.
//   - An event never changes, but for what is told of a person who was erased: see
//     [Log.Rewrite]. Read, Tail and Follow give events in order of
//     sequence and leave none out that is kept. How long that is says RunRetention;
//     the newest event always is. A reader that was too slow can tell by [Gap].
//   - Follow hands every event to its handler at least once; the handler's effects
//     in the database and its place in the log move together, so those happen
//     exactly once.
//   - Waking readers is a hint: a lost notification costs at most [PollEvery].
//
// A slow reader delays nobody: it reads from the database what has left the cache.
// See DESIGN.md for how.
package eventlog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/quota"
	"parley/internal/store"
)

// PollEvery is how long a reader may sleep through a change that another process
// made, when no notification of it arrives.
const PollEvery = 2 * time.Second

// Log is the logs of all organizations in a database.
type Log struct {
	db     *database.DB
	logger *slog.Logger
	quotas *quota.Quotas
	tails  tails
	watch  []func(parley.OrganizationID, int64)
}

// New makes the log of a database. Each watcher is told of every new head of a
// log, after the commit; it must return at once, and may be told of heads late,
// twice, or only of the last of several.
func New(db *database.DB, logger *slog.Logger, watchers ...func(org parley.OrganizationID, head int64)) *Log {
	l := &Log{db: db, logger: logger, quotas: quota.New(db), watch: watchers}
	l.tails.byOrg, l.tails.limits = map[parley.OrganizationID]*tail{}, usualLimits()
	return l
}

// Watch adds a watcher; it must be called before the log is in use.
func (l *Log) Watch(watcher func(org parley.OrganizationID, head int64)) {
	l.watch = append(l.watch, watcher)
}

// Quotas are those that every event is appended under.
func (l *Log) Quotas() *quota.Quotas { return l.quotas }

// Run learns of what other processes append, until ctx ends.
func (l *Log) Run(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- l.db.Heads(ctx, l.heard) }()
	ticker := time.NewTicker(PollEvery)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			l.poll(ctx)
		}
	}
}

// heard is told of a head that another process moved; without an organization,
// that any may have moved.
func (l *Log) heard(org parley.OrganizationID, head int64) {
	if org == "" {
		l.poll(context.Background())
		return
	}
	l.advance(org, head)
}

func (l *Log) poll(ctx context.Context) {
	heads, err := store.Heads(ctx, l.db.Read())
	if err != nil {
		if ctx.Err() == nil {
			l.logger.Warn("eventlog.poll_failed", "error", err, "again_in", PollEvery)
		}
		return
	}
	for org, head := range heads {
		l.advance(org, head)
	}
	l.pollErased(ctx)
}

func (l *Log) advance(org parley.OrganizationID, head int64) {
	if l.tails.of(org).advance(head) {
		l.tell(org, head)
	}
}

func (l *Log) tell(org parley.OrganizationID, head int64) {
	for _, watcher := range l.watch {
		watcher(org, head)
	}
}

// Place is a place in the log that a transaction has reserved, and when: what a
// changed row is stamped with before its event is drawn up.
type Place struct {
	Sequence int64
	At       parley.Time
}

// Next reserves the next place of the organization's log. Every place reserved
// must be filled by Append in the same transaction.
func (l *Log) Next(ctx context.Context, tx *database.Tx) (Place, error) {
	seq, err := tx.NextSequence(ctx)
	if err != nil {
		return Place{}, fmt.Errorf("take a sequence: %w", err)
	}
	return Place{seq, parley.Now()}, nil
}

// Append writes the event of a place. Readers are woken after the commit. What is beyond
// the organization's quotas is refused: see [quota.Quotas.Check].
func (l *Log) Append(ctx context.Context, tx *database.Tx, by parley.Caller, at Place, draft parley.Draft) (*parley.Event, error) {
	if err := l.quotas.Check(ctx, tx, by); err != nil {
		return nil, err
	}
	data, err := parley.JSON(draft.Data())
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", draft.Type(), err)
	}
	e := (&parley.Event{
		Organization: by.Organization, Sequence: at.Sequence, ID: parley.NewEventID(at.Sequence),
		Type: draft.Type(), Inbox: draft.Inbox(), Key: draft.Key(),
		Actor: by.Actor, Cause: by.Cause, CreatedAt: at.At, Data: data,
	}).Seal()
	var cause any
	if e.Cause != nil {
		b, err := json.Marshal(e.Cause)
		if err != nil {
			return nil, fmt.Errorf("encode cause: %w", err)
		}
		cause = string(b)
	}
	tx.Queue(ctx, `
		insert into events (org_id, seq, id, type, inbox_id, key, actor_type, actor_id, cause, created_at, data)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		string(e.Organization), e.Sequence, string(e.ID), e.Type, string(e.Inbox), e.Key,
		e.Actor.Type, e.Actor.ID, cause, int64(e.CreatedAt), string(e.Data))
	tx.AfterCommit(func() {
		l.tails.fill(e.Organization, e)
		l.tell(e.Organization, e.Sequence)
	})
	return e, nil
}

// Head is the sequence of the last event of the organization's log, 0 if it has none.
func (l *Log) Head(ctx context.Context, org parley.OrganizationID) (head int64, err error) {
	err = l.db.Read().QueryRow(ctx, "select last_seq from organizations where id = $1", string(org)).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read head: %w", err)
	}
	return head, nil
}
