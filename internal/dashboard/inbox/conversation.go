package inbox

import (
	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
)

// subject is the conversation that is open, with what its panes show of it.
type subject struct {
	house
	parley.Conversation
	Contact parley.Contact
	Viewer  parley.User
	Writes  bool // whether the viewer may change it
	Uploads bool // and may send files
	URL     string
}

// Name is what the contact is called.
func (s subject) Name() string { return ui.Name(s.Contact) }

// Title is the conversation's subject, or else its contact's name.
func (s subject) Title() string {
	if s.Subject != nil && *s.Subject != "" {
		return *s.Subject
	}
	return s.Name()
}

// Mine tells whether it is assigned to the viewer.
func (s subject) Mine() bool { return s.AssigneeID != nil && *s.AssigneeID == s.Viewer.ID }

// Has tells whether it has a label.
func (s subject) Has(label string) bool {
	for _, name := range s.Conversation.Labels {
		if name == label {
			return true
		}
	}
	return false
}

// pathID is the conversation that the address names.
func pathID(r *page.Request) (parley.ConversationID, error) {
	id, ok := parley.ParseID[parley.ConversationID](r.PathValue("id"))
	if !ok {
		return "", parley.Missing("conversation", r.PathValue("id"))
	}
	return id, nil
}

func readSubject(r *page.Request) (s subject, err error) {
	id, err := pathID(r)
	if err != nil {
		return s, err
	}
	if s.Conversation, err = r.Site.Conversations.Get(r.Context(), r.Org(), id); err != nil {
		return s, err
	}
	s.URL, s.Viewer = "/inbox/"+string(id), r.User
	s.Writes, s.Uploads = r.Allows(write), r.Allows("attachments:write")
	if s.Contact, err = r.Site.Contacts.Get(r.Context(), r.Org(), string(s.ContactID)); err != nil {
		return s, err
	}
	s.house, err = readHouse(r)
	return s, err
}

// part answers with a part of the page of a conversation.
func part(draw func(*page.Request, subject) (templ.Component, error)) func(*page.Request) error {
	return func(r *page.Request) error {
		s, err := readSubject(r)
		if err != nil {
			return err
		}
		drawn, err := draw(r, s)
		if err != nil {
			return err
		}
		return r.Part(drawn)
	}
}

func headPart(_ *page.Request, s subject) (templ.Component, error) { return head(s), nil }

// showConversation is the whole page: list, thread, and what is known of the contact.
func showConversation(r *page.Request) error {
	s, err := readSubject(r)
	if err != nil {
		return err
	}
	l, err := readList(r, s.ID)
	if err != nil {
		return err
	}
	t, err := readThread(r, s, r.Query("from"))
	if err != nil {
		return err
	}
	p, err := readPanel(r, s)
	if err != nil {
		return err
	}
	c := company{subject: s, Others: others(r, r.Site.Hub.Present(r.Org(), s.ID)), Typing: others(r, r.Site.Hub.Typists(r.Org(), s.ID))}
	return r.Page(page.Show{Title: s.Title(), Current: "/inbox", Width: ui.Full, Conversation: s.ID}, conversationPage(l, t, p, c))
}
