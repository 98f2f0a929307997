package condition_test

import (
	"errors"
	"testing"

	"parley"
	"parley/internal/condition"
)

func TestConditionsSpeakOfTheEvent(t *testing.T) {
	t.Parallel()
	e := example(t, "conversation.created")
	e.Cause = &parley.Cause{EventID: "evt_1", RuleID: "aut_1", Depth: 2}
	for text, want := range map[string]bool{
		`type == 'conversation.created'`:                                     true,
		`type.startsWith('contact.')`:                                        false,
		`id == 'evt_01kaf0v3b1f8wr5q2n7m4t9xze'`:                             true,
		`sequence > 4710 && sequence % 2 == 1`:                               true,
		`timestamp == timestamp('2026-11-20T12:00:00Z')`:                     true,
		`timestamp.getHours('Europe/Paris') == 13`:                           true,
		`timestamp.getHours() == 12 && timestamp.getDayOfWeek() == 5`:        true,
		`organization_id.startsWith('org_')`:                                 true,
		`inbox_id in ['inb_01kaf0v3b5exy4m1s7d9g3w2kt', 'inb_2']`:            true,
		`actor.type == 'user' && actor.id.startsWith('usr_')`:                true,
		`[actor].exists(a, a.type == 'user')`:                                true,
		`dyn(actor).type == 'user'`:                                          true,
		`has(cause.rule_id) && cause.depth > 1 && cause.event_id == 'evt_1'`: true,
		`cause != null && cause.rule_id == 'aut_2'`:                          false,

		`data.conversation.status == 'open'`:                                               true,
		`data.conversation.status in ['open', 'pending']`:                                  true,
		`data.conversation.labels.exists(l, l == 'vip')`:                                   true,
		`'vip' in data.conversation.labels`:                                                true,
		`data.conversation.labels == ['vip']`:                                              true,
		`['vip'] == data.conversation.labels`:                                              true,
		`data.conversation.labels + ['new'] == ['vip', 'new']`:                             true,
		`['new'] + data.conversation.labels == ['new', 'vip']`:                             true,
		`data.conversation.labels[0] == 'vip'`:                                             true,
		`data.conversation.labels.all(l, l != 'spam')`:                                     true,
		`size(data.conversation.labels) == 1`:                                              true,
		`data.conversation.labels.map(l, l.upperAscii()) == ['VIP']`:                       true,
		`data.conversation.subject.matches('(?i)ORDER')`:                                   true,
		`data.conversation.subject.lowerAscii().contains('where')`:                         true,
		`data.conversation.subject.substring(0, 5) == 'Where'`:                             true,
		`data.conversation.variables.plan == 'pro'`:                                        true,
		`data.conversation.variables['plan'] == 'pro'`:                                     true,
		`data.conversation.variables == {'plan': 'pro'}`:                                   true,
		`{'plan': 'pro'} == data.conversation.variables`:                                   true,
		`data.conversation.variables.exists(k, k == 'plan')`:                               true,
		`data.conversation.sequence == 8 && data.conversation.sequence < 8.5`:              true,
		`data.conversation.created_at > timestamp('2026-01-01T00:00:00Z')`:                 true,
		`timestamp - data.conversation.created_at < duration('24h')`:                       true,
		`data.conversation.snoozed_until == null`:                                          true,
		`data.conversation.assignee_id != null`:                                            true,
		`data.contact.email != null && data.contact.email.endsWith('@example.com')`:        true,
		`data.previous == {}`:                                                              true,
		`has(data.previous.status)`:                                                        false,
		`data.conversation.status == 'open' ? data.contact.name == 'Ada Lovelace' : false`: true,
		`type(data.conversation.status) == string`:                                         true,
	} {
		if got := match(t, text, all, e); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestWhatTheEventLacksNeitherMatchesNorFails(t *testing.T) {
	t.Parallel()
	e := example(t, "contact.created")
	e.Inbox = ""
	for text, want := range map[string]bool{
		`data.conversation.status == 'open'`:                               false,
		`data.conversation.status != 'open'`:                               false,
		`'open' != data.conversation.status`:                               false,
		`!(data.conversation.status == 'open')`:                            false,
		`data.conversation.labels.all(l, l != 'vip')`:                      false,
		`data.conversation.created_at < timestamp`:                         false,
		`data.contact.custom_fields.shoe_size > 40`:                        false,
		`data.contact.custom_fields['shoe size'] > 40`:                     false,
		`dyn(data).nothing.at.all == 1`:                                    false,
		`dyn(data)['nothing'] == 1`:                                        false,
		`[1, 2][5] == 1`:                                                   false,
		`cause.depth > 1`:                                                  false,
		`inbox_id.startsWith('inb_')`:                                      false,
		`data.conversation.status == 'open' || data.contact.email != null`: true,
		`data.contact.email != null || data.conversation.status == 'open'`: true,
		`has(data.conversation)`:                                           false,
		`has(data.conversation.status)`:                                    false,
		`has(data.conversation.variables.plan)`:                            false,
		`!has(data.conversation.status)`:                                   true,
		`!has(data.contact.custom_fields.shoe_size)`:                       true,
		`has(data.contact.custom_fields.height)`:                           true,
		`data.conversation == null`:                                        true,
		`data.conversation == null || data.conversation.status != 'open'`:  true,
		`data.conversation != null && data.conversation.status != 'open'`:  false,
		`inbox_id == null && cause == null`:                                true,
		`has(cause.depth)`:                                                 false,
		`!has(data.message.content.text)`:                                  true,
	} {
		if got := match(t, text, all, e); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestNullWhereAValueIsNeededNeitherMatchesNorFails(t *testing.T) {
	t.Parallel()
	contact := parley.Contact{ID: "con_1"}
	e := eventOf(t, "contact.created", parley.ContactEvent{Contact: contact})
	snoozed := example(t, "conversation.created")
	for _, c := range []struct {
		text string
		e    *parley.Event
		want bool
	}{
		{`data.contact.email == null`, e, true},
		{`dyn(data).contact.email || true`, e, true},
		{`dyn(data).contact.email || false`, e, false},
		{`!dyn(data).contact.email`, e, false},
		{`dyn(data).contact.email ? true : true`, e, false},
		{`[dyn(data).contact.email].exists(x, x)`, e, false},
		{`[dyn(data).contact.email, true].exists(x, x)`, e, true},
		{`data.contact.email != 'ada@example.com'`, e, true},
		{`has(data.contact.email)`, e, false},
		{`data.contact.email.endsWith('@example.com')`, e, false},
		{`!data.contact.email.endsWith('@example.com')`, e, false},
		{`data.contact.email.lowerAscii().endsWith('@example.com')`, e, false},
		{`data.contact.email.matches('^ada')`, e, false},
		{`data.contact.email < 'b'`, e, false},
		{`'b' < data.contact.email`, e, false},
		{`data.contact.email + 'x' == 'x'`, e, false},
		{`'x' + data.contact.email == 'x'`, e, false},
		{`size(data.contact.email) > 0`, e, false},
		{`data.contact.email in ['ada@example.com']`, e, false},
		{`data.contact.email.contains('ada') || data.contact.phone == null`, e, true},
		{`data.contact.variables == {} && size(data.contact.variables) == 0`, e, true},
		{`data.contact.variables.all(k, false)`, e, true},
		{`data.conversation.snoozed_until > timestamp`, snoozed, false},
		{`timestamp < data.conversation.snoozed_until`, snoozed, false},
		{`data.conversation.snoozed_until - timestamp > duration('1h')`, snoozed, false},
		{`data.conversation.snoozed_until.getHours() == 3`, snoozed, false},
		{`data.conversation.snoozed_until == null || data.conversation.snoozed_until > timestamp`, snoozed, true},
	} {
		if got := match(t, c.text, all, c.e); got != c.want {
			t.Errorf("%s: %v, want %v", c.text, got, c.want)
		}
	}
}

func TestValuesOfAnyTypeAreWhatJSONSays(t *testing.T) {
	t.Parallel()
	e := custom(` { "amount" : 5, "price":12.5, "round":5.0, "big":9007199254740993, "huge":1e3, "vast":123456789012345678901234567890,
		"paid":true, "open":false, "when":"2026-11-20T10:30:00Z", "text":"a\"b\u00e9\ud83d\ude00", "none":null,
		"items":[{"sku":"rye","n":2},{"sku":"bun","n":12}], "nested":{"a":{"b":[[1,2],[3]]}}, "k\u00e9y":1, "empty":{}, "nil":[] }`)
	for text, want := range map[string]bool{
		`data.amount == 5 && data.amount == 5.0 && data.amount > 4 && data.amount >= 4.5`:   true,
		`data.price > 12 && data.price < 13 && data.price == 12.5`:                          true,
		`data.round == 5 && data.amount == data.round`:                                      true,
		`data.big == 9007199254740993`:                                                      true,
		`data.big == 9007199254740992`:                                                      false,
		`data.huge == 1000 && data.vast > 1.0e29`:                                           true,
		`double(data.amount) * 1.5 == 7.5 && data.amount + 1 == 6`:                          true,
		`data.paid && !data.open`:                                                           true,
		`data.paid`:                                                                         true,
		`data.open`:                                                                         false,
		`data.none`:                                                                         false,
		`data.none == null && has(data.none) && !has(data.nope)`:                            true,
		`data.none > 3`:                                                                     false,
		`timestamp(data.when) < timestamp`:                                                  true,
		"data.text == 'a\"bé😀' && size(data.text) == 5":                                     true,
		`data['kéy'] == 1 && 'kéy' in data && data.exists(k, k == 'kéy')`:                   true,
		`data.items.exists(i, i.sku == 'bun' && i.n > 10)`:                                  true,
		`data.items.exists_one(i, i.n > 1)`:                                                 false,
		`data.items.filter(i, i.n > 10).map(i, i.sku) == ['bun']`:                           true,
		`data.items[1] == {'n': 12, 'sku': 'bun'} && data.items[1].sku == 'bun'`:            true,
		`{'sku': 'rye', 'n': 2.0} in data.items`:                                            true,
		`data.items == [{'sku': 'rye', 'n': 2}, {'sku': 'bun', 'n': 12}]`:                   true,
		`data.items == data.items && data == data && data != {}`:                            true,
		`data.nested.a.b[0][1] == 2 && data.nested.a.b == [[1, 2], [3]]`:                    true,
		`size(data.nested.a.b) == 2 && size(data) == 16`:                                    true,
		`data.empty == {} && data.nil == []`:                                                true,
		`type(data.items) == list && type(data.empty) == map && type(data.price) == double`: true,
		`data.items[1.0].sku == 'bun'`:                                                      true,
		`data.items[data.amount].sku == 'bun'`:                                              false,
	} {
		if got := match(t, text, parley.Patterns{"custom.*"}, e); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestCustomEventsBesideDeclaredOnes(t *testing.T) {
	t.Parallel()
	paid := custom(`{"amount":5,"conversation":"conv_1"}`)
	both := parley.Patterns{"custom.paid", "conversation.*"}
	for _, c := range []struct {
		text  string
		types parley.Patterns
		want  bool
	}{
		{`data.amount == 5`, parley.Patterns{"custom.*"}, true},
		{`data.amount == 5`, both, true},
		{`dyn(data).amount == 5`, all, true},
		{`dyn(data).amount == 5`, nil, true},
		{`data.conversation.status == 'open'`, both, false},
		{`dyn(data).conversation == 'conv_1'`, both, true},
		{`type == 'custom.paid' ? data.amount > 4 : data.conversation.status == 'open'`, both, true},
	} {
		if got := match(t, c.text, c.types, paid); got != c.want {
			t.Errorf("%s for %v: %v, want %v", c.text, c.types, got, c.want)
		}
	}
	if _, err := condition.Compile(`data.amount == 5`, all); err == nil {
		t.Error("a field that no declared type has is accepted under *")
	}
}

func TestAMemberOfTwoTypesIsOfAny(t *testing.T) {
	t.Parallel()
	types := parley.Patterns{"label.*", "conversation.label_added"}
	for name, want := range map[string]bool{"label.created": true, "conversation.label_added": true, "label.deleted": true} {
		if got := match(t, `data.label == 'vip' || data.label.name == 'vip'`, types, example(t, name)); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestRunsThatCannotGoOnSayWhere(t *testing.T) {
	t.Parallel()
	e := custom(`{"plan":"pro","n":0,"list":[1],"far":9223372036854775807,"s":"x"}`)
	for _, c := range []struct {
		text    string
		column  int
		message string
	}{
		{`data.plan > 3`, 11, `">" does not take string and int.`},
		{`true && data.plan.startsWith(data.n)`, 29, `"startsWith" does not take string and int.`},
		{`data.n.startsWith('x')`, 18, `"startsWith" does not take int and string.`},
		{`data.n.matches('x')`, 15, `"matches" does not take int.`},
		{`data.plan + 1 == 2`, 11, `"+" does not take string and int.`},
		{`-data.plan == 1`, 1, `"-" does not take string.`},
		{`3 in data.n`, 3, `"in" needs a list or a map on its right, not int.`},
		{`1 / data.n == 1`, 3, `Division by zero.`},
		{`1 % data.n == 1`, 3, `Modulus by zero.`},
		{`data.far + 1 > 0`, 10, `Integer overflow.`},
		{`timestamp(data.far) > timestamp`, 10, `Timestamp overflow.`},
		{`timestamp(data.s) > timestamp`, 10, `This string cannot be read as timestamp.`},
		{`data.plan`, 1, `A condition is true or false, and this is a string.`},
		{`data.plan && true`, 5, `True or false is needed here, not a string.`},
		{`data.plan ? true : false`, 5, `True or false is needed here, not a string.`},
		{`false || data.list[0]`, 19, `True or false is needed here, not an int.`},
		{`timestamp.getHours(data.s) > 1`, 19, `Unknown time zone x.`},
	} {
		matched, err := compile(t, c.text, parley.Patterns{"custom.*"}).Match(e)
		var fault *condition.Fault
		if matched || !errors.As(err, &fault) {
			t.Errorf("%s: %v, %v", c.text, matched, err)
			continue
		}
		if fault.Line != 1 || fault.Column != c.column || fault.Message != c.message {
			t.Errorf("%s: column %d: %s, want column %d: %s", c.text, fault.Column, fault.Message, c.column, c.message)
		}
	}
}

func TestDataThatIsNoJSONIsAnError(t *testing.T) {
	t.Parallel()
	c := compile(t, `data.n == 1`, parley.Patterns{"custom.*"})
	for _, data := range []string{``, ` `, `{`, `{"n":1`, `{"n":1}}`, `{"n" 1}`, `{n:1}`, `[1,]`, `{"n":tru}`, `{"n":"x}`, `{"n":"\`, `x`, `{"n":1,}`, `{"n":+}`} {
		if matched, err := c.Match(custom(data)); matched || err == nil {
			t.Errorf("%q: %v, %v", data, matched, err)
		}
	}
	typeOnly := compile(t, `type == 'custom.paid'`, parley.Patterns{"custom.*"})
	if matched, err := typeOnly.Match(custom(`{`)); !matched || err != nil {
		t.Errorf("data that is not asked for is read: %v, %v", matched, err)
	}
}
