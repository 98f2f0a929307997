package condition_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/internal/condition"
)

func TestFaultsSayWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	conversations := parley.Patterns{"conversation.*"}
	for _, c := range []struct {
		text    string
		column  int // on line 1
		message string
	}{
		{``, 1, `The condition is empty.`},
		{"  \n\t", 1, `The condition is empty.`},
		{"a\xffb", 1, `The text is not UTF-8.`},

		{`data.conversation.statuss == 'open'`, 19, `data.conversation has no field "statuss"; did you mean "status"?`},
		{`data.conversation.assigneeId == 'x'`, 19, `data.conversation has no field "assigneeId"; did you mean "assignee_id"?`},
		{`data.contact.age == 4`, 14, `data.contact has no field "age"; it has created_at, custom_fields, email, external_id, id, name, phone, sequence, updated_at and variables.`},
		{`data.message.id == 'x'`, 6, `data has no field "message"; it has assignee, by, contact, conversation, first, inbox, label, label_id and previous.`},
		{`data .  statuss == 'x'`, 9, `data has no field "statuss"; it has assignee, by, contact, conversation, first, inbox, label, label_id and previous.`},
		{`true && has(data.contact.emial)`, 26, `data.contact has no field "emial"; did you mean "email"?`},
		{`data.conversation.status.size == 4`, 26, `data.conversation.status is a string and has no field "size".`},
		{`actor.name == 'x'`, 7, `actor has no field "name"; it has id and type.`},
		{`conversation.status == 'open'`, 1, `There is no "conversation"; did you mean "data.conversation"?`},
		{`dta.conversation.status == 'open'`, 1, `There is no "dta"; did you mean "data"?`},
		{`user == 'x'`, 1, `There is no "user"; a condition speaks of actor, cause, data, id, inbox_id, organization_id, sequence, timestamp and type.`},

		{`data.conversation.status == 5`, 26, `"==" cannot compare string with int.`},
		{`data.conversation.status == null`, 26, `"==" cannot compare string with null.`},
		{`data.conversation.labels == 'vip'`, 26, `"==" cannot compare list(string) with string.`},
		{`data.contact.email == 5`, 20, `"==" cannot compare string or null with int.`},
		{`data.conversation.created_at > '2026-11-20'`, 30, `">" cannot compare a timestamp with a string; write timestamp('2026-11-20T10:30:00Z').`},
		{`data.conversation == 'open'`, 19, `"==" cannot compare data.conversation with string.`},
		{`'a' + 1 == 'a1'`, 5, `"+" does not take string and int.`},
		{`!data.conversation.status`, 1, `"!" does not take string.`},
		{`-data.conversation.status == 1`, 1, `"-" does not take string.`},
		{`data.conversation.status ? true : false`, 26, `"?:" needs true or false on its left and two values of one type, not string, bool and bool.`},
		{`data.conversation.status in 'open'`, 26, `On the right of "in" stands a list or a map of what is on its left, not string in string.`},
		{`data.conversation['status'] == 'open'`, 18, `"[]" does not take data.conversation and string.`},
		{`data.conversation.labels.exists(l, l == 1)`, 38, `"==" cannot compare string with int.`},
		{`data.conversation.status.exists(l, true)`, 18, `all, exists, exists_one, map and filter go over a list or a map, not a string.`},
		{`data.conversation.status.endswith('x')`, 26, `There is no function "endswith"; did you mean "endsWith"?`},
		{`data.conversation.status.endsWith(5)`, 26, `There is no string.endsWith(int); write string.endsWith(string).`},
		{`endsWith( 'x')`, 1, `There is no endsWith(string); write string.endsWith(string).`},
		{`data.conversation.labels.exists(l == 'vip')`, 26, `exists is written like list.exists(x, x == 'vip').`},
		{`frobnicate(1)`, 1, `There is no function "frobnicate".`},
		{`'a'.replace('a', 'b') == 'b'`, 5, `There is no function "replace".`},
		{`data.conversation.status`, 1, `A condition is true or false, and this is a string.`},
		{`  size(data.conversation.labels)`, 3, `A condition is true or false, and this is an int.`},
		{`data.conversation`, 1, `A condition is true or false, and this is data.conversation.`},

		{`data.conversation.subject.matches('(')`, 35, "This is no pattern that RE2 knows: missing closing ): `(`."},
		{`data.conversation.subject.matches('((a{100}){10}){10}')`, 35, "This is no pattern that RE2 knows: invalid repeat count: `{10}`."},
		{`data.conversation.subject.matches('(a{100}){10}')`, 35, `This pattern is too large; mind counts like {1000}.`},
		{`data.conversation.subject.matches(data.conversation.status)`, 52, `The pattern of matches must be written as a text; contains, startsWith and endsWith take any.`},
		{`timestamp('yesterday') < timestamp`, 11, `This is no timestamp; write one like timestamp('2026-11-20T10:30:00Z').`},
		{`timestamp - timestamp < duration('a day')`, 34, `This is no duration; write one like duration('36h') or duration('90s').`},
		{`timestamp.getHours('Mars') == 1`, 20, `There is no time zone "Mars"; zones are called Europe/Paris, UTC or +02:00.`},
		{`int('x') == 1`, 4, `This string cannot be read as int.`},

		{`data.conversation.status = 'open'`, 26, `To compare, write "==".`},
		{`data.conversation.status == “open”`, 29, `Strings stand between straight quotes, ' or ".`},
		{`data.conversation.status == 'open`, 29, `This string has no end.`},
		{`true & true`, 6, `"&" is not expected here; write && for and, || for or.`},
		{`true and true`, 6, `"and" is written && in a condition.`},
		{`true OR true`, 6, `"OR" is written || in a condition.`},
		{`not true`, 5, `"true" is not expected here.`},
		{`data.conversation.labels.exists(l, l == 'x'`, 44, `A ")" is missing here.`},
		{`data.conversation.status ==`, 28, `The condition ends too early.`},
		{`(true`, 6, `A ")" is missing here.`},
		{`true)`, 5, `")" is not expected here.`},
		{`has(data)`, 5, `has needs a field, as in has(data.contact.email).`},
		{`import == 1`, 1, `"import" is a word that CEL keeps for itself.`},
		{`99999999999999999999 == 1`, 1, `This number is too large.`},
		{`#`, 1, `"#" is not expected here.`},
	} {
		_, err := condition.Compile(c.text, conversations)
		var fault *condition.Fault
		if !errors.As(err, &fault) {
			t.Errorf("%s: %v, want a fault", c.text, err)
			continue
		}
		if fault.Line != 1 || fault.Column != c.column || fault.Message != c.message {
			t.Errorf("%s\n is %v\nwant line 1, column %d: %s", c.text, fault, c.column, c.message)
		}
	}
}

func TestAnUnknownFieldUnderAllTypesMayBeACustomEvents(t *testing.T) {
	t.Parallel()
	_, err := condition.Compile(`data.amount > 5`, all)
	const want = `line 1, column 6: data has no field "amount"; of custom events it is dyn(data).amount.`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestEveryFaultIsTold(t *testing.T) {
	t.Parallel()
	text := "data.conversation.stat == 'é' &&\n  data.contact.mail != null ||\n\tdta == 1"
	_, err := condition.Compile(text, all)
	var faults condition.Faults
	if !errors.As(err, &faults) || len(faults) != 3 {
		t.Fatalf("got %v", err)
	}
	for i, want := range []struct {
		line, column int
		at           string
	}{{1, 19, "stat "}, {2, 16, "mail"}, {3, 2, "dta"}} {
		f := faults[i]
		if f.Line != want.line || f.Column != want.column || !strings.HasPrefix(text[f.Offset:], want.at) {
			t.Errorf("fault %d is %v at byte %d, want line %d, column %d", i, f, f.Offset, want.line, want.column)
		}
	}
	if said := err.Error(); !strings.Contains(said, "line 3, column 2: There is no \"dta\"") {
		t.Errorf("said: %s", said)
	}

	_, err = condition.Compile(strings.Repeat("x == 1 || ", 30)+"true", all)
	if !errors.As(err, &faults) || len(faults) != condition.MaxFaults {
		t.Errorf("%d faults are told, want %d", len(faults), condition.MaxFaults)
	}
}

func TestAConditionHasLimits(t *testing.T) {
	t.Parallel()
	label := "data.conversation.labels.exists(%s, %s)"
	nested := func(depth int) string {
		text := "true"
		for i := range depth {
			text = fmt.Sprintf(label, string(rune('a'+i)), text)
		}
		return text
	}
	long := func(n int) string { return "type != '" + strings.Repeat("é", n-len("type != ''")) + "'" }
	for _, c := range []struct{ name, text, message string }{
		{"4,000 characters", long(4000), ""},
		{"4,001 characters", long(4001), "A condition has at most 4000 characters."},
		{"three loops", nested(3), ""},
		{"four loops", nested(4), "At most 3 of all, exists, exists_one, map and filter may stand within each other."},
		{"loops one after the other", "data.conversation.labels" + strings.Repeat(".filter(l, l != '')", 6) + " == []", ""},
		{"20 parentheses", strings.Repeat("(", 20) + "true" + strings.Repeat(")", 20), ""},
		{"100 parentheses", strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100), "The condition is nested too deeply: at most 40 parentheses, lists and the like within each other."},
		{"30 operands", "1" + strings.Repeat(" + 1", 30) + " == 31", ""},
		{"300 operands", "1" + strings.Repeat(" + 1", 300) + " == 301", "The condition is nested too deeply: at most 40 parentheses, lists and the like within each other."},
		{"200 alternatives", "sequence == 1" + strings.Repeat(" || sequence == 7", 200), ""},
		{"a list of 500", "sequence in [1" + strings.Repeat(", 7", 500) + "]", ""},
		{"150 loops", "true" + strings.Repeat(" && [1].all(a, a == 1)", 150), "The condition is too complex; make several of it, or a simpler one."},
	} {
		_, err := condition.Compile(c.text, all)
		var fault *condition.Fault
		switch {
		case c.message == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.message != "" && (!errors.As(err, &fault) || fault.Message != c.message):
			t.Errorf("%s: %v, want %s", c.name, err, c.message)
		}
	}
}

func TestTypesDecideWhatDataHas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		types parley.Patterns
		right bool
	}{
		{`data.conversation.variables.plan == 'pro'`, parley.Patterns{"conversation.*"}, true},
		{`data.conversation.variables.plan == 'pro'`, parley.Patterns{"message.created"}, false}, // it carries the short form
		{`data.conversation.variables.plan == 'pro'`, parley.Patterns{"message.created", "conversation.created"}, true},
		{`data.note.text != ''`, parley.Patterns{"conversation.*", "note.created"}, true},
		{`data.note.text != ''`, parley.Patterns{"conversation.*"}, false},
		{`data.note.text != ''`, all, true},
		{`data.note.text != ''`, nil, true},
		{`data.anything.at.all == 1`, parley.Patterns{"custom.paid"}, true},
		{`data.anything.at.all == 1`, parley.Patterns{"custom.*", "note.*"}, true},
		{`data.note.txt == ''`, parley.Patterns{"custom.*", "note.*"}, false},
		{`data.message.content.txt == ''`, all, false}, // a webhook's test has another message, and is not looked at
		{`data.message.startsWith('This')`, parley.Patterns{"webhook.test"}, true},
	} {
		_, err := condition.Compile(c.text, c.types)
		if (err == nil) != c.right {
			t.Errorf("%s for %v: %v", c.text, c.types, err)
		}
	}
}
