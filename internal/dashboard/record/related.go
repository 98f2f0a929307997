package record

import (
	"cmp"
	"net/url"

	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// Relation is a list of objects that refer to the one that is shown.
type Relation interface {
	// of gives the list for the object with an id; not ok if the viewer may not see it.
	of(r *page.Request, id string) (s section, ok bool, err error)
}

// fewShown is how many objects a relation shows.
const fewShown = 5

// section is a relation as it is shown.
type section struct {
	rows
	Title, One string
	Icon       string
	More       string // where all are listed; "": all are here
	New        string // where another is made for the object
}

// By is the relation to objects of a kind whose column names the one that is shown. They
// are listed with some of its columns.
type By[T any] struct {
	Kind    *Kind[T]
	Column  string
	Columns []string
	New     string // where another is made; "": at the kind's own place, if it has one
	List    string // where all are listed; "": at the kind's own place
}

func (b By[T]) of(r *page.Request, id string) (s section, ok bool, err error) {
	k := b.Kind
	if !r.Allows(k.read()) {
		return s, false, nil
	}
	objs, next, err := k.Table.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: fewShown}, store.Where(b.Column+" = ?", id))
	if err != nil {
		return s, false, err
	}
	s = section{Title: label(k.Plural), One: k.one(), Icon: k.Icon}
	query := "?" + url.Values{b.Column: {id}}.Encode()
	if next != "" {
		s.More = cmp.Or(b.List, k.path()) + query
	}
	if r.Allows(k.write()) {
		switch {
		case b.New != "":
			s.New = b.New + query
		case k.Create != nil:
			s.New = k.path() + "/new" + query
		}
	}
	s.rows, err = k.rows(r, objs, b.Columns, "")
	for i := range s.Rows {
		s.Rows[i].Quick = nil
	}
	return s, err == nil, err
}
