package e2e_test

import (
	"testing"
	"time"

	"parley/internal/testing/receiver"
	parleyapi "parley/sdk/go"
)

// A program that has nothing but the generated client and a receiver: it talks with a
// contact, is told of it, signed and in order, and hears it again when it asks to.
func TestTheGeneratedClientTellsTheStory(t *testing.T) {
	t.Parallel()
	s, r := newServer(t), receiver.New(t)
	ctx := t.Context()
	api, err := parleyapi.New(s.url, s.key(t))
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	endpoint, err := api.CreateWebhookWithResponse(ctx, nil, parleyapi.WebhookCreate{
		URL: r.URL, EventTypes: []string{"contact.created", "conversation.*", "message.*"}, Ordering: new(parleyapi.WebhookCreateOrderingStrict),
	})
	must(err)
	webhook := endpoint.JSON201
	r.Verify(t, webhook.Secret)

	contact, err := api.CreateContactWithResponse(ctx, nil, parleyapi.ContactCreate{Name: new("Ada"), Email: new("ada@example.org")})
	must(err)
	inboxes, err := api.ListInboxesWithResponse(ctx, nil)
	must(err)
	conversation, err := api.CreateConversationWithResponse(ctx, nil, parleyapi.ConversationCreate{
		ContactID: contact.JSON201.ID, InboxID: inboxes.JSON200.Data[0].ID, Subject: new("A cake"),
	})
	must(err)
	id := conversation.JSON201.ID
	for _, text := range []string{"How many guests?", "And when?", "With almonds?"} {
		_, err := api.CreateMessageWithResponse(ctx, id, nil, parleyapi.MessageCreate{Content: parleyapi.Text(text)})
		must(err)
	}
	listMessages(t, api, id)

	received := r.Wait(t, 5)
	var told parleyapi.EventContactCreated
	received[0].Decode(t, &told)
	if told.Data.Contact.ID != contact.JSON201.ID || r.Refused() > 0 {
		t.Errorf("the first event tells of %+v; %d signatures were wrong", told.Data.Contact, r.Refused())
	}
	s.waitForDeliveries(t, 5)
	redeliver(t, api, r, webhook.ID)
	rewind(t, api, r, webhook.ID, told.Sequence)
}

// listMessages goes through the messages one by one: the newest comes first.
func listMessages(t *testing.T, api *parleyapi.ClientWithResponses, conversation string) {
	t.Helper()
	var texts []string
	for message, err := range parleyapi.All(func(cursor *string) ([]parleyapi.Message, *string, error) {
		page, err := api.ListMessagesWithResponse(t.Context(), conversation, &parleyapi.ListMessagesParams{Limit: new(int64(1)), Cursor: cursor})
		if err != nil {
			return nil, nil, err
		}
		return page.JSON200.Data, page.JSON200.NextCursor, nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
		content, err := message.Content.AsContentText()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, content.Text)
	}
	if len(texts) != 3 || texts[0] != "With almonds?" || texts[2] != "How many guests?" {
		t.Errorf("the messages are %q", texts)
	}
}

func redeliver(t *testing.T, api *parleyapi.ClientWithResponses, r *receiver.Receiver, webhook string) {
	t.Helper()
	delivered := parleyapi.ListDeliveriesParamsStatusDelivered
	deliveries, err := api.ListDeliveriesWithResponse(t.Context(), webhook, &parleyapi.ListDeliveriesParams{Status: &delivered})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(deliveries.JSON200.Data); n != 5 {
		t.Fatalf("%d deliveries are listed, want 5", n)
	}
	newest := deliveries.JSON200.Data[0]
	if _, err := api.RedeliverWithResponse(t.Context(), newest.ID, nil); err != nil {
		t.Fatal(err)
	}
	if again := r.Wait(t, 6)[5]; again.ID != newest.EventID {
		t.Errorf("%s was sent again, want %s", again.ID, newest.EventID)
	}
}

// rewind goes back to a sequence, and compares what comes with what the log lists.
func rewind(t *testing.T, api *parleyapi.ClientWithResponses, r *receiver.Receiver, webhook string, first int64) {
	t.Helper()
	plan, err := api.RewindWebhookWithResponse(t.Context(), webhook, nil, parleyapi.RewindInput{To: parleyapi.At(first), DryRun: new(true)})
	if err != nil {
		t.Fatal(err)
	}
	if *plan.JSON200.Matching != 5 {
		t.Errorf("%d events would come again, want 5", *plan.JSON200.Matching)
	}
	r.Forget()
	if _, err := api.RewindWebhookWithResponse(t.Context(), webhook, nil, parleyapi.RewindInput{To: parleyapi.At(first)}); err != nil {
		t.Fatal(err)
	}
	received := r.Wait(t, 5)
	events, err := api.ListEventsWithResponse(t.Context(), &parleyapi.ListEventsParams{
		Types: new("contact.created,conversation.*,message.*"), After: new(first - 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, event := range events.JSON200.Data {
		if i >= len(received) || received[i].ID != event.ID {
			t.Errorf("event %d of the log, %s, did not come in its place", i, event.Type)
		}
		if time.Since(event.Timestamp) > time.Hour {
			t.Errorf("%s happened at %v", event.ID, event.Timestamp)
		}
	}
}
