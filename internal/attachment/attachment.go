// Package attachment holds the verbs of attachments: files that are uploaded, kept
// and downloaded by links that expire.
//
// The bytes come first: they are stored as a whole before a row tells of them, and a
// row goes before its bytes do. Whatever happens in between leaves bytes that nobody
// can reach, which [Attachments.RunSweep] removes, and never a row without bytes.
package attachment

import (
	"context"
	"crypto/sha256"
	"log/slog"

	"parley"
	"parley/internal/blob"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
)

// DefaultMaxSize is how many bytes an attachment may have unless the operator says
// otherwise.
const DefaultMaxSize = 25 << 20

// Config is what attachments are kept with.
type Config struct {
	DB      *database.DB
	Log     *eventlog.Log
	Files   blob.Store
	LinkKey []byte // signs links; the same on every node
	MaxSize int64  // of an attachment in bytes; 0 is DefaultMaxSize
	Logger  *slog.Logger
}

// Attachments is the verbs.
type Attachments struct {
	Config
	uploads slots
}

// New makes the verbs.
func New(c Config) *Attachments {
	if c.MaxSize == 0 {
		c.MaxSize = DefaultMaxSize
	}
	if len(c.LinkKey) < sha256.Size {
		panic("attachment: links need a key") // a programmer's mistake
	}
	return &Attachments{Config: c, uploads: slots{byOrg: map[parley.OrganizationID]int{}}}
}

// Get reads an attachment.
func (a *Attachments) Get(ctx context.Context, org parley.OrganizationID, id parley.AttachmentID) (parley.Attachment, error) {
	return store.Attachments.Get(ctx, a.DB.Read(), org, string(id))
}

// List reads a page of attachments.
func (a *Attachments) List(ctx context.Context, org parley.OrganizationID, p store.Page, f store.Filter) ([]parley.Attachment, string, error) {
	return store.Attachments.List(ctx, a.DB.Read(), org, p, f)
}

// Delete removes an attachment, and then its bytes.
func (a *Attachments) Delete(ctx context.Context, by parley.Caller, id parley.AttachmentID) error {
	err := a.DB.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		obj, err := store.Attachments.Get(ctx, tx, by.Organization, string(id))
		if err != nil {
			return err
		}
		return remove(ctx, tx, a.Log, by, obj)
	})
	if err == nil {
		a.removeBytes(ctx, by.Organization, id)
	}
	return err
}

// maxAtOnce bounds how many attachments go with their conversation.
const maxAtOnce = 1000

// ConversationGone removes the attachments of a conversation, each with its own event,
// in a transaction that removes the conversation. Their bytes go with the next sweep.
func ConversationGone(ctx context.Context, tx *database.Tx, log *eventlog.Log, by parley.Caller, id parley.ConversationID) error {
	found, next, err := store.Attachments.List(ctx, tx, by.Organization, store.Page{Limit: maxAtOnce}, store.Where("conversation_id = ?", string(id)))
	if err != nil {
		return err
	}
	if next != "" {
		return parley.Errorf(parley.Conflict, "Over %d attachments belong to %s: delete some of them first (GET /v1/attachments?conversation_id=%s).", maxAtOnce, id, id)
	}
	for _, obj := range found {
		if err := remove(ctx, tx, log, by, obj); err != nil {
			return err
		}
	}
	return nil
}

func remove(ctx context.Context, tx *database.Tx, log *eventlog.Log, by parley.Caller, obj parley.Attachment) error {
	store.Attachments.Delete(ctx, tx, by.Organization, string(obj.ID))
	if err := log.Quotas().Charge(ctx, tx, by, -obj.Size); err != nil {
		return err
	}
	at, err := log.Next(ctx, tx)
	if err != nil {
		return err
	}
	store.Attachments.Touch(&obj, at.Sequence, at.At)
	return tell(ctx, tx, log, by, at, parley.AttachmentDeleted, obj)
}

func tell(ctx context.Context, tx *database.Tx, log *eventlog.Log, by parley.Caller, at eventlog.Place, event parley.EventType[parley.AttachmentEvent], obj parley.Attachment) error {
	var inbox parley.InboxID
	if obj.ConversationID != nil {
		var err error
		if inbox, err = store.InboxOf(ctx, tx, by.Organization, *obj.ConversationID); err != nil {
			return err
		}
	}
	_, err := log.Append(ctx, tx, by, at, event.Draft(string(obj.ID), inbox, parley.AttachmentEvent{Attachment: obj}))
	return err
}
