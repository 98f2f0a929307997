package server

import "parley/internal/vault"

// Document is the OpenAPI document that a server of this program answers with at
// /openapi.json. It takes no database and no address: nothing is opened.
func Document() []byte {
	s := &Server{logger: Config{}.logger(), vault: vault.Ephemeral()}
	s.parts()
	defer s.client.Close()
	defer s.sandbox.Close()
	s.api.Handler()
	return s.api.Document()
}
