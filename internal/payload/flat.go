package payload

import (
	"slices"
	"strings"

	"parley"
)

// flatNames are the events that flat knows by another name.
var flatNames = map[string]string{parley.ConversationResolved.Name(): "conversation.completed"}

// flatWords are the statuses of conversations and tasks that flat has other words for.
var flatWords = map[string]string{"open": "active", "resolved": "completed"}

// flatSources are the channels that flat has other words for.
var flatSources = map[string]string{"widget": "chat_widget"}

// ownNames are the members whose own members have names of somebody else's making,
// which stay as they are.
var ownNames = []string{"variables", "custom_fields", "headers", "payload"}

// flat is {event, timestamp, data, webhookId}. Data is the object that the event is
// about: first what is asked for most, then its other members, then what stands beside
// it. Names are in camelCase.
func flat(to parley.WebhookID, e *parley.Event) ([]byte, error) {
	b := make([]byte, 0, 512+len(e.Data)+len(e.Data)/4)
	b = append(b, `{"event":"`...)
	b = append(b, other(flatNames, e.Type)...)
	b = append(b, `","timestamp":"`...)
	b = e.CreatedAt.Std().AppendFormat(b, "2006-01-02T15:04:05Z")
	b = append(b, `","data":`...)
	if custom(e) {
		b = append(b, e.Data...)
	} else {
		o, err := read(e.Data)
		if err != nil {
			return nil, err
		}
		f := flatten{o.root(), e}
		b = f.data(b)
		o.release()
	}
	b = append(b, `,"webhookId":"`...)
	b = append(b, to...)
	return append(b, `"}`...), nil
}

// flatten makes the data of an event flat.
type flatten struct {
	all   value
	event *parley.Event
}

func (f flatten) data(b []byte) []byte {
	noun, _, _ := strings.Cut(f.event.Type, ".")
	about := f.all.at(noun)
	b = append(b, '{')
	if id := about.at("id"); !id.isNull() {
		b = appendMember(b, "id", id.raw())
	}
	b = append(b, `"workspaceId":"`...)
	b = append(b, f.event.Organization...)
	b = append(b, '"', ',')
	b = f.user(b, about)
	if status := about.at("status"); !status.isNull() {
		b = append(b, `"status":`...)
		b = append(appendStatus(b, status, isWorded(noun)), ',')
	}
	b = f.metadata(b, noun)
	for key, member := range about.members() {
		if name := string(key); about.isObject() && name != "id" && name != "status" && f.all.at(name).o == nil {
			b = append(appendCamel(b, name, member, false), ',')
		}
	}
	for key, member := range f.all.members() {
		if name := string(key); name != noun || !about.isObject() {
			worded := isWorded(name) || name == "previous" && isWorded(noun)
			b = append(appendCamel(b, name, member, worded), ',')
		}
	}
	b[len(b)-1] = '}' // in the place of the last comma
	return b
}

// user is the agent who looks after the object, or wrote it; null for nobody.
func (f flatten) user(b []byte, about value) []byte {
	user, author := about.at("assignee_id"), about.at("author")
	switch {
	case user.o == nil && author.o == nil:
		return b
	case author.at("type").is(parley.ActorUser):
		user = author.at("id")
	}
	return appendMember(b, "userId", user.raw())
}

// metadata is where it happened and with whom, as far as the event tells.
func (f flatten) metadata(b []byte, noun string) []byte {
	inbox, contact := f.all.at("inbox"), f.all.at("contact")
	located, met := inbox.o != nil && noun != "inbox", contact.o != nil && noun != "contact"
	if !located && !met {
		return b
	}
	b = append(b, `"metadata":{`...)
	if located {
		b = append(b, `"source":"`...)
		b = append(b, other(flatSources, string(inbox.at("channel").inside()))...)
		b = append(b, '"', ',')
	}
	if met {
		b = appendMember(b, "customerEmail", contact.at("email").raw())
	}
	b[len(b)-1] = '}'
	return append(b, ',')
}

func isWorded(name string) bool { return name == "conversation" || name == "task" }

// appendCamel writes a member with its name in camelCase, and so on within it. worded
// tells that its status is one of those that have other words.
func appendCamel(b []byte, name string, v value, worded bool) []byte {
	b = append(b, '"')
	upper := false
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_' && i > 0:
			upper = true
			continue
		case upper && 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		}
		b, upper = append(b, c), false
	}
	b = append(b, '"', ':')
	if slices.Contains(ownNames, name) {
		return append(b, v.raw()...)
	}
	return appendCamelValue(b, v, worded)
}

func appendCamelValue(b []byte, v value, worded bool) []byte {
	switch {
	case v.isObject():
		b = append(b, '{')
		for key, member := range v.members() {
			if worded && string(key) == "status" {
				b = append(b, `"status":`...)
				b = appendStatus(b, member, true)
			} else {
				b = appendCamel(b, string(key), member, false)
			}
			b = append(b, ',')
		}
		return closed(b, '}')
	case v.isList():
		b = append(b, '[')
		for _, item := range v.members() {
			b = append(appendCamelValue(b, item, false), ',')
		}
		return closed(b, ']')
	}
	return append(b, v.raw()...)
}

// closed ends an object or a list, after the comma behind what is in it.
func closed(b []byte, end byte) []byte {
	if b[len(b)-1] == ',' {
		b = b[:len(b)-1]
	}
	return append(b, end)
}

func appendStatus(b []byte, v value, worded bool) []byte {
	if !worded || v.isNull() {
		return append(b, v.raw()...)
	}
	b = append(b, '"')
	b = append(b, other(flatWords, string(v.inside()))...)
	return append(b, '"')
}

func appendMember(b []byte, name string, raw []byte) []byte {
	b = append(b, '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	b = append(b, raw...)
	return append(b, ',')
}

// other is the other word for a word, or the word itself.
func other(words map[string]string, word string) string {
	if o, ok := words[word]; ok {
		return o
	}
	return word
}
