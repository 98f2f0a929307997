package contact

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"parley"
)

// erasedName stands for the name of a file that is erased.
const erasedName = "erased"

// told are members of previous that tell nothing of a person.
var told = []string{"status", "assignee", "assignee_id", "team_id", "snoozed_until", "labels", "contact_id", "conversation_id"}

// redaction takes out of an event what it tells of a person: of the contact all but the
// id, of the conversations what was said and noted in them. What the organization keeps
// for itself also when the contact is gone (tasks, orders, …) stays as it is, since
// whoever follows the log has a copy of it. The data keeps its shape.
type redaction struct {
	known traces
	found []string // ids that were not known before
}

// of gives the data that an event is left with, nil if it tells nothing of the person.
func (r *redaction) of(e *parley.Event) (json.RawMessage, error) {
	if !r.known.about(e) {
		return nil, nil
	}
	declared, ok := parley.Declared(e.Type)
	if !ok { // a client's own, or of another release: nobody knows what it tells
		return json.RawMessage("{}"), nil
	}
	data := reflect.New(declared.Data)
	if err := json.Unmarshal(e.Data, data.Interface()); err != nil {
		return nil, fmt.Errorf("read the data of %s: %w", e.ID, err)
	}
	if merge, ok := data.Interface().(*parley.ContactMergedEvent); ok {
		r.know(string(merge.Merged.ID))
	}
	own, previous := false, (*parley.Previous)(nil)
	for i := range data.Elem().NumField() {
		switch part := data.Elem().Field(i).Addr().Interface().(type) {
		case *parley.Contact:
			*part = parley.Contact{
				ID: part.ID, CustomFields: parley.Values{}, Variables: parley.Values{},
				CreatedAt: part.CreatedAt, UpdatedAt: part.UpdatedAt, Sequence: part.Sequence,
			}
			own = true
		case *parley.ContactShort:
			*part = parley.ContactShort{ID: part.ID}
		case **parley.ContactShort:
			if *part != nil {
				*part = &parley.ContactShort{ID: (*part).ID}
			}
		case *parley.Conversation:
			r.know(string(part.ID))
			part.Subject, part.Variables, part.CustomFields = nil, parley.Values{}, parley.Values{}
			own = true
		case *parley.ConversationShort:
			r.know(string(part.ID))
			part.Subject = nil
		case *parley.Message:
			part.Content = parley.TextContent("")
			own = true
		case *parley.Note:
			part.Text = ""
			own = true
		case *parley.Attachment:
			part.FileName, part.SHA256 = erasedName, ""
		case *parley.Previous:
			previous = part
		}
	}
	if own && previous != nil {
		maps.DeleteFunc(*previous, func(name string, _ any) bool { return !slices.Contains(told, name) })
	}
	return parley.JSON(data.Elem().Interface())
}

func (r *redaction) know(id string) {
	if !r.known[id] {
		r.known[id] = true
		r.found = append(r.found, id)
	}
}
