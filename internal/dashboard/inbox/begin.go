package inbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/schema"
)

// beginning is the form that starts a conversation, with its first message among the
// fields. The others are the noun's.
type beginning struct {
	form.Form
	noun form.Set
}

var firstMessage = form.Field{Kind: form.LongText, Name: "text", Label: "First message", Help: "It may come later: leave this empty then.", MaxLength: 10_000}

func newForm(r *page.Request, posted url.Values) (beginning, error) {
	h, err := readHouse(r)
	if err != nil {
		return beginning{}, err
	}
	set := form.Of[parley.Conversation](form.Create).Only("contact_id", "inbox_id", "subject").Label("contact_id", "Contact").Label("inbox_id", "Inbox").
		Change("contact_id", func(f *form.Field) { f.Placeholder = "Type a name, an email address or a phone number" })
	var options []form.Option
	for _, i := range h.Inboxes {
		options = append(options, form.Option{Value: string(i.ID), Label: i.Name})
	}
	set = set.Options("inbox_id", options...)
	all := form.Set{Verb: set.Verb, Fields: append(slices.Clone(set.Fields), firstMessage)}
	f := form.Form{Set: all, Values: all.Blank(), Zone: r.Zone(), Pick: pick, Title: func(noun, id string) string { return title(r, noun, id) }}
	if len(options) == 1 {
		f.Values.Set("inbox_id", options[0].Value)
	}
	if posted != nil {
		f.Values = posted
	}
	return beginning{Form: f, noun: set}, nil
}

func pick(noun string) string { return "/pick/" + noun }

// title is what an object that the form refers to is called.
func title(r *page.Request, noun, id string) string {
	if noun != "contact" {
		return ""
	}
	found, err := contactsByID(r, []string{id})
	if c, ok := found[parley.ContactID(id)]; ok && err == nil {
		return ui.Name(c)
	}
	return ""
}

func showNew(r *page.Request) error {
	b, err := newForm(r, nil)
	if err != nil {
		return err
	}
	for _, name := range []string{"contact_id", "inbox_id"} {
		if value := r.Query(name); value != "" {
			b.Values.Set(name, value)
		}
	}
	return r.Page(page.Show{Title: "Start a conversation", Current: "/inbox", Width: "narrow"}, newPage(b))
}

// begin starts a conversation, with a first message if there is any text.
func begin(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	b, err := newForm(r, r.PostForm)
	if err != nil {
		return err
	}
	made, err := start(r, b)
	if err == nil {
		return r.Redirect("/inbox/" + string(made.ID))
	}
	failed, ok := b.Fail(err)
	if !ok {
		return err
	}
	if failed.Errors["contact_id"] != "" { // it speaks of ids, which nobody types
		failed.Errors["contact_id"] = "choose one of the contacts that are listed as you type"
	}
	b.Form = failed
	return r.Page(page.Show{Title: "Start a conversation", Current: "/inbox", Width: "narrow", Status: http.StatusUnprocessableEntity}, newPage(b))
}

func start(r *page.Request, b beginning) (made parley.Conversation, err error) {
	var conv parley.Conversation
	schema.Defaults(&conv)
	if err := schema.ReadCreate(form.Body(r.PostForm, b.noun, r.Zone()), &conv); err != nil {
		return made, err
	}
	var first *parley.Message
	if text := typed(b.Values.Get(firstMessage.Name)); text != "" {
		if n := utf8.RuneCountInString(text); n > firstMessage.MaxLength {
			return made, parley.InvalidField("body.text", "must be at most %d characters long, and has %d", firstMessage.MaxLength, n)
		}
		body, err := json.Marshal(map[string]any{"content": parley.TextContent(text)})
		if err != nil {
			return made, err
		}
		var m parley.Message
		schema.Defaults(&m)
		if err := schema.ReadCreate(body, &m); err != nil {
			return made, err
		}
		first = &m
	}
	return r.Site.Conversations.Create(r.Context(), r.Caller(), conv, first)
}
