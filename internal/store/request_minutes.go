package store

import (
	"context"
	"fmt"
	"strings"

	"parley"
	"parley/internal/database"
)

// requestClasses are the columns of request_minutes that count, in order.
var requestClasses = [...]string{"s2xx", "s3xx", "s401", "s403", "s404", "s409", "s422", "s429", "s4xx", "s5xx"}

// RequestClasses is how many classes of answers are told apart.
const RequestClasses = len(requestClasses)

// RequestCounts are how many requests were answered how, by [RequestClass].
type RequestCounts [RequestClasses]int64

// RequestClass is the class of an answer's status.
func RequestClass(status int) int {
	switch {
	case status >= 500:
		return 9
	case status < 300:
		return 0
	case status < 400:
		return 1
	}
	switch status {
	case 401:
		return 2
	case 403:
		return 3
	case 404:
		return 4
	case 409:
		return 5
	case 422:
		return 6
	case 429:
		return 7
	}
	return 8
}

// Add counts others too.
func (c *RequestCounts) Add(others RequestCounts) {
	for i, n := range others {
		c[i] += n
	}
}

// RequestMinute is how many requests with an API key were answered how in one minute, as
// one process saw it.
type RequestMinute struct {
	Org    parley.OrganizationID
	Key    parley.APIKeyID // "": all of the organization's
	At     parley.Time     // when it began
	Part   string          // of the process
	Counts RequestCounts
}

var saveRequestMinute = func() string {
	columns := strings.Join(requestClasses[:], ", ")
	var set []string
	for _, c := range requestClasses {
		set = append(set, c+" = excluded."+c)
	}
	return "insert into request_minutes (org_id, key_id, minute, part, " + columns + ") values " + database.Values(1, 4+RequestClasses, 1) +
		" on conflict (org_id, key_id, minute, part) do update set " + strings.Join(set, ", ")
}()

// SaveRequestMinute writes a minute, over what the same process wrote of it before:
// writing it again changes nothing.
func SaveRequestMinute(ctx context.Context, tx *database.Tx, m *RequestMinute) {
	args := []any{string(m.Org), string(m.Key), int64(m.At), m.Part}
	for _, n := range m.Counts {
		args = append(args, n)
	}
	tx.Queue(ctx, saveRequestMinute, args...)
}

var sumRequests = func() string {
	var sums []string
	for _, c := range requestClasses {
		sums = append(sums, "cast(sum("+c+") as bigint)")
	}
	return "select (minute - $3) / $5 as step, " + strings.Join(sums, ", ") + `
		from request_minutes
		where org_id = $1 and key_id = $2 and minute >= $3 and minute < $4 and (part <> $6 or minute < $7)
		group by step
		order by step`
}()

// Requests adds up the minutes of a key ("": of all) that began in [since, until), by
// steps of so many milliseconds, and hands over those in which there were any. Those that
// a process wrote of itself since a time are left out: it knows better.
func Requests(ctx context.Context, q database.Querier, org parley.OrganizationID, key parley.APIKeyID, since, until, step parley.Time, part string, known parley.Time, do func(step int, c RequestCounts)) error {
	rows, err := q.Query(ctx, sumRequests, string(org), string(key), int64(since), int64(until), int64(step), part, int64(known))
	if err != nil {
		return fmt.Errorf("read requests: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var at int
		var c RequestCounts
		targets := []any{&at}
		for i := range c {
			targets = append(targets, &c[i])
		}
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read requests: %w", err)
		}
		do(at, c)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read requests: %w", err)
	}
	return nil
}

// oldRequestMinutes are some of an organization's minutes that began before a time, found
// key by key, as its keys are never deleted. See oldMinutes.
const oldRequestMinutes = `
			select m.org_id, m.key_id, m.minute, m.part
			from (select id from api_keys where org_id = $1 union all select '') k
			cross join request_minutes m
			where m.org_id = $1 and m.key_id = k.id and m.minute < $2
			limit $3`

// DeleteRequestMinutes removes minutes of an organization's API requests that began
// before a time, at most limit, and tells how many: fewer than limit were all there are.
func DeleteRequestMinutes(ctx context.Context, tx Writer, org parley.OrganizationID, before parley.Time, limit int) (deleted int, err error) {
	result, err := tx.Exec(ctx, `
		delete from request_minutes
		where (org_id, key_id, minute, part) in (`+oldRequestMinutes+`)`, string(org), int64(before), limit)
	if err != nil {
		return 0, fmt.Errorf("delete old minutes of requests: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}
