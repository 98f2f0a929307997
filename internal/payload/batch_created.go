package payload

import (
	"slices"
	"strings"
	"time"

	"parley"
)

// The channels as conversation_create names them: by number and by word.
var (
	channelNumbers = map[string]string{"widget": "1"}
	channelWords   = map[string]string{"widget": "WEB"}
)

// knownVariables are those that every receiver of conversation_create looks for, in
// their order; the others follow by name.
var knownVariables = []string{
	"bot_name", "referrer_url", "timezone", "os", "browser_language", "browser", "ip_address", "global_channel_name",
	"conversation_created_at", "conversation_url", "source_url", "contact_id",
}

func (w *batchItem) created() {
	conv, contact := w.data.at("conversation"), w.data.at("contact")
	channel := w.data.at("inbox").at("channel").says()
	w.begin("conversation_create")
	w.put(`{"assigned_to_user": `)
	w.agent(w.data.at("assignee"))
	w.put(`, "created_at": `)
	w.b = appendPythonTime(w.b, w.event.CreatedAt)
	w.put(`, "title": `)
	w.title(conv, contact)
	w.put(`, "bot_id": `)
	w.inbox()
	w.put(`, "channel": {"name": `, orElse(channelNumbers[channel], "0"), `, "provider": 0}, "is_new_visitor": `)
	w.put(string(w.data.at("first").raw()), `, "is_closed": `)
	if conv.at("status").is(string(parley.Resolved)) {
		w.put("1")
	} else {
		w.put("0")
	}
	w.put(`, "external_key": "`, string(conv.at("id").inside()), `", "browser": `)
	w.text(conv.at("variables").at("browser"))
	w.put(`, "variables": [`)
	w.allVariables(conv.at("variables"), contact, channel)
	w.put(`]}`)
}

// title is the conversation's subject, or else the visitor's name.
func (w *batchItem) title(conv, contact value) {
	for _, title := range []value{conv.at("subject"), contact.at("name")} {
		if len(title.inside()) > 0 {
			w.text(title)
			return
		}
	}
	w.put(`"Visitor"`)
}

// text writes a value that is a text, and an empty one for any other.
func (w *batchItem) text(v value) {
	w.put(`"`)
	w.b = appendPythonText(w.b, v.inside())
	w.put(`"`)
}

// allVariables are those of the conversation, with what Parley knows, and those of the
// contact under names that begin with visitor_.
func (w *batchItem) allVariables(variables, contact value, channel string) {
	first := true
	given := func(name string) bool {
		v := variables.at(name)
		if v.o != nil {
			w.separate(&first)
			w.variable("", []byte(name), v)
		}
		return v.o != nil
	}
	known := func(kind, name string, write func()) {
		if given(name) {
			return
		}
		w.separate(&first)
		w.put(`{"type": "`, kind, `", "name": "`, name, `", "value": "`)
		write()
		w.put(`"}`)
	}
	for _, name := range knownVariables {
		switch name {
		case "bot_name":
			known("text", name, func() { w.b = appendPythonText(w.b, w.data.at("inbox").at("name").inside()) })
		case "global_channel_name":
			known("text", name, func() { w.put(orElse(channelWords[channel], strings.ToUpper(channel))) })
		case "conversation_created_at":
			known("date", name, func() { w.b = w.event.CreatedAt.Std().AppendFormat(w.b, pythonISO) })
		case "contact_id":
			known("text", name, func() { w.b = append(w.b, contact.at("id").inside()...) })
		default:
			given(name)
		}
	}
	for name, v := range variables.members() {
		if !slices.Contains(knownVariables, string(name)) {
			w.separate(&first)
			w.variable("", name, v)
		}
	}
	w.visitor(contact, &first)
}

// visitor are the variables of a contact, and its details where no variable has the
// name of one.
func (w *batchItem) visitor(contact value, first *bool) {
	const prefix = "visitor_"
	variables := contact.at("variables")
	for name, v := range variables.members() {
		w.separate(first)
		w.variable(prefix, name, v)
	}
	for _, name := range []string{"name", "email", "phone"} {
		if v := contact.at(name); !v.isNull() && variables.at(name).o == nil {
			w.separate(first)
			w.put(`{"type": "text", "name": "`, prefix, name, `", "value": `)
			w.text(v)
			w.put(`}`)
		}
	}
}

// pythonDate is a date or a moment in RFC 3339 form as Python's isoformat has it, ""
// if the text is neither.
func pythonDate(text string) string {
	if len(text) < len(time.DateOnly) || text[4] != '-' {
		return ""
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Format(pythonISO)
		}
	}
	return ""
}

func orElse(word, usual string) string {
	if word == "" {
		return usual
	}
	return word
}
