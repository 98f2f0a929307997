package main

import (
	"parley/internal/server"
)

type openapiCommand struct{}

// Run prints the OpenAPI document that a server of this program answers with.
func (openapiCommand) Run(p *program) error {
	_, err := p.stdout.Write(append(server.Document(), '\n'))
	return err
}
