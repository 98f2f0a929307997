package settings

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

func inboxNoun(s *page.Site) configured[parley.Inbox] {
	return configured[parley.Inbox]{
		place: inboxes, scopes: "inboxes", one: "inbox", plural: "Inboxes", look: true,
		table: store.Inboxes, update: s.Account.Inboxes.Update, remove: s.Account.Inboxes.Delete,
		create: func(r *page.Request, i parley.Inbox) error {
			made, err := r.Site.Account.Inboxes.Create(r.Context(), r.Caller(), i)
			if err != nil {
				return err
			}
			return r.Done(inboxes+"/"+string(made.ID), "The inbox "+made.Name+" was created. Install it next.")
		},
		list: listing[parley.Inbox]{
			about: "Where conversations come in: the chat widget on a website, or your own program.",
			icon:  "inbox", none: "There are no inboxes yet", noneText: "Conversations come in through inboxes. Create one for your website, or for your own program.",
			searched: []string{"name"},
			rows: func(_ *page.Request, found []parley.Inbox, _ bool) (templ.Component, error) {
				return inboxRows(found), nil
			},
		},
		id:   func(i parley.Inbox) string { return string(i.ID) },
		name: func(i parley.Inbox) string { return i.Name },
		fields: func(_ *page.Request, set form.Set, of *parley.Inbox) (form.Set, error) {
			set = set.Change("name", func(f *form.Field) { f.Help = "" })
			if of != nil {
				return set, nil
			}
			return set.Options("channel", form.Option{Value: "widget", Label: channels["widget"]}, form.Option{Value: "api", Label: channels["api"]}).Change("channel", func(f *form.Field) {
				f.Default, f.Help = "widget", "Cannot be changed later"
			}), nil
		},
		drawn: func(r *page.Request, v *formView, of *parley.Inbox) error {
			if of != nil {
				v.Above = install(*of, r.Base())
				v.About = channels[of.Channel]
			}
			return nil
		},
		going: func(i parley.Inbox) deletion {
			return deletion{
				Verb: "Delete", Question: "Delete the inbox " + i.Name + "?",
				Text: "Nothing can come in through it any more. An inbox that has conversations cannot be deleted.",
			}
		},
	}
}

// channels say what the channels of inboxes are.
var channels = map[string]string{"widget": "Chat widget on a website", "api": "Your own program, by the API"}

// widgetTag puts the chat widget of an inbox on a page.
func widgetTag(base string, id parley.InboxID) string {
	return fmt.Sprintf("<script async src=\"%s/widget.js\"\n        data-inbox=\"%s\"></script>", base, id)
}

// tagManagerTag is widgetTag as a custom HTML tag of Google Tag Manager, which takes
// attributes of its own off script elements: so a script makes the element.
func tagManagerTag(base string, id parley.InboxID) string {
	return fmt.Sprintf(`<script>
  (function () {
    var script = document.createElement("script");
    script.async = true;
    script.src = %s;
    script.setAttribute("data-inbox", %s);
    document.head.appendChild(script);
  })();
</script>`, strconv.Quote(base+"/widget.js"), strconv.Quote(string(id)))
}

// requests that make a program's first conversation in an inbox.
func curlExample(base string, id parley.InboxID) string {
	return fmt.Sprintf(`# Who writes: answers with the contact's id.
curl %[1]s/v1/contacts \
  -H "Authorization: Bearer $PARLEY_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"name": "Ada Lovelace", "email": "ada@example.com"}'

# What they write: put that id in the place of CONTACT_ID.
curl %[1]s/v1/conversations \
  -H "Authorization: Bearer $PARLEY_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"inbox_id": "%[2]s", "contact_id": "CONTACT_ID",
       "message": {"direction": "incoming", "content": {"type": "text", "text": "Hello"}}}'`, base, id)
}
