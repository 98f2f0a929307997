package outbound

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

const senders = 64 // at once, spread over the processors

// BenchmarkSend compares Send with a bare loop that signs and posts through plain
// net/http, against the same receiver in the same process. The figure "× bare"
// is how many requests Send makes in the time of one of the loop's.
func BenchmarkSend(b *testing.B) {
	body := []byte(`{"id":"evt_01jd0000000000000000000000","data":"` + strings.Repeat("x", 550) + `"}`)
	var bare float64
	b.Run("bare", func(b *testing.B) {
		url := quietReceiver(b)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: 10 * time.Second}
		defer client.CloseIdleConnections()
		inParallel(b, func() error { return post(client, url, body) })
		bare = nsPerRequest(b)
	})
	b.Run("send", func(b *testing.B) {
		url := quietReceiver(b)
		c := New(Policy{AllowHTTP: true, AllowPrivate: true}, Options{})
		defer c.Close()
		target := must(c.Target(url, nil))(b)
		signer := must(NewSigner(NewSecret()))(b)
		inParallel(b, func() error {
			got := c.Send(b.Context(), &Request{Target: target, Body: body, Signature: &Signature{ID: "evt_01jd", Signer: signer}})
			if !got.OK() {
				return got.Failure
			}
			return nil
		})
		if bare > 0 {
			b.ReportMetric(bare/nsPerRequest(b), "×bare")
		}
	})
}

func inParallel(b *testing.B, send func() error) {
	b.ReportAllocs()
	b.SetParallelism(senders / 2)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := send(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(1e9/nsPerRequest(b), "requests/s")
}

func nsPerRequest(b *testing.B) float64 { return float64(b.Elapsed().Nanoseconds()) / float64(b.N) }

// quietReceiver reads requests and answers 204 with as little as that takes, so
// that what is measured is the sender: it allocates nothing for a request.
func quietReceiver(b testing.TB) string {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(b)
	var serving sync.WaitGroup
	var open []net.Conn
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				break
			}
			open = append(open, conn)
			serving.Go(func() { answerQuietly(conn) })
		}
		for _, conn := range open {
			conn.Close()
		}
	})
	b.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return "http://" + listener.Addr().String() + "/hook"
}

func answerQuietly(conn net.Conn) {
	buf, n := make([]byte, 64<<10), 0
	answer := []byte("HTTP/1.1 204 No Content\r\nDate: Fri, 20 Nov 2026 08:00:00 GMT\r\n\r\n")
	for {
		more, err := conn.Read(buf[n:])
		if err != nil {
			return
		}
		n += more
		head, rest, whole := bytes.Cut(buf[:n], []byte("\r\n\r\n"))
		if !whole || len(rest) < lengthIn(head) {
			continue
		}
		n = 0
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

func lengthIn(head []byte) (n int) {
	_, after, _ := bytes.Cut(head, []byte("Content-Length: "))
	for _, c := range after {
		if !digit(c) {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// post is what a reader of the specification would write.
func post(client *http.Client, url string, body []byte) error {
	request, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	now := time.Now().Unix()
	mac := hmac.New(sha256.New, []byte("a secret of thirty-two bytes, so"))
	fmt.Fprintf(mac, "%s.%d.", "evt_01jd", now)
	mac.Write(body)
	request.Header.Set("content-type", "application/json")
	request.Header.Set("webhook-id", "evt_01jd")
	request.Header.Set("webhook-timestamp", fmt.Sprint(now))
	request.Header.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

func BenchmarkSign(b *testing.B) {
	for name, size := range map[string]int{"600 B": 600, "16 KiB": 16 << 10} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			body := make([]byte, size)
			signer := must(NewSigner(NewSecret()))(b)
			for b.Loop() {
				signer.Sign("evt_01jd0000000000000000000000", 1_800_000_000, body)
			}
		})
	}
}

func TestASendAllocatesLittle(t *testing.T) {
	url := quietReceiver(t)
	c := dev(t)
	target := must(c.Target(url, nil))(t)
	signer := must(NewSigner(NewSecret()))(t)
	request := &Request{Target: target, Body: []byte("{}"), Signature: &Signature{ID: "evt_1", Signer: signer}}
	n := testing.AllocsPerRun(200, func() {
		if got := c.Send(t.Context(), request); !got.OK() {
			t.Fatal(got.Failure)
		}
	})
	const most = 12 // 1 really; the race detector has pools lose a part of what they hold
	if n > most {
		t.Errorf("%.0f allocations for a request, want at most %d", n, most)
	}
}
