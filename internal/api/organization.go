package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/quota"
	"parley/internal/schema"
	"parley/internal/store"
)

// MatchParam is the version that a change is meant for.
type MatchParam struct {
	IfMatch string `header:"If-Match" doc:"Change the object only if this is still its ETag; else 412"`
}

func (a *API) organization() {
	answer := a.components.Answer(reflect.TypeFor[parley.Organization]())
	register(a, operation{
		ID: "get-organization", Method: http.MethodGet, Path: "/v1/organization", Tag: "Organization",
		Scope: "organization:read", Summary: "Get the API key's organization", Answer: answer,
	}, func(ctx context.Context, c *call, _ *noParams) (object[parley.Organization], error) {
		o, err := a.Account.Organization(ctx, c.Caller.Organization)
		return object[parley.Organization]{o, store.Organizations}, err
	})
	register(a, operation{
		ID: "get-organization-usage", Method: http.MethodGet, Path: "/v1/organization/usage", Tag: "Organization",
		Scope: "organization:read", Summary: "Get what the organization has of what it may have",
		Doc: "The limits are set by whoever runs the server. What goes beyond one is refused: see [quotas](/docs#quotas).",
	}, func(ctx context.Context, c *call, _ *noParams) (quota.Usage, error) {
		return a.Log.Quotas().Usage(ctx, c.Caller.Organization)
	})
	register(a, operation{
		ID: "update-organization", Method: http.MethodPatch, Path: "/v1/organization", Tag: "Organization",
		Scope: "organization:write", Summary: "Change the API key's organization", Answer: answer,
		Body: a.components.Update(reflect.TypeFor[parley.Organization]()), Errors: []int{http.StatusPreconditionFailed},
	}, func(ctx context.Context, c *call, in *MatchParam) (object[parley.Organization], error) {
		version, err := ifMatch(in.IfMatch)
		if err != nil {
			return object[parley.Organization]{}, err
		}
		o, err := a.Account.UpdateOrganization(ctx, c.Caller, version, func(o *parley.Organization) error {
			return schema.ReadUpdate(c.body, o)
		})
		return object[parley.Organization]{o, store.Organizations}, err
	})
}
