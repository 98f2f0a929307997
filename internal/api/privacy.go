package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"reflect"

	"parley"
)

// contactExport is what an export has: [contact.Contacts.Export] writes it.
type contactExport struct {
	Contact       parley.Contact       `json:"contact"`
	Conversations []conversationExport `json:"conversations"`
	Tasks         []parley.Task        `json:"tasks"`
	Tickets       []parley.Ticket      `json:"tickets"`
	Appointments  []parley.Appointment `json:"appointments"`
	Orders        []parley.Order       `json:"orders"`
	Payments      []parley.Payment     `json:"payments"`
	Deals         []parley.Deal        `json:"deals"`
	Events        []parley.Envelope    `json:"events" doc:"Those of the log that name the contact or one of the conversations, in order"`
}

type conversationExport struct {
	parley.Conversation
	Messages    []parley.Message   `json:"messages"`
	Notes       []parley.Note      `json:"notes"`
	Attachments []attachmentExport `json:"attachments"`
}

type attachmentExport struct {
	parley.Attachment
	Link string `json:"link" doc:"Leads to the file for as long as there is one, and needs an API key"`
}

// contactPrivacy is what a person may ask of whoever keeps data about them. It has a
// scope of its own: an export tells of conversations, orders and much else that needs
// other scopes by itself, and an erasure changes the log.
func (a *API) contactPrivacy() {
	const tag, path = "Contacts", "/v1/contacts/{id}"
	direct(a, operation{
		ID: "export-contact", Method: http.MethodGet, Path: path + "/export", Tag: tag, Scope: "privacy:read",
		Summary: "Export all that is kept about a contact", Answer: a.components.Answer(reflect.TypeFor[contactExport]()),
		Doc: "One JSON document. It may be long, and is sent while it is read: an answer that breaks off is not whole.",
	}, a.exportContact)
	register(a, operation{
		ID: "erase-contact", Method: http.MethodPost, Path: path + "/erase", Tag: tag, Scope: "privacy:write", Status: http.StatusAccepted,
		Summary: "Erase a contact",
		Doc: "The contact is deleted with its conversations and their attachments, however many, and what earlier events told of it is taken out of the log: " +
			"of the contact itself and of those that were merged into it they keep the id, of its messages and notes that there were some; of your own events that name it, their data is `{}`. " +
			"Sequences, ids, types, times and actors stay. So nothing of it is read from the log, sent to webhook endpoints or found in their kept answers any more. " +
			"Tasks, tickets and appointments stay without the contact, and orders, payments and deals with its id, as they are. " +
			"It goes on in the background; contact.erased comes at the end. Once it is finished, other processes give nothing of it out after 2 seconds; requests that are under way to your endpoints are not called back, " +
			"and an answer that was kept for an Idempotency-Key goes after a day. Asking again tells how far it has come.",
	}, func(ctx context.Context, c *call, in *IDParam) (parley.Erasure, error) {
		id, err := pathID[parley.ContactID](in.ID, "contact")
		if err != nil {
			return parley.Erasure{}, err
		}
		return a.Contacts.Erase(ctx, c.Caller, id)
	})
	register(a, operation{
		ID: "get-contact-erasure", Method: http.MethodGet, Path: path + "/erasure", Tag: tag, Scope: "privacy:read",
		Summary: "Get how far the erasure of a contact has come",
	}, func(ctx context.Context, c *call, in *IDParam) (parley.Erasure, error) {
		id, err := pathID[parley.ContactID](in.ID, "contact")
		if err != nil {
			return parley.Erasure{}, err
		}
		return a.Contacts.Erasure(ctx, c.Caller.Organization, id)
	})
}

func (a *API) exportContact(ctx context.Context, c *call, in *IDParam, w http.ResponseWriter, r *http.Request) error {
	id, err := pathID[parley.ContactID](in.ID, "contact")
	if err != nil {
		return err
	}
	org := c.Caller.Organization
	if _, err := a.Contacts.Get(ctx, org, string(id)); err != nil {
		return err
	}
	c.patience.lift() // a download may take its time
	out := &leaving{ResponseWriter: w, control: http.NewResponseController(w)}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": string(id) + ".json"}))
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	begun := &begun{Writer: out}
	err = a.Contacts.Export(ctx, org, id, func(att parley.AttachmentID) string {
		return c.base + attachmentsPath + "/" + string(att) + "/content"
	}, begun)
	if err != nil && begun.is {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
	if err != nil {
		h.Del("Content-Disposition")
		return err
	}
	settle(out.control)
	return nil
}

// begun tells whether anything was written.
type begun struct {
	io.Writer
	is bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.is = true
	return b.Writer.Write(p)
}
