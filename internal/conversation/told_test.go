package conversation_test

import (
	"context"
	"encoding/json"
	"testing"

	"parley"
	"parley/internal/noun"
)

// told is what an event of a conversation tells beside it.
type told struct {
	By       *parley.UserShort
	Assignee *parley.UserShort
	Inbox    parley.InboxShort
	LabelID  parley.LabelID `json:"label_id"`
	First    *bool
	Previous struct{ Assignee *parley.UserShort }
}

// tells is what the last event tells, which must be of a type.
func (h house) tells(eventType string) (data told) {
	h.t.Helper()
	events, err := h.log.Read(context.Background(), h.by.Organization, h.head()-1, 1)
	if must(h, events, err)[0].Type != eventType {
		h.t.Fatalf("the last event is %s, want %s", events[0].Type, eventType)
	}
	if err := json.Unmarshal(events[0].Data, &data); err != nil {
		h.t.Fatal(err)
	}
	return data
}

// Whoever is sent an event asks nobody who Grace is.
func TestEventsTellWhoActed(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		grace := parley.UserShort{ID: parley.UserID(h.by.Actor.ID), Name: "Grace", Email: "grace@example.com", Role: parley.Owner}
		conv := h.start(h.contact().ID)
		verbs := []struct {
			event string
			do    func(by parley.Caller) error
		}{
			{"message.created", func(by parley.Caller) error {
				_, err := h.Write(t.Context(), by, conv.ID, parley.Message{Direction: parley.Outgoing, Content: parley.TextContent("Hello")})
				return err
			}},
			{"note.created", func(by parley.Caller) error {
				_, err := h.Remark(t.Context(), by, conv.ID, parley.Note{Text: "Hm"})
				return err
			}},
			{"conversation.updated", func(by parley.Caller) error {
				_, err := h.Update(t.Context(), by, conv.ID, noun.AnyVersion, func(c *parley.Conversation) error {
					c.Subject = new(by.Actor.ID)
					return nil
				})
				return err
			}},
			{"conversation.variables_changed", func(by parley.Caller) error {
				_, err := h.SetVariable(t.Context(), by, conv.ID, by.Actor.ID, json.RawMessage("1"))
				return err
			}},
			{"conversation.label_added", func(by parley.Caller) error {
				_, err := h.AddLabel(t.Context(), by, conv.ID, parley.Label{Name: by.Actor.ID})
				return err
			}},
			{"conversation.label_removed", func(by parley.Caller) error {
				return h.RemoveLabel(t.Context(), by, conv.ID, by.Actor.ID)
			}},
			{"conversation.created", func(by parley.Caller) error {
				_, err := h.Create(t.Context(), by, parley.Conversation{InboxID: h.inbox, ContactID: conv.ContactID}, nil)
				return err
			}},
		}
		for _, actor := range []parley.Actor{
			h.by.Actor,
			{Type: parley.ActorAPIKey, ID: "key_01kaf0v3b4ffk9a7rj2c6q8x5n"},
			{Type: parley.ActorUser, ID: "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"}, // who was removed meanwhile
			parley.System,
		} {
			for _, v := range verbs {
				if err := v.do(parley.Caller{Organization: h.by.Organization, Actor: actor}); err != nil {
					t.Fatalf("%s by %v: %v", v.event, actor, err)
				}
				got := h.tells(v.event).By
				if isGrace := actor == h.by.Actor; isGrace && (got == nil || *got != grace) || !isGrace && got != nil {
					t.Errorf("%s by %v tells of %v", v.event, actor, got)
				}
			}
		}
	})
}

func TestAnAssignmentTellsOfBothAgents(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		conv := h.start(h.contact().ID)
		grace := parley.UserID(h.by.Actor.ID)
		for _, to := range []*parley.UserID{&grace, nil} {
			_, err := h.Update(t.Context(), h.by, conv.ID, noun.AnyVersion, func(c *parley.Conversation) error {
				c.AssigneeID = to
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			got := h.tells("conversation.assigned")
			now, before := got.Assignee, got.Previous.Assignee
			if to == nil {
				now, before = before, now
			}
			if before != nil || now == nil || now.ID != grace || now.Email != "grace@example.com" {
				t.Errorf("assigned to %v, it tells of %v, and of %v before", to, got.Assignee, got.Previous.Assignee)
			}
		}
	})
}

func TestEventsTellWhereAndWhichLabel(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		ada := h.contact()
		for i := range 3 {
			conv := h.start(ada.ID)
			if got := h.tells("conversation.created"); *got.First != (i == 0) || got.Inbox.ID != h.inbox || got.Inbox.Channel != "api" {
				t.Errorf("conversation %d: first is %v, in %v", i, *got.First, got.Inbox)
			}
			label, err := h.AddLabel(t.Context(), h.by, conv.ID, parley.Label{Name: "vip"})
			must(h, label, err)
			if got := h.tells("conversation.label_added"); got.LabelID != label.ID || got.Inbox.ID != h.inbox {
				t.Errorf("the label's id is %s in %v, want %s", got.LabelID, got.Inbox, label.ID)
			}
			if err := h.RemoveLabel(t.Context(), h.by, conv.ID, "vip"); err != nil {
				t.Fatal(err)
			}
			if got := h.tells("conversation.label_removed"); got.LabelID != label.ID {
				t.Errorf("the label's id is %s, want %s", got.LabelID, label.ID)
			}
		}
		if err := h.contacts.Delete(t.Context(), h.by, string(ada.ID)); err != nil {
			t.Fatal(err)
		}
	})
}
