package inbox

import (
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// among is a filter's clause that a column is one of so many values, and these.
func among(column string, values []string) (clause string, args []any) {
	for _, v := range values {
		args = append(args, v)
	}
	return column + " in (" + strings.TrimSuffix(strings.Repeat("?,", len(values)), ",") + ")", args
}

// contactsByID reads contacts at once.
func contactsByID(r *page.Request, ids []string) (map[parley.ContactID]parley.Contact, error) {
	clause, args := among("id", ids)
	found, _, err := r.Site.Contacts.List(r.Context(), r.Org(), store.Page{Limit: len(ids)}, store.Where(clause, args...))
	byID := make(map[parley.ContactID]parley.Contact, len(found))
	for _, c := range found {
		byID[c.ID] = c
	}
	return byID, err
}

// lastMessages reads the last message of each conversation at once: an index has each
// of them at the end of its conversation.
func lastMessages(r *page.Request, conversations []string) (map[parley.ConversationID]*parley.Message, error) {
	clause, args := among("conversation_id", conversations)
	f := store.Where(clause, args...)
	clause, args = among("c.id", conversations)
	f.And(`id in (
		select (select m.id from messages m where m.org_id = c.org_id and m.conversation_id = c.id order by m.id desc limit 1)
		from conversations c where c.org_id = $1 and `+clause+`)`, args...)
	found, _, err := store.Messages.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: len(conversations)}, f)
	last := make(map[parley.ConversationID]*parley.Message, len(found))
	for i := range found {
		last[found[i].ConversationID] = &found[i]
	}
	return last, err
}
