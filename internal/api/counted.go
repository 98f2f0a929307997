package api

import (
	"net/http"

	"parley/internal/tally"
	"parley/internal/web"
)

// counted has a request counted when it is answered, a stream when it begins.
type counted struct {
	http.ResponseWriter
	tally *tally.Tally
	facts *web.Request
	done  bool
}

func (c *counted) count(status int) {
	if c.done {
		return
	}
	c.done = true
	if c.facts.Key != "" {
		c.tally.Count(c.facts.Org, c.facts.Key, status)
	}
}

func (c *counted) WriteHeader(status int) {
	c.count(status)
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Write(b []byte) (int, error) {
	c.count(http.StatusOK)
	return c.ResponseWriter.Write(b)
}

// end counts a request whose handler panicked: every other is answered by then.
func (c *counted) end() { c.count(http.StatusInternalServerError) }

// Unwrap lets http.ResponseController reach the connection.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }
