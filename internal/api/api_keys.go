package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/schema"
	"parley/internal/store"
)

// keyShown is an API key when it is made, the only time that it is shown.
type keyShown struct {
	parley.APIKey
	Key string `json:"key" doc:"The key itself: shown now and never again" example:"parley_…"`
}

func (a *API) apiKeys() {
	const tag, path = "API keys", "/v1/api_keys"
	answer := a.components.Answer(reflect.TypeFor[parley.APIKey]())
	register(a, operation{
		ID: "create-api-key", Method: http.MethodPost, Path: path, Tag: tag, Scope: "api_keys:write", Status: http.StatusCreated,
		Summary: "Create an API key", Doc: "A key can have at most the scopes of the key that makes it.",
		Body: a.components.Create(reflect.TypeFor[parley.APIKey]()),
	}, func(ctx context.Context, c *call, _ *noParams) (keyShown, error) {
		var k parley.APIKey
		schema.Defaults(&k)
		if err := schema.ReadCreate(c.body, &k); err != nil {
			return keyShown{}, err
		}
		key, made, err := a.Account.CreateKey(ctx, c.Caller, c.Scopes, k)
		return keyShown{made, key}, err
	})
	list[parley.APIKey, everything](a, "api_keys", "Revoked keys are listed too.",
		func(ctx context.Context, org parley.OrganizationID, p store.Page, _ store.Filter) ([]parley.APIKey, string, error) {
			return a.Account.Keys(ctx, org, p)
		})
	register(a, operation{
		ID: "get-api-key", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Scope: "api_keys:read",
		Summary: "Get an API key", Answer: answer,
	}, func(ctx context.Context, c *call, in *IDParam) (object[parley.APIKey], error) {
		id, err := pathID[parley.APIKeyID](in.ID, "API key")
		if err != nil {
			return object[parley.APIKey]{}, err
		}
		k, err := a.Account.Key(ctx, c.Caller.Organization, id)
		return object[parley.APIKey]{k, store.APIKeys}, err
	})
	register(a, operation{
		ID: "revoke-api-key", Method: http.MethodDelete, Path: path + "/{id}", Tag: tag, Scope: "api_keys:write",
		Summary: "Revoke an API key", Doc: "It stops working at once. It stays listed, with `revoked_at`.", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *IDParam) (nothing, error) {
		id, err := pathID[parley.APIKeyID](in.ID, "API key")
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, a.Account.RevokeKey(ctx, c.Caller, id)
	})
}
