package main

import (
	"errors"
	"fmt"

	"parley/cmd/parley/client"
)

// defaultURL is where `parley dev` listens unless it is told otherwise.
const defaultURL = "http://127.0.0.1:8080"

// connection says which server to speak to and with which key.
type connection struct {
	URL    string `name:"url" help:"Where the server is reached; ${default_url} if not given." placeholder:"URL"`
	APIKey string `name:"api-key" help:"API key to use." placeholder:"KEY"`
}

// client gives the server that the flags name. Where they name none, and `parley
// dev` has left its credentials here, it is that one.
func (c connection) client(p *program) (*client.Client, error) {
	if c.URL == "" && c.APIKey == "" {
		path := credentialsFile("./data")
		kept, found, err := readCredentials(path)
		if err != nil {
			return nil, err
		}
		if found {
			fmt.Fprintf(p.stderr, "Using %s with the key in %s.\n", kept.URL, path)
			c.URL, c.APIKey = kept.URL, kept.APIKey
		}
	}
	if c.APIKey == "" {
		return nil, errors.New("there is no API key: set PARLEY_API_KEY, or run this where `parley dev` runs")
	}
	if c.URL == "" {
		c.URL = defaultURL
	}
	return client.New(c.URL, c.APIKey)
}
