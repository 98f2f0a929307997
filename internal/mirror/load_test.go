package mirror_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/mirror"
	"parley/internal/testing/house"
)

// manyContacts are fewer where each takes ten times as long.
func manyContacts() int {
	if raceDetector {
		return 10_000
	}
	return 100_000
}

// A hundred thousand contacts are copied while others write, and then the target has
// exactly what the source has.
func TestManyContactsUnderLoad(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	ids := makeContacts(t, h, manyContacts())
	k := inTables(t, "sqlite:"+filepath.Join(t.TempDir(), "copy.db"))
	stop := changeContacts(t, h, ids)
	began := time.Now()
	catchUp(t, h, k.to, func(o *mirror.Options) { o.Tell = logSteps(t) })
	copied := time.Since(began)
	changed := stop()
	catchUp(t, h, k.to)
	t.Logf("%d contacts and %d events in %v, while there were %d changes", manyContacts(), h.Head(), copied.Round(time.Millisecond), changed)
	equal(t, h, k)
}

// logSteps logs how long each step that has to do with much took.
func logSteps(t *testing.T) func(mirror.Progress) {
	t.Helper()
	var last mirror.Progress
	began := time.Now()
	return func(p mirror.Progress) {
		if p.Step != last.Step || p.Noun != last.Noun {
			if last.Rows > 1000 {
				t.Logf("%s %s: %d rows in %v", last.Step, last.Noun, last.Rows, time.Since(began).Round(time.Millisecond))
			}
			began = time.Now()
		}
		last = p
	}
}

// makeContacts makes so many contacts, through the verbs: many at once share a commit.
func makeContacts(t *testing.T, h *house.House, n int) []parley.ContactID {
	t.Helper()
	by := parley.Caller{Organization: h.Organization.ID, Actor: parley.System}
	ids := make([]parley.ContactID, n)
	var working sync.WaitGroup
	const writers = 256
	for w := range writers {
		working.Go(func() {
			for i := w; i < n; i += writers {
				name, email := fmt.Sprintf("Contact %d", i), fmt.Sprintf("contact-%d@example.com", i)
				c, err := h.Contacts.Create(t.Context(), by, parley.Contact{Name: &name, Email: &email})
				if err != nil {
					t.Errorf("create a contact: %v", err)
					return
				}
				ids[i] = c.ID
			}
		})
	}
	working.Wait()
	return ids
}

// changeContacts changes and deletes contacts and makes new ones, until it is told to
// stop; then it tells how many changes it made.
func changeContacts(t *testing.T, h *house.House, ids []parley.ContactID) (stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	by := parley.Caller{Organization: h.Organization.ID, Actor: parley.System}
	changed := 0
	var working sync.WaitGroup
	working.Go(func() {
		for i := 0; ctx.Err() == nil && i < len(ids); i++ {
			id := string(ids[(i*7919)%len(ids)])
			phone := fmt.Sprintf("+44 20 %d", 1000+i)
			var err error
			switch i % 10 {
			case 0:
				err = h.Contacts.Delete(context.WithoutCancel(ctx), by, id)
			case 1:
				_, err = h.Contacts.Create(context.WithoutCancel(ctx), by, parley.Contact{Phone: &phone})
			default:
				_, err = h.Contacts.Update(context.WithoutCancel(ctx), by, id, -1, func(c *parley.Contact) error {
					c.Phone = &phone
					return nil
				})
			}
			if err != nil {
				t.Errorf("change %d: %v", i, err)
				return
			}
			changed++
		}
	})
	return func() int {
		cancel()
		working.Wait()
		return changed
	}
}
