package condition_test

import (
	"errors"
	"testing"
	"time"

	"parley"
	"parley/internal/condition"
)

// Whatever is written as a condition, it is refused with faults that lie within
// it, or it runs on every event to the same end each time; and soon.
func FuzzCondition(f *testing.F) {
	for _, seed := range []string{
		`data.conversation.status == 'open' && data.conversation.labels.exists(l, l == 'vip')`,
		`has(data.contact.email) && data.contact.email.matches('(?i)^ada@') || !(sequence in [1, 2])`,
		`timestamp - data.conversation.created_at < duration('24h') ? cause == null : actor.type != "user"`,
		`dyn(data).items.filter(i, i.n > 1.5).map(i, {'n': i.n, 'm': [i]})[0].m[0].n == 2u`,
		`data.conversation.variables.all(k, data.conversation.variables[k] == k + 'x') // so`,
		`int('7') + size(b'\xff') * -3 % 2 >= 1 / 0 && timestamp.getHours('+02:00') < 3`,
		"r'''a'''.contains(\"\"\"b\"\"\") || 'é'.substring(0, 1).upperAscii() == '\\u00e9'",
		`data == data && data != {} && [data] == [data] && type(data) == map`,
		`data.message.content.payload.list.sections.exists(s, s.items.exists(i, i.title == 'x'))`,
		`a ? b : c`, `has(data)`, `"`, `(((`, `1 = 2`, `x.y(z)`, ``,
	} {
		f.Add(seed)
	}
	events := []*parley.Event{
		example(f, "conversation.created"), example(f, "message.created"), example(f, "contact.updated"), example(f, "webhook.failing"),
		custom(`{"items":[{"n":2},{"n":1e2,"s":"x\n"}],"none":null,"flag":true,"o":{"a":{"b":[[]]}}}`),
	}
	types := []parley.Patterns{all, {"custom.*"}, {"message.*", "custom.paid"}}
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		for _, patterns := range types {
			c, err := condition.Compile(text, patterns)
			if err != nil {
				faultsLieWithin(t, text, err)
				continue
			}
			for _, e := range events {
				endsTheSame(t, c, e)
			}
		}
		if took := time.Since(start); took > 2*slow {
			t.Errorf("%q took %v", text, took)
		}
	})
}

func faultsLieWithin(t *testing.T, text string, err error) {
	var faults condition.Faults
	if !errors.As(err, &faults) || len(faults) == 0 || len(faults) > condition.MaxFaults {
		t.Fatalf("%q: %v", text, err)
	}
	for _, f := range faults {
		if f.Offset < 0 || f.Offset > len(text) || f.Line < 1 || f.Column < 1 || f.Message == "" {
			t.Errorf("%q: %+v", text, f)
		}
	}
}

func endsTheSame(t *testing.T, c *condition.Condition, e *parley.Event) {
	matched, err := c.Match(e)
	var fault *condition.Fault
	if err != nil && (matched || !errors.As(err, &fault)) {
		t.Fatalf("%q: %v, %v", c.Text(), matched, err)
	}
	if again, _ := c.Match(e); again != matched {
		t.Errorf("%q: %v, then %v", c.Text(), matched, again)
	}
	x := c.Explain(e)
	if x.Matched != matched || !matched && x.Part == "" {
		t.Errorf("%q: %v is explained as %+v", c.Text(), matched, x)
	}
}
