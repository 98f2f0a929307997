package docs

import (
	_ "embed"
	"html/template"

	"parley/internal/outbound"
)

// The receivers are whole programs, so that they can be run as they stand; tests
// run them.
var (
	//go:embed samples/receiver.go
	receiverGo string
	//go:embed samples/receiver.mjs
	receiverNode string
	//go:embed samples/receiver.py
	receiverPython string
	//go:embed samples/receiver.ru
	receiverRuby string
	//go:embed samples/receiver.php
	receiverPHP string
)

// sample is a receiver in one language.
type sample struct {
	Language string
	File     string
	Code     template.HTML
}

func receivers() []sample {
	return []sample{
		{"Go", "receiver.go", commented(receiverGo)},
		{"Node", "receiver.mjs", commented(receiverNode)},
		{"Python", "receiver.py", commented(receiverPython)},
		{"Ruby", "receiver.ru", commented(receiverRuby)},
		{"PHP", "receiver.php", commented(receiverPHP)},
	}
}

// vector is a signed request for integrators to try their own code on.
type vector struct {
	Secret, ID, Timestamp, Signature, Body string
}

func newVector() vector {
	const (
		secret = outbound.Secret("whsec_" + "UGFybGV5IGRvY3VtZW50YXRpb24gZXhhbXBsZSE=")
		id     = "evt_01kaf0v3bdfh5a9j7e2w4r6m8q"
		body   = `{"type":"webhook.test"}`
	)
	signer, err := outbound.NewSigner(secret)
	if err != nil {
		panic("docs: " + err.Error()) // the secret stands above
	}
	timestamp, signature := signer.Sign(id, 1795170600, []byte(body))
	return vector{string(secret), id, timestamp, signature, body}
}
