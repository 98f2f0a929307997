package content

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/attachment"
	"parley/internal/store"
)

// Drawing is what has to be known before messages can be drawn. The zero value draws
// them without it: files of ours are links then, and answers name no question.
type Drawing struct {
	org   parley.OrganizationID
	files map[parley.AttachmentID]file
	asked map[parley.MessageID]string
}

// file is an attachment as a message shows it.
type file struct {
	parley.Attachment
	path string // leads to its bytes, for the viewer, for a while
}

// Prepare reads what is needed to draw messages of an organization, in any order: the
// attachments that they name, and among the messages the questions that are answered.
// A link names an attachment of the organization by its id, whatever the server is
// called in it: servers move, and nobody else can make such an id.
func Prepare(ctx context.Context, a *attachment.Attachments, org parley.OrganizationID, messages ...parley.Message) (Drawing, error) {
	d := Drawing{org: org, files: map[parley.AttachmentID]file{}, asked: questions(messages)}
	ids := named(org, messages)
	for chunk := range slices.Chunk(ids, 100) {
		found, _, err := a.List(ctx, org, store.Page{Limit: len(chunk)}, store.Where("id in (?"+strings.Repeat(", ?", len(chunk)-1)+")", chunk...))
		if err != nil {
			return d, err
		}
		for _, obj := range found {
			link := attachment.Link{Organization: org, ID: obj.ID, FileName: obj.FileName, Expires: expiry(time.Now())}
			d.files[obj.ID] = file{obj, a.Path(link)}
		}
	}
	return d, nil
}

// expiry is when links that are made now stop working. It stays the same for a while,
// so that a part of a page that is drawn again does not load its pictures again.
func expiry(now time.Time) int64 {
	return now.Truncate(attachment.DefaultLinkAge).Add(2 * attachment.DefaultLinkAge).Unix()
}

// named are the ids of the attachments that messages name.
func named(org parley.OrganizationID, messages []parley.Message) (ids []any) {
	seen := map[parley.AttachmentID]bool{}
	for _, m := range messages {
		for _, link := range links(m.Content) {
			if id, ok := attachmentOf(org, link); ok && !seen[id] {
				seen[id] = true
				ids = append(ids, string(id))
			}
		}
	}
	return ids
}

// links are where the files of a content are.
func links(c parley.Content) (all []string) {
	switch p := c.Payload.(type) {
	case *parley.MediaPayload:
		all = append(all, p.Link)
	case *parley.FileUploadResponsePayload:
		all = append(all, p.Payload.Link)
	case *parley.CarouselPayload:
		for _, item := range p.Items {
			all = append(all, item.Image)
		}
	}
	return all
}

// attachmentOf is the attachment that a link names: one of those that the API gives,
// the lasting one or the one that expires.
func attachmentOf(org parley.OrganizationID, link string) (id parley.AttachmentID, ok bool) {
	u, err := url.Parse(link)
	if err != nil {
		return "", false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) != 4 {
		return "", false
	}
	text := ""
	switch {
	case parts[0] == "v1" && parts[1] == "attachments" && parts[3] == "content":
		text = parts[2]
	case parts[0] == strings.Trim(attachment.FilesPath, "/") && parts[1] == string(org):
		text = parts[2]
	}
	return parley.ParseID[parley.AttachmentID](text)
}

// LastingLink is what a message names an attachment by: base is where the server is
// reached, without a path.
func LastingLink(base string, id parley.AttachmentID) string {
	return base + "/v1/attachments/" + string(id) + "/content"
}

// file is the attachment that a link names, if it is one that was prepared.
func (d Drawing) file(link string) (f file, ok bool) {
	id, ok := attachmentOf(d.org, link)
	if ok {
		f, ok = d.files[id]
	}
	return f, ok
}
