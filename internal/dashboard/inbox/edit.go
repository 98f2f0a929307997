package inbox

import (
	"encoding/json"
	"net/http"
	"net/url"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/noun"
	"parley/internal/schema"
)

// edited is a form in the dialog of the page: what it changes, and where it is sent.
type edited struct {
	form.Form
	Title, Action string
}

func conversationForm(r *page.Request, s subject) (edited, error) {
	defined, err := fields(r)
	set := form.Of[parley.Conversation](form.Update).Only("subject", "custom_fields").Custom(of(defined, "conversation"))
	f := form.Form{Set: set, Values: form.Values(s.Conversation, set, r.Zone()), ID: "edit-", Zone: r.Zone()}
	return edited{f, "Edit the conversation", s.URL + "/edit"}, err
}

func contactForm(r *page.Request, s subject) (edited, error) {
	defined, err := fields(r)
	set := form.Of[parley.Contact](form.Update).Only("name", "email", "phone", "external_id", "custom_fields").Custom(of(defined, "contact"))
	f := form.Form{Set: set, Values: form.Values(s.Contact, set, r.Zone()), ID: "edit-", Zone: r.Zone()}
	return edited{f, "Edit the contact", s.URL + "/contact"}, err
}

func editConversation(r *page.Request) error { return edit(r, conversationForm) }

func editContact(r *page.Request) error { return edit(r, contactForm) }

func edit(r *page.Request, of func(*page.Request, subject) (edited, error)) error {
	s, err := readSubject(r)
	if err != nil {
		return err
	}
	e, err := of(r, s)
	if err != nil {
		return err
	}
	return r.Part(editForm(e))
}

func saveConversation(r *page.Request) error {
	return save(r, conversationForm, func(s subject, body json.RawMessage) error {
		_, err := r.Site.Conversations.Update(r.Context(), r.Caller(), s.ID, noun.AnyVersion, func(c *parley.Conversation) error {
			return schema.ReadUpdate(body, c)
		})
		return err
	})
}

func saveContact(r *page.Request) error {
	return save(r, contactForm, func(s subject, body json.RawMessage) error {
		_, err := r.Site.Contacts.Update(r.Context(), r.Caller(), string(s.ContactID), noun.AnyVersion, func(c *parley.Contact) error {
			return schema.ReadUpdate(body, c)
		})
		return err
	})
}

// save changes what a form is about. The panes show it by themselves; what was refused is
// told in the form.
func save(r *page.Request, of func(*page.Request, subject) (edited, error), change func(subject, json.RawMessage) error) error {
	s, err := readSubject(r)
	if err != nil {
		return err
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	e, err := of(r, s)
	if err != nil {
		return err
	}
	if err := change(s, form.Body(r.PostForm, e.Set, r.Zone())); err != nil {
		e.Values = clone(r.PostForm)
		failed, ok := e.Fail(err)
		if !ok {
			return err
		}
		e.Form = failed
		return r.Refused(editForm(e))
	}
	if !r.Partial() {
		return r.Done(s.URL, "Saved.")
	}
	r.Toast("Saved.")
	r.Writer.WriteHeader(http.StatusNoContent)
	return nil
}

func clone(v url.Values) url.Values {
	c := url.Values{}
	for name, values := range v {
		c[name] = values
	}
	return c
}
