package condition_test

import (
	"testing"

	"parley"
	"parley/internal/condition"
)

// BenchmarkMatch runs conditions on an event whose data has some 630 bytes.
func BenchmarkMatch(b *testing.B) {
	e := example(b, "conversation.created")
	for _, c := range []struct{ name, text string }{
		{"envelope", `type == 'contact.created'`},
		{"field", `data.conversation.status == 'open'`},
		{"list", `data.conversation.labels.exists(l, l == 'vip')`},
		{"pattern", `data.conversation.subject.matches('(?i)order|refund')`},
		{"three", `data.conversation.status == 'open' && data.conversation.labels.exists(l, l == 'vip') && data.contact.email.endsWith('@example.com')`},
		{"last", `has(data.previous.status) || data.contact.external_id == 'customer-42'`},
		{"absent", `data.note.text == 'x'`},
		{"null", `data.conversation.snoozed_until > timestamp`},
	} {
		condition := compile(b, c.text, all)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := condition.Match(e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, err := condition.Compile(`data.conversation.status == 'open' && data.conversation.labels.exists(l, l == 'vip')`, parley.Patterns{"*"})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExplain(b *testing.B) {
	e := example(b, "conversation.created")
	c := compile(b, `data.conversation.status == 'open' && 'spam' in data.conversation.labels`, all)
	for b.Loop() {
		if c.Explain(e).Matched {
			b.Fatal("it matched")
		}
	}
}
