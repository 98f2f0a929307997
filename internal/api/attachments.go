package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/attachment"
	"parley/internal/store"
)

// attachmentShown is an attachment with the links that lead to its bytes.
type attachmentShown struct {
	parley.Attachment
	Link         string      `json:"link" doc:"Leads to the file for as long as there is one, and needs an API key: what to name as the link of a message" example:"https://parley.example.com/v1/attachments/att_01kaf0v3bmf8h2k6p4s7v1x9zt/content"`
	URL          string      `json:"url" doc:"Leads to the file without an API key, until it expires" example:"https://parley.example.com/files/org_01kaf0v3b1ejhb9cn8h1e2m6g3/att_01kaf0v3bmf8h2k6p4s7v1x9zt/oven.jpg?expires=1795174200&signature=…"`
	URLExpiresAt parley.Time `json:"url_expires_at" doc:"When url stops working. Get the attachment again for a new one"`
}

func (s attachmentShown) version() int64 { return s.Sequence }

// show gives an attachment its links; url works for age.
func (a *API) show(c *call, obj parley.Attachment, age time.Duration) attachmentShown {
	expires := time.Now().Add(age).Truncate(time.Second)
	l := attachment.Link{Organization: c.Caller.Organization, ID: obj.ID, FileName: obj.FileName, Expires: expires.Unix()}
	return attachmentShown{
		Attachment: obj, URLExpiresAt: parley.At(expires),
		Link: c.base + attachmentsPath + "/" + string(obj.ID) + "/content",
		URL:  c.base + a.Attachments.Path(l),
	}
}

const attachmentsPath = "/v1/attachments"

type attachmentList struct {
	ListParams
	ConversationID string `query:"conversation_id" maxLength:"64" doc:"Only what belongs to this conversation"`
}

func (l attachmentList) filter() (f store.Filter) {
	equal(&f, "conversation_id", l.ConversationID)
	return f
}

type attachmentParams struct {
	IDParam
	ExpiresIn int `query:"expires_in" minimum:"60" maximum:"604800" default:"3600" doc:"For how many seconds url is to work"`
}

func (a *API) attachments() {
	const tag, one = "Attachments", "attachment"
	shown := a.components.Answer(reflect.TypeFor[attachmentShown]())
	a.uploads()
	register(a, operation{
		ID: "list-attachments", Method: http.MethodGet, Path: attachmentsPath, Tag: tag, Scope: "attachments:read",
		Summary: "List attachments", Answer: a.pageSchema(reflect.TypeFor[attachmentShown]()),
	}, func(ctx context.Context, c *call, in *attachmentList) (page[attachmentShown], error) {
		objs, next, err := a.Attachments.List(ctx, c.Caller.Organization, in.page(), in.filter())
		var all []attachmentShown
		for _, obj := range objs {
			all = append(all, a.show(c, obj, attachment.DefaultLinkAge))
		}
		return pageOf(all, next, err)
	})
	register(a, operation{
		ID: "get-attachment", Method: http.MethodGet, Path: attachmentsPath + "/{id}", Tag: tag, Scope: "attachments:read",
		Summary: "Get an attachment", Doc: "Each answer has a new `url`.", Answer: shown,
	}, func(ctx context.Context, c *call, in *attachmentParams) (attachmentShown, error) {
		obj, err := a.attachment(ctx, c, in.ID)
		if err != nil {
			return attachmentShown{}, err
		}
		return a.show(c, obj, time.Duration(in.ExpiresIn)*time.Second), nil
	})
	direct(a, operation{
		ID: "get-attachment-content", Method: http.MethodGet, Path: attachmentsPath + "/{id}/content", Tag: tag, Scope: "attachments:read",
		Summary: "Download an attachment", Doc: "Answers with the file itself, as `url` does. Takes `Range` and `If-None-Match`.",
		File: true, Errors: []int{http.StatusRequestedRangeNotSatisfiable},
	}, func(ctx context.Context, c *call, in *IDParam, w http.ResponseWriter, r *http.Request) error {
		obj, err := a.attachment(ctx, c, in.ID)
		if err != nil {
			return err
		}
		c.patience.lift() // a download may take its time
		w.Header().Set("Cache-Control", "private, no-cache")
		return a.serveFile(w, r, c.Caller.Organization, obj)
	})
	register(a, operation{
		ID: "delete-attachment", Method: http.MethodDelete, Path: attachmentsPath + "/{id}", Tag: tag, Scope: "attachments:write",
		Summary: "Delete an attachment", Doc: "Its links stop working at once.", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *IDParam) (nothing, error) {
		id, err := pathID[parley.AttachmentID](in.ID, one)
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, a.Attachments.Delete(ctx, c.Caller, id)
	})
}

func (a *API) attachment(ctx context.Context, c *call, id string) (parley.Attachment, error) {
	known, err := pathID[parley.AttachmentID](id, "attachment")
	if err != nil {
		return parley.Attachment{}, err
	}
	return a.Attachments.Get(ctx, c.Caller.Organization, known)
}

// fileSchema is a file in the document: bytes of any kind.
func fileSchema() *huma.Schema { return &huma.Schema{Type: huma.TypeString, Format: "binary"} }
