package work_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
	"parley/internal/work"
)

// desk is an organization in which there is work to do.
type desk struct {
	*work.Work
	db  *database.DB
	log *eventlog.Log
	by  parley.Caller
}

func newDesk(t *testing.T, db *database.DB) *desk {
	t.Helper()
	log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
	founded, err := account.New(db, log).Found(t.Context(), account.Founding{
		Name: "Example", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{work.New(db, log), db, log, parley.Caller{Organization: founded.Organization.ID, Actor: parley.System}}
}

// types are the types of the events that follow a place in the log.
func (d *desk) types(t *testing.T, after int64) string {
	t.Helper()
	events, err := d.log.Read(t.Context(), d.by.Organization, after, 100)
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, e := range events {
		types = append(types, e.Type)
	}
	return strings.Join(types, " ")
}

// step is what becomes of an object by a verb: where it is then, and by which event;
// none if it is there already. A refused one stays, and names what is allowed.
type step struct{ to, event, refusal string }

func TestEveryStatusOfATaskAndEveryVerb(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		verbs := map[string]func(context.Context, parley.Caller, parley.TaskID) (parley.Task, error){
			"complete": d.Tasks.Complete, "reopen": d.Tasks.Reopen,
		}
		ways := map[parley.TaskStatus][]string{parley.OpenTask: nil, parley.CompletedTask: {"complete"}}
		for from, steps := range map[parley.TaskStatus]map[string]step{
			parley.OpenTask:      {"complete": {to: "completed", event: "task.completed"}, "reopen": {to: "open"}},
			parley.CompletedTask: {"complete": {to: "completed"}, "reopen": {to: "open", event: "task.reopened"}},
		} {
			for verb, want := range steps {
				before, err := d.Tasks.Create(t.Context(), d.by, parley.Task{Title: "Bake"})
				for _, v := range ways[from] {
					before, err = verbs[v](t.Context(), d.by, before.ID)
				}
				if err != nil || before.Status != from {
					t.Fatalf("a task that is to be %s is %s (%v)", from, before.Status, err)
				}
				after, err := verbs[verb](t.Context(), d.by, before.ID)
				if err != nil || string(after.Status) != want.to || (after.CompletedAt != nil) != (want.to == "completed") {
					t.Errorf("%s, %s: %+v (%v)", from, verb, after, err)
				}
				if got := d.types(t, before.Sequence); got != want.event {
					t.Errorf("%s, %s: the events are %q, want %q", from, verb, got, want.event)
				}
			}
		}
	})
}

func TestEveryStatusOfATicketAndEveryVerb(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		verbs := map[string]func(context.Context, parley.Caller, parley.TicketID) (parley.Ticket, error){
			"pend": d.Tickets.Pend, "close": d.Tickets.Close, "reopen": d.Tickets.Reopen,
		}
		ways := map[parley.TicketStatus][]string{parley.OpenTicket: nil, parley.PendingTicket: {"pend"}, parley.ClosedTicket: {"pend", "close"}}
		for from, steps := range map[parley.TicketStatus]map[string]step{
			parley.OpenTicket: {
				"pend": {to: "pending", event: "ticket.updated"}, "close": {to: "closed", event: "ticket.closed"}, "reopen": {to: "open"},
			},
			parley.PendingTicket: {
				"pend": {to: "pending"}, "close": {to: "closed", event: "ticket.closed"}, "reopen": {to: "open", event: "ticket.reopened"},
			},
			parley.ClosedTicket: {
				"pend": {refusal: "it allows reopen."}, "close": {to: "closed"}, "reopen": {to: "open", event: "ticket.reopened"},
			},
		} {
			for verb, want := range steps {
				before, err := d.Tickets.Create(t.Context(), d.by, parley.Ticket{Subject: "Burnt", Priority: "normal"})
				for _, v := range ways[from] {
					before, err = verbs[v](t.Context(), d.by, before.ID)
				}
				if err != nil || before.Status != from {
					t.Fatalf("a ticket that is to be %s is %s (%v)", from, before.Status, err)
				}
				after, err := verbs[verb](t.Context(), d.by, before.ID)
				switch {
				case want.refusal != "":
					if parley.KindOf(err) != parley.Conflict || !strings.HasSuffix(err.Error(), want.refusal) {
						t.Errorf("%s, %s: %v, want a conflict: …%s", from, verb, err, want.refusal)
					}
				case err != nil || string(after.Status) != want.to || (after.ClosedAt != nil) != (want.to == "closed"):
					t.Errorf("%s, %s: %+v (%v)", from, verb, after, err)
				}
				if got := d.types(t, before.Sequence); got != want.event {
					t.Errorf("%s, %s: the events are %q, want %q", from, verb, got, want.event)
				}
			}
		}
	})
}

// What an object refers to is looked for when it is set, not whenever the object
// changes: a reference that has lost its object does not stand in the way.
func TestAReferenceIsCheckedWhenItIsSet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		task, err := d.Tasks.Create(t.Context(), d.by, parley.Task{Title: "Bake"})
		if err != nil {
			t.Fatal(err)
		}
		gone := parley.NewID[parley.UserID]()
		set := func(change func(*parley.Task)) error {
			_, err := d.Tasks.Update(t.Context(), d.by, string(task.ID), noun.AnyVersion, func(task *parley.Task) error { change(task); return nil })
			return err
		}
		if err := set(func(t *parley.Task) { t.AssigneeID = &gone }); parley.KindOf(err) != parley.Invalid {
			t.Errorf("a user who is not there is assigned: %v", err)
		}
		err = db.Write(t.Context(), d.by.Organization, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, "update tasks set assignee_id = $2 where org_id = $1", string(d.by.Organization), string(gone))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := set(func(t *parley.Task) { t.Title = "Bake rye" }); err != nil {
			t.Errorf("a task whose assignee is gone cannot be renamed: %v", err)
		}
	})
}

// What goes with a contact is bounded, and refused whole where it is more.
func TestAContactWithTooManyTicketsStays(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	contact := parley.NewID[parley.ContactID]()
	err := d.db.Write(t.Context(), d.by.Organization, func(ctx context.Context, tx *database.Tx) error {
		for i := range int64(1001) {
			ticket := parley.Ticket{Subject: "Burnt", ContactID: &contact}
			store.Tickets.Stamp(&ticket, i+1, 1)
			store.Tickets.Insert(ctx, tx, d.by.Organization, &ticket)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	gone := func() error {
		return d.db.Write(t.Context(), d.by.Organization, func(ctx context.Context, tx *database.Tx) error {
			return d.ContactGone(ctx, tx, d.by, contact)
		})
	}
	if err := gone(); parley.KindOf(err) != parley.Conflict || !strings.Contains(err.Error(), "GET /v1/tickets?contact_id="+string(contact)) {
		t.Fatalf("with 1001 tickets: %v, want a conflict", err)
	}
	tickets, _, err := d.Tickets.List(t.Context(), d.by.Organization, store.Page{Limit: 1}, store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Tickets.Delete(t.Context(), d.by, string(tickets[0].ID)); err != nil {
		t.Fatal(err)
	}
	if err := gone(); err != nil {
		t.Errorf("with 1000 tickets: %v", err)
	}
	left, err := store.Tickets.Count(t.Context(), d.db.Read(), d.by.Organization, store.Where("contact_id is not null"), 10)
	if err != nil || left != 0 {
		t.Errorf("%d tickets still name the contact (%v)", left, err)
	}
}

func TestEveryStatusOfAnAppointmentAndEveryVerb(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		d := newDesk(t, db)
		users, _, err := store.Users.List(t.Context(), db.Read(), d.by.Organization, store.Page{Limit: 1}, store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		var contact parley.Contact
		err = db.Write(t.Context(), d.by.Organization, func(ctx context.Context, tx *database.Tx) error {
			store.Contacts.Stamp(&contact, 1, 1)
			store.Contacts.Insert(ctx, tx, d.by.Organization, &contact)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		free := parley.Now()
		verbs := map[string]func(parley.AppointmentID) (parley.Appointment, error){
			"reschedule": func(id parley.AppointmentID) (parley.Appointment, error) {
				free += 1000
				return d.Appointments.Reschedule(t.Context(), d.by, id, work.Slot{StartsAt: free})
			},
			"cancel": func(id parley.AppointmentID) (parley.Appointment, error) {
				return d.Appointments.Cancel(t.Context(), d.by, id, nil)
			},
		}
		ways := map[parley.AppointmentStatus][]string{parley.BookedAppointment: nil, parley.CancelledAppointment: {"cancel"}}
		for from, steps := range map[parley.AppointmentStatus]map[string]step{
			parley.BookedAppointment: {
				"reschedule": {to: "booked", event: "appointment.rescheduled"}, "cancel": {to: "cancelled", event: "appointment.cancelled"},
			},
			parley.CancelledAppointment: {
				"reschedule": {refusal: "nothing can be done with it any more."}, "cancel": {to: "cancelled"},
			},
		} {
			for verb, want := range steps {
				free += 1000
				before, err := d.Appointments.Create(t.Context(), d.by, parley.Appointment{
					Title: "Taste", UserID: users[0].ID, ContactID: &contact.ID, StartsAt: free, EndsAt: free + 1000, TimeZone: "UTC",
				})
				for _, v := range ways[from] {
					before, err = verbs[v](before.ID)
				}
				if err != nil || before.Status != from {
					t.Fatalf("an appointment that is to be %s is %s (%v)", from, before.Status, err)
				}
				after, err := verbs[verb](before.ID)
				switch {
				case want.refusal != "":
					if parley.KindOf(err) != parley.Conflict || !strings.HasSuffix(err.Error(), want.refusal) {
						t.Errorf("%s, %s: %v", from, verb, err)
					}
				case err != nil || string(after.Status) != want.to || (after.CancelledAt != nil) != (want.to == "cancelled"):
					t.Errorf("%s, %s: %+v (%v)", from, verb, after, err)
				}
				if got := d.types(t, before.Sequence); got != want.event {
					t.Errorf("%s, %s: the events are %q, want %q", from, verb, got, want.event)
				}
			}
		}
	})
}
