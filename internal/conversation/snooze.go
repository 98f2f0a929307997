package conversation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley"
	"parley/internal/database"
)

// wakeEvery is how exact the end of a snooze is.
const wakeEvery = 5 * time.Second

// wakeBatch bounds how many snoozes end in one round.
const wakeBatch = 500

// RunSnoozes opens snoozed conversations when their time has come, until ctx ends.
func (c *Conversations) RunSnoozes(ctx context.Context, logger *slog.Logger) error {
	ticker := time.NewTicker(wakeEvery)
	defer ticker.Stop()
	for {
		if err := c.wakeDue(ctx); err != nil && ctx.Err() == nil {
			logger.Warn("conversation.wake_failed", "error", err, "again_in", wakeEvery)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (c *Conversations) wakeDue(ctx context.Context) error {
	due, err := c.snoozesDue(ctx, parley.Now())
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range due {
		by := parley.Caller{Organization: d.org, Actor: parley.System}
		err := c.db.Write(ctx, d.org, func(ctx context.Context, tx *database.Tx) error {
			s, err := c.subject(ctx, tx, by, d.id)
			if parley.KindOf(err) == parley.NotFound {
				return nil
			}
			if err != nil || s.Status != parley.Snoozed || *s.SnoozedUntil > parley.Now() {
				return err
			}
			return c.reopen(ctx, tx, by, s)
		})
		if err != nil { // the others must not wait for it
			failed = append(failed, fmt.Errorf("wake %s: %w", d.id, err))
		}
	}
	return errors.Join(failed...)
}

type snooze struct {
	org parley.OrganizationID
	id  parley.ConversationID
}

// snoozesDue finds, in all organizations, the conversations whose time has come.
func (c *Conversations) snoozesDue(ctx context.Context, now parley.Time) (due []snooze, err error) {
	rows, err := c.db.Read().Query(ctx, `
		select org_id, id from conversations
		where status = 'snoozed' and snoozed_until <= $1
		order by snoozed_until limit $2`, int64(now), wakeBatch)
	if err != nil {
		return nil, fmt.Errorf("find due snoozes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s snooze
		if err := rows.Scan(&s.org, &s.id); err != nil {
			return nil, fmt.Errorf("find due snoozes: %w", err)
		}
		due = append(due, s)
	}
	return due, rows.Err()
}
