package contact

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/noun"
	"parley/internal/store"
)

const (
	// eraseEvery is how often is looked for erasures that another process was asked for,
	// or that could not go on.
	eraseEvery = 5 * time.Second
	// eraseEvents is how many events of the log one step of an erasure looks at,
	// eraseRows how many rows it deletes or changes otherwise.
	eraseEvents = 500
	eraseRows   = 200
	// erasePause lets other writes through between two steps.
	erasePause = 5 * time.Millisecond
)

// Files deletes attachments with their bytes.
type Files interface {
	Delete(ctx context.Context, by parley.Caller, id parley.AttachmentID) error
}

// Erase has a contact erased: it is deleted with all that is its own, as Delete does and
// however much that is, and then what the log told of it is taken out of past events,
// of the answers of endpoints to them, and of what processes keep of them in memory.
// That goes on in the background, step by step, also after a restart. At the end comes
// contact.erased. Asked again, it tells how far that has come. A contact that is not
// there, and is not being erased, is a NotFound error.
func (c *Contacts) Erase(ctx context.Context, by parley.Caller, id parley.ContactID) (e parley.Erasure, err error) {
	err = c.DB.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		e, err = store.Erasure(ctx, tx, by.Organization, id)
		if parley.KindOf(err) != parley.NotFound {
			return err
		}
		if _, err := c.Table.Get(ctx, tx, by.Organization, string(id)); err != nil {
			return err
		}
		e = parley.Erasure{ContactID: id, Status: parley.ErasureRunning, RequestedAt: parley.Now()}
		return store.InsertErasure(ctx, tx, by, e)
	})
	if err == nil && e.Status == parley.ErasureRunning {
		select {
		case c.erase <- struct{}{}:
		default:
		}
	}
	return e, err
}

// Erasure tells how far the erasure of a contact has come. What nobody asked to have
// erased is a NotFound error.
func (c *Contacts) Erasure(ctx context.Context, org parley.OrganizationID, id parley.ContactID) (parley.Erasure, error) {
	return store.Erasure(ctx, c.DB.Read(), org, id)
}

// RunErasures works on erasures until ctx ends. Of several processes on one database
// one does.
func (c *Contacts) RunErasures(ctx context.Context, files Files, logger *slog.Logger) error {
	for ctx.Err() == nil {
		err := c.DB.Exclusive(ctx, "erasures", func(ctx context.Context) error {
			c.eraseAgain(ctx, files, logger)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Contacts) eraseAgain(ctx context.Context, files Files, logger *slog.Logger) {
	ticker := time.NewTicker(eraseEvery)
	defer ticker.Stop()
	for {
		if err := c.EraseDue(ctx, files); err != nil && ctx.Err() == nil {
			logger.Warn("contact.erasure_failed", "error", err, "again_in", eraseEvery)
		}
		select {
		case <-ticker.C:
		case <-c.erase:
		case <-ctx.Done():
			return
		}
	}
}

// EraseDue brings every erasure that was asked for to its end. One that fails does not
// hold up the others. Not two processes may do so at once: see [Contacts.RunErasures].
func (c *Contacts) EraseDue(ctx context.Context, files Files) error {
	due, err := store.UnfinishedErasures(ctx, c.DB.Read())
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range due {
		x := &erasing{Contacts: c, files: files, Unfinished: e, redaction: redaction{known: traces{string(e.Contact): true}}}
		if err := x.run(ctx); err != nil {
			failed = append(failed, fmt.Errorf("erase %s of %s: %w", e.Contact, e.By.Organization, err))
		}
	}
	return errors.Join(failed...)
}

// erasing is an erasure that is being worked on.
type erasing struct {
	*Contacts
	store.Unfinished
	redaction
	files Files
}

func (x *erasing) run(ctx context.Context) error {
	ids, err := store.ErasureIDs(ctx, x.DB.Read(), x.By.Organization, x.Contact)
	if err != nil {
		return err
	}
	for _, id := range ids {
		x.known[id] = true
	}
	if x.Place == nil {
		if err := x.delete(ctx); err != nil {
			return err
		}
	}
	for *x.Place > 1 {
		if err := x.rewrite(ctx); err != nil {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return x.finish(ctx)
}

func pause(ctx context.Context) error {
	select {
	case <-time.After(erasePause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// delete removes the contact and what is its own, a little at a time, and begins with
// the log.
func (x *erasing) delete(ctx context.Context) error {
	org, f := x.By.Organization, store.Where("contact_id = ?", string(x.Contact))
	for {
		conv, found, err := store.Conversations.Find(ctx, x.DB.Read(), org, f)
		if err != nil {
			return err
		}
		if !found {
			break
		}
		if err := x.deleteConversation(ctx, conv.ID); err != nil {
			return err
		}
	}
	for _, release := range []func(context.Context) error{
		releasing(x, x.work.Tasks.Noun, f, func(t *parley.Task) { t.ContactID = nil }),
		releasing(x, x.work.Tickets.Noun, f, func(t *parley.Ticket) { t.ContactID = nil }),
		releasing(x, x.work.Appointments.Noun, f, func(a *parley.Appointment) { a.ContactID = nil }),
	} {
		if err := release(ctx); err != nil {
			return err
		}
	}
	err := x.Delete(ctx, x.By, string(x.Contact))
	if err != nil && parley.KindOf(err) != parley.NotFound {
		return err
	}
	head, err := x.Log.Head(ctx, org)
	if err != nil {
		return err
	}
	x.Place = new(head + 1)
	return x.DB.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		store.MoveErasure(ctx, tx, x.Unfinished)
		return nil
	})
}

// releasing takes the contact off the objects of a noun, which stay.
func releasing[T, D any](x *erasing, n *noun.Noun[T, D], f store.Filter, release func(*T)) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			objs, next, err := n.Table.List(ctx, x.DB.Read(), x.By.Organization, store.Page{Limit: eraseRows}, f)
			if err != nil || len(objs) == 0 {
				return err
			}
			err = x.DB.Write(ctx, x.By.Organization, func(ctx context.Context, tx *database.Tx) error {
				for i := range objs {
					_, err := n.Update(ctx, x.By, n.Table.ID(&objs[i]), noun.AnyVersion, func(obj *T) error {
						release(obj)
						return nil
					})
					if err != nil && parley.KindOf(err) != parley.NotFound {
						return err
					}
				}
				return nil
			})
			if err != nil || next == "" {
				return err
			}
		}
	}
}

func (x *erasing) deleteConversation(ctx context.Context, id parley.ConversationID) error {
	org := x.By.Organization
	for {
		found, next, err := store.Attachments.List(ctx, x.DB.Read(), org, store.Page{Limit: eraseRows}, store.Where("conversation_id = ?", string(id)))
		if err != nil {
			return err
		}
		for _, a := range found {
			if err := x.files.Delete(ctx, x.By, a.ID); err != nil && parley.KindOf(err) != parley.NotFound {
				return err
			}
		}
		if next == "" {
			break
		}
	}
	if err := x.conversations.Empty(ctx, x.By, id, eraseRows); err != nil {
		return err
	}
	err := x.DB.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
		store.AddErasureIDs(ctx, tx, x.Unfinished, []string{string(id)})
		return x.conversations.Delete(ctx, x.By, id)
	})
	if parley.KindOf(err) == parley.NotFound {
		return nil
	}
	x.known[string(id)] = true
	return err
}

// rewrite takes what is told of the person out of the events that come before a place,
// the newest first: so ids are known before the events that tell of them alone.
func (x *erasing) rewrite(ctx context.Context) error {
	org := x.By.Organization
	events, err := x.Log.Query(ctx, org, store.Where("seq < ?", *x.Place), true, eraseEvents)
	if err != nil {
		return err
	}
	x.Place = new(int64(1))
	if len(events) == eraseEvents {
		*x.Place = events[len(events)-1].Sequence
	}
	data := map[int64]json.RawMessage{}
	x.found = nil
	var seqs []int64
	for _, e := range events {
		left, err := x.of(e)
		if err != nil {
			return err
		}
		if left != nil {
			data[e.Sequence], seqs = left, append(seqs, e.Sequence)
		}
	}
	return x.DB.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		x.Log.Rewrite(ctx, tx, org, data)
		store.AddErasureIDs(ctx, tx, x.Unfinished, x.found)
		store.MoveErasure(ctx, tx, x.Unfinished)
		return store.ForgetAnswers(ctx, tx, org, seqs)
	})
}

// finish tells that nothing is left.
func (x *erasing) finish(ctx context.Context) error {
	org := x.By.Organization
	return x.DB.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
		if err := store.FinishErasure(ctx, tx, x.Unfinished, parley.Now()); err != nil {
			return err
		}
		at, err := x.Log.Next(ctx, tx)
		if err != nil {
			return err
		}
		if err := x.Log.Erase(ctx, tx, org, at.Sequence-1); err != nil {
			return err
		}
		data := parley.ContactErasedEvent{Contact: parley.ErasedContact{ID: x.Contact, Sequence: at.Sequence}}
		_, err = x.Log.Append(ctx, tx, x.By, at, parley.ContactErased.Draft(string(x.Contact), "", data))
		return err
	})
}
