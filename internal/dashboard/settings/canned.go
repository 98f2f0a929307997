package settings

import (
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

func cannedNoun(s *page.Site) configured[parley.CannedResponse] {
	return configured[parley.CannedResponse]{
		place: canned, scopes: "canned_responses", one: "canned response", plural: "Canned responses",
		table: store.CannedResponses, update: s.Conversations.CannedResponses.Update, remove: s.Conversations.CannedResponses.Delete,
		create: func(r *page.Request, c parley.CannedResponse) error {
			made, err := r.Site.Conversations.CannedResponses.Create(r.Context(), r.Caller(), c)
			if err != nil {
				return err
			}
			return r.Done(canned, "The canned response "+made.Name+" was created.")
		},
		list: listing[parley.CannedResponse]{
			about: "Texts that are sent often. Agents find them by their shortcuts while they write.",
			icon:  "answer", none: "There are no canned responses yet", noneText: "Write down once what you answer every day: opening hours, how to send something back.",
			searched: []string{"name", "shortcut", "text"},
			rows: func(r *page.Request, found []parley.CannedResponse, may bool) (templ.Component, error) {
				return cannedRows(found, func(text string) templ.Component { return filled(r, text) }, may), nil
			},
		},
		id:   func(c parley.CannedResponse) string { return string(c.ID) },
		name: func(c parley.CannedResponse) string { return c.Name },
		fields: func(_ *page.Request, set form.Set, _ *parley.CannedResponse) (form.Set, error) {
			return set.Only("name", "shortcut", "text").Change("text", func(f *form.Field) {
				f.Help = "Placeholders are filled in for each conversation, such as {{contact.name}}, {{agent.name}}, {{inbox.name}}, {{conversation.subject}} or {{contact.custom_fields.height}}"
			}), nil
		},
		drawn: func(r *page.Request, v *formView, _ *parley.CannedResponse) error {
			v.Within = cannedPreview(filled(r, v.Form.Values.Get("text")))
			return nil
		},
		going: func(c parley.CannedResponse) deletion {
			return deletion{
				Verb: "Delete", Question: "Delete the canned response " + c.Name + "?",
				Text: "Agents do not find it any more. Messages that were written with it stay.",
			}
		},
	}
}

// previewCanned shows what a text that is being written looks like.
func previewCanned(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	return r.Part(filled(r, r.PostForm.Get("text")))
}

var placeholders = regexp.MustCompile(`\{\{\s*([a-z_]+(?:\.[a-z0-9_]+){1,2})\s*\}\}`)

// example is what a placeholder may become, "" if nothing goes by its name.
func example(r *page.Request, name string) string {
	known := map[string]string{
		"contact.name": "Ada Lovelace", "contact.email": "ada@example.com", "contact.phone": "+44 20 7946 0000", "contact.external_id": "customer-42",
		"contact.id": "con_…", "conversation.id": "conv_…", "conversation.subject": "Where is my order?", "inbox.name": "Website",
		"agent.name": r.User.Name, "agent.email": r.User.Email,
	}
	if text := known[name]; text != "" {
		return text
	}
	for _, values := range []string{"contact.custom_fields.", "contact.variables.", "conversation.custom_fields.", "conversation.variables."} {
		if key, ok := strings.CutPrefix(name, values); ok {
			return "‹" + strings.ReplaceAll(key, "_", " ") + "›"
		}
	}
	return ""
}

// filled is a text with examples in the place of its placeholders, each marked. What
// nothing goes by stays as it is, as it would in a conversation.
func filled(r *page.Request, text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		rest := 0
		for _, at := range placeholders.FindAllStringSubmatchIndex(text, -1) {
			b.WriteString(templ.EscapeString(text[rest:at[0]]))
			class, shown := "placeholder", example(r, text[at[2]:at[3]])
			if shown == "" {
				class, shown = "placeholder unknown", text[at[0]:at[1]]
			}
			b.WriteString(`<mark class="` + class + `">` + templ.EscapeString(shown) + `</mark>`)
			rest = at[1]
		}
		b.WriteString(templ.EscapeString(text[rest:]))
		_, err := io.WriteString(w, b.String())
		return err
	})
}
