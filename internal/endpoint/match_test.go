package endpoint_test

import (
	"encoding/json"
	"testing"

	"parley"
	"parley/internal/endpoint"
)

func TestAnEventIsForAnEndpointOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	sale := func(data string) *parley.Event {
		return &parley.Event{Type: "custom.sale", Key: "k", Inbox: "inb_1", Data: json.RawMessage(data)}
	}
	test := &parley.Event{Type: "webhook.test", Key: "whk_1", Data: json.RawMessage("{}")}
	for name, c := range map[string]struct {
		w     parley.Webhook
		event *parley.Event
		want  endpoint.Verdict
	}{
		"all":           {parley.Webhook{EventTypes: []string{"*"}}, sale(`{}`), endpoint.Verdict{Outcome: endpoint.Matches}},
		"blank filter":  {parley.Webhook{EventTypes: []string{"*"}, Filter: " \n"}, sale(`{}`), endpoint.Verdict{Outcome: endpoint.Matches}},
		"inbox":         {parley.Webhook{EventTypes: []string{"custom.*"}, InboxIDs: []parley.InboxID{"inb_1"}}, sale(`{}`), endpoint.Verdict{Outcome: endpoint.Matches}},
		"filter":        {parley.Webhook{EventTypes: []string{"custom.*"}, Filter: "data.amount > 100"}, sale(`{"amount":101}`), endpoint.Verdict{Outcome: endpoint.Matches}},
		"its own test":  {parley.Webhook{ID: "whk_1", EventTypes: []string{"custom.*"}}, test, endpoint.Verdict{Outcome: endpoint.Matches}},
		"another's":     {parley.Webhook{ID: "whk_2", EventTypes: []string{"*"}}, test, endpoint.Verdict{endpoint.NotForThisEndpoint, "It is a test of another endpoint."}},
		"other type":    {parley.Webhook{EventTypes: []string{"contact.*"}}, sale(`{}`), endpoint.Verdict{endpoint.NotSubscribed, "The endpoint's event_types do not include custom.sale."}},
		"type first":    {parley.Webhook{EventTypes: []string{"contact.*"}, InboxIDs: []parley.InboxID{"inb_2"}}, sale(`{}`), endpoint.Verdict{endpoint.NotSubscribed, "The endpoint's event_types do not include custom.sale."}},
		"other inbox":   {parley.Webhook{EventTypes: []string{"*"}, InboxIDs: []parley.InboxID{"inb_2"}}, sale(`{}`), endpoint.Verdict{endpoint.OtherInbox, "The endpoint's inbox_ids do not include inb_1."}},
		"no inbox":      {parley.Webhook{EventTypes: []string{"*"}, InboxIDs: []parley.InboxID{"inb_2"}}, &parley.Event{Type: "custom.sale", Data: json.RawMessage("{}")}, endpoint.Verdict{endpoint.OtherInbox, "The event belongs to no inbox, and the endpoint has inbox_ids."}},
		"filtered":      {parley.Webhook{EventTypes: []string{"custom.*"}, Filter: "type == 'custom.sale' &&\n  data.amount > 100"}, sale(`{"amount":42}`), endpoint.Verdict{endpoint.Filtered, "The filter is not true at line 2, column 3: data.amount > 100: It is false. Here data.amount is 42."}},
		"absent":        {parley.Webhook{EventTypes: []string{"custom.*"}, Filter: "data.amount > 100"}, sale(`{}`), endpoint.Verdict{endpoint.Filtered, `The filter is not true at line 1, column 1: data.amount > 100: The event has no "amount" there. Here data.amount is absent.`}},
		"not decidable": {parley.Webhook{EventTypes: []string{"custom.*"}, Filter: "data.amount / 0 > 1"}, sale(`{"amount":42}`), endpoint.Verdict{endpoint.Undecided, "The filter has no answer at line 1, column 1: data.amount / 0 > 1: Division by zero. Here data.amount is 42."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := endpoint.NewMatcher(c.w)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Explain(c.event); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			if got := m.Wants(c.event); got != (c.want.Outcome == endpoint.Matches) {
				t.Errorf("it is wanted: %v", got)
			}
		})
	}
}

func TestAMatcherRefusesAFilterThatIsWrong(t *testing.T) {
	t.Parallel()
	if m, err := endpoint.NewMatcher(parley.Webhook{EventTypes: []string{"contact.*"}, Filter: "data.contact.nmae == ''"}); err == nil {
		t.Errorf("there is a matcher: %v", m)
	}
}
