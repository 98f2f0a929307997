package content

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"parley"
	"parley/internal/attachment"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/web"
)

// upload is how a file of the agent's own is sent: as the type that its bytes have.
var upload = Kind{"upload", "File", "clip", "A file of yours, shown in the conversation"}

func isFile(k Kind) bool {
	return slices.Contains([]string{"image", "audio", "video", "document"}, k.Type)
}

// repeats tells whether a form has rows.
func repeats(f form.Form) bool {
	return slices.ContainsFunc(f.Set.Fields, func(f form.Field) bool { return f.Kind == form.Rows })
}

const (
	// besideFile is how many bytes a form may have besides its file, in maxParts parts.
	besideFile = 1 << 20
	maxParts   = 10
	// drained is how much of a refused file is read, for so long, so that browsers, which
	// read no answer before they have sent all, get to see it.
	drained    = 8 << 20
	drainLimit = 5 * time.Second
	// answerLimit is how long the browser may take to read the answer.
	answerLimit = 30 * time.Second
)

// receive keeps a file, and sends the message that shows it. The file is never in
// memory as a whole, and is gone again if the message is refused.
func receive(r *page.Request, c composing) error {
	control := http.NewResponseController(r.Writer)
	_ = control.SetWriteDeadline(time.Now().Add(attachment.MaxDuration + answerLimit)) // the usual one is for requests that are read at once
	obj, err := keep(r, c)
	_ = control.SetWriteDeadline(time.Now().Add(answerLimit))
	if err != nil {
		_ = control.SetReadDeadline(time.Now().Add(drainLimit))
		_, _ = io.CopyN(io.Discard, r.Body, drained) // what cannot be read need not be
		return c.refuse(r, err)
	}
	_ = control.SetReadDeadline(time.Time{})
	made, err := c.write(r, mediaOf(r.Base(), obj))
	if made {
		return err
	}
	return errors.Join(err, r.Site.Attachments.Delete(context.WithoutCancel(r.Context()), r.Caller(), obj.ID))
}

// keep makes an attachment of the file in a form.
func keep(r *page.Request, c composing) (obj parley.Attachment, err error) {
	if !r.Allows("attachments:write") {
		return obj, parley.Errorf(parley.Forbidden, "Your role may not upload files.")
	}
	ctx, cancel := context.WithTimeout(r.Context(), attachment.MaxDuration)
	defer cancel()
	verbs := r.Site.Attachments
	u, err := stored(ctx, r)
	if err != nil {
		return obj, err
	}
	u.Attachment.ConversationID, u.Location = &c.conversation, "conversation"
	if obj, err = verbs.Keep(ctx, r.Caller(), u); err != nil {
		verbs.Discard(ctx, u, err)
	}
	return obj, err
}

// stored stores the file of a form, whose part is called so.
func stored(ctx context.Context, r *page.Request) (*attachment.Upload, error) {
	largest := r.Site.Attachments.MaxSize + besideFile
	tooLarge := parley.Errorf(parley.TooLarge, "The file is larger than %s, which is the limit of this server. Send a link to it instead.", size(r.Site.Attachments.MaxSize))
	if r.ContentLength > largest {
		return nil, tooLarge
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" || params["boundary"] == "" {
		return nil, parley.Errorf(parley.Malformed, "The form could not be read.")
	}
	parts := multipart.NewReader(web.Arriving(r.Writer, r.Request, largest), params["boundary"])
	for range maxParts {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, web.Unread(err)
		}
		if part.FormName() == "file" {
			claim := attachment.Claim{FileName: part.FileName(), ContentType: part.Header.Get("Content-Type")}
			u, err := r.Site.Attachments.Receive(ctx, r.Org(), unbroken{part}, claim)
			if parley.KindOf(err) == parley.TooLarge {
				return nil, tooLarge // what Receive says is for programs
			}
			return u, err
		}
	}
	return nil, parley.Errorf(parley.Invalid, "Choose a file.")
}

// unbroken reads a part of a form that must not break off.
type unbroken struct{ part *multipart.Part }

func (u unbroken) Read(p []byte) (int, error) {
	n, err := u.part.Read(p)
	return n, web.Unread(err)
}
