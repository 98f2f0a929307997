package inbox

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// cannedAtOnce is how many canned responses the menu shows: a search narrows them.
const cannedAtOnce = 30

// cannedPart are the canned responses that hold a text, ready to be inserted.
func cannedPart(r *page.Request, s subject) (templ.Component, error) {
	var f store.Filter
	if q := strings.ToLower(strings.TrimSpace(r.Query("q"))); q != "" {
		part := "%" + likeEscape.Replace(q) + "%"
		lower := r.Site.DB.Engine().Lower
		f.And(`(`+lower("shortcut")+` like ? escape '\' or `+lower("name")+` like ? escape '\' or `+lower("text")+` like ? escape '\')`, part, part, part)
	}
	found, _, err := r.Site.Conversations.CannedResponses.List(r.Context(), r.Org(), store.Page{Limit: cannedAtOnce}, f)
	return cannedList(s, found), err
}

var likeEscape = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

var placeholder = regexp.MustCompile(`\{\{\s*([a-z_]+(?:\.[a-z0-9_]+){1,2})\s*\}\}`)

// filled is a text with its placeholders filled in. What is not known stays, so that
// the agent sees it.
func (s subject) filled(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(whole string) string {
		if value, ok := s.value(placeholder.FindStringSubmatch(whole)[1]); ok {
			return value
		}
		return whole
	})
}

func (s subject) value(name string) (string, bool) {
	texts := map[string]*string{
		"contact.name": s.Contact.Name, "contact.email": s.Contact.Email, "contact.phone": s.Contact.Phone, "contact.external_id": s.Contact.ExternalID,
		"contact.id": new(string(s.ContactID)), "conversation.id": new(string(s.ID)), "conversation.subject": s.Subject,
		"agent.name": &s.Viewer.Name, "agent.email": &s.Viewer.Email, "inbox.name": new(s.Inbox(s.InboxID)),
	}
	if text := texts[name]; text != nil {
		return *text, *text != ""
	}
	for prefix, values := range map[string]parley.Values{
		"contact.custom_fields.": s.Contact.CustomFields, "contact.variables.": s.Contact.Variables,
		"conversation.custom_fields.": s.CustomFields, "conversation.variables.": s.Variables,
	} {
		if key, ok := strings.CutPrefix(name, prefix); ok && values[key] != nil {
			return plain(values[key]), true
		}
	}
	return "", false
}

// plain is a value as people write it.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	switch v := string(value); v {
	case "true":
		return "yes"
	case "false":
		return "no"
	default:
		return v
	}
}
