package mirror_test

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/mirror"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// What the log no longer tells of a contact, the target does not tell either, also if
// the mirror was stopped on the way.
func TestErasuresReachTheTarget(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "copy.db"), "postgres": inSchema(t, dbtest.PostgresURL(t))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, k := house.New(t), inTables(t, to)
			w := newWorld(t, h)
			for range 200 {
				w.step()
			}
			for range 3 {
				h.Make("/v1/events", `{"events":[`+strings.TrimSuffix(strings.Repeat(`{"type":"custom.n"},`, 1000), ",")+`]}`)
			}
			contact := h.Make("/v1/contacts", `{"name":"Ophelia Erased"}`).Text("id")
			catchUp(t, h, to)
			if telling(t, to, "Ophelia") == 0 {
				t.Fatal("the target tells nothing of the contact in the first place")
			}
			h.Do(http.MethodPost, "/v1/contacts/"+contact+"/erase", `{}`).Want(http.StatusAccepted)
			if err := h.Contacts.EraseDue(t.Context(), h.Attachments); err != nil {
				t.Fatal(err)
			}

			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			err := mirror.Run(ctx, mirror.Options{Source: source(t, h), To: to, Once: true, Tell: func(p mirror.Progress) {
				if p.Step == mirror.Rereading {
					stop()
				}
			}})
			if err != nil || ctx.Err() == nil {
				t.Fatalf("mirror: %v; it was stopped: %v", err, ctx.Err() != nil)
			}
			var steps []string
			tell := func(o *mirror.Options) { o.Tell = func(p mirror.Progress) { steps = append(steps, p.Step) } }
			catchUp(t, h, to, tell)
			if n := telling(t, to, "Ophelia"); n > 0 {
				t.Errorf("%d events of the target still tell of the contact", n)
			}
			if !slices.Contains(steps, mirror.Rereading) {
				t.Errorf("the mirror that was stopped did not go on: %q", slices.Compact(steps))
			}
			equal(t, h, k)
			steps = nil
			catchUp(t, h, to, tell)
			if slices.Contains(steps, mirror.Rereading) {
				t.Errorf("what was read again is read once more: %q", slices.Compact(steps))
			}
		})
	}
}

// telling is how many events of a target hold a word.
func telling(t *testing.T, to, word string) (n int) {
	t.Helper()
	row := opened(t, to).QueryRowContext(t.Context(), "select count(*) from events where cast(data as text) like '%"+word+"%'")
	if err := row.Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
