package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/ratelimit"
)

// Rates are the token buckets that all processes on a database share. It implements
// [ratelimit.Common].
type Rates struct {
	db      *database.DB
	node    string
	cleaned parley.Time
}

// NewRates makes this process one of those that share them.
func NewRates(db *database.DB) *Rates {
	return &Rates{db: db, node: parley.MakeID("node")}
}

const (
	nodeGone  = 10_000 // milliseconds after which a process that is silent counts no more
	cleanRate = 60_000 // milliseconds between two times that what is of no use any more is removed
	micro     = 1_000_000
)

// Settle returns and takes tokens. The rows of buckets stay locked until the commit, so
// each process sees what the others took.
func (r *Rates) Settle(ctx context.Context, limit ratelimit.Limit, asks []ratelimit.Ask) (nodes int, grants []ratelimit.Grant, err error) {
	err = r.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		now := parley.Now()
		if nodes, err = r.present(ctx, tx, now); err != nil {
			return err
		}
		if err := r.clean(ctx, tx, limit, now); err != nil || len(asks) == 0 {
			return err
		}
		grants = make([]ratelimit.Grant, len(asks))
		full := float64(limit.Quota) * micro
		buckets, err := lockBuckets(ctx, tx, asks, int64(full), now)
		if err != nil {
			return err
		}
		for i, ask := range asks {
			b := buckets[ask.Name]
			elapsed := max(0, float64(now-b.at))
			tokens := min(full, b.tokens+elapsed*full/float64(limit.Window.Milliseconds()))
			tokens = min(full, tokens+float64(ask.Give)*micro)
			got := max(0, min(ask.Want, int(math.Floor(tokens/micro))))
			tokens -= float64(got) * micro
			grants[i] = ratelimit.Grant{Got: got, Left: tokens / micro}
			tx.Queue(ctx, "update rate_buckets set tokens = $2, at = $3 where name = $1", ask.Name, int64(tokens), int64(max(now, b.at)))
		}
		return nil
	})
	return nodes, grants, err
}

// present notes that this process is there, and counts those that are.
func (r *Rates) present(ctx context.Context, tx *database.Tx, now parley.Time) (nodes int, err error) {
	tx.Queue(ctx, `
		insert into rate_nodes (node, seen_at) values ($1, $2)
		on conflict (node) do update set seen_at = excluded.seen_at`, r.node, int64(now))
	err = tx.QueryRow(ctx, "select count(*) from rate_nodes where seen_at > $1", int64(now)-nodeGone).Scan(&nodes)
	if err != nil {
		return 0, fmt.Errorf("count processes: %w", err)
	}
	return max(1, nodes), nil
}

// rateBucket is a bucket as its row has it.
type rateBucket struct {
	tokens float64 // millionths
	at     parley.Time
}

// lockBuckets locks the rows of buckets, always in the same order, and reads them. One
// that has no row is full.
func lockBuckets(ctx context.Context, tx *database.Tx, asks []ratelimit.Ask, full int64, now parley.Time) (map[string]rateBucket, error) {
	names := make([]any, len(asks))
	ordered := slices.SortedFunc(slices.Values(asks), func(a, b ratelimit.Ask) int { return strings.Compare(a.Name, b.Name) })
	for i, ask := range ordered {
		names[i] = ask.Name
		tx.Queue(ctx, `
			insert into rate_buckets (name, tokens, at) values ($1, $2, $3)
			on conflict (name) do update set at = rate_buckets.at`, ask.Name, full, int64(now))
	}
	size := 1 // few numbers of placeholders: each is a statement to prepare
	for size < len(names) {
		size *= 8
	}
	for len(names) < size {
		names = append(names, "")
	}
	rows, err := tx.Query(ctx, "select name, tokens, at from rate_buckets where name in "+database.In(len(names), 1), names...)
	if err != nil {
		return nil, fmt.Errorf("read rates: %w", err)
	}
	defer rows.Close()
	buckets := make(map[string]rateBucket, len(asks))
	for rows.Next() {
		var name string
		var tokens int64
		var b rateBucket
		if err := rows.Scan(&name, &tokens, &b.at); err != nil {
			return nil, fmt.Errorf("read rates: %w", err)
		}
		b.tokens = float64(tokens)
		buckets[name] = b
	}
	return buckets, rows.Err()
}

// clean removes buckets that are full, and processes that went without leaving.
func (r *Rates) clean(ctx context.Context, tx *database.Tx, limit ratelimit.Limit, now parley.Time) error {
	if now < r.cleaned+cleanRate {
		return nil
	}
	r.cleaned = now
	if _, err := tx.Exec(ctx, "delete from rate_buckets where at < $1", int64(now)-2*limit.Window.Milliseconds()); err != nil {
		return fmt.Errorf("remove rates: %w", err)
	}
	if _, err := tx.Exec(ctx, "delete from rate_nodes where seen_at < $1", int64(now)-cleanRate); err != nil {
		return fmt.Errorf("remove processes: %w", err)
	}
	return nil
}

// Leave has this process counted no more.
func (r *Rates) Leave(ctx context.Context) error {
	return r.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "delete from rate_nodes where node = $1", r.node)
		return err
	})
}
