package content

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/schema"
)

// composing is a message while an agent writes it.
type composing struct {
	conversation parley.ConversationID
	kind         Kind
	form         form.Form
	alone        bool // on a page of its own, and not in a dialog
	most         int64
}

func (c composing) path() string { return "/compose/" + string(c.conversation) + "/" + c.kind.Type }

// back is where the conversation is read.
func (c composing) back() string { return "/inbox/" + string(c.conversation) }

// begin reads what a request wants to write, and where.
func begin(r *page.Request) (c composing, err error) {
	id, ok := parley.ParseID[parley.ConversationID](r.PathValue("conversation"))
	if !ok {
		return c, parley.Errorf(parley.NotFound, "There is no such conversation.")
	}
	if _, err := r.Site.Conversations.Get(r.Context(), r.Org(), id); err != nil {
		return c, err
	}
	c = composing{conversation: id, alone: !r.Partial(), most: r.Site.Attachments.MaxSize}
	if r.PathValue("kind") == "" || r.PathValue("kind") == upload.Type {
		c.kind = upload
		return c, nil
	}
	c.kind = kindOf(r.PathValue("kind"))
	if _, ok := composers[c.kind.Type]; !ok {
		return c, parley.Errorf(parley.NotFound, "Messages of this type are not written here.")
	}
	set := form.Set{Verb: form.Create, Fields: composers[c.kind.Type].fields}
	c.form = form.Form{Set: set, Values: set.Blank(), ID: "compose-", Zone: r.Zone()}
	return c, nil
}

func showComposer(r *page.Request) error {
	c, err := begin(r)
	if err != nil {
		return err
	}
	return c.show(r)
}

// show answers with the form, in a dialog or on a page of its own.
func (c composing) show(r *page.Request) error {
	if !c.alone {
		return r.Part(c.part())
	}
	return r.Page(page.Show{Title: c.kind.Name, Current: "/inbox", Conversation: c.conversation}, composePage(c))
}

// part is the form.
func (c composing) part() templ.Component {
	if c.kind == upload {
		return uploadForm(c)
	}
	return Compose(c)
}

// refuse answers with the form, what was typed, and what is wrong with it. An error that
// is no fault of the form is given back.
func (c composing) refuse(r *page.Request, err error) error {
	failed, ok := c.form.Fail(err)
	if !ok {
		return err
	}
	c.form = failed
	if !c.alone {
		return r.Refused(c.part())
	}
	return r.Page(page.Show{Title: c.kind.Name, Current: "/inbox", Conversation: c.conversation, Status: http.StatusUnprocessableEntity}, composePage(c))
}

// read reads what was typed. The content is as far as it could be read, if it is refused.
func (c composing) read(posted url.Values) (parley.Content, error) {
	how := composers[c.kind.Type]
	p := object(form.Body(posted, c.form.Set, c.form.Zone))
	if how.finish != nil {
		how.finish(p)
	}
	raw := whole(c.kind.Type, p)
	content, err := schema.Content(raw, "body")
	if err == nil {
		return content, nil
	}
	if json.Unmarshal(raw, &content) != nil {
		content = parley.Content{Type: c.kind.Type}
	}
	return content, atInputs(err, p, how.places)
}

// atInputs tells an error of the payload at the inputs that it was made of.
func atInputs(err error, p payload, places func(payload, string) string) error {
	var e *parley.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	moved := *e
	moved.Fields = nil
	for _, f := range e.Fields {
		place := strings.TrimPrefix(strings.TrimPrefix(f.Location, "body."), "payload.")
		if places != nil {
			place = places(p, place)
		}
		f.Location = "body." + place
		moved.Fields = append(moved.Fields, f)
	}
	return &moved
}

func send(r *page.Request) error {
	c, err := begin(r)
	if err != nil {
		return err
	}
	if c.kind == upload {
		return receive(r, c)
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	c.form.Values = r.PostForm
	if r.PostForm.Has("more") { // rows, for those who have no script to add them
		return c.show(r)
	}
	content, err := c.read(r.PostForm)
	if err != nil {
		return c.refuse(r, err)
	}
	_, err = c.write(r, parley.Message{Direction: parley.Outgoing, Content: content})
	return err
}

// write sends a message, and answers. sent tells whether there is a message now.
func (c composing) write(r *page.Request, m parley.Message) (sent bool, err error) {
	made, err := r.Site.Conversations.Write(r.Context(), r.Caller(), c.conversation, m)
	if err != nil {
		return false, c.refuse(r, err)
	}
	if c.alone {
		return true, r.Done(c.back(), "Sent.")
	}
	event, err := json.Marshal(map[string]any{"sent": map[string]any{"conversation": c.conversation, "message": made.ID}})
	if err != nil {
		return true, err
	}
	r.Writer.Header().Set("HX-Trigger", string(event))
	r.Writer.WriteHeader(http.StatusNoContent)
	return true, nil
}

// preview draws what is being written.
func preview(r *page.Request) error {
	c, err := begin(r)
	if err != nil {
		return err
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	content, err := c.read(r.PostForm) // what is wrong with it is told when it is sent
	_, raw := content.Payload.(json.RawMessage)
	if raw || content.Payload == nil || err != nil && content.Plain() == content.Type {
		return r.Part(nothingYet())
	}
	m := parley.Message{Content: content}
	d, err := Prepare(r.Context(), r.Site.Attachments, r.Org(), m)
	if err != nil {
		return err
	}
	return r.Part(Draw(m, d))
}
