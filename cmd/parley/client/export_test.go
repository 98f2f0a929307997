package client

import (
	"context"
	"net"
	"net/http"
)

// Via has the client connect by other means.
func (c *Client) Via(dial func(ctx context.Context, network, addr string) (net.Conn, error)) {
	c.http.Transport = &http.Transport{DialContext: dial, DisableKeepAlives: true}
}
