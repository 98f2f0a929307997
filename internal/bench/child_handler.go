package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// handlerOrder is what a bare handler is told: what to answer.
type handlerOrder struct {
	Status int    `json:"status"`
	Answer []byte `json:"answer"`
}

// handle is the bare handler: see the package's documentation.
func handle(ctx context.Context, orders *json.Decoder, answers *json.Encoder) error {
	var order handlerOrder
	if err := orders.Decode(&order); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := answers.Encode(childAddress{"http://" + listener.Addr().String()}); err != nil {
		return err
	}
	ctx, cancel := untilInputEnds(ctx, orders, func(context.Context, struct{}) error { return errors.New("a bare handler takes one order") })
	defer cancel(nil)
	server := &http.Server{Handler: order}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return whyEnded(ctx)
}

// written is a message as it is sent.
type written struct {
	Direction string `json:"direction"`
	Content   struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"content"`
}

// ServeHTTP decodes the request's body, if it has one, and answers.
func (o handlerOrder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		var body written
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(text, &body)
		}
		if err != nil || body.Content.Text == "" {
			http.Error(w, "not a message", http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(o.Status)
	_, _ = w.Write(o.Answer) // the client may have gone: nobody to tell
}
