package conversation

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Notes reads a page of a conversation's notes.
func (c *Conversations) Notes(ctx context.Context, org parley.OrganizationID, id parley.ConversationID, p store.Page) ([]parley.Note, string, error) {
	if _, err := c.Get(ctx, org, id); err != nil {
		return nil, "", err
	}
	return store.Notes.List(ctx, c.db.Read(), org, p, store.Where("conversation_id = ?", string(id)))
}

// Note reads one note.
func (c *Conversations) Note(ctx context.Context, org parley.OrganizationID, id parley.ConversationID, note parley.NoteID) (parley.Note, error) {
	return store.Notes.Get(ctx, c.db.Read(), org, string(id), string(note))
}

// Remark adds a private note to a conversation.
func (c *Conversations) Remark(ctx context.Context, by parley.Caller, id parley.ConversationID, n parley.Note) (parley.Note, error) {
	var made parley.Note
	err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		made = n
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		made.ConversationID, made.Author = s.ID, by.Actor
		at, err := c.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.Notes.Stamp(&made, at.Sequence, at.At)
		store.Notes.Insert(ctx, tx, by.Organization, &made)
		return c.append(ctx, tx, by, at, noteDraft(parley.NoteCreated, s, made))
	})
	return made, err
}

// DeleteNote removes a note.
func (c *Conversations) DeleteNote(ctx context.Context, by parley.Caller, id parley.ConversationID, note parley.NoteID) error {
	return c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		n, err := store.Notes.Get(ctx, tx, by.Organization, string(id), string(note))
		if err != nil {
			return err
		}
		store.Notes.Delete(ctx, tx, by.Organization, string(id), string(note))
		at, err := c.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.Notes.Touch(&n, at.Sequence, at.At)
		return c.append(ctx, tx, by, at, noteDraft(parley.NoteDeleted, s, n))
	})
}

func noteDraft(t parley.EventType[parley.NoteEvent], s *subject, n parley.Note) parley.Draft {
	return t.Draft(string(s.ID), s.InboxID, parley.NoteEvent{
		Note: n, Conversation: s.Short(), Contact: s.contact.Short(), By: s.by,
	})
}
