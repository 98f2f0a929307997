package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/noun"
	"parley/internal/schema"
	"parley/internal/store"
)

// object answers with one object of a table, and its version as the ETag.
type object[T any] struct {
	value T
	table *store.Table[T]
}

func (o object[T]) version() int64 { return o.table.Sequence(&o.value) }

func (o object[T]) appendJSON(b []byte, q database.Querier, org parley.OrganizationID) ([]byte, error) {
	return o.table.AppendJSON(b, q, org, &o.value), nil
}

type noParams struct{}

// The parameters that are embedded in others have exported names, or huma would
// not look into them.

// IDParam is the id of an object in a path.
type IDParam struct {
	ID string `path:"id" doc:"The object's id"`
}

type changeParams struct {
	IDParam
	IfMatch string `header:"If-Match" doc:"Change the object only if this is still its ETag; else 412"`
}

// resource declares the routes of a simple noun: create, get, update and delete
// under /v1/PLURAL. Its list is declared apart, as each has filters of its own. A noun
// that cannot have all four has those that it can.
func resource[T, D any, I parley.ID](a *API, plural string, n *noun.Noun[T, D]) {
	creatable(a, plural, n)
	readable[T, D, I](a, plural, n)
	changeable[T, D, I](a, plural, n)
	deletable[T, D, I](a, plural, n)
}

func creatable[T, D any](a *API, plural string, n *noun.Noun[T, D]) {
	one, t := n.Table.Noun(), reflect.TypeFor[T]()
	register(a, operation{
		ID: "create-" + hyphenated(one), Method: http.MethodPost, Path: "/v1/" + plural, Tag: title(plural), Scope: parley.Scope(plural + ":write"),
		Status: http.StatusCreated, Summary: "Create " + article(one), Body: a.components.Create(t), Answer: a.components.Answer(t),
	}, func(ctx context.Context, c *call, _ *noParams) (object[T], error) {
		var obj T
		schema.Defaults(&obj)
		if err := schema.ReadCreate(c.body, &obj); err != nil {
			return object[T]{}, err
		}
		obj, err := n.Create(ctx, c.Caller, obj)
		return object[T]{obj, n.Table}, err
	})
}

func readable[T, D any, I parley.ID](a *API, plural string, n *noun.Noun[T, D]) {
	one := n.Table.Noun()
	register(a, operation{
		ID: "get-" + hyphenated(one), Method: http.MethodGet, Path: "/v1/" + plural + "/{id}", Tag: title(plural), Scope: parley.Scope(plural + ":read"),
		Summary: "Get " + article(one), Answer: a.components.Answer(reflect.TypeFor[T]()),
	}, func(ctx context.Context, c *call, in *IDParam) (object[T], error) {
		id, err := pathID[I](in.ID, one)
		if err != nil {
			return object[T]{}, err
		}
		obj, err := n.Get(ctx, c.Caller.Organization, string(id))
		return object[T]{obj, n.Table}, err
	})
}

func changeable[T, D any, I parley.ID](a *API, plural string, n *noun.Noun[T, D]) {
	changeableBy[T, I](a, plural, n.Table, "", n.Update)
}

// update is a verb that lets a function change an object: see [noun.Noun.Update].
type update[T any] func(ctx context.Context, by parley.Caller, id string, version int64, change func(*T) error) (T, error)

// changeableBy is changeable for a noun with an update of its own.
func changeableBy[T any, I parley.ID](a *API, plural string, table *store.Table[T], doc string, update update[T]) {
	one, t := table.Noun(), reflect.TypeFor[T]()
	register(a, operation{
		ID: "update-" + hyphenated(one), Method: http.MethodPatch, Path: "/v1/" + plural + "/{id}", Tag: title(plural), Scope: parley.Scope(plural + ":write"),
		Summary: "Change " + article(one), Doc: strings.TrimSpace("Fields that are left out stay as they are. " + doc),
		Body: a.components.Update(t), Answer: a.components.Answer(t), Errors: []int{http.StatusConflict, http.StatusPreconditionFailed},
	}, func(ctx context.Context, c *call, in *changeParams) (object[T], error) {
		id, version, err := target[I](in, one)
		if err != nil {
			return object[T]{}, err
		}
		obj, err := update(ctx, c.Caller, string(id), version, func(obj *T) error {
			return schema.ReadUpdate(c.body, obj)
		})
		return object[T]{obj, table}, err
	})
}

func deletable[T, D any, I parley.ID](a *API, plural string, n *noun.Noun[T, D]) {
	one := n.Table.Noun()
	register(a, operation{
		ID: "delete-" + hyphenated(one), Method: http.MethodDelete, Path: "/v1/" + plural + "/{id}", Tag: title(plural), Scope: parley.Scope(plural + ":write"),
		Summary: "Delete " + article(one), Status: http.StatusNoContent, Errors: []int{http.StatusConflict},
	}, func(ctx context.Context, c *call, in *IDParam) (nothing, error) {
		id, err := pathID[I](in.ID, one)
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, n.Delete(ctx, c.Caller, string(id))
	})
}

func hyphenated(noun string) string { return strings.ReplaceAll(noun, " ", "-") }

// nothing is the answer that has no body.
type nothing struct{}

// target reads which object is to be changed, and which version of it.
func target[I parley.ID](in *changeParams, noun string) (id I, version int64, err error) {
	if id, err = pathID[I](in.ID, noun); err != nil {
		return id, 0, err
	}
	version, err = ifMatch(in.IfMatch)
	return id, version, err
}

// filters are the parameters of a list that say which objects it has.
type filters interface {
	page() store.Page
	filter() store.Filter
}

// checked are filters that may be wrong in ways that no schema tells.
type checked interface{ check() error }

// searching are filters that look for a text, which each engine does in its own words.
type searching interface {
	search(engine database.Engine, f *store.Filter)
}

// list declares the list of a noun.
func list[T any, F filters](a *API, plural, doc string, read func(context.Context, parley.OrganizationID, store.Page, store.Filter) ([]T, string, error)) {
	register(a, operation{
		ID: "list-" + strings.ReplaceAll(plural, "_", "-"), Method: http.MethodGet, Path: "/v1/" + plural, Tag: title(plural),
		Scope: parley.Scope(plural + ":read"), Summary: "List " + strings.ReplaceAll(plural, "_", " "), Doc: doc,
		Answer: a.pageSchema(reflect.TypeFor[T]()),
	}, func(ctx context.Context, c *call, in *F) (page[T], error) {
		if f, ok := any(*in).(checked); ok {
			if err := f.check(); err != nil {
				return page[T]{}, err
			}
		}
		f := (*in).filter()
		if s, ok := any(*in).(searching); ok {
			s.search(a.DB.Engine(), &f)
		}
		return pageOf(read(ctx, c.Caller.Organization, (*in).page(), f))
	})
}

// everything lists all objects of a noun.
type everything struct{ ListParams }

func (everything) filter() store.Filter { return store.Filter{} }

// title is the heading under which the document shows a resource.
func title(plural string) string {
	words := strings.ReplaceAll(plural, "_", " ")
	words = strings.Replace(words, "api ", "API ", 1)
	return strings.ToUpper(words[:1]) + words[1:]
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeioAEIO") {
		return "an " + noun
	}
	return "a " + noun
}
