package receiver

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// Answer answers with a status and headers, given as names and values in turn.
func (s Script) Answer(status int, header ...string) *Act {
	return s.AnswerBody(status, "", header...)
}

// AnswerBody answers with a status, a body and headers.
func (s Script) AnswerBody(status int, body string, header ...string) *Act {
	return s.Func(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		w.WriteHeader(status)
		if body != "" {
			write(w, body)
		}
	})
}

// Redirect answers 302 to another URL.
func (s Script) Redirect(url string) *Act {
	return s.Answer(http.StatusFound, "Location", url)
}

// Hang takes the request and never answers. It lets go when the sender does.
func (s Script) Hang() *Act {
	return s.Func(func(_ http.ResponseWriter, req *http.Request) {
		s.receiver.wait(req, nil)
		panic(http.ErrAbortHandler)
	})
}

// Slow answers 204 after d.
func (s Script) Slow(d time.Duration) *Act {
	return s.Func(func(w http.ResponseWriter, req *http.Request) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		s.receiver.wait(req, timer.C)
		w.WriteHeader(http.StatusNoContent)
	})
}

// Drip answers 200 at once, and a body of one byte every d that never ends.
func (s Script) Drip(d time.Duration) *Act {
	return s.Func(func(w http.ResponseWriter, req *http.Request) {
		tick := time.NewTicker(d)
		defer tick.Stop()
		for {
			write(w, ".")
			flush(w)
			if !s.receiver.wait(req, tick.C) {
				panic(http.ErrAbortHandler)
			}
		}
	})
}

// Endless answers 200 and a body that never ends, as fast as it is read.
func (s Script) Endless() *Act {
	return s.Func(func(w http.ResponseWriter, _ *http.Request) {
		chunk := strings.Repeat("endless ", 1024)
		for {
			write(w, chunk)
		}
	})
}

// Reset takes the request and breaks the connection without an answer.
func (s Script) Reset() *Act {
	return s.Func(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		reset(conn)
	})
}

// Cut answers 200 and breaks the connection in the middle of the body.
func (s Script) Cut() *Act {
	return s.Func(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		write(w, "the first half")
		flush(w)
		panic(http.ErrAbortHandler)
	})
}

// Garbage answers with something that is not HTTP.
func (s Script) Garbage() *Act {
	return s.Func(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer conn.Close()
		write(conn, "220 mail.example.com ready\r\n\r\n")
	})
}

// write writes, or ends the handler when the sender has gone away.
func write(w io.Writer, text string) {
	if _, err := io.WriteString(w, text); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func flush(w http.ResponseWriter) {
	if err := http.NewResponseController(w).Flush(); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// wait blocks until the signal, and tells whether it came: before the sender went
// away and before the test ended.
func (r *Receiver) wait(req *http.Request, signal <-chan time.Time) bool {
	select {
	case <-signal:
		return true
	case <-req.Context().Done():
	case <-r.closing:
	}
	return false
}
