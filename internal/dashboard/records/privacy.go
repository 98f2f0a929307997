package records

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
)

// privacyRoutes are what a contact may ask of whoever keeps data about them, and the
// merge of two that are one.
func privacyRoutes() []page.Route {
	const one = "/contacts/{id}"
	return []page.Route{
		{Pattern: "GET " + one + "/export", Scope: "privacy:read", Stream: true, Handle: export},
		{Pattern: "GET " + one + "/erase", Scope: "privacy:write", Handle: showErase},
		{Pattern: "POST " + one + "/erase", Scope: "privacy:write", Handle: erase},
		{Pattern: "GET " + one + "/merge", Scope: "contacts:write", Handle: showMerge},
		{Pattern: "POST " + one + "/merge", Scope: "contacts:write", Handle: merge},
	}
}

// privately are the ways from a contact's page to these.
func privately(r *page.Request, c parley.Contact) (actions []record.Action) {
	path := "/contacts/" + string(c.ID)
	if r.Allows("contacts:write") {
		actions = append(actions, record.Action{Text: "Merge with another contact …", URL: path + "/merge", Icon: "contacts"})
	}
	if r.Allows("privacy:read") {
		actions = append(actions, record.Action{Text: "Export all that is kept", URL: path + "/export", Icon: "download", Download: true})
	}
	if r.Allows("privacy:write") {
		actions = append(actions, record.Action{Text: "Erase, from the log too …", URL: path + "/erase", Icon: "shield", Bad: true})
	}
	return actions
}

func theContact(r *page.Request) (parley.Contact, error) {
	return r.Site.Contacts.Get(r.Context(), r.Org(), r.PathValue("id"))
}

// export sends all that is kept about a contact as one file.
func export(r *page.Request) error {
	contact, err := theContact(r)
	if err != nil {
		return err
	}
	h := r.Writer.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": string(contact.ID) + ".json"}))
	out := &download{Writer: r.Writer, control: http.NewResponseController(r.Writer)}
	err = r.Site.Contacts.Export(r.Context(), r.Org(), contact.ID, func(id parley.AttachmentID) string {
		return r.Base() + "/v1/attachments/" + string(id) + "/content"
	}, out)
	if err != nil && out.begun {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	if err != nil {
		h.Del("Content-Disposition")
	}
	return err
}

// downloadPause is how long somebody may take to read a little of a file.
const downloadPause = 30 * time.Second

// download is an answer that may take its time, as long as somebody reads it.
type download struct {
	io.Writer
	control *http.ResponseController
	begun   bool
	pushed  time.Time
}

func (d *download) Write(p []byte) (int, error) {
	d.begun = true
	if now := time.Now(); now.Sub(d.pushed) > time.Second {
		d.pushed = now
		_ = d.control.SetWriteDeadline(now.Add(downloadPause)) // a connection that cannot is written to all the same
	}
	return d.Writer.Write(p)
}

// showErase says what an erasure does and asks for the contact's name; once it has
// been asked for, it says how far that has come.
func showErase(r *page.Request) error {
	id := parley.ContactID(r.PathValue("id"))
	erasure, err := r.Site.Contacts.Erasure(r.Context(), r.Org(), id)
	switch {
	case err == nil && r.Partial():
		return r.Part(erasing(erasure))
	case err == nil:
		return r.Page(page.Show{Title: "Erasing a contact", Current: "/contacts", Width: ui.Narrow}, erasingPage(erasure))
	case parley.KindOf(err) != parley.NotFound:
		return err
	}
	contact, err := theContact(r)
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: "Erase " + ui.Name(contact), Current: "/contacts", Width: ui.Narrow}, erasePage(contact, "", ""))
}

// erase has a contact erased, if its name was typed.
func erase(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	contact, err := theContact(r)
	if err != nil {
		return err
	}
	typed, wanted := r.PostForm.Get("name"), ui.Name(contact)
	if strings.Join(strings.Fields(typed), " ") != strings.Join(strings.Fields(wanted), " ") {
		show := page.Show{Title: "Erase " + wanted, Current: "/contacts", Width: ui.Narrow, Status: http.StatusUnprocessableEntity}
		return r.Page(show, erasePage(contact, typed, "must be “"+wanted+"”, to the letter"))
	}
	if _, err := r.Site.Contacts.Erase(r.Context(), r.Caller(), contact.ID); err != nil {
		return err
	}
	return r.Redirect("/contacts/" + string(contact.ID) + "/erase")
}
