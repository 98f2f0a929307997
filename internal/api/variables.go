package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"parley"
	"parley/internal/schema"
	"parley/internal/store"
)

// variable is one value kept on an object.
type variable struct {
	Name  string          `json:"name" example:"plan"`
	Type  string          `json:"type" enum:"text,number,boolean,date" doc:"What the value is; text in RFC 3339 form is a date"`
	Value json.RawMessage `json:"value" types:"string,number,boolean" example:"\"pro\""`
}

type variableBody struct {
	Value json.RawMessage `json:"value" required:"true" types:"string,number,boolean" doc:"Text, a number, a boolean, or a date as text like 2026-11-20" example:"\"pro\""`
}

type variableParams struct {
	IDParam
	Name string `path:"name" maxLength:"100" doc:"The variable's name" example:"plan"`
}

// variableRoutes declares the variables of a resource: list, set and remove.
func variableRoutes[I parley.ID](
	a *API, plural, noun string,
	read func(context.Context, parley.OrganizationID, I) (parley.Values, error),
	set func(context.Context, parley.Caller, I, string, json.RawMessage) (parley.Values, error),
) {
	tag, path := title(plural), "/v1/"+plural+"/{id}/variables"
	scope := func(action string) parley.Scope { return parley.Scope(plural + ":" + action) }
	register(a, operation{
		ID: "list-" + noun + "-variables", Method: http.MethodGet, Path: path, Tag: tag, Scope: scope("read"),
		Summary: "List the variables of " + article(noun), Answer: a.pageSchema(reflect.TypeFor[variable]()),
	}, func(ctx context.Context, c *call, in *IDParam) (page[variable], error) {
		id, err := pathID[I](in.ID, noun)
		if err != nil {
			return page[variable]{}, err
		}
		values, err := read(ctx, c.Caller.Organization, id)
		var vars []variable
		for _, name := range slices.Sorted(maps.Keys(values)) {
			vars = append(vars, variable{name, store.ValueType(values[name]), values[name]})
		}
		return pageOf(vars, "", err)
	})
	register(a, operation{
		ID: "set-" + noun + "-variable", Method: http.MethodPut, Path: path + "/{name}", Tag: tag, Scope: scope("write"),
		Summary: "Set a variable of " + article(noun), Body: a.components.Request(reflect.TypeFor[variableBody]()),
		Errors: []int{http.StatusConflict},
	}, func(ctx context.Context, c *call, in *variableParams) (variable, error) {
		id, err := pathID[I](in.ID, noun)
		if err != nil {
			return variable{}, err
		}
		var body variableBody
		if err := schema.Read(c.body, &body, schema.OfType[variableBody]()); err != nil {
			return variable{}, err
		}
		_, err = set(ctx, c.Caller, id, in.Name, body.Value)
		return variable{in.Name, store.ValueType(body.Value), body.Value}, err
	})
	register(a, operation{
		ID: "remove-" + noun + "-variable", Method: http.MethodDelete, Path: path + "/{name}", Tag: tag, Scope: scope("write"),
		Summary: "Remove a variable of " + article(noun), Doc: "Removing one that is not there is no error.", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *variableParams) (nothing, error) {
		id, err := pathID[I](in.ID, noun)
		if err != nil {
			return nothing{}, err
		}
		_, err = set(ctx, c.Caller, id, in.Name, nil)
		return nothing{}, err
	})
}

func (a *API) contactVariables() {
	variableRoutes(a, "contacts", "contact",
		func(ctx context.Context, org parley.OrganizationID, id parley.ContactID) (parley.Values, error) {
			c, err := a.Contacts.Get(ctx, org, string(id))
			return c.Variables, err
		},
		func(ctx context.Context, by parley.Caller, id parley.ContactID, name string, value json.RawMessage) (parley.Values, error) {
			c, err := a.Contacts.SetVariable(ctx, by, id, name, value)
			return c.Variables, err
		})
}

func (a *API) conversationVariables() {
	variableRoutes(a, "conversations", "conversation",
		func(ctx context.Context, org parley.OrganizationID, id parley.ConversationID) (parley.Values, error) {
			c, err := a.Conversations.Get(ctx, org, id)
			return c.Variables, err
		},
		func(ctx context.Context, by parley.Caller, id parley.ConversationID, name string, value json.RawMessage) (parley.Values, error) {
			c, err := a.Conversations.SetVariable(ctx, by, id, name, value)
			return c.Variables, err
		})
}
