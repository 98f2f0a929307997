package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/internal/schema"
)

// message is the body of a usual message, about 300 bytes.
var message = []byte(`{"direction":"outgoing","content":{"type":"text","text":"` + strings.Repeat("Your order is on its way. ", 9) + `"}}`)

func BenchmarkReadMessage(b *testing.B) {
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		var m parley.Message
		if err := schema.ReadCreate(message, &m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecodeMessage is what is paid without any check.
func BenchmarkDecodeMessage(b *testing.B) {
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		var m parley.Message
		if err := json.Unmarshal(message, &m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadButtons(b *testing.B) {
	raw := []byte(samples["buttons"])
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.Content(raw, "content"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadContact(b *testing.B) {
	raw := []byte(`{"name":"Ada Lovelace","email":"ada@example.com","phone":"+442079460000","external_id":"customer-42","custom_fields":{"height":168,"size":"M"},"variables":{"plan":"pro"}}`)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		var c parley.Contact
		if err := schema.ReadCreate(raw, &c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSyntax(b *testing.B) {
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		if err := schema.Syntax(message); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefuseHostile is the worst that a body of 1 MiB can ask for: a fault in
// every member.
func BenchmarkRefuseHostile(b *testing.B) {
	var body strings.Builder
	for i := range 90_000 {
		fmt.Fprintf(&body, `,"n%d":1`, i)
	}
	raw := []byte("{" + body.String()[1:] + "}")
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		var c parley.Contact
		if err := schema.ReadCreate(raw, &c); err == nil {
			b.Fatal("taken")
		}
	}
}
