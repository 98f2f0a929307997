package webhooks

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/endpoint"
	"parley/internal/noun"
	"parley/internal/schema"
	"parley/internal/store"
)

const hour = time.Hour

// editor is the form of an endpoint, new or not.
type editor struct {
	form.Form
	Webhook parley.Webhook // as it is; without an id for a new one
	Samples []parley.Declaration
}

func (e editor) fresh() bool { return e.Webhook.ID == "" }

// action is where the form is sent.
func (e editor) action() string {
	if e.fresh() {
		return home
	}
	return address(e.Webhook.ID, "")
}

// part is the form with some of its fields only.
func (e editor) part(names ...string) form.Form {
	f := e.Form
	f.Set, f.Error = f.Set.Only(names...), ""
	return f
}

func (e editor) has(name string) bool {
	return slices.ContainsFunc(e.Set.Fields, func(f form.Field) bool { return f.Name == name })
}

// value is what stands in an input that the page draws itself.
func (e editor) value(name, otherwise string) string {
	if given := e.Values.Get(name); given != "" {
		return given
	}
	return otherwise
}

// fields are the fields of an endpoint, those of its objects among them.
func fields(verb form.Verb, inboxes []parley.Inbox) form.Set {
	s := form.Of[parley.Webhook](verb)
	var flat []form.Field
	for _, f := range s.Fields {
		if f.Kind != form.Group {
			flat = append(flat, f)
			continue
		}
		for _, inner := range f.Fields {
			inner.Name, inner.Required = f.Name+"."+inner.Name, false
			flat = append(flat, inner)
		}
	}
	s.Fields = flat
	choices := make([]form.Option, len(inboxes))
	for i, inbox := range inboxes {
		choices[i] = form.Option{Value: string(inbox.ID), Label: inbox.Name}
	}
	s = s.Options("inbox_ids", choices...)
	for name, words := range texts {
		if !slices.ContainsFunc(s.Fields, func(f form.Field) bool { return f.Name == name }) {
			continue // formats are chosen once
		}
		s = s.Change(name, func(f *form.Field) {
			f.Help = words.help
			if words.label != "" {
				f.Label = words.label
			}
			if words.options != nil {
				f.Options = words.options
			}
		})
	}
	return s
}

// typed are the fields that go with one type of auth only.
var typed = map[string][]string{
	"basic": {"auth.username", "auth.password"}, "bearer": {"auth.token"},
	"oauth2": {"auth.token_url", "auth.client_id", "auth.client_secret", "auth.scopes"}, "mtls": {"auth.certificate", "auth.private_key"},
}

// relevant drops what belongs to a choice that was not made: its inputs are not seen.
func relevant(posted url.Values) {
	for name := range posted {
		if strings.HasPrefix(name, "auth.") && name != "auth.type" && !slices.Contains(typed[posted.Get("auth.type")], name) {
			delete(posted, name)
		}
	}
	posted["event_types"] = chosenTypes(posted["event_types"]).least()
	if posted.Get("verification.type") != "token_echo" {
		delete(posted, "verification.token")
	}
	if posted.Get("retry.preset") != "custom" {
		delete(posted, "retry.delays")
	}
}

func newEditor(r *page.Request, w parley.Webhook) (editor, error) {
	inboxes, _, err := store.Inboxes.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: 200}, store.Filter{})
	if err != nil {
		return editor{}, err
	}
	e := editor{Webhook: w, Samples: parley.Catalogue()}
	verb := form.Update
	if e.fresh() {
		verb = form.Create
	}
	e.Set, e.Zone = fields(verb, inboxes), r.Zone()
	e.Values = form.Values(w, e.Set, r.Zone())
	return e, nil
}

// blank is a new endpoint as the form begins with it.
func blank() parley.Webhook {
	var w parley.Webhook
	schema.Defaults(&w)
	return w
}

func showNew(r *page.Request) error {
	w := blank()
	if from := r.Query("types"); from != "" {
		w.EventTypes = strings.Split(from, ",")
	}
	e, err := newEditor(r, w)
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: "Add an endpoint", Current: home}, editPage(e))
}

func showEdit(r *page.Request) error {
	w, err := endpointOf(r)
	if err != nil {
		return err
	}
	e, err := newEditor(r, w)
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: "Edit " + names.Endpoint(w.Description, w.URL), Current: home}, editPage(e))
}

// posted reads the form. What was typed stays in it, whatever is wrong.
func (e *editor) posted(r *page.Request) (json.RawMessage, error) {
	if err := r.ReadForm(); err != nil {
		return nil, err
	}
	relevant(r.PostForm)
	e.Values = r.PostForm
	return form.Body(r.PostForm, e.Set, r.Zone()), nil
}

// refuse shows the form again, with what is wrong.
func (e *editor) refuse(r *page.Request, err error) error {
	failed, ok := e.Fail(err)
	if !ok {
		return err
	}
	e.Form = failed
	return r.Page(page.Show{Title: "Not saved", Current: home, Status: http.StatusUnprocessableEntity}, editPage(*e))
}

func create(r *page.Request) error {
	e, err := newEditor(r, blank())
	if err != nil {
		return err
	}
	body, err := e.posted(r)
	if err != nil {
		return err
	}
	w := blank()
	err = schema.ReadCreate(body, &w)
	var start endpoint.Start
	if err == nil {
		start, err = startOf(r, "body.start", r.PostForm.Get("start"))
	}
	if err != nil {
		return e.refuse(r, err)
	}
	made, secret, err := r.Site.Endpoints.Create(r.Context(), r.Caller(), w, start)
	if err != nil {
		return e.refuse(r, err)
	}
	return r.Page(page.Show{Title: "Endpoint added", Current: home, Status: http.StatusCreated}, secretPage(told{Webhook: made, Secret: string(secret)}))
}

func update(r *page.Request) error {
	w, err := endpointOf(r)
	if err != nil {
		return err
	}
	e, err := newEditor(r, w)
	if err != nil {
		return err
	}
	body, err := e.posted(r)
	if err != nil {
		return err
	}
	after, err := r.Site.Endpoints.Update(r.Context(), r.Caller(), w.ID, noun.AnyVersion, func(w *parley.Webhook) error {
		return schema.ReadUpdate(body, w)
	})
	if err != nil {
		return e.refuse(r, err)
	}
	return r.Done(address(after.ID, ""), "The endpoint was changed. What is sent from now on goes by it.")
}

// startOf is a place in the log that a form names: where to begin, or to go back to.
func startOf(r *page.Request, location, kind string) (s endpoint.Start, err error) {
	switch kind {
	case "sequence":
		var seq int64
		if err := json.Unmarshal([]byte(strings.TrimSpace(r.PostForm.Get("sequence"))), &seq); err != nil || seq < 0 {
			return s, parley.InvalidField(location, "must be a sequence: a whole number from 0")
		}
		s.Sequence = &seq
	case "time":
		at, err := timeIn(r.PostForm.Get("time"), r.Zone())
		if err != nil {
			return s, parley.InvalidField(location, "must be a date and a time")
		}
		s.Time = &at
	}
	return s, nil
}

// timeIn reads what an input for a date and a time gives.
func timeIn(text string, zone *time.Location) (at time.Time, err error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05.000", "2006-01-02"} {
		if at, err = time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	return at, err
}
