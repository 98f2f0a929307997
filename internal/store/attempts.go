package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Attempt is a row of attempts: one request to an endpoint, or (number 0) the wish
// for one. The last of a delivery says in State how the delivery stands.
type Attempt struct {
	Org        parley.OrganizationID
	Webhook    parley.WebhookID
	Seq        int64 // of the event
	Number     int
	First      bool // nothing was recorded of the delivery before; when writing
	State      parley.DeliveryStatus
	At         parley.Time
	DurationUS int64
	StatusCode int         // 0: there was no answer
	Error      string      // "": it was answered with 2xx
	Body       string      // the beginning of the answer
	NextAt     parley.Time // with state retrying: when it is tried again
	Step       int         // how many retries of the schedule are used up
	Pass       int64       // of the endpoint's cursor: how often it had been moved back
	Batch      int64       // the first sequence of the batch that it was sent in; 0: in none
}

// past is the state of an attempt that another one followed.
const past = "past"

// InsertAttempt adds an attempt and makes those before it past, unless it is the
// first: the wish for another one may come before that is written, and stays.
func InsertAttempt(ctx context.Context, tx *database.Tx, a *Attempt) {
	if !a.First {
		tx.Queue(ctx, `
			update attempts set state = $4
			where org_id = $1 and webhook_id = $2 and seq = $3 and state <> $4`,
			string(a.Org), string(a.Webhook), a.Seq, past)
	}
	tx.Queue(ctx, `
		insert into attempts (org_id, webhook_id, seq, number, state, at, duration_us, status_code, error, body, next_at, step, pass, batch)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict (org_id, webhook_id, seq, number) do update
		set state = excluded.state, at = excluded.at, duration_us = excluded.duration_us,
			status_code = excluded.status_code, error = excluded.error, body = excluded.body,
			next_at = excluded.next_at, step = excluded.step, batch = excluded.batch,
			pass = case when excluded.pass > attempts.pass then excluded.pass else attempts.pass end`,
		string(a.Org), string(a.Webhook), a.Seq, a.Number, string(a.State), int64(a.At), a.DurationUS,
		orNull(a.StatusCode), orNull(a.Error), orNull(a.Body), orNull(int64(a.NextAt)), a.Step, a.Pass, orNull(a.Batch))
}

func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// DeleteAttempts removes all that is recorded of an endpoint's deliveries.
func DeleteAttempts(ctx context.Context, tx Writer, org parley.OrganizationID, webhook parley.WebhookID) error {
	_, err := tx.Exec(ctx, "delete from attempts where org_id = $1 and webhook_id = $2", string(org), string(webhook))
	if err != nil {
		return fmt.Errorf("delete attempts: %w", err)
	}
	return nil
}

// AbandonRetries makes the deliveries of an endpoint that are to be tried again
// count as failed.
func AbandonRetries(ctx context.Context, tx Writer, org parley.OrganizationID, webhook parley.WebhookID) error {
	_, err := tx.Exec(ctx, `
		update attempts set state = 'failed', next_at = null
		where org_id = $1 and webhook_id = $2 and state = 'retrying'`, string(org), string(webhook))
	if err != nil {
		return fmt.Errorf("abandon retries: %w", err)
	}
	return nil
}

// HurryRetries has the deliveries of an endpoint that wait to be tried again, and
// whose last attempt was made since a time, wait until due: all alike, so that they
// go in order.
func HurryRetries(ctx context.Context, tx Writer, org parley.OrganizationID, webhook parley.WebhookID, since, due parley.Time) error {
	_, err := tx.Exec(ctx, `
		update attempts set next_at = $4
		where org_id = $1 and webhook_id = $2 and state = 'retrying' and at >= $3`,
		string(org), string(webhook), int64(since), int64(due))
	if err != nil {
		return fmt.Errorf("hurry retries: %w", err)
	}
	return nil
}

// HurryRewound has the deliveries of an endpoint that wait to be tried again wait
// until due, from an event on.
func HurryRewound(ctx context.Context, tx Writer, org parley.OrganizationID, webhook parley.WebhookID, from int64, due parley.Time) error {
	_, err := tx.Exec(ctx, `
		update attempts set next_at = $4
		where org_id = $1 and webhook_id = $2 and state = 'retrying' and seq >= $3`,
		string(org), string(webhook), from, int64(due))
	if err != nil {
		return fmt.Errorf("hurry rewound deliveries: %w", err)
	}
	return nil
}

const attemptColumns = "a.seq, a.number, a.state, a.at, a.duration_us, a.status_code, a.error, a.body, a.next_at, a.step, a.batch"

func scanAttempt(row interface{ Scan(...any) error }, a *Attempt, more ...any) error {
	var code, next, batch sql.NullInt64
	var wrong, body sql.NullString
	err := row.Scan(append([]any{&a.Seq, &a.Number, &a.State, &a.At, &a.DurationUS, &code, &wrong, &body, &next, &a.Step, &batch}, more...)...)
	a.StatusCode, a.NextAt, a.Batch = int(code.Int64), parley.Time(next.Int64), batch.Int64
	a.Error, a.Body = wrong.String, body.String
	return err
}

// Waiting reads the deliveries of an endpoint that are to be tried again, the
// soonest first, at most limit. Number is how many attempts there were, also if the
// row is only the wish for one.
func Waiting(ctx context.Context, q database.Querier, org parley.OrganizationID, webhook parley.WebhookID, limit int) (_ []Attempt, err error) {
	rows, err := q.Query(ctx, `
		select `+attemptColumns+`, (
			select max(b.number) from attempts b
			where b.org_id = a.org_id and b.webhook_id = a.webhook_id and b.seq = a.seq)
		from attempts a
		where a.org_id = $1 and a.webhook_id = $2 and a.state = 'retrying'
		order by a.next_at, a.seq limit $3`, string(org), string(webhook), limit)
	if err != nil {
		return nil, fmt.Errorf("read waiting deliveries: %w", err)
	}
	defer rows.Close()
	var waiting []Attempt
	for rows.Next() {
		a, made := Attempt{Org: org, Webhook: webhook}, 0
		if err := scanAttempt(rows, &a, &made); err != nil {
			return nil, fmt.Errorf("read waiting deliveries: %w", err)
		}
		a.Number = made
		waiting = append(waiting, a)
	}
	return waiting, rows.Err()
}

// DoneBeyond reads which events after its cursor an endpoint has already dealt with,
// at most limit. While it is rewound, what it was sent before does not count.
func DoneBeyond(ctx context.Context, q database.Querier, org parley.OrganizationID, webhook parley.WebhookID, p Position, limit int) (_ []int64, err error) {
	until := p.Cursor
	if p.Rewind != nil {
		until = p.Rewind.Until
	}
	rows, err := q.Query(ctx, `
		select distinct seq from attempts
		where org_id = $1 and webhook_id = $2 and seq > $3 and (pass = $4 or seq > $5)
		order by seq limit $6`, string(org), string(webhook), p.Cursor, p.Pass, until, limit)
	if err != nil {
		return nil, fmt.Errorf("read attempts beyond the cursor: %w", err)
	}
	defer rows.Close()
	var seqs []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, fmt.Errorf("read attempts beyond the cursor: %w", err)
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}

// LastNumbers tells how many attempts there were at the events from first to last:
// those that had none are left out.
func LastNumbers(ctx context.Context, q database.Querier, org parley.OrganizationID, webhook parley.WebhookID, first, last int64) (_ map[int64]int, err error) {
	rows, err := q.Query(ctx, `
		select seq, max(number) from attempts
		where org_id = $1 and webhook_id = $2 and seq between $3 and $4
		group by seq`, string(org), string(webhook), first, last)
	if err != nil {
		return nil, fmt.Errorf("count attempts: %w", err)
	}
	defer rows.Close()
	numbers := map[int64]int{}
	for rows.Next() {
		var seq int64
		var number int
		if err := rows.Scan(&seq, &number); err != nil {
			return nil, fmt.Errorf("count attempts: %w", err)
		}
		numbers[seq] = number
	}
	return numbers, rows.Err()
}

// Deliveries reads a page of an endpoint's deliveries, the newest event first: those of
// events after one sequence and before another (0: from the newest), of a status ("":
// any), whose event is of one of the types (none: any).
func Deliveries(ctx context.Context, q database.Querier, org parley.OrganizationID, webhook parley.WebhookID, status string, types parley.Patterns, after, before int64, limit int) (_ []parley.Delivery, err error) {
	f := Where("a.webhook_id = ? and a.state <> ?", string(webhook), past)
	if status != "" {
		f.And("a.state = ?", status)
	}
	f.Either(OfTypes("e.type", types))
	if after > 0 {
		f.And("a.seq > ?", after)
	}
	if before > 0 {
		f.And("a.seq < ?", before)
	}
	where, args := f.sql("a.org_id", org)
	rows, err := q.Query(ctx, fmt.Sprintf(`
		select %s, e.id, e.type
		from attempts a
		join events e on e.org_id = a.org_id and e.seq = a.seq
		%s order by a.seq desc limit %d`, attemptColumns, where, limit), args...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	defer rows.Close()
	var ds []parley.Delivery
	for rows.Next() {
		a, d := Attempt{Webhook: webhook}, parley.Delivery{}
		if err := scanAttempt(rows, &a, &d.EventID, &d.EventType); err != nil {
			return nil, fmt.Errorf("list deliveries: %w", err)
		}
		a.tell(&d)
		ds = append(ds, d)
	}
	return ds, rows.Err()
}

// tell makes the last attempt's outcome the delivery's.
func (a *Attempt) tell(d *parley.Delivery) {
	d.ID = parley.NewDeliveryID(a.Webhook, a.Seq)
	d.WebhookID, d.EventSequence, d.Status, d.AttemptCount = a.Webhook, a.Seq, a.State, a.Number
	if a.Number == 0 {
		d.NextAttemptAt = pointer(a.NextAt)
		return
	}
	d.StatusCode, d.Error, d.NextAttemptAt = pointer(a.StatusCode), pointer(a.Error), pointer(a.NextAt)
	d.LastAttemptAt = pointer(a.At)
}

func pointer[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// SentWith are the sequences of the events that an attempt at a batch was made with, in
// order: at most limit.
func SentWith(ctx context.Context, q database.Querier, a *Attempt, limit int) (seqs []int64, err error) {
	rows, err := q.Query(ctx, `
		select seq from attempts
		where org_id = $1 and webhook_id = $2 and seq >= $3 and seq < $4 and batch = $3 and at = $5
		order by seq limit $6`, string(a.Org), string(a.Webhook), a.Batch, a.Batch+batchReach, int64(a.At), limit)
	if err != nil {
		return nil, fmt.Errorf("read a batch: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, fmt.Errorf("read a batch: %w", err)
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}

// batchReach is how far the events of one batch lie apart at most: so much of the log is
// looked through for them.
const batchReach = 10_000

// maxAttemptsShown is how many attempts of one delivery are shown, the newest.
const maxAttemptsShown = 200

// AttemptsOf reads the attempts of a delivery, oldest first. None is no error.
func AttemptsOf(ctx context.Context, q database.Querier, org parley.OrganizationID, webhook parley.WebhookID, seq int64) (_ []Attempt, err error) {
	rows, err := q.Query(ctx, `
		select `+attemptColumns+`
		from attempts a
		where a.org_id = $1 and a.webhook_id = $2 and a.seq = $3
		order by a.number desc limit $4`, string(org), string(webhook), seq, maxAttemptsShown)
	if err != nil {
		return nil, fmt.Errorf("read attempts: %w", err)
	}
	defer rows.Close()
	var attempts []Attempt
	for rows.Next() {
		a := Attempt{Org: org, Webhook: webhook}
		if err := scanAttempt(rows, &a); err != nil {
			return nil, fmt.Errorf("read attempts: %w", err)
		}
		attempts = append([]Attempt{a}, attempts...)
	}
	return attempts, rows.Err()
}

// Delivery puts a delivery together from its attempts, of which there must be one.
func Delivery(attempts []Attempt, event *parley.Event) parley.Delivery {
	d := parley.Delivery{EventID: event.ID, EventType: event.Type}
	attempts[len(attempts)-1].tell(&d)
	for _, a := range attempts {
		if a.Number == 0 {
			continue
		}
		d.Attempts = append(d.Attempts, parley.Attempt{
			Number: a.Number, At: a.At, DurationMS: float64(a.DurationUS) / 1000,
			StatusCode: pointer(a.StatusCode), Error: pointer(a.Error), ResponseBody: pointer(a.Body),
		})
	}
	return d
}

// WebhookByTail finds the endpoint whose id ends as a delivery's id does.
func WebhookByTail(ctx context.Context, q database.Querier, org parley.OrganizationID, tail string) (id parley.WebhookID, err error) {
	err = q.QueryRow(ctx, "select id from webhooks where org_id = $1 and id like $2", string(org), "%"+tail).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find endpoint of delivery: %w", err)
	}
	return id, nil
}
