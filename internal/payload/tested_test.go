package payload_test

import (
	"bytes"
	"testing"

	"parley"
	"parley/internal/payload"
)

// A test that asks for the example of a type is sent as that example, in every format,
// under its own id.
func TestATestIsSentAsTheExampleItAsksFor(t *testing.T) {
	t.Parallel()
	at := parley.Now()
	for _, d := range parley.Catalogue() {
		for _, f := range payload.Formats() {
			asks := parley.WebhookTestEvent{Sample: &d.Name}
			asks.Webhook.ID = "whk_01kaf0v3bcf4p7y5h2d8s1z6kt" // as the examples have it
			asks.Webhook.InboxIDs = []parley.InboxID{parley.NewID[parley.InboxID]()}
			data, err := parley.JSON(asks)
			if err != nil {
				t.Fatal(err)
			}
			test := &parley.Event{
				Organization: parley.NewID[parley.OrganizationID](), Sequence: 17, ID: "evt_01kaf0v3bdfh5a9j7e2w4r6m9z", Type: parley.WebhookTested.Name(),
				Key: string(hook), Actor: parley.System, CreatedAt: at, Data: data,
			}
			want := payload.Example(d)
			want.Organization, want.Sequence, want.ID, want.Actor, want.CreatedAt = test.Organization, 17, test.ID, test.Actor, at
			if d.OfInbox() {
				want.Inbox = asks.Webhook.InboxIDs[0]
			}
			got, err := f.Body(hook, test.Seal())
			if err != nil {
				t.Errorf("%s in format %s: %v", d.Name, f.Name, err)
				continue
			}
			if expected, err := f.Body(hook, want); err != nil || !bytes.Equal(got, expected) {
				t.Errorf("%s in format %s:\n got %s\nwant %s %v", d.Name, f.Name, got, expected, err)
			}
		}
	}
}
