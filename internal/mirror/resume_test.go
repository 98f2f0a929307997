package mirror_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/database"
	"parley/internal/mirror"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

const interruptions = 30

// A mirror that is interrupted at any moment goes on where it was: nothing is lost,
// and nothing is there twice.
func TestInterruptedMirrorsGoOn(t *testing.T) {
	t.Parallel()
	eachTarget(t, func(t *testing.T, k kept) {
		h := house.New(t)
		w := newWorld(t, h)
		for range 450 {
			h.Make("/v1/contacts", `{"name":"There before"}`)
		}
		for range 100 {
			w.step()
		}
		stop := w.keepBusy()
		random := newWorld(t, h).random
		for range interruptions {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(60_000))*time.Microsecond)
			if err := mirror.Run(ctx, mirror.Options{Source: source(t, h), To: k.to}); err != nil && ctx.Err() == nil {
				t.Errorf("mirror: %v", err)
			}
			cancel()
			leaveHalf(t, k.to)
		}
		stop()
		catchUp(t, h, k.to)
		equal(t, h, k)
	})
}

// leaveHalf leaves in a folder what a process leaves that dies while it writes.
func leaveHalf(t *testing.T, to string) {
	t.Helper()
	dir, ok := strings.CutPrefix(to, "jsonl:")
	if !ok {
		return
	}
	if _, err := os.Stat(filepath.Join(dir, "cursor.json")); err != nil {
		return // before it is there nothing else is written
	}
	for name, text := range map[string]string{"contacts.jsonl": `{"delete":"con_x"}` + "\n" + `{"put":{"id":"con_`, "events.jsonl": `{"id":"evt_half`, "cursor.json.new": `{"turn":9`} {
		file, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o640)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(text); err != nil {
			t.Error(err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
}

// forget deletes the events up to a sequence, as retention does, when newer ones have
// taken their place in the cache.
func forget(t *testing.T, h *house.House, last int64) {
	t.Helper()
	for range 10 {
		h.Make("/v1/events", `{"events":[`+strings.TrimSuffix(strings.Repeat(`{"type":"custom.n"},`, 1000), ",")+`]}`)
	}
	err := h.DB.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "delete from events where org_id = $1 and seq <= $2", string(h.Organization.ID), last)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A mirror that comes back after so long that events are missing takes stock: what
// changed meanwhile is copied, and what is gone goes.
func TestMirrorsThatComeBackTooLateTakeStock(t *testing.T) {
	t.Parallel()
	eachTarget(t, func(t *testing.T, k kept) {
		h := house.New(t)
		w := newWorld(t, h)
		for range 250 {
			w.make("contacts", map[string]any{"name": "There before"})
		}
		for range 100 {
			w.step()
		}
		catchUp(t, h, k.to)
		before := k.events(t)
		for range 100 {
			w.step()
		}
		for _, id := range append([]string{}, w.ids["contacts"][:120]...) {
			w.drop("contacts", id)
		}
		forget(t, h, h.Head())
		var notes []string
		stop := w.keepBusy()
		catchUp(t, h, k.to, func(o *mirror.Options) { o.Note = func(text string) { notes = append(notes, text) } })
		stop()
		catchUp(t, h, k.to)
		checkObjects(t, h, k)
		checkEvents(t, h, k, before)
		want := []string{fmt.Sprintf("from %d to ", len(before)+1)}
		if !strings.HasPrefix(k.to, "jsonl:") {
			want = append(want, "from 1 to ") // they may tell of who was erased meanwhile
		}
		if !slices.EqualFunc(notes, want, strings.Contains) {
			t.Errorf("the notes are %q, want those that tell of the events %q", notes, want)
		}
	})
}

// A table that lacks a column gets it, with the values of what is there already.
func TestColumnsAreAdded(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "copy.db"), "postgres": inSchema(t, dbtest.PostgresURL(t))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := house.New(t)
			w := newWorld(t, h)
			for range 100 {
				w.step()
			}
			k := inTables(t, url)
			catchUp(t, h, k.to)
			older(t, k, "contacts", "phone")
			older(t, k, "messages", "content")
			catchUp(t, h, k.to)
			equal(t, h, k)
		})
	}
}

// older makes a target as a release left it that did not know a column.
func older(t *testing.T, k kept, table, column string) {
	t.Helper()
	pool := opened(t, k.to)
	var text string
	if err := pool.QueryRow("select state from parley_mirror").Scan(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, `"`+column+`",`) {
		t.Fatalf("the state does not know the column %s: %s", column, text)
	}
	for statement, args := range map[string][]any{
		"alter table " + table + " drop column " + column: nil,
		"update parley_mirror set state = $1":             {strings.ReplaceAll(text, `"`+column+`",`, "")},
	} {
		if _, err := pool.Exec(statement, args...); err != nil {
			t.Fatal(err)
		}
	}
}

// What was left out is copied when it no longer is.
func TestNounsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	eachTarget(t, func(t *testing.T, k kept) {
		h := house.New(t)
		w := newWorld(t, h)
		for range 100 {
			w.step()
		}
		narrow := h.Key("organization:read", "users:read", "inboxes:read", "labels:read", "custom_fields:read", "contacts:read", "tasks:read",
			"tickets:read", "orders:read", "pipelines:read", "deals:read", "events:read", "teams:read", "appointments:read", "attachments:read",
			"portals:read", "categories:read", "articles:read", "canned_responses:read")
		leave := func(o *mirror.Options) {
			o.Except = []string{"conversations", "payments", "webhooks", "api_keys"}
			o.Source = source(t, &house.House{URL: h.URL, Client: narrow})
		}
		catchUp(t, h, k.to, leave)
		checkObjects(t, h, k, "conversations", "messages", "notes", "payments", "webhooks", "api_keys")
		catchUp(t, h, k.to)
		equal(t, h, k)
		catchUp(t, h, k.to, leave)
		for range 100 {
			w.step()
		}
		catchUp(t, h, k.to, leave)
		catchUp(t, h, k.to)
		equal(t, h, k)
	})
}

// forgetNewest takes the newest event away, as a backup that is restored does.
func forgetNewest(t *testing.T, h *house.House) {
	t.Helper()
	err := h.DB.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		if _, err := tx.Exec(ctx, "delete from events where org_id = $1 and seq = (select max(seq) from events where org_id = $1)", string(h.Organization.ID)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "update organizations set last_seq = last_seq - 1 where id = $1", string(h.Organization.ID))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
