package conversation

import (
	"context"
	"encoding/json"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// SetVariable gives a variable of a conversation a value, or removes it (nil).
func (c *Conversations) SetVariable(ctx context.Context, by parley.Caller, id parley.ConversationID, name string, value json.RawMessage) (parley.Conversation, error) {
	var after parley.Conversation
	err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by.Organization, id)
		if err != nil {
			return err
		}
		if value != nil {
			if err := store.CheckVariables("body.value", parley.Values{name: value}); err != nil {
				return err
			}
		}
		old := s.Variables[name]
		_, err = c.applyWith(ctx, tx, by, s,
			func(conv *parley.Conversation) {
				delete(conv.Variables, name)
				if value != nil {
					conv.Variables[name] = value
				}
			},
			func(parley.Previous) parley.Draft {
				data := parley.ConversationEvent{
					Conversation: s.Conversation, Contact: s.contact.Short(),
					Previous: parley.Previous{"variables": parley.Previous{name: old}},
				}
				return parley.ConversationVariablesChanged.Draft(string(s.ID), s.InboxID, data)
			})
		if err != nil {
			return err
		}
		after = s.Conversation
		return store.CheckVariables("body", after.Variables)
	})
	return after, err
}
