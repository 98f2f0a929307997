// Command receiver is a webhook receiver as an integrator would write it: it knows
// nothing of Parley but a URL and a secret, and verifies with the stock library of
// the Standard Webhooks project.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	verifier, err := standardwebhooks.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
	if err != nil {
		log.Fatal("WEBHOOK_SECRET must be the endpoint's secret, whsec_…: ", err)
	}
	http.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := verifier.Verify(body, r.Header); err != nil { // before anything is believed
			fmt.Println("refused:", err)
			http.Error(w, "bad signature", http.StatusUnauthorized)
			return
		}
		var event struct {
			Type     string `json:"type"`
			Sequence int64  `json:"sequence"`
		}
		if err := json.Unmarshal(body, &event); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		// A real receiver stores the event here, keyed by webhook-id: one may come twice.
		fmt.Printf("verified %s (sequence %d, %s)\n", event.Type, event.Sequence, r.Header.Get("webhook-id"))
		w.WriteHeader(http.StatusNoContent)
	})
	fmt.Println("receiving on http://127.0.0.1:9000/")
	log.Fatal(http.ListenAndServe("127.0.0.1:9000", nil))
}
