package record

import (
	"cmp"
	"net/http"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
)

// detail is the page of an object.
type detail struct {
	Title   string
	Crumbs  []ui.Link
	Status  string
	Tone    ui.Tone
	Icon    string
	One     string
	ID, URL string
	Edit    string // where it is changed; "" if the viewer may not
	Delete  string
	Keep    string
	Buttons []button
	Actions []Action
	Body    []fact
	More    templ.Component
	Facts   []fact
	Custom  []fact
	Made    []fact
	Related []section
	Known   names.Names
	History history
	Asked   bool // the history is there, and need not be fetched
	Problem string

	Sequence int64
}

func (k *Kind[T]) detail(r *page.Request) error { return k.detailWith(r, nil) }

// detailWith shows an object and why something was not done with it.
func (k *Kind[T]) detailWith(r *page.Request, problem error) error {
	obj, err := k.get(r)
	if err != nil {
		return err
	}
	d, err := k.describe(r, obj)
	if err != nil {
		return err
	}
	show := k.show()
	show.Title = d.Title
	if problem != nil {
		_, d.Problem = form.Errors(problem)
		show.Status = http.StatusConflict
	}
	if r.Partial() {
		if d.History, err = k.past(r, obj, historyBeside, ""); err != nil {
			return err
		}
		d.Asked = true
		return r.Part(detailPart(d))
	}
	return r.Page(show, detailPart(d))
}

func (k *Kind[T]) describe(r *page.Request, obj T) (d detail, err error) {
	id := k.id(&obj)
	d = detail{
		Title: k.called(obj), Crumbs: []ui.Link{k.crumb()}, Status: k.status(obj), Icon: k.Icon, One: k.one(), ID: id, URL: k.at(id),
		Keep: k.Keep, Buttons: k.buttons(r, obj), Facts: k.facts(obj), Sequence: k.sequence(&obj),
		History: history{All: k.at(id) + "/history", Live: id},
		Made:    []fact{{"Created", At(field(obj, "created_at").Interface().(parley.Time))}, {"Changed", At(field(obj, "updated_at").Interface().(parley.Time))}},
	}
	d.Tone = k.tone(d.Status)
	if r.Allows(k.write()) {
		if k.Update != nil {
			d.Edit = d.URL + "/edit"
		}
		if k.Delete != nil {
			d.Delete = d.URL + "/delete"
		}
	}
	if k.Actions != nil {
		d.Actions = k.Actions(r, obj)
	}
	for _, name := range k.Body {
		if v := k.value(obj, name); !v.none() {
			d.Body = append(d.Body, fact{k.label(name), v})
		}
	}
	defined, err := k.defined(r)
	if err != nil {
		return d, err
	}
	d.Custom = k.custom(obj, defined)
	if k.More != nil {
		if d.More, err = k.More(r, obj); err != nil {
			return d, err
		}
	}
	for _, relation := range k.Related {
		s, ok, err := relation.of(r, id)
		if err != nil {
			return d, err
		}
		if ok {
			d.Related = append(d.Related, s)
		}
	}
	d.Known, err = r.Names(r.Context(), refs(d.Facts)...)
	return d, err
}

// keep is what deleting it does.
func (d detail) keep() string { return cmp.Or(d.Keep, "This cannot be undone.") }
