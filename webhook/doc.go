// Package webhook is for programs that receive Parley's webhooks: it verifies them,
// reads them into typed events, and sees to it that an event which comes twice has
// its effect once.
//
//	dedup, err := webhook.InDatabase(ctx, db, "crm", webhook.DatabaseOptions{})
//	…
//	receiver, err := webhook.NewReceiver(webhook.Config{
//		Keys:  []string{os.Getenv("PARLEY_WEBHOOK_SECRET")},
//		Dedup: dedup,
//	})
//	…
//	webhook.On(receiver, parley.ConversationResolved, func(ctx context.Context, e webhook.Event[parley.ConversationEvent]) error {
//		_, err := e.Tx.ExecContext(ctx, "update cases set closed = closed + 1 where id = $1", e.Data.Conversation.ID)
//		return err
//	})
//	http.Handle("/webhooks/parley", receiver)
//
// What a Receiver promises: nothing reaches a handler whose signature is not good, or
// was made more than five minutes ago. With [InDatabase] the id of an event and what
// its handler does in the event's transaction are committed together, or neither is:
// however often the event comes, and to however many processes at once, its effect
// happens exactly once. An event whose handler fails is answered with 500, so Parley
// sends it again.
//
// The parts can be used without the whole: [Verifier], [Parse] and [Dedup].
//
// Besides the standard library it imports package parley, for the types of events and
// what their data hold.
package webhook
