package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/endpoint"
)

func (a *API) webhookVerification() {
	const tag, path = "Webhooks", "/v1/webhooks/{id}"
	register(a, operation{
		ID: "verify-webhook", Method: http.MethodPost, Path: path + "/verify", Tag: tag, Scope: "webhooks:write", Outward: true,
		Summary: "Verify an endpoint now", Errors: []int{http.StatusConflict},
		Doc: "Sends the endpoint its verification token and waits for the answer. If that is right the endpoint becomes active, and what was held is delivered; " +
			"if not, 409 says what came back. An endpoint that asks for no verification, or is verified already, is answered as it is.",
		Answer: a.components.Answer(reflect.TypeFor[parley.Webhook]()),
	}, func(ctx context.Context, c *call, in *IDParam) (webhookAnswer, error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return webhookAnswer{}, err
		}
		return webhookOf(a.Endpoints.Verify(ctx, c.Caller, id))
	})
	register(a, operation{
		ID: "list-webhook-public-keys", Method: http.MethodGet, Path: path + "/public_keys", Tag: tag, Scope: "webhooks:read",
		Summary: "List the keys that v1a signatures are verified with",
		Doc: "The newest first. During the overlap of a rotation there are several, and requests carry a signature for each; " +
			"an endpoint that does not ask for v1a signatures has none.",
		Answer: a.pageSchema(reflect.TypeFor[endpoint.PublicKey]()),
	}, func(ctx context.Context, c *call, in *IDParam) (page[endpoint.PublicKey], error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return page[endpoint.PublicKey]{}, err
		}
		keys, err := a.Endpoints.PublicKeys(ctx, c.Caller.Organization, id)
		return pageOf(keys, "", err)
	})
}
