package attachment

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/database"
	"parley/internal/store"
)

const (
	// MaxDuration is how long an upload may take.
	MaxDuration = time.Hour
	// keepWithin is how long after its beginning an upload may get its row. It leaves
	// the sweep, which looks at older bytes only, no doubt about any.
	keepWithin = 2 * MaxDuration
	// tidyLimit is how long removing bytes may take.
	tidyLimit = time.Minute
)

// Claim is what an upload says of its file. None of it is believed.
type Claim struct{ FileName, ContentType string }

// Upload is a file whose bytes are stored, and that no row tells of yet: it must be
// kept or discarded.
type Upload struct {
	Attachment parley.Attachment
	// Location is where the request says which conversation it belongs to.
	Location string
	org      parley.OrganizationID
	begun    time.Time
}

// Receive stores the bytes of a file. If it fails, nothing of them is left.
func (a *Attachments) Receive(ctx context.Context, org parley.OrganizationID, from io.Reader, claim Claim) (*Upload, error) {
	leave, err := a.uploads.enter(org)
	if err != nil {
		return nil, err
	}
	defer leave()
	u := &Upload{org: org, begun: time.Now()}
	u.Attachment.ID = parley.NewID[parley.AttachmentID]()
	whole := bufio.NewReaderSize(from, sniffed)
	head, err := whole.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(head) == 0 {
		return nil, parley.InvalidField("body.file", "has no bytes")
	}
	u.Attachment.ContentType = contentType(head, claim.ContentType)
	u.Attachment.FileName = fileName(claim.FileName, u.Attachment.ContentType)
	sum := sha256.New()
	u.Attachment.Size, err = a.Files.Put(ctx, u.key(), io.TeeReader(whole, sum), a.MaxSize)
	if err != nil {
		return nil, err
	}
	u.Attachment.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return u, nil
}

func (u *Upload) key() string { return blob.Key(u.org, string(u.Attachment.ID)) }

// Keep makes an attachment of an upload.
func (a *Attachments) Keep(ctx context.Context, by parley.Caller, u *Upload) (parley.Attachment, error) {
	var made parley.Attachment
	err := a.DB.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		if time.Since(u.begun) > keepWithin {
			return parley.Errorf(parley.Conflict, "The upload took too long. Send the file again.")
		}
		made = u.Attachment
		if made.ConversationID != nil {
			if _, err := store.Conversations.Refer(ctx, tx, by.Organization, u.Location, string(*made.ConversationID)); err != nil {
				return err
			}
		}
		at, err := a.Log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.Attachments.Stamp(&made, at.Sequence, at.At)
		made.ID = u.Attachment.ID // by which its bytes are stored
		store.Attachments.Insert(ctx, tx, by.Organization, &made)
		if err := a.Log.Quotas().Charge(ctx, tx, by, made.Size); err != nil {
			return err
		}
		return tell(ctx, tx, a.Log, by, at, parley.AttachmentCreated, made)
	})
	return made, err
}

// Discard removes the bytes of an upload that was not kept, for a reason that Keep
// gave or for one of the caller's own (nil). Where the reason leaves open whether
// there is a row after all, the sweep decides.
func (a *Attachments) Discard(ctx context.Context, u *Upload, reason error) {
	if reason != nil {
		switch parley.KindOf(reason) {
		case parley.Internal, parley.Unavailable:
			return
		}
	}
	a.removeBytes(ctx, u.org, u.Attachment.ID)
}

// removeBytes removes what no row tells of any more. What cannot be removed now, the
// sweep removes.
func (a *Attachments) removeBytes(ctx context.Context, org parley.OrganizationID, id parley.AttachmentID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyLimit)
	defer cancel()
	if err := a.Files.Delete(ctx, blob.Key(org, string(id))); err != nil {
		a.Logger.Warn("attachment.bytes_left", "org", org, "attachment", id, "error", err, "again_in", sweepAge)
	}
}

// Rename gives the file of an upload another name than its claim did.
func (u *Upload) Rename(claimed string) {
	u.Attachment.FileName = fileName(claimed, u.Attachment.ContentType)
}
