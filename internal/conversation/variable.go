package conversation

import (
	"context"
	"encoding/json"
	"maps"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// SetVariable gives a variable of a conversation a value, or removes it (nil).
func (c *Conversations) SetVariable(ctx context.Context, by parley.Caller, id parley.ConversationID, name string, value json.RawMessage) (parley.Conversation, error) {
	var after parley.Conversation
	err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		wanted := maps.Clone(s.Variables)
		delete(wanted, name)
		if value != nil {
			wanted[name] = value
			if err := store.CheckVariable(name, wanted); err != nil {
				return err
			}
		}
		old := s.Variables[name]
		err = c.applyWith(ctx, tx, by, s,
			func(conv *parley.Conversation) { conv.Variables = wanted },
			func(parley.Previous) parley.Draft {
				previous := parley.Previous{"variables": parley.Previous{name: old}}
				return parley.ConversationVariablesChanged.Draft(string(s.ID), s.InboxID, s.event(previous))
			})
		after = s.Conversation
		return err
	})
	return after, err
}
