package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/outbound"
)

// loopOrder is what a bare loop is told: what to send where for how long.
type loopOrder struct {
	URLs        []string      `json:"urls"` // each gets its share of the connections
	Connections int           `json:"connections"`
	Body        []byte        `json:"body"`
	Duration    time.Duration `json:"duration"`
}

// loopAnswer is what came of it.
type loopAnswer struct {
	Sent int64         `json:"sent"`
	Took time.Duration `json:"took"`
}

// loop is the bare loop: see the package's documentation.
func loop(ctx context.Context, orders *json.Decoder, answers *json.Encoder) error {
	signer, err := outbound.NewSigner(outbound.NewSecret())
	if err != nil {
		return err
	}
	ctx, cancel := untilInputEnds(ctx, orders, func(ctx context.Context, o loopOrder) error {
		answer, err := o.send(ctx, signer)
		if err != nil {
			return err
		}
		return answers.Encode(answer)
	})
	defer cancel(nil)
	<-ctx.Done()
	return whyEnded(ctx)
}

// send sends for as long as it is told.
func (o loopOrder) send(ctx context.Context, signer *outbound.Signer) (loopAnswer, error) {
	client := &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: o.Connections, DisableCompression: true},
	}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var sent atomic.Int64
	var running sync.WaitGroup
	begun := time.Now()
	for i := range o.Connections {
		running.Go(func() {
			for ctx.Err() == nil && time.Since(begun) < o.Duration {
				if err := post(ctx, client, o.URLs[i%len(o.URLs)], signer, o.Body); err != nil {
					cancel(err)
					return
				}
				sent.Add(1)
			}
		})
	}
	running.Wait()
	return loopAnswer{sent.Load(), time.Since(begun)}, context.Cause(ctx)
}

// post makes one signed request.
func post(ctx context.Context, client *http.Client, url string, signer *outbound.Signer, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	id := parley.MakeID("evt")
	timestamp, signature := signer.Sign(id, time.Now().Unix(), body)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Parley")
	request.Header.Set("Webhook-Id", id)
	request.Header.Set("Webhook-Timestamp", timestamp)
	request.Header.Set("Webhook-Signature", signature)
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the receiver answered %s", answer.Status)
	}
	return nil
}
