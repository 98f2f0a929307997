package webhook_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"parley"
	"parley/internal/outbound"
	"parley/webhook"
)

// A receiver that counts how often each conversation was resolved. However often an
// event is sent, it counts once.
func Example() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // or each connection has a memory of its own
	if _, err := db.ExecContext(ctx, "create table cases (id text primary key, subject text, closed integer)"); err != nil {
		log.Fatal(err)
	}

	dedup, err := webhook.InDatabase(ctx, db, "cases", webhook.DatabaseOptions{})
	if err != nil {
		log.Fatal(err)
	}
	receiver, err := webhook.NewReceiver(webhook.Config{
		Keys:  []string{string(secret)}, // yours: os.Getenv("PARLEY_WEBHOOK_SECRET")
		Dedup: dedup,
	})
	if err != nil {
		log.Fatal(err)
	}
	webhook.On(receiver, parley.ConversationResolved, func(ctx context.Context, e webhook.Event[parley.ConversationEvent]) error {
		c := e.Data.Conversation
		_, err := e.Tx.ExecContext(ctx, `
			insert into cases (id, subject, closed) values ($1, $2, 1)
			on conflict (id) do update set closed = closed + 1`,
			c.ID, c.Subject)
		return err
	})
	http.Handle("POST /webhooks/parley", receiver)

	for range 3 {
		fmt.Println(deliver(http.DefaultServeMux, resolved))
	}
	var subject string
	var closed int
	if err := db.QueryRowContext(ctx, "select subject, closed from cases").Scan(&subject, &closed); err != nil {
		log.Fatal(err)
	}
	fmt.Println(subject, closed)
	// Output:
	// 204
	// 204
	// 204
	// Where is my order? 1
}

// Without a whole receiver: verify what came, then read it.
func ExampleVerifier() {
	verifier, err := webhook.NewVerifier(string(secret))
	if err != nil {
		log.Fatal(err)
	}
	handle := func(w http.ResponseWriter, r *http.Request, body []byte) {
		if err := verifier.Verify(r.Header, body); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		e, err := webhook.Parse(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		fmt.Println(e.Type, e.Sequence)
		if e, err := webhook.As(e, parley.ConversationResolved); err == nil {
			fmt.Println(*e.Data.Conversation.Subject)
		}
	}
	request := requestOf(resolved)
	handle(httptest.NewRecorder(), request, []byte(resolved))
	// Output:
	// conversation.resolved 4711
	// Where is my order?
}

const resolved = `{"id":"evt_01kaf0v3bdfh5a9j7e2w4r6m8q","type":"conversation.resolved","sequence":4711,"timestamp":"2026-11-20T10:30:00.123Z",` +
	`"api_version":"2026-11-20","organization_id":"org_01kaf0v3b1f8wr5q2n7m4t9xzc","inbox_id":null,"actor":{"type":"system","id":"system"},"cause":null,` +
	`"data":{"conversation":{"id":"conv_01kaf0v3b9fh2c7d4z6s8w0x1p","subject":"Where is my order?","assignee_id":"usr_01kaf0v3b2e1gs8k6w3p0d5hvy"},"previous":{"status":"open"}}}`

func requestOf(body string) *http.Request {
	signer, err := outbound.NewSigner(secret)
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/webhooks/parley", strings.NewReader(body))
	r.Header = header(signer, "evt_01kaf0v3bdfh5a9j7e2w4r6m8q", time.Now(), []byte(body))
	return r
}

// deliver sends a handler what Parley would.
func deliver(handler http.Handler, body string) int {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, requestOf(body))
	return w.Code
}
