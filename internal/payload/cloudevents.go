package payload

import (
	"encoding/json"
	"strconv"

	"parley"
)

// cloudEvent is the structured JSON of CloudEvents 1.0. What the envelope tells and
// the specification has no attribute for goes into extensions, whose names it wants in
// lower case without signs; those that have no value are left out, as it says.
func cloudEvent(_ parley.WebhookID, e *parley.Event) ([]byte, error) {
	b := make([]byte, 0, 640+len(e.Data))
	b = append(b, `{"specversion":"1.0","id":"`...)
	b = append(b, e.ID...)
	b = append(b, `","source":"urn:parley:`...)
	b = append(b, e.Organization...)
	b = append(b, `","type":"parley.`...)
	b = append(b, e.Type...)
	b = append(b, '"')
	if e.Key != "" {
		b = append(b, `,"subject":`...)
		b = appendText(b, e.Key)
	}
	b = append(b, `,"time":"`...)
	b, _ = e.CreatedAt.AppendText(b)
	b = append(b, `","datacontenttype":"application/json","sequence":"`...)
	b = appendSequence(b, e.Sequence)
	b = append(b, `","organization":"`...)
	b = append(b, e.Organization...)
	if e.Inbox != "" {
		b = append(b, `","inbox":"`...)
		b = append(b, e.Inbox...)
	}
	b = append(b, `","actortype":"`...)
	b = append(b, e.Actor.Type...)
	b = append(b, `","actorid":"`...)
	b = append(b, e.Actor.ID...)
	if e.Cause != nil {
		b = append(b, `","causeeventid":"`...)
		b = append(b, e.Cause.EventID...)
		b = append(b, `","causeruleid":"`...)
		b = append(b, e.Cause.RuleID...)
		b = append(b, `","causedepth":"`...)
		b = strconv.AppendInt(b, int64(e.Cause.Depth), 10)
	}
	b = append(b, `","apiversion":"`+parley.APIVersion+`","data":`...)
	b = append(b, e.Data...)
	return append(b, '}'), nil
}

// appendSequence writes a sequence with leading zeros: the extension of that name is a
// text, whose order is that of the events.
func appendSequence(b []byte, seq int64) []byte {
	const digits = 13 // of the largest there can be, see [parley.NewEventID]
	number := strconv.AppendInt(nil, seq, 10)
	for range digits - len(number) {
		b = append(b, '0')
	}
	return append(b, number...)
}

// appendText writes a text of a client's as JSON.
func appendText(b []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // a text always encodes
	return append(b, quoted...)
}
