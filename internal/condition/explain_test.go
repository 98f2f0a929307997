package condition_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/condition"
)

func TestExplainNamesThePartThatDecided(t *testing.T) {
	t.Parallel()
	e := example(t, "conversation.created")
	note := example(t, "note.created")
	open := `data.conversation.status == 'open'`
	for _, c := range []struct {
		text, part, reason string
		onNote             bool
		failed             bool
		values             string
	}{
		{
			text: `data.conversation.status == 'resolved'`, part: `data.conversation.status == 'resolved'`,
			reason: `It is false.`, values: `data.conversation.status="open"`,
		},
		{
			text: open + ` && data.contact.email.endsWith('@example.org') && false`, part: `data.contact.email.endsWith('@example.org')`,
			reason: `It is false.`, values: `data.contact.email="ada@example.com"`,
		},
		{
			text: " ( (" + open + `) &&` + "\n" + `  ('b' in data.conversation.labels || sequence < 5) )`, part: `'b' in data.conversation.labels || sequence < 5`,
			reason: `It is false.`, values: `data.conversation.labels=["vip"] sequence=4711`,
		},
		{
			text: open + ` && false || 'a' == ')&&"'`, part: open + ` && false || 'a' == ')&&"'`,
			reason: `It is false.`, values: `data.conversation.status="open"`,
		},
		{text: open + ` && 'a && b' != "" && r'\' == '' // && ''`, part: `r'\' == '' // && ''`, reason: `It is false.`},
		{
			text: `data.conversation.labels.exists(l, l == 'b' && true)`, part: `data.conversation.labels.exists(l, l == 'b' && true)`,
			reason: `It is false.`, values: `data.conversation.labels=["vip"]`,
		},
		{
			text: open + ` && data.conversation.subject == 'x'`, onNote: true, part: `data.conversation.subject == 'x'`,
			reason: `It is false.`, values: `data.conversation.subject="Where is my order?"`,
		},
		{
			text: `data.conversation.variables.plan == 'pro' && data.note.text == 'x'`, onNote: true, part: `data.note.text == 'x'`,
			reason: `It is false.`, values: `data.note.text="Asked the warehouse."`,
		},
		{
			text: `data.conversation.variables.plan == 'pro' && data.note.text != 'x'`, onNote: true, part: `data.conversation.variables.plan == 'pro'`,
			reason: `The event has no data.conversation.variables.`, values: `data.conversation.variables.plan=absent`,
		},
		{
			text: `data.conversation.variables.age > 4`, part: `data.conversation.variables.age > 4`,
			reason: `The event has no "age" there.`, values: `data.conversation.variables.age=absent`,
		},
		{
			text: `data.conversation.labels[3] == ''`, part: `data.conversation.labels[3] == ''`,
			reason: `The list is too short for the index 3.`, values: `data.conversation.labels[3]=absent`,
		},
		{
			text: `data.conversation.snoozed_until > timestamp`, part: `data.conversation.snoozed_until > timestamp`,
			reason: `Null stands where ">" needs a value.`, values: `data.conversation.snoozed_until=null timestamp=2026-11-20T12:00:00Z`,
		},
		{
			text: open + ` && data.conversation.variables.plan > 4`, part: `data.conversation.variables.plan > 4`, failed: true,
			reason: `">" does not take string and int.`, values: `data.conversation.variables.plan="pro"`,
		},
		{
			text: `!dyn(data).conversation.deleted`, part: `!dyn(data).conversation.deleted`,
			reason: `The event has no "deleted" there.`, values: `dyn(data).conversation.deleted=absent`,
		},
	} {
		about := e
		if c.onNote {
			about = note
		}
		x := compile(t, c.text, all).Explain(about)
		if x.Matched || x.Part != c.part || x.Reason != c.reason || x.Failed != c.failed || said(x.Values) != c.values {
			t.Errorf("%s: %+v, want %+v", c.text, x, c)
		}
		if !strings.HasPrefix(c.text[x.Offset:], x.Part) || x.Line != strings.Count(c.text[:x.Offset], "\n")+1 {
			t.Errorf("%s: the part is not at line %d, byte %d", c.text, x.Line, x.Offset)
		}
	}
	if x := compile(t, open, all).Explain(e); !x.Matched || x.Part != "" {
		t.Errorf("an event that matches: %+v", x)
	}
}

func said(values []condition.Value) string {
	var all []string
	for _, v := range values {
		all = append(all, fmt.Sprintf("%s=%s", v.Path, v.Value))
	}
	return strings.Join(all, " ")
}

func TestExplainShowsLongValuesShort(t *testing.T) {
	t.Parallel()
	e := custom(`{"text":"` + strings.Repeat("é", 5000) + `","list":[` + strings.Repeat(`"x",`, 1000) + `1]}`)
	x := compile(t, `dyn(data).text == 'x' || dyn(data).list == []`, all).Explain(e)
	if len(x.Values) != 2 {
		t.Fatalf("got %+v", x)
	}
	for _, v := range x.Values {
		if len(v.Value) > 220 || !strings.Contains(v.Value, "…") {
			t.Errorf("%s is shown in %d bytes", v.Path, len(v.Value))
		}
	}
}
