package payload_test

import (
	"encoding/json"
	"testing"

	"parley"
	"parley/internal/payload"
)

const hook parley.WebhookID = "whk_01kaf0v3bcf4p7y5h2d8s1z6kt"

// example is a whole event of a declared type.
func example(t testing.TB, d parley.Declaration) *parley.Event {
	t.Helper()
	data, err := json.Marshal(d.Example)
	if err != nil {
		t.Fatal(err)
	}
	return (&parley.Event{
		Organization: "org_01kaf0v3b1f8wr5q2n7m4t9xzc", Sequence: 4711, ID: "evt_01kaf0v3bdfh5a9j7e2w4r6m8q", Type: d.Name,
		Inbox: "inb_01kaf0v3b5exy4m1s7d9g3w2kt", Key: "conv_01kaf0v3b9fh2c7d4z6s8w0x1p",
		Actor:     parley.Actor{Type: parley.ActorUser, ID: "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"},
		CreatedAt: 1795170600123, Data: data,
	}).Seal()
}

func BenchmarkRender(b *testing.B) {
	d, _ := parley.Declared(parley.MessageCreated.Name())
	e := example(b, d)
	for _, f := range payload.Formats() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(e.Data)))
			for b.Loop() {
				if _, err := f.Render(hook, e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
