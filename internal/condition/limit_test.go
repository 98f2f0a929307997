package condition_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/condition"
)

// slow is far more than a run may take, so that a busy machine does not fail a test;
// without limits, each of these takes longer than anybody waits, or all the memory.
const slow = 5 * time.Second

func listOf(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

func TestRunsAreStoppedWhenTheyCostTooMuch(t *testing.T) {
	t.Parallel()
	mega := strings.Repeat("a", 1<<20)
	numbers := `{"l":` + listOf(50_000, "1") + `,"m":` + listOf(50_000, "1")
	for _, c := range []struct{ name, text, data string }{
		{"loops in loops", `data.l.all(a, data.l.all(b, data.l.all(c, a == b || b != c)))`, numbers + `}`},
		{"lists of lists", `size(data.l.map(a, data.l.map(b, data.l))) > 0`, numbers + `}`},
		{"a search in each step", `data.l.all(a, !(2 in data.l))`, numbers + `}`},
		{"the last item in each step", `data.l.all(a, data.l[49999] == 1)`, numbers + `}`},
		{"lists compared in each step", `data.l.all(a, data.l == data.m)`, numbers + `}`},
		{"lists of the same list", `[data.l.map(x, x)].exists(y, [[y,y,y,y,y,y,y,y]].exists(z, [z,z,z,z,z,z,z] == [z,z,z,z,z,z,z] && [[z,z,z,z,z,z]].exists(w, [w,w,w,w,w] == [w,w,w,w,w])))`, `{"l":` + listOf(10_000, "1") + `}`},
		{"long texts compared in lists", `[data.s].exists(s, [data.t].exists(t, data.l.map(x, s) == data.l.map(x, t)))`, `{"l":` + listOf(8000, "1") + `,"s":"` + mega[:400_000] + `","t":"` + mega[:400_000] + `"}`},
		{"a long text searched in a list", `[data.s].exists(s, [data.t].exists(t, t in data.l.map(x, s)))`, `{"l":` + listOf(8000, "1") + `,"s":"` + mega[:400_000] + `","t":"` + mega[:400_000] + `"}`},
		{"lists joined in each step", `data.l.all(x, size(data.l + data.l + data.m) > 0)`, numbers + `}`},
		{"the last member in each step", `data.l.all(a, data.o.z == 1)`, numbers + `,"o":{` + strings.Repeat(`"a":1,`, 50_000) + `"z":1}}`},
		{"a long text counted", `data.l.all(a, size(data.s) > 0)`, numbers + `,"s":"` + mega + `"}`},
		{"a long text copied", `size(data.l.map(a, data.s)) > 0`, numbers + `,"s":"` + mega + `"}`},
		{"an escaped text copied", `size(data.l.map(a, data.s)) > 0`, numbers + `,"s":"\n` + mega[:1000] + `"}`},
		{"a long text doubled", `size(data.s + data.s + data.s + data.s + data.s + data.s) > 0`, `{"s":"` + mega + `"}`},
		{"a long number read", `data.l.all(a, double(data.s) > 0.0)`, numbers + `,"s":"` + strings.Repeat("1", 1<<20) + `"}`},
		{"a long text searched", `data.l.all(x, !data.s.contains(data.t))`, numbers + `,"s":"` + mega[:100_000] + `","t":"` + mega[:50_000] + `b"}`},
		{"a large pattern", `data.s.matches('(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[b-z]$')`, `{"s":"` + mega + `"}`},
		{"a pattern in each step", `data.l.all(x, !data.s.matches('(.*)(.*)(.*)(.*)[b-z]$'))`, numbers + `,"s":"` + mega[:100] + `"}`},
		{"a time zone in each step", `data.l.all(x, timestamp.getHours('America/New_York') >= 0)`, numbers + `}`},
		{"texts made in each step", `data.l.all(x, data.s.upperAscii().lowerAscii().trim().substring(1) != '')`, numbers + `,"s":"` + mega[:5000] + `"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			condition := compile(t, c.text, parley.Patterns{"custom.*"})
			start := time.Now()
			matched, err := condition.Match(custom(c.data))
			if took := time.Since(start); took > slow {
				t.Errorf("it took %v", took)
			}
			if matched || err == nil || !strings.Contains(err.Error(), "too much work") {
				t.Errorf("got %v, %v", matched, err)
			}
		})
	}
}

func TestLargeEventsAreNoTrouble(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("All is well with the ovens. ", 25_000) + "Refund!"
	e := custom(`{"list":` + listOf(50_000, `"x"`) + `,"text":"` + text + `","last":1}`)
	for condition, want := range map[string]bool{
		`data.last == 1`:                     true,
		`data.text.contains('Refund!')`:      true,
		`data.text.endsWith('Refund!')`:      true,
		`'y' in data.list`:                   false,
		`data.list == data.list`:             true,
		`size(data.list) == 50000`:           true,
		`data.list[49999] == 'x'`:            true,
		`data.list.exists(x, x == 'nobody')`: false,
	} {
		matched, err := compile(t, condition, parley.Patterns{"custom.*"}).Match(e)
		if matched != want {
			t.Errorf("%s: %v, %v", condition, matched, err)
		}
	}
	deep := strings.Repeat(`{"a":[`, 32) + "1" + strings.Repeat("]}", 32)
	if !match(t, `data == data`, parley.Patterns{"custom.*"}, custom(deep)) {
		t.Error("data that is as deep as it may be does not equal itself")
	}
}

func TestTextsThatTakeLongToReadAreRefusedSoon(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"parentheses":   strings.Repeat("(", 2000) + "1" + strings.Repeat(")", 1999),
		"brackets":      strings.Repeat("[", 3999),
		"negations":     strings.Repeat("!", 3990) + "true",
		"fields":        "data" + strings.Repeat(".a", 1990),
		"alternatives":  strings.Repeat("a?a:", 999) + "a",
		"loops":         strings.Repeat("[1].exists(a,", 100) + "true" + strings.Repeat(")", 100),
		"more loops":    "true" + strings.Repeat("&&[1].exists(a,a==1)", 190),
		"presence":      strings.Repeat("has(a.b)&&", 380) + "true",
		"indexes":       "data" + strings.Repeat("[0]", 1300),
		"quotes":        strings.Repeat("'", 3999),
		"calls":         strings.Repeat("a(", 1990),
		"comparisons":   "1" + strings.Repeat("<1", 1900),
		"a list":        "[" + strings.Repeat("1,", 1990) + "1]==[1.5]",
		"maps":          strings.Repeat("{1:", 1300),
		"words":         strings.Repeat("x y ", 900),
		"letters":       strings.Repeat("é", 3999),
		"question mark": strings.Repeat("?", 3999),
		"comments":      strings.Repeat("//\n", 1300) + "true",
	} {
		start := time.Now()
		_, err := condition.Compile(text, all)
		if took := time.Since(start); took > slow {
			t.Errorf("%s took %v: %v", name, took, err)
		}
		var faults condition.Faults
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOneConditionServesManyAtOnce(t *testing.T) {
	t.Parallel()
	events := []*parley.Event{
		example(t, "conversation.created"), example(t, "contact.created"), example(t, "message.created"),
		custom(`{"s":"x","far":9223372036854775807,"n":null}`),
	}
	texts := []string{
		`data.conversation.labels.exists(l, l == 'vip') && data.contact.email.matches('^ada@')`,
		`data.conversation.snoozed_until > timestamp`,
		`timestamp(dyn(data).far) > timestamp`,
		`dyn(data).s.getHours() == 1`,
		`dyn(data).n + 1 == 2 || data.message.content.text.contains('way')`,
	}
	for _, text := range texts {
		c := compile(t, text, all)
		want := outcomes(c, events)
		for i := range 4 {
			t.Run(fmt.Sprint(text, " ", i), func(t *testing.T) {
				t.Parallel()
				for range 50 {
					if got := outcomes(c, events); got != want {
						t.Fatalf("%s, want %s", got, want)
					}
				}
				compile(t, text, all)
			})
		}
	}
}

func outcomes(c *condition.Condition, events []*parley.Event) string {
	said := ""
	for _, e := range events {
		matched, err := c.Match(e)
		said += fmt.Sprintln(matched, err, c.Explain(e).Part)
	}
	return said
}
