package tally

import (
	"context"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

const (
	// writeEvery is how often what was counted is written.
	writeEvery = 5 * time.Second
	// writeAtOnce is how many rows go into one transaction.
	writeAtOnce = 500
	// graceful is how long a minute that is over is kept for requests that counted in it
	// while it was being written.
	graceful = 10 * time.Second
	// maxMinutes is how many minutes wait for a database that does not take them; then the
	// oldest are given up.
	maxMinutes = 30
)

// Run writes what is counted until ctx ends, then what is left.
func (t *Tally) Run(ctx context.Context) error {
	ticker := time.NewTicker(writeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := t.write(ctx); err != nil && ctx.Err() == nil {
				t.logger.Warn("tally.not_written", "error", err, "again_in", writeEvery)
			}
		case <-ctx.Done():
			if err := t.write(context.WithoutCancel(ctx)); err != nil {
				t.logger.Warn("tally.lost", "error", err)
			}
			return nil
		}
	}
}

// row is one that is to be written.
type row struct {
	store.RequestMinute
	of *cell // nil: of all of an organization's
}

func (t *Tally) write(ctx context.Context) error {
	began := parley.Now()
	written := map[*minute]bool{}
	for _, m := range t.minutes() {
		if err := t.writeRows(ctx, m.rows(t.part)); err != nil {
			t.reportLost(t.forget(func(m *minute) bool { return written[m] }, maxMinutes))
			return err
		}
		written[m] = m.at.Add(time.Minute+graceful) <= began
	}
	t.forget(func(m *minute) bool { return written[m] }, maxMinutes)
	return nil
}

func (t *Tally) reportLost(minutes int) {
	if minutes > 0 {
		t.logger.Warn("tally.lost", "minutes", minutes, "detail", "the database has not taken them for too long")
	}
}

// rows are those of a minute that have changed since they were written. Organizations'
// stand before their keys': if the writing breaks off between, they are written again.
func (m *minute) rows(part string) (rows []*row) {
	all := map[parley.OrganizationID]*row{}
	changed := map[parley.OrganizationID]bool{}
	m.cells.Range(func(_, known any) bool {
		c := known.(*cell)
		now := c.now()
		total := all[c.org]
		if total == nil {
			total = &row{RequestMinute: store.RequestMinute{Org: c.org, At: m.at, Part: part}}
			all[c.org] = total
		}
		total.Counts.Add(now)
		if now != c.written {
			changed[c.org] = true
			rows = append(rows, &row{store.RequestMinute{Org: c.org, Key: c.key, At: m.at, Part: part, Counts: now}, c})
		}
		return true
	})
	var totals []*row
	for org := range changed {
		totals = append(totals, all[org])
	}
	return append(totals, rows...)
}

func (t *Tally) writeRows(ctx context.Context, rows []*row) error {
	for len(rows) > 0 {
		batch := rows[:min(len(rows), writeAtOnce)]
		err := t.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
			for _, r := range batch {
				store.SaveRequestMinute(ctx, tx, &r.RequestMinute)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range batch {
			if r.of != nil {
				r.of.written = r.Counts
			}
		}
		rows = rows[len(batch):]
	}
	return nil
}
