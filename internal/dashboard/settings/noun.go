package settings

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/noun"
	"parley/internal/schema"
	"parley/internal/store"
)

// configured is a noun that is configured here: a list, a form that makes one, and a
// page for each with a form that changes it. What the forms ask for follows from the
// noun's struct.
type configured[T any] struct {
	place  string // where the list is: "/settings/labels"
	scopes string // "labels"
	one    string // "label"
	plural string // "Labels"
	verb   string // what making one is called; "Create" if empty
	look   bool   // who may read the list may also look at each

	table  *store.Table[T]
	create func(r *page.Request, obj T) error // and answers
	update func(ctx context.Context, by parley.Caller, id string, version int64, change func(*T) error) (T, error)
	remove func(ctx context.Context, by parley.Caller, id string) error

	list   listing[T]
	name   func(T) string
	id     func(T) string
	fields func(r *page.Request, set form.Set, of *T) (form.Set, error) // nil: as they are
	drawn  func(r *page.Request, v *formView, of *T) error              // adds to the page of a form; of is nil where one is made
	going  func(of T) deletion
}

func (n configured[T]) routes() []page.Route {
	read, write := parley.Scope(n.scopes+":read"), parley.Scope(n.scopes+":write")
	one := write
	if n.look {
		one = read
	}
	return []page.Route{
		{Pattern: "GET " + n.place, Scope: read, Command: "Settings: " + lowerFirst(n.plural), Handle: n.showList},
		{Pattern: "GET " + n.place + "/new", Scope: write, Command: n.making(), Handle: n.showBlank},
		{Pattern: "POST " + n.place, Scope: write, Handle: n.make},
		{Pattern: "GET " + n.place + "/{id}", Scope: one, Handle: n.showOne},
		{Pattern: "POST " + n.place + "/{id}", Scope: write, Handle: n.change},
		{Pattern: "POST " + n.place + "/{id}/delete", Scope: write, Handle: n.delete},
	}
}

// making is what making one is called: "Create a label".
func (n configured[T]) making() string {
	verb := n.verb
	if verb == "" {
		verb = "Create"
	}
	return verb + " " + article(n.one)
}

func (n configured[T]) set(r *page.Request, verb form.Verb, of *T) (form.Set, error) {
	set := form.Of[T](verb)
	if n.fields == nil {
		return set, nil
	}
	return n.fields(r, set, of)
}

func (n configured[T]) showBlank(r *page.Request) error {
	set, err := n.set(r, form.Create, nil)
	if err != nil {
		return err
	}
	return n.show(r, http.StatusOK, form.Form{Set: set, Values: set.Blank()}, nil, "")
}

func (n configured[T]) make(r *page.Request) error {
	set, err := n.set(r, form.Create, nil)
	if err != nil {
		return err
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	var obj T
	schema.Defaults(&obj)
	err = schema.ReadCreate(form.Body(r.PostForm, set, r.Zone()), &obj)
	if err == nil {
		err = n.create(r, obj)
	}
	if err == nil {
		return nil
	}
	return n.refused(r, form.Form{Set: set, Values: r.PostForm}, nil, err)
}

func (n configured[T]) get(r *page.Request) (T, error) {
	return n.table.Get(r.Context(), r.Site.DB.Read(), r.Org(), r.PathValue("id"))
}

func (n configured[T]) showOne(r *page.Request) error {
	obj, err := n.get(r)
	if err != nil {
		return err
	}
	return n.showAs(r, http.StatusOK, obj, "")
}

// showAs shows an object as it is, and above it why something was not done.
func (n configured[T]) showAs(r *page.Request, status int, obj T, why string) error {
	set, err := n.set(r, form.Update, &obj)
	if err != nil {
		return err
	}
	values := form.Values(obj, set, r.Zone())
	values.Set(version, strconv.FormatInt(n.table.Sequence(&obj), 10))
	return n.show(r, status, form.Form{Set: set, Values: values}, &obj, why)
}

// version is the field of a form that says what the object was like when it was shown.
const version = "version"

func (n configured[T]) change(r *page.Request) error {
	obj, err := n.get(r)
	if err != nil {
		return err
	}
	set, err := n.set(r, form.Update, &obj)
	if err != nil {
		return err
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	body := form.Body(r.PostForm, set, r.Zone())
	after, err := n.update(r.Context(), r.Caller(), r.PathValue("id"), versionOf(r.PostForm), func(obj *T) error {
		return schema.ReadUpdate(body, obj)
	})
	if err != nil {
		return n.refused(r, form.Form{Set: set, Values: r.PostForm}, &obj, err)
	}
	return r.Done(n.place, n.name(after)+" was saved.")
}

func versionOf(posted url.Values) int64 {
	known, err := strconv.ParseInt(posted.Get(version), 10, 64)
	if err != nil {
		return noun.AnyVersion
	}
	return known
}

func (n configured[T]) delete(r *page.Request) error {
	obj, err := n.get(r)
	if err != nil {
		return err
	}
	if err := n.remove(r.Context(), r.Caller(), r.PathValue("id")); err != nil {
		if parley.KindOf(err) != parley.Conflict {
			return err
		}
		return n.showAs(r, http.StatusConflict, obj, reason(err))
	}
	return r.Done(n.place, n.name(obj)+" was "+n.going(obj).past()+".")
}

// refused shows a form again with what was typed, and what is wrong with it.
func (n configured[T]) refused(r *page.Request, f form.Form, of *T, err error) error {
	switch parley.KindOf(err) {
	case parley.Invalid, parley.Malformed, parley.Conflict, parley.TooMany:
	case parley.Stale:
		err = parley.Errorf(parley.Conflict, "Somebody else has changed this meanwhile. Open it again to see how it is now, then repeat your change.")
	default:
		return err
	}
	failed, ok := f.Fail(err)
	if !ok {
		return err
	}
	why := failed.Error // it is told above the form, with the ways that it holds
	var e *parley.Error
	if errors.As(err, &e) && requests.MatchString(e.Detail) {
		why = e.Detail
	}
	failed.Error = ""
	return n.show(r, http.StatusUnprocessableEntity, failed, of, why)
}

// show shows the page of a form; of is nil where one is made.
func (n configured[T]) show(r *page.Request, status int, f form.Form, of *T, why string) error {
	f.Zone, f.Pick = r.Zone(), page.Pick
	write := parley.Scope(n.scopes + ":write")
	v := formView{
		Title: n.making(), Action: n.place, Form: f, Class: n.scopes + "-form", Submit: n.making(),
		List: ui.Link{Text: n.plural, URL: n.place}, Writable: r.Allows(write),
	}
	if of != nil {
		v.Title, v.Action, v.Submit, v.ID = n.name(*of), n.place+"/"+n.id(*of), "Save", n.id(*of)
		if v.Writable {
			going := n.going(*of)
			v.Delete = &going
		}
	}
	if why != "" {
		text, ways := plainly(why)
		v.Why, v.Ways = text, ways
	}
	if n.drawn != nil {
		if err := n.drawn(r, &v, of); err != nil {
			return err
		}
	}
	return Show(r, n.place, v.Title, status, formPage(v))
}

// formView is the page of a form.
type formView struct {
	Title, About string
	List         ui.Link
	Writable     bool // else the form is not shown
	Form         form.Form
	Action       string
	Class        string // of the form
	Submit       string
	ID           string // of the object; "" where one is made
	Why          string // something was not done
	Ways         []ui.Link
	Delete       *deletion

	Above, Within, Below templ.Component // the form; nil: nothing
}

// deletion says what it means that an object goes.
type deletion struct {
	Verb     string // "Delete"
	Question string // "Delete the label vip?"
	Text     string // what goes with it
}

func (d deletion) past() string {
	if d.Verb == "Remove" {
		return "removed"
	}
	return "deleted"
}
