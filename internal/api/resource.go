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
// under /v1/PLURAL. Its list is declared apart, as each has filters of its own.
func resource[T, D any, I parley.ID](a *API, plural string, n *noun.Noun[T, D]) {
	one := n.Table.Noun()
	name := strings.ReplaceAll(one, " ", "-")
	path, tag := "/v1/"+plural, title(plural)
	read, write := parley.Scope(plural+":read"), parley.Scope(plural+":write")
	t := reflect.TypeFor[T]()
	answer := a.components.Answer(t)

	register(a, operation{
		ID: "create-" + name, Method: http.MethodPost, Path: path, Tag: tag, Scope: write, Status: http.StatusCreated,
		Summary: "Create " + article(one), Body: a.components.Create(t), Answer: answer,
	}, func(ctx context.Context, c *call, _ *noParams) (object[T], error) {
		var obj T
		schema.Defaults(&obj)
		if err := schema.ReadCreate(c.body, &obj); err != nil {
			return object[T]{}, err
		}
		obj, err := n.Create(ctx, c.Caller, obj)
		return object[T]{obj, n.Table}, err
	})
	register(a, operation{
		ID: "get-" + name, Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Scope: read,
		Summary: "Get " + article(one), Answer: answer,
	}, func(ctx context.Context, c *call, in *IDParam) (object[T], error) {
		id, err := pathID[I](in.ID, one)
		if err != nil {
			return object[T]{}, err
		}
		obj, err := n.Get(ctx, c.Caller.Organization, string(id))
		return object[T]{obj, n.Table}, err
	})
	register(a, operation{
		ID: "update-" + name, Method: http.MethodPatch, Path: path + "/{id}", Tag: tag, Scope: write,
		Summary: "Change " + article(one), Doc: "Fields that are left out stay as they are.",
		Body: a.components.Update(t), Answer: answer, Errors: []int{http.StatusConflict, http.StatusPreconditionFailed},
	}, func(ctx context.Context, c *call, in *changeParams) (object[T], error) {
		id, version, err := target[I](in, one)
		if err != nil {
			return object[T]{}, err
		}
		obj, err := n.Update(ctx, c.Caller, string(id), version, func(obj *T) error {
			return schema.ReadUpdate(c.body, obj)
		})
		return object[T]{obj, n.Table}, err
	})
	register(a, operation{
		ID: "delete-" + name, Method: http.MethodDelete, Path: path + "/{id}", Tag: tag, Scope: write,
		Summary: "Delete " + article(one), Status: http.StatusNoContent, Errors: []int{http.StatusConflict},
	}, func(ctx context.Context, c *call, in *IDParam) (nothing, error) {
		id, err := pathID[I](in.ID, one)
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, n.Delete(ctx, c.Caller, string(id))
	})
}

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

// list declares the list of a noun.
func list[T any, F filters](a *API, plural, doc string, read func(context.Context, parley.OrganizationID, store.Page, store.Filter) ([]T, string, error)) {
	register(a, operation{
		ID: "list-" + strings.ReplaceAll(plural, "_", "-"), Method: http.MethodGet, Path: "/v1/" + plural, Tag: title(plural),
		Scope: parley.Scope(plural + ":read"), Summary: "List " + strings.ReplaceAll(plural, "_", " "), Doc: doc,
		Answer: a.pageSchema(reflect.TypeFor[T]()),
	}, func(ctx context.Context, c *call, in *F) (page[T], error) {
		return pageOf(read(ctx, c.Caller.Organization, (*in).page(), (*in).filter()))
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
