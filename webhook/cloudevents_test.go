package webhook_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/webhook"
)

const aCloudEvent = `{"specversion":"1.0","id":"evt_01kaf0v3bdfh5a9j7e2w4r6m8q","source":"urn:parley:org_01kaf0v3b1f8wr5q2n7m4t9xzc",` +
	`"type":"parley.contact.created","subject":"con_01kaf0v3b6f3nb8h5r0z7c4q9j","time":"2026-11-20T10:30:00.123Z","datacontenttype":"application/json",` +
	`"sequence":"0000000004711","organization":"org_01kaf0v3b1f8wr5q2n7m4t9xzc","inbox":"inb_01kaf0v3b5exy4m1s7d9g3w2kt","actortype":"system","actorid":"system",` +
	`"causeeventid":"evt_01kaf0v3bdfh5a9j7e2w4r6m8q","causeruleid":"aut_1","causedepth":"2","apiversion":"2026-11-20","data":{"contact":{"name":"Ada"},"previous":{}}}`

func TestACloudEventIsTheSameEvent(t *testing.T) {
	t.Parallel()
	r, called := receiver(t, webhook.WithoutDedup()), 0
	webhook.On(r, parley.ContactCreated, func(_ context.Context, e webhook.Event[parley.ContactEvent]) error {
		called++
		if e.Sequence != 4711 || *e.InboxID != "inb_01kaf0v3b5exy4m1s7d9g3w2kt" || e.Actor != parley.System || e.Timestamp.String() != "2026-11-20T10:30:00.123Z" ||
			*e.Cause != (parley.Cause{EventID: e.ID, RuleID: "aut_1", Depth: 2}) || *e.Data.Contact.Name != "Ada" || e.APIVersion != parley.APIVersion {
			t.Errorf("it is %+v", e)
		}
		return nil
	})
	want(t, post(t, r, "evt_1", []byte(aCloudEvent)), http.StatusNoContent)
	if called != 1 {
		t.Errorf("called %d times", called)
	}
	for right, wrong := range map[string]string{`"parley.contact.created"`: `"com.example"`, `"0000000004711"`: `"many"`, `"2"`: `"deep"`} {
		want(t, post(t, r, "evt_1", []byte(strings.Replace(aCloudEvent, right, wrong, 1))), http.StatusUnprocessableEntity)
	}
}
