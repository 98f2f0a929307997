package contact

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// exportAtOnce is how many objects, and how many events, an export has in memory.
const (
	exportAtOnce = 200
	eventsAtOnce = 500
)

// Export writes all that is kept about a contact as one JSON document: the contact, its
// conversations with their messages, notes and attachments, its tasks, tickets,
// appointments, orders, payments and deals, and the events of the log that name it or
// its conversations, from the oldest that is kept. It is written as it is read, however
// much it is: what changes meanwhile may be told as before or after. A contact that is
// not there is a NotFound error, before anything is written. Link gives the link of an
// attachment.
func (c *Contacts) Export(ctx context.Context, org parley.OrganizationID, id parley.ContactID, link func(parley.AttachmentID) string, w io.Writer) error {
	contact, err := c.Get(ctx, org, string(id))
	if err != nil {
		return err
	}
	e := &export{ctx: ctx, q: c.DB.Read(), org: org, link: link, out: bufio.NewWriterSize(w, 32<<10), known: traces{string(id): true}}
	e.text(`{"contact":`)
	e.text(string(store.Contacts.AppendJSON(nil, e.q, org, &contact)))
	of := store.Where("contact_id = ?", string(id))
	each(e, "conversations", store.Conversations, of, e.conversation)
	each(e, "tasks", store.Tasks, of, plain)
	each(e, "tickets", store.Tickets, of, plain)
	each(e, "appointments", store.Appointments, of, plain)
	each(e, "orders", store.Orders, of, plain)
	each(e, "payments", store.Payments, of, plain)
	each(e, "deals", store.Deals, of, plain)
	e.text(`,"events":[`)
	c.events(e)
	e.text("]}\n")
	if e.err == nil {
		e.err = e.out.Flush()
	}
	if e.err != nil {
		return fmt.Errorf("export %s: %w", id, e.err)
	}
	return nil
}

// export is one that is being written. After an error nothing more is.
type export struct {
	ctx   context.Context
	q     database.Querier
	org   parley.OrganizationID
	link  func(parley.AttachmentID) string
	out   *bufio.Writer
	known traces
	err   error
}

func (e *export) text(s string) {
	if e.err == nil {
		_, e.err = e.out.WriteString(s)
	}
}

// each writes a member that lists the objects which a filter lets through; more writes
// what stands in each beside its own members.
func each[T any](e *export, name string, table *store.Table[T], f store.Filter, more func(*T)) {
	e.text(`,"` + name + `":[`)
	p, first := store.Page{Limit: exportAtOnce}, true
	for e.err == nil {
		objs, next, err := table.List(e.ctx, e.q, e.org, p, f)
		if err != nil {
			e.err = err
			return
		}
		for i := range objs {
			e.separate(&first)
			object := table.AppendJSON(nil, e.q, e.org, &objs[i])
			e.text(string(object[:len(object)-1]))
			more(&objs[i])
			e.text("}")
		}
		if p.Cursor = next; next == "" {
			break
		}
	}
	e.text("]")
}

func plain[T any](*T) {}

func (e *export) separate(first *bool) {
	if !*first {
		e.text(",")
	}
	*first = false
}

// conversation writes what belongs to a conversation.
func (e *export) conversation(conv *parley.Conversation) {
	e.known[string(conv.ID)] = true
	of := store.Where("conversation_id = ?", string(conv.ID))
	each(e, "messages", store.Messages, of, plain)
	each(e, "notes", store.Notes, of, plain)
	each(e, "attachments", store.Attachments, of, func(a *parley.Attachment) {
		link, err := parley.JSON(e.link(a.ID))
		if err != nil {
			e.err = err
		}
		e.text(`,"link":` + string(link))
	})
}

// events writes the events that name the contact or its conversations.
func (c *Contacts) events(e *export) {
	first := true
	for after := int64(0); e.err == nil; {
		events, err := c.Log.Query(e.ctx, e.org, store.Where("seq > ?", after), false, eventsAtOnce)
		if err != nil {
			e.err = err
			return
		}
		for _, event := range events {
			if e.known.about(event) {
				e.separate(&first)
				e.text(string(event.JSON()))
			}
			after = event.Sequence
		}
		if len(events) < eventsAtOnce {
			return
		}
	}
}
